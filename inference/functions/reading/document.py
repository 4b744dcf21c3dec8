"""A document as it was read: pages of text, and the blocks that the text is made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from inference.functions.reading.boxes import Line

Kind = Literal[
    "pdf", "docx", "pptx", "xlsx", "odf", "html", "markdown", "text", "csv", "json", "email", "epub", "image"
]
BlockKind = Literal["heading", "paragraph", "list", "table", "code"]
OnPage = Callable[[int, int], None]
"""Called with the pages read so far and the pages there are, at least once when all are read."""

MAX_TITLE = 200
"""Characters of a title or a heading that are kept in a path of headings."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page: `page.text[start:end]`, never blank; a list's items and a table's rows are its lines.

    `level` is a heading's depth from 1, else 0. `title` is a heading's words without its marks, else empty.
    `continues` is true when the block goes on with the last block of the page before: one paragraph, cut by the
    page's end.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    title: str = ""
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its blocks in reading order; whatever is not whitespace in `text` lies in exactly one block.

    `width` and `height` are those of the page as it is shown, in points or in a picture's pixels, and `lines` tells
    where its text stands on it; None and none where a page has no fixed look (HTML, office files).
    """

    number: int
    text: str
    blocks: list[Block] = field(default_factory=list[Block])
    width: float | None = None
    height: float | None = None
    lines: list[Line] = field(default_factory=list[Line])


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """Pages numbered from 1 without a gap; a kind that has no pages (HTML, Markdown) is one page.

    `notes` say, in sentences, what a reader of the text should know: what was recognised or left out.
    """

    kind: Kind
    title: str | None
    pages: list[Page]
    notes: list[str] = field(default_factory=list[str])

    @property
    def has_text(self) -> bool:
        """Whether there is anything to search for."""
        return any(page.blocks for page in self.pages)


class PageWriter:
    """Builds a page block by block, so that offsets are right by construction."""

    def __init__(self, width: float | None = None, height: float | None = None) -> None:
        self.lines: list[Line] = []
        """Where the text stands, for the caller to tell."""
        self._width, self._height = width, height
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def __bool__(self) -> bool:
        return bool(self._blocks)

    def add(self, kind: BlockKind, text: str, *, level: int = 0, continues: bool = False) -> int:
        """Appends a block, an empty line after the one before; blank text is left out. Returns where it begins."""
        text = text.strip("\n").rstrip() if kind in ("code", "list") else text.strip()
        if not text.strip():
            return self._length
        last = self._blocks[-1] if self._blocks else None
        if last and last.kind == kind == "list":
            self._blocks.pop()
            self._append("\n")
            start = self._length
            self._append(text)
            self._blocks.append(Block(last.start, self._length, "list", continues=last.continues))
            return start
        if last:
            self._append("\n\n")
        start = self._length
        self._append(text)
        title = one_line(text) if kind == "heading" else ""
        self._blocks.append(Block(start, self._length, kind, level, title, continues))
        return start

    def page(self, number: int) -> Page:
        """The page as it stands."""
        return Page(number, "".join(self._parts), self._blocks, self._width, self._height, self.lines)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def headed(page: Page, number: int, heading: str) -> Page:
    """The page as page `number` of another document, under a heading of level 1 unless that is empty."""
    if not heading:
        return replace(page, number=number)
    by = len(heading) + 2
    blocks = [replace(block, start=block.start + by, end=block.end + by, continues=False) for block in page.blocks]
    return replace(
        page,
        number=number,
        text=f"{heading}\n\n{page.text}",
        blocks=[Block(0, len(heading), "heading", 1, heading), *blocks],
        lines=[line._replace(start=line.start + by, end=line.end + by) for line in page.lines],
    )


def one_line(text: str) -> str:
    """`text` on one line, cut at `MAX_TITLE` characters."""
    return " ".join(text[: 4 * MAX_TITLE].split())[:MAX_TITLE].rstrip()


def table_row(cells: list[str]) -> str:
    """A row as a line, `a | b | c`; empty when every cell is. A bar in a cell is written `\\|`, as in Markdown's tables
    (GitHub Flavored Markdown, 4.10)."""
    words = [" ".join(cell.split()).replace("|", r"\|") for cell in cells]
    return " | ".join(words) if any(words) else ""


# What has no place in a text: controls save tab and newline, marks of order and width that are not seen, lone
# surrogates (no UTF-8), NUL (no Postgres text), and the byte order mark. The joiners U+200C and U+200D stay: scripts
# need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """`text` without what is not seen; every kind of line end, form feeds and separators too, is a newline."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return _UNSEEN.sub("", text)
