"""Word documents: paragraphs, headings, lists and tables in their order, on the pages that Word last saw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast

import docx as python_docx
from docx.document import Document

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import wordml
from inference.functions.reading.document import Page, PageWriter, ReadDocument, clean, one_line, table_row
from inference.functions.reading.markup import Element
from inference.functions.reading.numbering import Numbering
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.spans import Cell, Grid
from inference.functions.reading.task import Task
from inference.functions.reading.unpacking import stored, unpack
from inference.functions.reading.wordml import PAGE_BREAK, W


def read(task: Task) -> ReadDocument:
    """Reads a Word document.

    Pages are those that Word noted when it last laid the document out (`lastRenderedPageBreak`); without such notes,
    those that explicit breaks make. Headers, footers, comments, footnotes and deleted text are left out.
    """
    package = stored(unpack(task, "a Word document"))
    try:
        document = python_docx.Document(package)
        pages = _Reader(document, task).pages()
        title = one_line(clean(document.core_properties.title or ""))
    except (MemoryError, TooLarge):
        raise
    except Exception as error:  # python-docx answers a malformed package with whatever its insides happen to raise
        raise UnreadableDocument(
            f"{quoted(task.name)} is a damaged Word document ({type(error).__name__}). Open it in Word and save it "
            "anew."
        ) from error
    task.on_page(len(pages), len(pages))
    first = next((block.title for page in pages for block in page.blocks if block.title), "")
    return ReadDocument("docx", title or first or None, pages)


class _Root(Protocol):
    body: object


class _Reader:
    """Goes through the body once and writes its pages."""

    def __init__(self, document: Document, task: Task) -> None:
        self._body = cast(Element, cast("_Root", document.element).body)
        related = {relation.reltype.rsplit("/", 1)[-1]: relation for relation in document.part.rels.values()}
        parts = {kind: related[kind].target_part for kind in ("styles", "numbering") if kind in related}
        roots = {kind: cast("Element | None", getattr(part, "element", None)) for kind, part in parts.items()}
        self._numbering = Numbering(roots.get("styles"), roots.get("numbering"))
        self._rendered = next(self._body.iter(W + "lastRenderedPageBreak"), None) is not None
        self._grid = Grid(task)
        self._writers = [PageWriter()]

    def pages(self) -> list[Page]:
        for block in wordml.blocks(self._body):
            self._read(block)
        while len(self._writers) > 1 and not self._writers[-1]:
            self._writers.pop()
        return [writer.page(number) for number, writer in enumerate(self._writers, 1)]

    def _read(self, block: Element) -> None:
        if block.tag == W + "tbl":
            self._read_table(block)
        else:
            self._read_paragraph(block)

    def _read_paragraph(self, paragraph: Element) -> None:
        if not self._rendered and wordml.breaks_before(paragraph) and self._writers[-1]:
            self._turn()
        level = self._numbering.heading_level(paragraph)
        parts = [clean(part) for part in wordml.text(paragraph, rendered=self._rendered).split(PAGE_BREAK)]
        mark = self._numbering.mark(paragraph) if any(part.strip() for part in parts) else None
        begun = False
        for at, part in enumerate(parts):
            if at:
                self._turn()
            words = part.strip()
            if not words:
                continue
            if mark is not None and not begun:
                words = mark + words
            # A heading's bullet is decoration, its number is part of its name.
            if level:
                self._writers[-1].add("heading", words.strip().removeprefix("- "), level=min(level, 6), continues=begun)
            else:
                self._writers[-1].add("paragraph" if mark is None else "list", words, continues=begun)
            begun = True
        for box in wordml.text_boxes(paragraph):
            for block in wordml.blocks(box):
                self._read(block)
        if not self._rendered and wordml.breaks_after(paragraph):
            self._turn()

    def _read_table(self, table: Element) -> None:
        rows = [(row, list(_children(row, "tc"))) for row in _children(table, "tr")]
        if all(len(cells) < 2 for _, cells in rows):  # a frame around text, not a table
            for _, cells in rows:
                for cell in cells:
                    for block in wordml.blocks(cell):
                        self._read(block)
            return
        for row, cells in rows:
            placed = [Cell(self._cell(cell), wordml.columns(cell)) for cell in cells]
            self._grid.add(placed, column=wordml.columns_before(row))
        lines: list[str] = []
        for texts in self._grid.taken():
            first = next((text for text in texts if text.strip(" \n\t")), "")
            turns = max((text.count(PAGE_BREAK) for text in texts), default=0)
            # A break before any word of the row stands for the row itself having moved on to the next page.
            if turns and first.lstrip(" \n\t").startswith(PAGE_BREAK):
                lines = self._write_table(lines)
                self._turn()
                turns -= 1
            lines.append(table_row([clean(text.replace(PAGE_BREAK, " ")) for text in texts]))
            for _ in range(turns):
                lines = self._write_table(lines)
                self._turn()
        self._write_table(lines)

    def _write_table(self, lines: list[str]) -> list[str]:
        self._writers[-1].add("table", "\n".join(line for line in lines if line))
        return []

    def _cell(self, cell: Element) -> str:
        """A cell's text, tables within it included."""
        return " ".join(wordml.text(paragraph, rendered=self._rendered) for paragraph in cell.iter(W + "p"))

    def _turn(self) -> None:
        self._writers.append(PageWriter())


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls."""
    for child in parent:
        if child.tag == W + tag:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins"):
            yield from _children(child, tag)
