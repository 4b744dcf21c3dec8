"""The order in which a page's lines are read: columns one after the other, whatever order they were drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import attrgetter

from inference.functions.reading.pages.gutters import (
    FEWEST,
    PROSE,
    Gutter,
    Piece,
    gutter_of,
    may_have_columns,
    piece_of,
    piece_of_all,
    table_of,
)
from inference.functions.reading.pages.lattice import Lattice
from inference.functions.reading.pages.rawlines import RawLine, abreast, apart, part_of
from inference.functions.reading.pages.tables import find_tables

_FAR = 3.0
"""Line heights: what is further below than this begins something of its own."""


def in_reading_order(lines: Sequence[RawLine]) -> list[RawLine]:
    """Lines as a PDF draws them, in the order in which they are read.

    Most PDFs draw them in that order, which then is better than any that could be told from places. Where it jumps up
    other than to the next column, the stretches between the jumps are ordered by where they stand. Where columns are
    drawn across, line by line, they are taken apart first. A table stays whole.
    """
    lines = _gathered(lines)
    divided = _divided(lines)
    if divided is not None:
        return [line for piece in _ordered(divided, prose=True) for line in piece.lines]
    stretches = _stretches(lines)
    if not any(_jumps(before[-1], after[0]) for before, after in pairwise(stretches)):
        return list(lines)
    pieces = [table_of(stretch) if stretch[0].lattice else piece_of_all(stretch) for stretch in stretches]
    return [line for piece in _ordered(pieces, prose=False) for line in piece.lines]


def by_place(lines: Sequence[RawLine]) -> list[RawLine]:
    """Lines whose order says nothing, such as those found in a picture; what stands beside each other in no column
    becomes one line with cells."""
    ordered = _ordered([piece_of(line) for line in lines], prose=True)
    return [abreast(list(row)) for row in _level([line for piece in ordered for line in piece.lines])]


def _gathered(lines: Sequence[RawLine]) -> Sequence[RawLine]:
    """The lines, those of a ruled table where the first of them is."""
    if not any(line.lattice for line in lines):
        return lines
    first: dict[Lattice, int] = {}
    for at, line in enumerate(lines):
        if line.lattice:
            first.setdefault(line.lattice, at)
    order = [first[line.lattice] if line.lattice else at for at, line in enumerate(lines)]
    return [lines[at] for at in sorted(range(len(lines)), key=lambda at: order[at])]


def _divided(lines: Sequence[RawLine]) -> list[Piece] | None:
    """The lines of columns that were drawn across, taken apart, and the tables beside or between them; None when there
    are no such columns."""
    free = [line for line in lines if not line.lattice]
    gutter = _gutter_across(free)
    if gutter is None:
        return None
    ruled = [table_of(list(group)) for lattice, group in groupby(lines, attrgetter("lattice")) if lattice]
    spaced = _tables(free, gutter)
    if spaced:
        rest = _without(free, spaced)
        if _gutter_in(rest) and not _gutter_across(rest):
            return None
        spaced = [run for table in spaced for run in _short(table)]
        free = _without(free, spaced)
        gutter = _gutter_across(free)
        if gutter is None:
            return None
    parts = [half for line in free for half in _cut(line, gutter)]
    left = [half for half in parts if half.right <= gutter.right]
    right = [half for half in parts if half.right > gutter.right and half.left >= gutter.left]
    spanning = [half for half in parts if half.right > gutter.right and half.left < gutter.left]
    sides = [piece for side in (left, right) for piece in _divided(side) or map(piece_of, side)]
    return [*sides, *map(piece_of, spanning), *map(table_of, spaced), *ruled]


def _gutter_across(lines: Sequence[RawLine]) -> Gutter | None:
    """The gutter between columns that were drawn across, if there are any."""
    gutter = _gutter_in(lines)
    return gutter if gutter and _is_drawn_across(lines, gutter) else None


def _gutter_in(lines: Sequence[RawLine]) -> Gutter | None:
    """The gutter between columns of prose, however they were drawn."""
    if not may_have_columns(lines):
        return None
    return gutter_of([piece_of(cell) for line in lines for cell in apart(line)], prose=True)


def _tables(lines: Sequence[RawLine], gutter: Gutter) -> list[list[RawLine]]:
    """The lines of each table that stands on both sides of a gutter."""
    tables = [list(lines[table.start : table.end]) for table in find_tables(lines)]
    return [
        table
        for table in tables
        if min(line.left for line in table) < gutter.left and max(line.right for line in table) > gutter.right
    ]


def _short(table: list[RawLine]) -> list[list[RawLine]]:
    """Of what looks like a table, the stretches that cannot be lines of prose in columns: their cells are short."""
    stretches = [list(group) for is_prose, group in groupby(table, _is_prose) if not is_prose]
    return [stretch for stretch in stretches if _has_short_cells(stretch)]


def _is_prose(line: RawLine) -> bool:
    return bool(line.cells) and all(len(cell.text) >= PROSE for cell in line.cells)


def _has_short_cells(lines: Sequence[RawLine]) -> bool:
    cells = [cell for line in lines for cell in line.cells]
    return sum(bool(line.cells) for line in lines) > 1 and sum(len(cell.text) for cell in cells) < PROSE * len(cells)


def _without(lines: Sequence[RawLine], tables: list[list[RawLine]]) -> list[RawLine]:
    left_out = {id(line) for table in tables for line in table}
    return [line for line in lines if id(line) not in left_out]


def _ordered(pieces: list[Piece], *, prose: bool) -> list[Piece]:
    """Bands between what spans the columns, from above to below; in each, the columns from left to right."""
    gutter = gutter_of([piece for piece in pieces if not piece.is_table], prose=prose)
    if gutter is None:
        return _from_above(pieces)
    ordered: list[Piece] = []
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in _from_above(pieces):
        if piece.right <= gutter.right:
            left.append(piece)
        elif piece.left >= gutter.left:
            right.append(piece)
        else:
            ordered += [*_ordered(left, prose=prose), *_ordered(right, prose=prose), piece]
            left, right = [], []
    return [*ordered, *_ordered(left, prose=prose), *_ordered(right, prose=prose)]


def _from_above(pieces: list[Piece]) -> list[Piece]:
    """From above to below, what stands beside each other from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.top):
        if rows and (piece.top + min(piece.bottom, rows[-1][0].top)) / 2 > rows[-1][0].bottom and len(piece.lines) == 1:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda piece: piece.left)]


def _is_drawn_across(lines: Sequence[RawLine], gutter: Gutter) -> bool:
    """Whether the lines go from one column to the other and back again and again, or run through both."""
    middle = (gutter.left + gutter.right) / 2
    through = sum(len(_cut(line, gutter)) > 1 for line in lines)
    sides = [line.left >= middle for line in lines if line.right <= middle or line.left >= middle]
    changes = sum(before != after for before, after in pairwise(sides))
    return 2 * through + changes >= max(2 * FEWEST, len(lines) // 4)


def _stretches(lines: Sequence[RawLine]) -> list[list[RawLine]]:
    """Lines that follow closely on each other."""
    stretches: list[list[RawLine]] = []
    for line in lines:
        last = stretches[-1][-1] if stretches else None
        if last and last.lattice is line.lattice and (line.lattice or not (_jumps(last, line) or _leaps(last, line))):
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return stretches


def _jumps(line: RawLine, after: RawLine) -> bool:
    """Whether the order goes up, and not to the right."""
    return after.base > line.top and after.left < line.right


def _leaps(line: RawLine, after: RawLine) -> bool:
    return after.base > line.top or line.base - after.top > _FAR * max(line.size, after.size)


def _cut(line: RawLine, gutter: Gutter) -> list[RawLine]:
    """A line with cells on both sides of a gutter as two; else itself."""
    middle = (gutter.left + gutter.right) / 2
    left = [cell for cell in line.cells if cell.right <= middle]
    right = [cell for cell in line.cells if cell.left >= middle]
    if not left or not right or len(left) + len(right) < len(line.cells):
        return [line]
    return [part_of(line, left), part_of(line, right)]


def _level(lines: list[RawLine]) -> list[list[RawLine]]:
    """Lines that follow on each other to the right, on one height."""
    rows: list[list[RawLine]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if last and line.left >= last.right and abs(line.base + line.top - last.base - last.top) < line.top - line.base:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows
