"""OpenDocument texts, sheets and presentations (ISO/IEC 26300-3): ODT, ODS and ODP."""

from __future__ import annotations

from collections.abc import Iterator

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.document import Page, PageWriter, ReadDocument, clean, one_line, table_row
from inference.functions.reading.markup import Element, parse
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task
from inference.functions.reading.unpacking import unpack

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TEXT, _TABLE, _DRAW, _SHOW = (
    _NAMESPACE % name for name in ("office", "text", "table", "drawing", "presentation")
)
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_UNREAD = frozenset(
    [_OFFICE + "annotation", _TEXT + "note", _TEXT + "tracked-changes", _TEXT + "table-of-content", _OFFICE + "forms"]
)
"""Comments, footnotes, deleted text and what is made of the headings."""
_MAX_REPEATS = 1_000
"""Cells or rows that one element may stand for: sheets are filled up to their edges with empty ones."""
_MAX_SPACES = 100


def read(task: Task) -> ReadDocument:
    """Reads the body. The pages of a text are those of its layout when the file tells them, else one; a sheet or a
    slide is a page."""
    parts = unpack(task, "an OpenDocument file")
    if "content.xml" not in parts:
        raise UnreadableDocument(f"{quoted(task.name)} is a damaged OpenDocument file: it holds no content.xml.")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise UnreadableDocument(f"{quoted(task.name)} is protected by a password. Save it without one.")
    body = parse(parts["content.xml"], task.name, "content.xml").find(_OFFICE + "body")
    walk = _Walk(task)
    for content in body if body is not None else ():
        walk.read(content)
    pages = walk.pages()
    task.on_page(len(pages), len(pages))
    meta = parts.get("meta.xml")
    named = next(parse(meta, task.name, "meta.xml").iter(_TITLE), None) if meta else None
    title = one_line(clean(named.text or "")) if named is not None else ""
    title = title or next((block.title for page in pages for block in page.blocks if block.title), "")
    return ReadDocument("odf", title or None, pages)


class _Walk:
    """Goes through a body once and writes its pages."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._writers = [PageWriter()]

    def pages(self) -> list[Page]:
        while len(self._writers) > 1 and not self._writers[-1]:
            self._writers.pop()
        return [writer.page(number) for number, writer in enumerate(self._writers, 1)]

    def read(self, content: Element) -> None:
        """What is inside of `office:text`, `office:spreadsheet`, `office:presentation` or a container in them."""
        sheets = content.tag == _OFFICE + "spreadsheet"
        for child in content:
            tag = child.tag
            if tag == _TEXT + "h":
                self._add_heading(_inline(child), _level(child))
            elif tag == _TEXT + "p":
                self._read_paragraph(child)
            elif tag == _TEXT + "list":
                self._read_list(child, 0)
            elif tag == _TABLE + "table":
                if sheets:
                    self._turn()
                    self._add_heading(child.get(_TABLE + "name") or "", 1)
                self._read_table(child)
            elif tag == _DRAW + "page":
                self._turn()
                self._read_slide(child)
            elif tag == _TEXT + "soft-page-break":
                self._turn()
            elif isinstance(tag, str) and tag not in _UNREAD:
                self.read(child)

    def _read_paragraph(self, paragraph: Element) -> None:
        parts = _inline(paragraph).split("\f")
        begun = False
        for at, part in enumerate(parts):
            if at:
                self._turn()
            self._writers[-1].add("paragraph", part, continues=begun and bool(part.strip()))
            begun = begun or bool(part.strip())
        for frame in paragraph.iter(_DRAW + "text-box"):
            self.read(frame)

    def _read_list(self, points: Element, depth: int) -> None:
        for item in points:
            for number, child in enumerate(item):
                if child.tag == _TEXT + "list":
                    self._read_list(child, min(depth + 1, 8))
                elif child.tag == _TEXT + "h":
                    self._add_heading(_inline(child), _level(child))
                elif child.tag == _TEXT + "p":
                    text = " ".join(_inline(child).split())
                    mark = "- " if number == 0 else "  "
                    self._writers[-1].add("list", f"{'  ' * depth}{mark}{text}" if text else "")

    def _read_table(self, table: Element) -> None:
        rows: list[str] = []
        characters = 0
        for row in table.iter(_TABLE + "table-row"):
            cells = [clean(text) for cell in row for text in _cells(cell)]
            while cells and not cells[-1].strip():
                cells.pop()
            line = table_row(cells)
            if not line:
                if rows:
                    self._writers[-1].add("table", "\n".join(rows))
                    rows = []
                continue
            rows += [line] * _repeats(row, "rows")
            characters += len(line) * _repeats(row, "rows")
            if characters > self._task.limits.max_characters:
                raise TooLarge(
                    f"{quoted(self._task.name)} has a table of more than {self._task.limits.max_characters:,} "
                    "characters. Split it into smaller files."
                )
        self._writers[-1].add("table", "\n".join(rows))

    def _read_slide(self, slide: Element) -> None:
        frames = list(slide)
        titles = [frame for frame in frames if frame.get(_SHOW + "class") == "title"]
        for frame in titles:
            self._add_heading(" ".join(_inline(p) for p in frame.iter(_TEXT + "p")), 1)
        for frame in frames:
            if frame.tag == _SHOW + "notes":
                words = [_inline(paragraph) for paragraph in frame.iter(_TEXT + "p")]
                if any(word.strip() for word in words):
                    self._add_heading("Notes", 2)
                    for word in words:
                        self._writers[-1].add("paragraph", word)
            elif frame not in titles:
                self.read(frame)

    def _add_heading(self, text: str, level: int) -> None:
        self._writers[-1].add("heading", " ".join(text.split()), level=level)

    def _turn(self) -> None:
        if self._writers[-1] or len(self._writers) > 1:
            self._writers.append(PageWriter())


def _inline(element: Element) -> str:
    """An element's text; `\\f` stands where a page ends."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    yield clean(element.text or "")
    for child in element:
        tag = child.tag
        if tag == _TEXT + "s":
            yield " " * min(_number(child.get(_TEXT + "c"), 1), _MAX_SPACES)
        elif tag == _TEXT + "tab":
            yield "\t"
        elif tag == _TEXT + "line-break":
            yield "\n"
        elif tag == _TEXT + "soft-page-break":
            yield "\f"
        elif isinstance(tag, str) and tag not in _UNREAD and tag != _DRAW + "frame":
            yield from _pieces(child)
        yield clean(child.tail or "")


def _cells(cell: Element) -> Iterator[str]:
    if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
        return
    text = " ".join(_inline(paragraph).replace("\f", " ") for paragraph in cell.iter(_TEXT + "p", _TEXT + "h"))
    for _ in range(_repeats(cell, "columns")):
        yield text


def _repeats(element: Element, what: str) -> int:
    return min(_number(element.get(f"{_TABLE}number-{what}-repeated"), 1), _MAX_REPEATS)


def _level(heading: Element) -> int:
    return min(max(_number(heading.get(_TEXT + "outline-level"), 1), 1), 6)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else otherwise
