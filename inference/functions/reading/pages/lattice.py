"""Lattices: the cells that straight lines on a page part."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import NamedTuple

_NEAR = 4.0
"""Points: rulings that are nearer to each other are one, or touch; a column of text is wider and a row higher."""
_MOST_MEETINGS = 40_000
"""Pairs of an upright and a level ruling of a page, after all that are one were joined: more are a drawing."""
_MOST_CELLS = 5000
_MOST_LATTICES = 50
_REGULAR = 0.5
"""Of the borders between columns that there are in a table's rows; boxes scattered over a form have fewer."""


class Ruling(NamedTuple):
    """A straight line from `start` to `end` along one axis, `at` a place on the other one, in points."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """A table's grid as it is drawn: at least two columns.

    `columns` are the left edges of its columns and the right edge of the last one, ascending; `rows` the lower edges of
    its rows and the upper edge of the first one, ascending too, so the last of them is the table's top. A wall stands
    left of a cell, a lid lies on it; both are of (column, row), counted from the left and from below.
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    walls: frozenset[tuple[int, int]]
    lids: frozenset[tuple[int, int]]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return len(self.columns) - 1, len(self.rows) - 1

    def is_beside(self, left: float, right: float, y: float) -> bool:
        """Whether a line from `left` to `right` at the height `y` runs through it."""
        return self.rows[0] < y < self.rows[-1] and left < self.columns[-1] and right > self.columns[0]

    def holds(self, left: float) -> bool:
        """Whether what begins at `left`, and is as high as it, is in it."""
        return self.columns[0] - _NEAR < left < self.columns[-1]

    def cell(self, left: float, right: float, y: float) -> tuple[int, int]:
        """Column and row, counted from above, of what begins at `left` and ends at `right`, at the height `y`: the
        upper left ones of a merged cell. Row -1 is what is above it all."""
        rows = len(self.rows) - 1
        column = self.column(left, right)
        row = bisect_right(self.rows, y) - 1
        if 0 <= row < rows:
            while column and (column, row) not in self.walls:
                column -= 1
            while row < rows - 1 and (column, row) not in self.lids:
                row += 1
        return column, rows - 1 - row

    def column(self, left: float, right: float) -> int:
        """The column that what begins at `left` and ends at `right` begins in."""
        inner = min(left + _NEAR, (left + right) / 2)
        return min(max(bisect_right(self.columns, inner) - 1, 0), len(self.columns) - 2)

    def borders(self, y: float) -> list[float]:
        """Where upright rulings cross the height `y`, from the left."""
        row = bisect_right(self.rows, y) - 1
        return [x for column, x in enumerate(self.columns) if (column, row) in self.walls]


def lattices(upright: Iterable[Ruling], level: Iterable[Ruling]) -> list[Lattice]:
    """The lattices that a page's rulings make: those that touch, apart where what is above has other columns."""
    uprights, levels = _joined(upright), _joined(level)
    if len(uprights) < 2 or len(levels) < 2 or len(uprights) * len(levels) > _MOST_MEETINGS:
        return []
    found = [lattice for touching in _touching(uprights, levels) for lattice in _lattices(*touching)]
    return found[:_MOST_LATTICES]


def _joined(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Rulings that go on with each other as one, in ascending order."""
    anchored: list[tuple[float, float, Ruling]] = []
    anchor = -inf
    for ruling in sorted(rulings):
        if ruling.at - anchor > _NEAR:
            anchor = ruling.at
        anchored.append((anchor, ruling.start, ruling))
    joined: list[Ruling] = []
    last_anchor = -inf
    for anchor, start, ruling in sorted(anchored):
        if anchor == last_anchor and start - joined[-1].end <= _NEAR:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, ruling.end))
        else:
            joined.append(ruling)
        last_anchor = anchor
    return sorted(joined)


def _touching(uprights: list[Ruling], levels: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Upright and level rulings that hang together."""
    heights = [ruling.at for ruling in levels]
    groups = list(range(len(uprights) + len(levels)))

    def group(index: int) -> int:
        while groups[index] != index:
            groups[index] = index = groups[groups[index]]
        return index

    for index, one in enumerate(uprights):
        first, last = bisect_left(heights, one.start - _NEAR), bisect_right(heights, one.end + _NEAR)
        for other in range(first, last):
            if levels[other].start - _NEAR <= one.at <= levels[other].end + _NEAR:
                groups[group(len(uprights) + other)] = group(index)
    found: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for index, one in enumerate(uprights):
        found.setdefault(group(index), ([], []))[0].append(one)
    for index, one in enumerate(levels, len(uprights)):
        found.setdefault(group(index), ([], []))[1].append(one)
    return list(found.values())


def _lattices(uprights: list[Ruling], levels: list[Ruling]) -> list[Lattice]:
    if not uprights or not levels:
        return []
    columns = _places([*(one.at for one in uprights), min(one.start for one in levels), max(one.end for one in levels)])
    # What ends within a cell is a line below its words.
    levels = [one for one in levels if _is_one(columns, one.start) and _is_one(columns, one.end)]
    rows = _places([*(one.at for one in levels), min(one.start for one in uprights), max(one.end for one in uprights)])
    if len(columns) < 3 or len(rows) < 2 or len(columns) * len(rows) > _MOST_CELLS:
        return []
    walls = set(_crossed(uprights, columns, rows))
    lids = {(column, row - 1) for row, column in _crossed(levels, rows, columns)}
    inner = [
        {column for column in range(1, len(columns) - 1) if (column, row) in walls} for row in range(len(rows) - 1)
    ]
    return [
        lattice
        for first, end in _stretches(inner)
        if (lattice := _lattice(columns, rows[first : end + 1], inner[first:end], walls, lids, first))
    ]


def _places(edges: Iterable[float]) -> list[float]:
    """The edges in ascending order, those that are near to each other as one."""
    places: list[float] = []
    for edge in sorted(edges):
        if not places or edge - places[-1] > _NEAR:
            places.append(edge)
    return places


def _nearest(places: Sequence[float], edge: float) -> int:
    at = bisect_left(places, edge)
    return at if at < len(places) and (at == 0 or places[at] - edge < edge - places[at - 1]) else at - 1


def _is_one(places: Sequence[float], edge: float) -> bool:
    return abs(places[_nearest(places, edge)] - edge) <= _NEAR


def _crossed(rulings: list[Ruling], places: list[float], across: list[float]) -> Iterable[tuple[int, int]]:
    """For each ruling, its place and each stretch between two places on the other axis that it goes along."""
    middles = [(one + other) / 2 for one, other in pairwise(across)]
    for ruling in rulings:
        at = _nearest(places, ruling.at)
        for stretch in range(bisect_left(middles, ruling.start), bisect_right(middles, ruling.end)):
            yield at, stretch


def _stretches(inner: list[set[int]]) -> list[tuple[int, int]]:
    """Rows that have a border between columns in common with the next that has any."""
    stretches: list[tuple[int, int]] = []
    last: set[int] = set()
    first = 0
    for row, borders in enumerate(inner):
        if borders and last and not borders & last:
            stretches.append((first, row))
            first = row
        last = borders or last
    return [*stretches, (first, len(inner))]


def _lattice(
    columns: list[float],
    rows: list[float],
    inner: list[set[int]],
    walls: set[tuple[int, int]],
    lids: set[tuple[int, int]],
    first: int,
) -> Lattice | None:
    """The lattice of a stretch of rows that begins at row `first`; None when it has one column or is no regular one."""
    kept = [0, *sorted(set[int]().union(*inner)), len(columns) - 1]
    if len(kept) < 3 or sum(map(len, inner)) < _REGULAR * (len(kept) - 2) * len(inner):
        return None
    number = {column: at for at, column in enumerate(kept)}
    return Lattice(
        tuple(columns[column] for column in kept),
        tuple(rows),
        frozenset((number[column], row - first) for column, row in walls if column in number and row >= first),
        frozenset((number[column], row - first) for column, row in lids if column in number and row >= first),
    )
