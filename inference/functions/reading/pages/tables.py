"""Tables in the lines of a PDF page: a PDF knows no tables, only words that stand apart and straight lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from operator import attrgetter

from inference.functions.reading.document import table_row
from inference.functions.reading.pages.rawlines import Cell, RawLine, Row, around
from inference.functions.reading.pages.ruledtables import ROW_GAP, table_in

_MARK = re.compile(r"\W|o|\(?(?:\d{1,3}|[a-z])[.)]")
_LOOK_AHEAD = 8
"""Lines that the first cell of a row may be wrapped into before the second one is written."""
_EVEN = 0.3
"""Of a line's height: by so much do the spaces of a justified line differ, measured between the ink of its letters."""
_FLUSH = 0.25
"""Of a line's height: edges that differ by less are one edge."""
_BELOW = 0.12
"""Of a line's height: edges of a column's cells differ by less, as does the white space that letters have beside them.
"""
_MOST_COLUMNS = 100
"""Of a table: a line with more cells is one of scattered words. Finding a cell takes time with their number."""
_LEADING = 0.8
"""Of a line's height: more white than this between two lines, and they are not of one paragraph."""


@dataclass(frozen=True, slots=True)
class Table:
    """`lines[start:end]` of a page are a table of these rows, each `a | b | c`, in these boxes."""

    start: int
    end: int
    rows: list[str]
    boxes: list[Row | None]


def find_tables(lines: Sequence[RawLine]) -> Iterator[Table]:
    """The tables among a page's lines: those that rulings tell, and those of at least two rows and two columns that
    white space alone tells.

    Cells that are wrapped are put together again, whether the PDF writes a table cell by cell or line by line.
    """
    if not any(line.cells or line.lattice for line in lines):
        return
    start = 0
    for lattice, group in groupby(lines, attrgetter("lattice")):
        stretch = list(group)
        if lattice:
            yield Table(start, start + len(stretch), *table_in(lattice, stretch))
        else:
            yield from _spaced(stretch, start)
        start += len(stretch)


def _spaced(lines: list[RawLine], start: int) -> Iterator[Table]:
    """The tables among a page's lines from `start` on that white space tells."""
    lines = [line if len(line.cells) <= _MOST_COLUMNS else replace(line, cells=()) for line in lines]
    lines = [line for stretch in _stretches(lines) for line in _without_wide_spaces(stretch)]
    at = 0
    while at < len(lines):
        if lines[at].cells:
            grid = _Grid()
            end = at
            while end < len(lines) and grid.take(lines[end], lines[end + 1 : end + 1 + _LOOK_AHEAD]):
                end += 1
            rows = grid.rows()
            if rows:
                yield Table(start + at, start + end, rows, grid.boxes())
            at = end
        else:
            at += 1


def _stretches(lines: Sequence[RawLine]) -> list[list[RawLine]]:
    """Lines that may be of one justified paragraph, its first and last line aside: close below each other, from the
    same left to the same right edge, the words of each at equal distances where they stand apart."""
    stretches: list[list[RawLine]] = []
    for line in lines:
        if stretches and _is_even(line) and _is_even(stretches[-1][-1]) and _is_flush(stretches[-1][-1], line):
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return stretches


def _without_wide_spaces(stretch: list[RawLine]) -> list[RawLine]:
    """The lines without cells where these are but the words of justified text."""
    if len(stretch) == 1 or not any(line.cells for line in stretch) or not _is_prose(stretch):
        return stretch
    return [replace(line, cells=()) if line.cells else line for line in stretch]


def _is_even(line: RawLine) -> bool:
    """Whether all words stand at the same distance from each other, as far as is known."""
    if not line.cells:
        return True
    gaps = [after.left - before.right for before, after in pairwise(line.cells)]
    return max(gaps) - min(*gaps, *(cell.space for cell in line.cells)) <= _EVEN * line.size


def _is_flush(line: RawLine, after: RawLine) -> bool:
    near = _FLUSH * line.size
    return (
        abs(line.right - after.right) < near
        and abs(line.left - after.left) < near
        and abs(line.size - after.size) < near
        and line.top > after.top
        and line.base - after.top < _LEADING * line.size
    )


def _is_prose(stretch: list[RawLine]) -> bool:
    """Whether the gaps of lines of the same measure stand now here, now there: those of a table's rows stand below
    each other, at the beginning or the end of cells. Of two words to a line, nothing can be told."""
    if not any(line.text.count(" ") > 1 for line in stretch):
        return False
    below = [_is_below(before, after) for before, after in pairwise(stretch) if before.cells and after.cells]
    gaps = [aligned for line in below for aligned in line]
    return 2 * sum(gaps) <= len(gaps)


def _is_below(before: RawLine, after: RawLine) -> list[bool]:
    """For each gap of `after`, whether one of `before` begins or ends at the same place."""
    near = _BELOW * after.size
    ends, begins = sorted(cell.right for cell in before.cells[:-1]), sorted(cell.left for cell in before.cells[1:])
    return [
        _is_near(left.right, ends, near) or _is_near(right.left, begins, near) for left, right in pairwise(after.cells)
    ]


def _is_near(place: float, places: Sequence[float], near: float) -> bool:
    """Whether one of `places`, in ascending order, is less than `near` away."""
    at = bisect_right(places, place - near)
    return at < len(places) and places[at] < place + near


@dataclass(slots=True)
class _Column:
    left: float
    right: float

    def overlaps(self, cell: Cell) -> bool:
        return cell.left < self.right and cell.right > self.left


@dataclass(slots=True)
class _Row:
    cells: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict[int, list[str]](list))
    base: float = 0.0
    box: Row | None = None


class _Grid:
    """Grows a line at a time; columns are kept by identity, since new ones may come up between old ones."""

    def __init__(self) -> None:
        self._columns: list[_Column] = []
        self._rows: list[_Row] = []
        self._last = -1
        self._size = 0.0

    def take(self, line: RawLine, following: Sequence[RawLine]) -> bool:
        """Adds the line; false when it does not belong to the table."""
        cells = line.cells or (Cell(line.text, line.left, line.right),)
        if self._size and abs(line.size - self._size) > 0.15 * self._size:
            return False
        if not line.cells and not self._is_wrapped(cells[0], line, following):
            return False
        if line.cells and self._columns and not self._fits(cells):
            return False
        self._size = self._size or line.size
        for cell in cells:
            self._put(cell, line)
        return True

    def rows(self) -> list[str]:
        """The rows as lines of text; none when fewer than two hold two cells or more."""
        order = sorted(range(len(self._columns)), key=lambda index: self._columns[index].left)
        if sum(len(row.cells) > 1 for row in self._rows) < 2 or (len(order) == 2 and self._is_list(order[0])):
            return []
        return [table_row([" ".join(row.cells.get(index, [])) for index in order]) for row in self._rows]

    def boxes(self) -> list[Row | None]:
        """The box around each row's lines; None for lines that tell no place."""
        return [row.box for row in self._rows]

    def _is_list(self, first: int) -> bool:
        """Whether the first column holds nothing but the marks of a list, set apart from its points."""
        return all(_MARK.fullmatch(" ".join(row.cells.get(first, ["-"]))) for row in self._rows)

    def _overlapped(self, cell: Cell) -> list[int]:
        return [index for index, column in enumerate(self._columns) if column.overlaps(cell)]

    def _fits(self, cells: Sequence[Cell]) -> bool:
        """Whether at least two cells stand in columns of their own: a line of text with a wide gap does not."""
        return len({found[0] for cell in cells if len(found := self._overlapped(cell)) == 1}) >= 2

    def _is_wrapped(self, cell: Cell, line: RawLine, following: Sequence[RawLine]) -> bool:
        """Whether a line of one cell goes on with the last row, or begins one that lines to its right go on with."""
        found = self._overlapped(cell)
        if len(found) != 1:
            return False
        if found[0] != self._leftmost() or self._last == found[0]:
            return self._rows[-1].base - line.top < 3 * line.size
        for after in following:
            if after.top > line.base:
                return after.left > line.right
            if after.cells or after.left > line.right:
                return False
        return False

    def _put(self, cell: Cell, line: RawLine) -> None:
        found = self._overlapped(cell)
        if found:
            index = found[0]
            if len(found) == 1:
                self._columns[index].left = min(self._columns[index].left, cell.left)
                self._columns[index].right = max(self._columns[index].right, cell.right)
        else:
            index = len(self._columns)
            self._columns.append(_Column(cell.left, cell.right))
        if self._begins_row(index, line):
            self._rows.append(_Row(base=line.base))
        self._rows[-1].cells[index].append(cell.text)
        row = self._rows[-1]
        row.base = min(row.base, line.base)
        for box in line.rows:
            row.box = around(row.box, box) if row.box else box
        self._last = index

    def _begins_row(self, index: int, line: RawLine) -> bool:
        if not self._rows:
            return True
        column, last = self._columns[index], self._columns[self._last]
        if index == self._leftmost() and index != self._last:
            return True
        return column.left <= last.left and self._rows[-1].base - line.top > ROW_GAP * line.size

    def _leftmost(self) -> int:
        return min(range(len(self._columns)), key=lambda index: self._columns[index].left)
