"""Documents made on the spot for tests, as bytes: good ones, broken ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, cast

import docx as python_docx
from PIL import Image
from reportlab.lib import colors, enums, pagesizes, pdfencrypt, styles, units
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

# reportlab and python-docx are untyped in part: what is used of them goes through these names.
_Paragraph = cast("Callable[..., Any]", Paragraph)
_Grid = cast("Callable[..., Any]", Grid)
_Template = cast("Callable[..., Any]", SimpleDocTemplate)
_Spacer = cast("Callable[..., Any]", Spacer)
_PageBreak = cast("Callable[..., Any]", PageBreak)
_Canvas = cast("Callable[..., Any]", canvas.Canvas)
_Style = cast("Callable[..., Any]", styles.ParagraphStyle)
_width = cast("Callable[[str, str, float], float]", pdfmetrics.stringWidth)
_A4 = pagesizes.A4
_MM = units.mm

WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (largest) to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the head."""

    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Lines:
    """A paragraph whose lines are broken exactly here, as a typesetter that hyphenates would."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Bullets:
    """A list of points."""

    items: Sequence[str]


Element = str | Heading | Table | Lines | Bullets
"""A `str` is a paragraph."""

_BODY = _Style("body", fontName="Helvetica", fontSize=10.5, leading=14, spaceAfter=7, alignment=enums.TA_LEFT)
_CELL = _Style("cell", fontName="Helvetica", fontSize=9.5, leading=12)
_POINT = _Style("point", parent=_BODY, leftIndent=14, bulletIndent=3, spaceAfter=3)
_HEADINGS = {
    level: _Style(
        f"h{level}", fontName="Helvetica-Bold", fontSize=size, leading=size * 1.25, spaceBefore=8, spaceAfter=6
    )
    for level, size in ((1, 20), (2, 15), (3, 12))
}


def pdf(
    pages: Sequence[str | Sequence[Element]],
    *,
    title: str = "",
    header: str | Sequence[str] = "",
    footer: str = "",
    encrypt: Any = None,
) -> bytes:
    """A PDF with one page for each of `pages`: a text (paragraphs apart by empty lines) or a list of elements.

    `header` (one for all pages, or one for each) and `footer` stand in the margin; `{page}` in them is the page.
    """
    story: list[Flowable] = []
    for number, page in enumerate(pages):
        if number:
            story.append(_PageBreak())
        for element in page.split("\n\n") if isinstance(page, str) else page:
            story += _flowables(element)

    def decorate(surface: Any, template: Any) -> None:
        surface.setFont("Helvetica", 8)
        number: int = template.page
        head: str = header if isinstance(header, str) else header[number - 1]
        surface.drawString(22 * _MM, _A4[1] - 12 * _MM, head.format(page=number))
        surface.drawRightString(_A4[0] - 22 * _MM, 10 * _MM, footer.format(page=number))

    out = io.BytesIO()
    margins = {f"{side}Margin": 22 * _MM for side in ("left", "right", "top", "bottom")}
    template = _Template(out, pagesize=_A4, title=title or None, invariant=1, encrypt=encrypt, **margins)
    template.build(story, onFirstPage=decorate, onLaterPages=decorate)
    return out.getvalue()


def _flowables(element: Element) -> list[Any]:
    match element:
        case str():
            return [_Paragraph(element.strip() or "&nbsp;", _BODY)]
        case Heading():
            return [_Paragraph(element.text, _HEADINGS[element.level])]
        case Lines():
            return [_Paragraph("<br/>".join(element.lines), _BODY)]
        case Bullets():
            return [_Paragraph(item, _POINT, bulletText="\u2022") for item in element.items]
        case Table():
            cells = [[_Paragraph(cell, _CELL) for cell in row] for row in element.rows]
            widths = [166 * _MM / len(element.rows[0])] * len(element.rows[0])
            rules = [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
            return [_Grid(cells, colWidths=widths, style=rules, repeatRows=1), _Spacer(1, 8)]


def encrypted_pdf(password: str = "lake", text: str = "Locked away.") -> bytes:
    """A PDF that cannot be opened without `password`."""
    return pdf([text], encrypt=pdfencrypt.StandardEncryption(password, ownerPassword="owner"))


def broken_pdf() -> bytes:
    """Begins like a PDF and ends in the middle: neither page tree nor cross-reference table is there."""
    return pdf(["Half of this never arrived."])[:200]


def scanned_pdf(pages: int = 1) -> bytes:
    """A PDF whose pages are pictures, as a scanner makes them."""
    out = io.BytesIO()
    surface = _Canvas(out, pagesize=_A4, invariant=1)
    for _ in range(pages):
        surface.drawInlineImage(Image.new("L", (64, 64), 200), 0, 0, *_A4)
        surface.showPage()
    surface.save()
    return out.getvalue()


def pictures(pages: Sequence[Image.Image], *, written: str = "") -> bytes:
    """A PDF whose pages are these pictures; `written` stands on each of them, small, in the text layer."""
    out = io.BytesIO()
    surface = _Canvas(out, pagesize=_A4, invariant=1)
    for picture in pages:
        surface.drawInlineImage(picture, 0, 0, *_A4)
        surface.setFont("Helvetica", 7)
        surface.drawString(30, 20, written)
        surface.showPage()
    surface.save()
    return out.getvalue()


def drawn(pages: Sequence[Sequence[tuple[float, float, str]]], *, size: float = 10) -> bytes:
    """A PDF of lines drawn in this order at x and y from the lower left corner of A4."""
    return sized([[(x, y, text, size) for x, y, text in lines] for lines in pages])


def sized(pages: Sequence[Sequence[tuple[float, float, str, float]]]) -> bytes:
    """A PDF of lines drawn in this order at x and y from the lower left corner of A4, each in its size."""
    out = io.BytesIO()
    surface = _Canvas(out, pagesize=_A4, invariant=1)
    for lines in pages:
        for x, y, text, size in lines:
            surface.setFont("Times-Roman", size)
            surface.drawString(x, y, text)
        surface.showPage()
    surface.save()
    return out.getvalue()


def ruled(
    words: Sequence[tuple[float, float, str]],
    *,
    lines: Sequence[tuple[float, float, float, float]] = (),
    boxes: Sequence[tuple[float, float, float, float]] = (),
    turned: int = 0,
    in_form: bool = False,
) -> bytes:
    """A PDF of words of 10 points at x and y from the lower left corner of A4, over lines (from x and y to x and y) and
    boxes (x, y, width, height); turned by degrees clockwise, or all in a form that is drawn smaller than it is."""
    out = io.BytesIO()
    surface = _Canvas(out, pagesize=_A4, invariant=1)
    surface.setPageRotation(turned)
    if in_form:
        surface.beginForm("drawing", 0, 0, *_A4)
    for line in lines:
        surface.line(*line)
    for box in boxes:
        surface.rect(*box)
    for x, y, text in words:
        surface.setFont("Helvetica", 10)
        surface.drawString(x, y, text)
    if in_form:
        surface.endForm()
        surface.translate(30, 40)
        surface.scale(0.8, 0.8)
        surface.doForm("drawing")
    surface.save()
    return out.getvalue()


def justified(lines: Sequence[str], *, left: float, top: float, measure: float) -> list[tuple[float, float, str]]:
    """The words of lines of 10 points, for `drawn`: each line but the last fills the measure with wider spaces."""
    placed: list[tuple[float, float, str]] = []
    for number, line in enumerate(lines):
        words = line.split()
        widths = [_width(word, "Times-Roman", 10) for word in words]
        space = 2.5 if number == len(lines) - 1 else (measure - sum(widths)) / max(len(words) - 1, 1)
        starts = accumulate((width + space for width in widths), initial=left)
        placed += [(x, top - 12 * number, word) for x, word in zip(starts, words, strict=False)]
    return placed


def png() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (10, 120, 160)).save(out, "PNG")
    return out.getvalue()


def docx(elements: Sequence[Element | None], *, title: str = "") -> bytes:
    """A Word document of the elements in order; None is a page break."""
    document = python_docx.Document()
    document.core_properties.title = title
    for element in elements:
        match element:
            case None:
                document.add_page_break()
            case str():
                document.add_paragraph(element)
            case Heading():
                document.add_heading(element.text, element.level)
            case Lines():
                document.add_paragraph("\n".join(element.lines))
            case Bullets():
                for item in element.items:
                    document.add_paragraph(item, style="List Bullet")
            case Table():
                table = document.add_table(rows=0, cols=len(element.rows[0]))
                for row in element.rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_of(body: str | bytes, *, parts: dict[str, bytes] | None = None) -> bytes:
    """A Word document around the inside of `<w:body>`, or with these bytes as its main part; `parts` replace others."""
    if isinstance(body, str):
        body = (
            f'<?xml version="1.0"?><w:document xmlns:w="{WORD_NAMESPACE}"><w:body>{body}</w:body></w:document>'.encode()
        )
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx([""]))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        replaced = {"word/document.xml": body} | (parts or {})
        for name in dict.fromkeys([*source.namelist(), *replaced]):
            target.writestr(name, replaced[name] if name in replaced else source.read(name))
    return out.getvalue()


@cache
def docx_bomb(megabytes: int = 160) -> bytes:
    """A DOCX of a few hundred kilobytes that unpacks to `megabytes`, and says so in its directory."""
    filler = b" " * (megabytes * 1024 * 1024)
    head = f'<w:document xmlns:w="{WORD_NAMESPACE}"><w:body><w:p/></w:body>'.encode()
    return docx_of(head + filler + b"</w:document>")


@cache
def lying_docx_bomb(megabytes: int = 160) -> bytes:
    """The same, with a directory that claims 2 kB for the part that is the bomb."""
    data = bytearray(docx_bomb(megabytes))
    size = next(i.file_size for i in zipfile.ZipFile(io.BytesIO(data)).infolist() if i.filename == "word/document.xml")
    true, claimed = struct.pack("<L", size), struct.pack("<L", 2048)
    return bytes(data.replace(true, claimed))


def entity_bomb() -> bytes:
    """A DOCX whose XML is a "billion laughs": nine entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = "<w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body>"
    return docx_of(
        f'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY l0 "lol">{entities}]>'
        f'<w:document xmlns:w="{WORD_NAMESPACE}">{body}</w:document>'.encode()
    )


def archive(names: Sequence[str] = ("notes.txt",)) -> bytes:
    """A plain zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in names:
            target.writestr(name, "something")
    return out.getvalue()


def html() -> bytes:
    """A page with the furniture that pages have: navigation, scripts, styles, a footer."""
    return b"""<!doctype html><html><head><meta charset="utf-8"><title>Valve care</title>
<style>p { color: red }</style><script>var hidden = "never shown";</script></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav>
<main><h1>Caring for valves</h1><p>Gate valves are <b>exercised</b> every
six months.</p><h2>Tools</h2><ul><li>Torque wrench<ul><li>40 Nm</li></ul></li><li>Grease</li></ul>
<table><tr><th>Valve</th><th>Interval</th></tr><tr><td>Gate</td><td>6 months</td></tr></table>
<pre>close  valve
open   valve</pre></main><footer>Imprint \xc2\xa9 2026</footer></body></html>"""
