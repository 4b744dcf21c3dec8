"""The order in which a page's lines are read: columns one after the other, whatever order they were drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from inference.functions.reading.rawlines import RawLine, abreast, apart, part_of

_SPANNING = 0.2
"""Of the lines beside a gutter: as many may cross it (titles, wide figures) and it still is one."""
_SIDE = 0.2
"""Of the lines, on either side of a gutter at least."""
_FEWEST = 4
"""Lines on either side of a gutter at least: fewer are a table, or a form."""
_BESIDE = 0.5
"""Of the lower side's height that the other side stands beside."""
_PROSE = 18
"""Characters of an average line of prose in the narrowest columns; cells of tables are shorter."""
_GUTTER = 0.6
"""Of a line's height: the narrowest white space between columns."""
_TRIED = 16
"""White stretches of a page that are looked at, the widest first."""
_FAR = 3.0
"""Line heights: what is further below than this begins something of its own."""


class _Piece(NamedTuple):
    """Lines that are read one after the other, and the box around them."""

    lines: tuple[RawLine, ...]
    left: float
    bottom: float
    right: float
    top: float


class _Gutter(NamedTuple):
    """White space from `left` to `right` between columns that stand beside each other."""

    left: float
    right: float


def in_reading_order(lines: Sequence[RawLine]) -> list[RawLine]:
    """Lines as a PDF draws them, in the order in which they are read.

    Most PDFs draw them in that order, which then is better than any that could be told from places. Where it jumps up
    other than to the next column, the stretches between the jumps are ordered by where they stand. Where columns are
    drawn across, line by line, they are taken apart first.
    """
    divided = _divided(lines)
    if divided is not None:
        return [line for piece in _ordered([_piece(line) for line in divided], prose=True) for line in piece.lines]
    stretches = _stretches(lines)
    if not any(_jumps(before[-1], after[0]) for before, after in pairwise(stretches)):
        return list(lines)
    return [
        line for piece in _ordered([_around(stretch) for stretch in stretches], prose=False) for line in piece.lines
    ]


def by_place(lines: Sequence[RawLine]) -> list[RawLine]:
    """Lines whose order says nothing, such as those found in a picture; what stands beside each other in no column
    becomes one line with cells."""
    ordered = _ordered([_piece(line) for line in lines], prose=True)
    return [abreast(list(row)) for row in _level([line for piece in ordered for line in piece.lines])]


def _divided(lines: Sequence[RawLine]) -> list[RawLine] | None:
    """The lines of columns that were drawn across, taken apart; None when there are no such columns."""
    if not _may_have_columns(lines):
        return None
    gutter = _gutter([_piece(cell) for line in lines for cell in apart(line)], prose=True)
    if gutter is None or not _is_drawn_across(lines, gutter):
        return None
    parts = [part for line in lines for part in _cut(line, gutter)]
    left = [part for part in parts if part.right <= gutter.right]
    right = [part for part in parts if part.right > gutter.right and part.left >= gutter.left]
    spanning = [part for part in parts if part.right > gutter.right and part.left < gutter.left]
    return [*(_divided(left) or left), *(_divided(right) or right), *spanning]


def _may_have_columns(lines: Sequence[RawLine]) -> bool:
    """Whether enough begins to the right of where enough ends: on most pages it does not, and the search is spared."""
    edges = [(part.left, part.right) for line in lines for part in line.cells or (line,)]
    fewest = max(_FEWEST, ceil(_SIDE * len(edges)))
    if len(edges) < 2 * fewest:
        return False
    end = sorted(right for _, right in edges)[fewest - 1]
    return sum(left >= end for left, _ in edges) >= fewest


def _ordered(pieces: list[_Piece], *, prose: bool) -> list[_Piece]:
    """Bands between what spans the columns, from above to below; in each, the columns from left to right."""
    gutter = _gutter(pieces, prose=prose)
    if gutter is None:
        return _from_above(pieces)
    ordered: list[_Piece] = []
    left: list[_Piece] = []
    right: list[_Piece] = []
    for piece in _from_above(pieces):
        if piece.right <= gutter.right:
            left.append(piece)
        elif piece.left >= gutter.left:
            right.append(piece)
        else:
            ordered += [*_ordered(left, prose=prose), *_ordered(right, prose=prose), piece]
            left, right = [], []
    return [*ordered, *_ordered(left, prose=prose), *_ordered(right, prose=prose)]


def _from_above(pieces: list[_Piece]) -> list[_Piece]:
    """From above to below, what stands beside each other from left to right."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.top):
        if rows and (piece.top + min(piece.bottom, rows[-1][0].top)) / 2 > rows[-1][0].bottom and len(piece.lines) == 1:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda piece: piece.left)]


def _gutter(pieces: list[_Piece], *, prose: bool) -> _Gutter | None:
    """The widest white space that few pieces cross and that has columns on both sides, of prose if that is asked."""
    total = sum(len(piece.lines) for piece in pieces)
    if total < 2 * _FEWEST:
        return None
    size = max(min(line.size for piece in pieces for line in piece.lines), 1.0)
    edges = sorted({edge for piece in pieces for edge in (piece.left, piece.right)})
    wide = [(left, right) for left, right in _white(pieces, edges, _SPANNING * total) if right - left >= _GUTTER * size]
    wide.sort(key=lambda stretch: stretch[0] - stretch[1])
    for left, right in wide[:_TRIED]:
        if _has_sides(pieces, (left + right) / 2, total, prose):
            return _Gutter(left, right)
    return None


def _white(pieces: list[_Piece], edges: list[float], most: float) -> list[tuple[float, float]]:
    """The stretches between edges that at most `most` lines cross."""
    changes: dict[float, int] = dict.fromkeys(edges, 0)
    for piece in pieces:
        changes[piece.left] += len(piece.lines)
        changes[piece.right] -= len(piece.lines)
    stretches: list[tuple[float, float]] = []
    crossing = 0
    least = most
    for left, right in pairwise(edges):
        crossing += changes[left]
        if crossing > most:
            least = most
        elif stretches and stretches[-1][1] == left and crossing == least:
            stretches[-1] = (stretches[-1][0], right)
        else:
            stretches.append((left, right))
            least = crossing
    return stretches


def _has_sides(pieces: list[_Piece], middle: float, total: int, prose: bool) -> bool:
    sides = ([piece for piece in pieces if piece.right <= middle], [piece for piece in pieces if piece.left >= middle])
    for side in sides:
        count = sum(len(piece.lines) for piece in side)
        if count < max(_FEWEST, _SIDE * total):
            return False
        letters = sum(len(line.text) for piece in side for line in piece.lines)
        if prose and letters < _PROSE * count:
            return False
    (top, bottom), (other_top, other_bottom) = (
        (max(piece.top for piece in side), min(piece.bottom for piece in side)) for side in sides
    )
    beside = min(top, other_top) - max(bottom, other_bottom)
    return beside >= _BESIDE * min(top - bottom, other_top - other_bottom)


def _is_drawn_across(lines: Sequence[RawLine], gutter: _Gutter) -> bool:
    """Whether the lines go from one column to the other and back again and again, or run through both."""
    middle = (gutter.left + gutter.right) / 2
    through = sum(len(_cut(line, gutter)) > 1 for line in lines)
    sides = [line.left >= middle for line in lines if line.right <= middle or line.left >= middle]
    changes = sum(before != after for before, after in pairwise(sides))
    return 2 * through + changes >= max(2 * _FEWEST, len(lines) // 4)


def _stretches(lines: Sequence[RawLine]) -> list[list[RawLine]]:
    """Lines that follow closely on each other."""
    stretches: list[list[RawLine]] = []
    for line in lines:
        if stretches and not _jumps(stretches[-1][-1], line) and not _leaps(stretches[-1][-1], line):
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return stretches


def _jumps(line: RawLine, after: RawLine) -> bool:
    """Whether the order goes up, and not to the right."""
    return after.base > line.top and after.left < line.right


def _leaps(line: RawLine, after: RawLine) -> bool:
    return after.base > line.top or line.base - after.top > _FAR * max(line.size, after.size)


def _cut(line: RawLine, gutter: _Gutter) -> list[RawLine]:
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


def _piece(line: RawLine) -> _Piece:
    return _Piece((line,), line.left, line.base, line.right, line.top)


def _around(lines: list[RawLine]) -> _Piece:
    return _Piece(
        tuple(lines),
        min(line.left for line in lines),
        min(line.base for line in lines),
        max(line.right for line in lines),
        max(line.top for line in lines),
    )
