"""Lines of a page cut where the rulings of its tables are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import groupby, pairwise
from typing import NamedTuple, Protocol

from inference.functions.reading.pages.lattice import Lattice
from inference.functions.reading.pages.rawlines import LINE_END_HYPHEN, Cell, RawLine, Row, part_of
from inference.functions.reading.pages.ruledtables import is_table, with_rows_outside

_SPACE = re.compile(r"\s+")
_HIGH = 1.3
"""Of a line's height: what is drawn higher stands on more rows than one."""
_WIDE = 0.45
"""Of a line's height: a wider space may be one between two cells, if a ruling is in it."""
_TOUCHES = 1.0
"""Points: letters may touch the ruling before them, or stand on it by as much."""
_RUNS_OVER = 2.0
"""Points by which the last letter of a cell that is full may run over the ruling behind it."""


class Run(NamedTuple):
    """A line as PDFium finds it, the place of its text in the page's, and the boxes of its pieces, each of which was
    drawn at once."""

    line: RawLine
    begin: int
    boxes: list[Row]


class Page(Protocol):
    """A page's text, by the places of characters in it."""

    def run(self, text: str, begin: int) -> Run | None:
        """The `text` at `begin` as a line; None when it is nowhere on the page."""
        ...

    def edges_of(self, index: int) -> tuple[float, float]:
        """Left and right edge of a character."""
        ...


def cut(page: Page, runs: Sequence[Run], found: list[Lattice]) -> list[RawLine]:
    """The runs as lines: those in the lattices that hold tables know theirs and have a cell for each of its cells."""
    while found:
        lines = [line for run in runs for line in _cut(page, run, found)]
        held: dict[Lattice, list[RawLine]] = {lattice: [] for lattice in found}
        for line in lines:
            if line.lattice:
                held[line.lattice].append(line)
        tables = [lattice for lattice in found if is_table(lattice, held[lattice])]
        if len(tables) == len(found):
            return reduce(with_rows_outside, found, lines)
        found = tables
    return [run.line for run in runs]


def _cut(page: Page, run: Run, found: Sequence[Lattice]) -> Iterator[RawLine]:
    line = run.line
    height = line.top - line.size / 2
    here = [lattice for lattice in found if lattice.is_beside(line.left, line.right, height)]
    if not here:
        yield line
    elif len(rows := _rows(page, run)) > 1:
        for row in rows:
            yield from _cut(page, row, found)
    else:
        borders = sorted(border for lattice in here for border in lattice.borders(height))
        cells = _cells(page, run, borders)
        for lattice, group in groupby(cells, lambda cell: next((one for one in here if one.holds(cell.left)), None)):
            kept = list(group)
            yield replace(
                line if len(kept) == len(cells) == len(line.cells or (line,)) else part_of(line, kept), lattice=lattice
            )


def _rows(page: Page, run: Run) -> list[Run]:
    """The rows of a line: hyphens join them, and PDFium does where few letters follow below."""
    text = run.line.text
    if len(run.boxes) == 1 and LINE_END_HYPHEN not in text:
        return [run]
    starts = [at + 1 for at, character in enumerate(text[:-1]) if character == LINE_END_HYPHEN]
    if max(box.top for box in run.boxes) - min(box.bottom for box in run.boxes) > _HIGH * run.line.size:
        starts += [space.end() for space in _SPACE.finditer(text) if _goes_back(page, run.begin, space)]
    if not starts:
        return [run]
    ends = [*sorted(starts), len(text)]
    rows = [page.run(text[start:end].rstrip(), run.begin + start) for start, end in pairwise([0, *ends])]
    return [row for row in rows if row]


def _goes_back(page: Page, begin: int, space: re.Match[str]) -> bool:
    """Whether the word behind a space begins to the left of where the one before it ends."""
    return page.edges_of(begin + space.end())[0] < page.edges_of(begin + space.start() - 1)[1] - _TOUCHES


def _cells(page: Page, run: Run, borders: Sequence[float]) -> list[Cell]:
    """A row's cells: those that white space parts, cut at the borders that do not run through words."""
    text = run.line.text
    starts = {0}
    at = 0
    for cell in run.line.cells:
        at = text.index(cell.text, at)
        starts.add(at)
        at += len(cell.text)
    lefts = sorted(box.left for box in run.boxes)
    for border in borders:
        if run.line.left < border < run.line.right:
            start = _start(page, run, border, lefts)
            if start:
                starts.add(start)
    cells: list[Cell] = []
    for start, end in pairwise([*sorted(starts), len(text)]):
        words = text[start:end].rstrip()
        left, right = page.edges_of(run.begin + start)[0], page.edges_of(run.begin + start + len(words) - 1)[1]
        cells.append(Cell(words, left, right))
    return cells


def _start(page: Page, run: Run, border: float, lefts: Sequence[float]) -> int:
    """Where in a row's text the first word behind a border begins; 0 where the border runs through a word."""
    text, size = run.line.text, run.line.size

    def left_of(index: int) -> float:
        return page.edges_of(run.begin + _solid(text, index))[0]

    start = _solid(text, bisect_left(range(len(text)), border - _TOUCHES, key=left_of))
    before = len(text[:start].rstrip()) - 1
    if start == len(text) or before < 0:
        return 0
    right, left = page.edges_of(run.begin + before)[1], page.edges_of(run.begin + start)[0]
    at = bisect_left(lefts, left - _TOUCHES)
    begins = at < len(lefts) and lefts[at] <= left + _TOUCHES
    return start if right <= border + _RUNS_OVER and (begins or left - right > _WIDE * size) else 0


def _solid(text: str, index: int) -> int:
    """The first character from `index` on that is no space; the last one when there is none."""
    while index < len(text) - 1 and text[index].isspace():
        index += 1
    return index
