"""Office files, books, mail and archives made on the spot for tests, as bytes."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from typing import Any, cast
from xml.sax.saxutils import escape

from PIL import Image
from pypdfium2 import PdfDocument

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def package(parts: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """A zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def pptx(slides: Sequence[tuple[str, str]], notes: Mapping[int, str] | None = None) -> bytes:
    """A presentation of slides: a title, and the inside of `p:spTree`. `notes` by the number of the slide, from 1."""
    parts: dict[str, str] = {"[Content_Types].xml": "<Types/>"}
    order = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in range(1, len(slides) + 1))
    parts["ppt/presentation.xml"] = _slide("presentation", f"<p:sldIdLst>{order}</p:sldIdLst>")
    # The files are numbered backwards: only the relations tell their order.
    names = {n: f"slides/slide{len(slides) - n}.xml" for n in range(1, len(slides) + 1)}
    parts["ppt/_rels/presentation.xml.rels"] = _relations({f"r{n}": ("slide", name) for n, name in names.items()})
    for n, (title, shapes) in enumerate(slides, 1):
        tree = f"<p:cSld><p:spTree>{shapes}{shape(title, 'title')}</p:spTree></p:cSld>"
        parts[f"ppt/{names[n]}"] = _slide("sld", tree)
        if notes and n in notes:
            file = names[n].rpartition("/")[2]
            parts[f"ppt/slides/_rels/{file}.rels"] = _relations({"r1": ("notesSlide", f"../notes/{file}")})
            parts[f"ppt/notes/{file}"] = _slide("notes", shape(notes[n], "body") + shape(str(n), "sldNum"))
    return package(parts)


def shape(text: str, placeholder: str = "") -> str:
    """A shape with a paragraph for each line."""
    kind = f'<p:nvPr><p:ph type="{placeholder}"/></p:nvPr>' if placeholder else "<p:nvPr/>"
    lines = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.split("\n"))
    return f"<p:sp><p:nvSpPr>{kind}</p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def grid(rows: Iterable[Iterable[str]]) -> str:
    """A table on a slide."""

    def cell(text: str) -> str:
        return f"<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    cells = "".join(f"<a:tr>{''.join(map(cell, row))}</a:tr>" for row in rows)
    return (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{cells}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _slide(root: str, inside: str) -> str:
    spaces = f'xmlns:p="{_DRAWING.replace("drawingml", "presentationml")}" xmlns:a="{_DRAWING}" xmlns:r="{_OFFICE}"'
    return f'<?xml version="1.0"?><p:{root} {spaces}>{inside}</p:{root}>'


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{inside}</Relationships>'


def xlsx(sheets: Mapping[str, Sequence[Sequence[str | float]]], *, extra: str = "") -> bytes:
    """A workbook; `extra` stands behind the last row of its last sheet."""
    main = _DRAWING.replace("drawingml", "spreadsheetml")
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = list(sheets)
    listed = "".join(f'<sheet name="{escape(s)}" sheetId="{n}" r:id="r{n}"/>' for n, s in enumerate(names, 1))
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{types}.worksheet+xml"/>'
        for n in range(1, len(names) + 1)
    )
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>{overrides}</Types>'
        ),
        "_rels/.rels": _relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            {f"r{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)}
        ),
    }
    for number, name in enumerate(names, 1):
        rows = "".join(
            f'<row r="{r}">{"".join(_sheet_cell(f"{chr(64 + c)}{r}", value) for c, value in enumerate(row, 1))}</row>'
            for r, row in enumerate(sheets[name], 1)
        )
        inside = rows + (extra if number == len(names) else "")
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{inside}</sheetData></worksheet>'
        )
    return package(parts)


def _sheet_cell(place: str, value: str | float) -> str:
    if value == "":
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def odf(kind: str, body: str, *, title: str = "", manifest: str = "") -> bytes:
    """An OpenDocument file of the kind `text`, `spreadsheet` or `presentation` around the inside of its body."""
    spaces = "".join(f' xmlns:{name}="{_ODF}:{full}:1.0"' for name, full in
                     (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
                      ("presentation", "presentation")))  # fmt: skip
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": (
            f"<office:document-content{spaces}><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>"
        ),
    }
    if title:
        parts["meta.xml"] = f'<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></m>'
    if manifest:
        parts["META-INF/manifest.xml"] = manifest
    return package(parts)


def epub(chapters: Mapping[str, str], *, title: str = "The lake", locked: str = "") -> bytes:
    """A book of XHTML chapters by file name; `locked` names one that DRM encrypts."""
    items = "".join(f'<item id="{name}" href="{name}"/>' for name in chapters)
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
        ),
        "OEBPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title></metadata><manifest><item id='nav' href='nav.xhtml' properties='nav'/>"
            f"{items}</manifest><spine><itemref idref='nav'/>{spine}</spine></package>"
        ),
        "OEBPS/nav.xhtml": "<html><body><p>Contents</p></body></html>",
    }
    for name, body in chapters.items():
        parts[f"OEBPS/{name}"] = (
            f'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
        )
    if locked:
        parts["META-INF/encryption.xml"] = (
            '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:CipherData>'
            f'<e:CipherReference URI="OEBPS/{locked}"/></e:CipherData></e:EncryptedData></encryption>'
        )
    return package(parts)


def mail(
    body: str,
    *,
    subject: str = "Pump 3",
    attachments: Mapping[str, bytes] | None = None,
    inner: EmailMessage | None = None,
) -> EmailMessage:
    """A message with attachments, the last of them `inner` if there is one."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Zo\u00eb <zoe@example.org>"
    message["To"] = "shift@example.org"
    message.set_content(body)
    for name, data in (attachments or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if inner:
        message.add_attachment(inner)
    return message


def tar(members: Iterable[tuple[str, bytes]], *, specials: Iterable[tuple[str, bytes, str]] = ()) -> bytes:
    """A tar; `specials` are name, type and target of links and devices."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as target:
        for name, kind, link in specials:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            target.addfile(info)
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            target.addfile(info, io.BytesIO(data))
    return out.getvalue()


def scan(data: bytes, page: int = 1, *, dots: int = 150, turned: int = 0) -> Image.Image:
    """A page of a PDF as a scanner sees it, `turned` by degrees counter-clockwise."""
    shown = cast(Any, PdfDocument)(data)[page - 1].render(scale=dots / 72).to_pil().convert("RGB")
    return cast(Image.Image, shown.rotate(turned, expand=True, fillcolor="white"))


def picture(image: Image.Image, form: str = "PNG", others: Sequence[Image.Image] = ()) -> bytes:
    """A picture file, of several pages if there are `others`."""
    out = io.BytesIO()
    if others:
        image.save(out, form, save_all=True, append_images=others)
    else:
        image.save(out, form)
    return out.getvalue()
