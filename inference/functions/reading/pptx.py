"""Presentations (PresentationML, ECMA-376 part 1, section 19): a page for each slide, its notes at the end."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.document import Page, PageWriter, ReadDocument, clean, one_line, table_row
from inference.functions.reading.markup import Element, parse, words
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task
from inference.functions.reading.unpacking import unpack

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_TITLES = frozenset(["title", "ctrTitle"])
_FURNITURE = frozenset(["dt", "ftr", "sldNum", "sldImg", "hdr"])
"""Placeholders for date, footer, number, header and, on notes, the slide's picture."""
_LISTED = frozenset(["body", "obj"])
"""Placeholders whose paragraphs are points, unless they say otherwise."""


def read(task: Task) -> ReadDocument:
    """Reads the slides in their order: title, then text, points and tables as they were put there, then the notes."""
    parts = unpack(task, "a presentation")
    slides = list(_slides(parts, task))
    if len(slides) > task.limits.max_pages:
        raise TooLarge(f"{quoted(task.name)} has {len(slides):,} slides; at most {task.limits.max_pages:,} are taken.")
    pages: list[Page] = []
    for number, path in enumerate(slides, 1):
        writer = PageWriter()
        _Slide(writer).read(parse(parts[path], task.name, path))
        for related, notes in _related(parts, path, task):
            if related == "notesSlide" and notes in parts:
                _read_notes(writer, parse(parts[notes], task.name, notes))
        pages.append(writer.page(number))
        task.on_page(number, len(slides))
    core = parts.get("docProps/core.xml")
    named = parse(core, task.name, "docProps/core.xml").find(_TITLE) if core else None
    title = one_line(clean(named.text or "")) if named is not None else ""
    title = title or next((block.title for page in pages for block in page.blocks if block.title), "")
    return ReadDocument("pptx", title or None, pages)


def _slides(parts: Mapping[str, bytes], task: Task) -> Iterator[str]:
    path = "ppt/presentation.xml"
    if path not in parts:
        raise UnreadableDocument(f"{quoted(task.name)} is a damaged presentation: it holds no {path}.")
    targets = dict(_relations(parts, path, task))
    for slide in parse(parts[path], task.name, path).iter(_P + "sldId"):
        target = targets.get(slide.get(_R + "id") or "")
        if target is not None and target in parts:
            yield target


def _related(parts: Mapping[str, bytes], path: str, task: Task) -> Iterator[tuple[str, str]]:
    for relation, target in _relations(parts, path, task, key="Type"):
        yield relation.rsplit("/", 1)[-1], target


def _relations(parts: Mapping[str, bytes], path: str, task: Task, key: str = "Id") -> Iterator[tuple[str, str]]:
    """What a part is related to: id or type of the relation, and path in the package (ISO/IEC 29500-2, 9.3)."""
    folder, file = posixpath.split(path)
    relations = f"{folder}/_rels/{file}.rels"
    if relations not in parts:
        return
    for relation in parse(parts[relations], task.name, relations):
        target = relation.get("Target")
        if target and relation.get("TargetMode") != "External":
            yield relation.get(key) or "", posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


class _Slide:
    """Writes a slide's shapes, the title first."""

    def __init__(self, writer: PageWriter) -> None:
        self._writer = writer

    def read(self, slide: Element) -> None:
        shapes = list(_shapes(slide))
        titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
        for shape in titles:
            self._writer.add("heading", clean(" ".join(_paragraph(p) for p in shape.iter(_A + "p"))), level=1)
        for shape in shapes:
            if shape.tag == _P + "graphicFrame":
                self._read_tables(shape)
            elif shape not in titles and _placeholder(shape) not in _FURNITURE:
                self._read_text(shape)

    def _read_text(self, shape: Element) -> None:
        listed = _placeholder(shape) in _LISTED
        for paragraph in shape.iter(_A + "p"):
            text = clean(_paragraph(paragraph)).strip()
            settings = paragraph.find(_A + "pPr")
            level = settings.get("lvl") if settings is not None else None
            bullet = settings is not None and (
                settings.find(_A + "buChar") is not None or settings.find(_A + "buAutoNum") is not None
            )
            plain = settings is not None and settings.find(_A + "buNone") is not None
            if text and (bullet or (listed and not plain)):
                indent = "  " * (int(level) if level and level.isdigit() and len(level) == 1 else 0)
                self._writer.add("list", f"{indent}- {text.replace(chr(10), ' ')}")
            else:
                self._writer.add("paragraph", text)

    def _read_tables(self, frame: Element) -> None:
        for table in frame.iter(_A + "tbl"):
            rows = [table_row([clean(_cell(cell)) for cell in row.iter(_A + "tc")]) for row in table.iter(_A + "tr")]
            self._writer.add("table", "\n".join(row for row in rows if row))


def _read_notes(writer: PageWriter, notes: Element) -> None:
    shapes = [shape for shape in _shapes(notes) if _placeholder(shape) == "body"]
    texts = [clean(_paragraph(paragraph)) for shape in shapes for paragraph in shape.iter(_A + "p")]
    if any(text.strip() for text in texts):
        writer.add("heading", "Notes", level=2)
        for text in texts:
            writer.add("paragraph", text)


def _shapes(element: Element) -> Iterator[Element]:
    """The shapes and frames of a tree, those in groups too, without the fallbacks for older applications."""
    for child in element:
        if child.tag in (_P + "sp", _P + "graphicFrame"):
            yield child
        elif child.tag != _FALLBACK:
            yield from _shapes(child)


def _placeholder(shape: Element) -> str | None:
    """The type of placeholder that a shape is; None for a shape of its own."""
    placeholder = next(shape.iter(_P + "ph"), None)
    return None if placeholder is None else placeholder.get("type") or "obj"


def _paragraph(paragraph: Element) -> str:
    return "".join("\n" if part.tag == _A + "br" else part.text or "" for part in paragraph.iter(_A + "t", _A + "br"))


def _cell(cell: Element) -> str:
    return " ".join(words(paragraph) for paragraph in cell.iter(_A + "p"))
