"""Lines of a PDF page into paragraphs, headings and lists: by where they stand and how large they are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from inference.functions.reading.document import BlockKind
from inference.functions.reading.pages.rawlines import LINE_END_HYPHEN, RawLine, Row
from inference.functions.reading.pages.tables import find_tables

POINT = re.compile(r"(?:[•‣▪◦●○■□·*\uf0b7\uf0a7]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+\S")
_DASH = re.compile(r"[-–—]\s+\S")
LEADER = re.compile(r"[.·…](?:\s?[.·…]){3,}")
"""The dots between an entry of a table of contents and its page."""
_ENDS_SENTENCE = re.compile(r"[.!?:;…。！？؟۔।॥።។။։][\"'”’»)\]]*$")
_WIDE_SCRIPT = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")

_SIZE_DIFFERS = 0.08
_CODE_DIFFERS = 0.2
HEADING_SIZE = 1.12
"""Of the body's size: what differs by less than a tenth is rounding or a second font of the body."""
_HEADING_LINES = 4
_LOOK_BACK = 100
"""Lines of a paragraph that tell where its lines begin: a page may be one paragraph of any length."""
_PARAGRAPH_GAP = 0.3
"""Of a line's height, beyond the white space that lines of a paragraph have between them."""
_COLUMN = 72.0
"""Points: lines that begin within an inch of each other are of one column; no column of text is narrower."""
_INDENT = 0.8
"""Of a line's height: an indentation is an em or more; less is an optical adjustment."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is usual in a document: the size of its body text and the white space between two lines of a paragraph."""

    size: float
    gap: float
    heading_sizes: tuple[float, ...] = ()

    def level(self, size: float) -> int:
        """A heading's level by its size: the largest is 1; one as small as the body comes after all that are larger."""
        return min(1 + sum(_round(size) < larger for larger in self.heading_sizes), 6)


@dataclass(slots=True)
class Part:
    """A paragraph, heading, point of a list or table, and the lines that it was made of."""

    kind: BlockKind
    lines: list[RawLine] = field(default_factory=list[RawLine])
    rows: list[str] = field(default_factory=list[str])
    boxes: list[Row | None] = field(default_factory=list["Row | None"])
    """Those of `rows`."""

    @property
    def text(self) -> str:
        """Rows one a line; else the lines on one, with LINE_END_HYPHEN where a word may have been divided."""
        return "\n".join(self.rows) if self.rows else join(line.text for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether it ends in the middle of a sentence."""
        return self.kind in ("paragraph", "list") and _ENDS_SENTENCE.search(self.lines[-1].text) is None


def usual_size(pages: Iterable[Sequence[RawLine]]) -> float:
    """The size of most of a document's text."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[_round(line.size)] += len(line.text)
    return max(sizes, key=lambda key: sizes[key], default=0.0)


def look_of(pages: Sequence[Sequence[RawLine]]) -> Look:
    """Measures a document's pages."""
    gaps: list[float] = []
    candidates: Counter[float] = Counter()
    for lines in pages:
        gaps += (
            (above.base - below.top) / below.size
            for above, below in pairwise(lines)
            if not _differs(above, below) and above.base > below.base and below.size
        )
        candidates.update({_round(line.size) for line in lines if len(line.text) <= 200})
    size = usual_size(pages)
    gaps = sorted(gap for gap in gaps if -0.5 < gap < 1.5)
    # Lines within a paragraph stand closest; a low quantile finds them also where most paragraphs are one line long.
    gap = gaps[len(gaps) // 5] if gaps else 0.2
    larger = sorted((other for other in candidates if other >= HEADING_SIZE * size), reverse=True)
    return Look(size, gap, tuple(larger))


def parts_of(lines: Sequence[RawLine], look: Look) -> list[Part]:
    """A page's lines, in reading order, as parts."""
    parts: list[Part] = []
    reached = 0
    for table in find_tables(lines):
        parts += _paragraphs(lines[reached : table.start], look)
        parts.append(Part("table", list(lines[table.start : table.end]), table.rows, table.boxes))
        reached = table.end
    return parts + _paragraphs(lines[reached:], look)


def join(texts: Iterable[str]) -> str:
    """Lines on one: a space between them, save after a divided word, after a hyphen beside a number, and within scripts
    that use no spaces."""
    joined = ""
    for text in texts:
        if not joined:
            joined = text
        elif joined[-1] in "-\u2010\u00ad" and joined[-2:-1].isalpha() and text[0].isalpha():
            joined = joined[:-1] + LINE_END_HYPHEN + text
        elif (
            _is_compound(joined, text)
            or joined.endswith(LINE_END_HYPHEN)
            or (_WIDE_SCRIPT.match(joined[-1]) and _WIDE_SCRIPT.match(text[0]))
        ):
            joined += text
        else:
            joined += " " + text
    return joined


def _is_compound(text: str, after: str) -> bool:
    """Whether a line goes on after the hyphen at its end, with a number before or behind it; a dash has both."""
    if text[-1] not in "-\u2010\u2013":
        return False
    before, behind = text[-2:-1], after[0]
    if text[-1] == "\u2013":
        return before.isdigit() and behind.isdigit()
    return before.isalnum() and behind.isalnum()


def _paragraphs(lines: Sequence[RawLine], look: Look) -> list[Part]:
    edges = _edges(lines)
    groups: list[list[RawLine]] = []
    for line in lines:
        if groups and not _begins(line, groups[-1], look, edges[_column(groups[-1][-1])]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Part(_kind(group, look), group) for group in groups]


def _begins(line: RawLine, before: list[RawLine], look: Look, edge: float) -> bool:
    """Whether `line` begins something new after the lines `before`; `edge` is where full lines end."""
    first, last = before[0], before[-1]
    ended = _ENDS_SENTENCE.search(last.text) is not None
    listed = _is_point(first.text)
    flows = not ended and line.text[0].islower()
    # Code in the middle of a sentence is often set smaller, and may be most of a line.
    if (
        _differs(last, line, _CODE_DIFFERS if flows else _SIZE_DIFFERS)
        or last.bold != line.bold
        or POINT.match(line.text)
        or LEADER.search(last.text)
    ):
        return True
    if _DASH.match(line.text) and (ended or listed):
        return True
    if line.base >= last.base - 0.1 * line.size:
        # On the same height, or up: the next column, or something that was drawn later.
        return not flows
    if (last.base - line.top) / line.size > look.gap + _PARAGRAPH_GAP:
        return True
    if _is_heading(before, look):
        return False
    # A paragraph that came over from another column is as indented as its lines in this one are.
    here = [other for other in before[-_LOOK_BACK:] if _column(other) == _column(last)]
    left = min(other.left for other in here)
    if listed:
        return ended and line.left < first.left + 0.2 * line.size
    if _was_broken(last, line, edge) and (not flows or edge - last.right > 0.5 * (edge - left)):
        return True
    return abs(line.left - left) > _INDENT * line.size and (line.left > left or len(here) > 1)


def _was_broken(last: RawLine, line: RawLine, edge: float) -> bool:
    """Whether the first word of `line` had had room on the line before: whoever broke it there meant to."""
    word = len(line.text.partition(" ")[0]) / len(line.text) * (line.right - line.left)
    return last.right + word + line.size < edge


def _edges(lines: Sequence[RawLine]) -> dict[int, float]:
    """Where full lines end, for each place where lines begin."""
    rights: defaultdict[int, list[float]] = defaultdict(list)
    for line in lines:
        rights[_column(line)].append(line.right)
    return {column: sorted(ends)[int(0.9 * len(ends))] for column, ends in rights.items()}


def _column(line: RawLine) -> int:
    return int(line.left / _COLUMN)


def _kind(lines: list[RawLine], look: Look) -> BlockKind:
    if _is_heading(lines, look):
        return "heading"
    return "list" if _is_point(lines[0].text) else "paragraph"


def _is_heading(lines: list[RawLine], look: Look) -> bool:
    """Short, with a letter in it, and larger than the body; or as large, bold throughout and no sentence."""
    if len(lines) > _HEADING_LINES:
        return False
    length = sum(len(line.text) for line in lines)
    if length > 200 or not any(map(str.isalpha, "".join(line.text for line in lines))):
        return False
    if LEADER.search(lines[-1].text):
        return False
    if lines[0].size >= HEADING_SIZE * look.size:
        return True
    bold = all(line.bold for line in lines) and lines[0].size >= (1 - _SIZE_DIFFERS) * look.size
    return bold and len(lines) <= 2 and length <= 120 and not lines[-1].text.endswith((".", ";", ",", ":"))


def _is_point(text: str) -> bool:
    return POINT.match(text) is not None or _DASH.match(text) is not None


def _differs(one: RawLine, other: RawLine, by: float = _SIZE_DIFFERS) -> bool:
    return abs(one.size - other.size) > by * max(one.size, other.size)


def _round(size: float) -> float:
    return round(2 * size) / 2
