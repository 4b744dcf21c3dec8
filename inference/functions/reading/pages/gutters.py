"""The white space between columns of text on a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from inference.functions.reading.pages.rawlines import RawLine

_SPANNING = 0.2
"""Of the lines beside a gutter: as many may cross it (titles, wide figures) and it still is one."""
_SIDE = 0.2
"""Of the lines, on either side of a gutter at least."""
FEWEST = 4
"""Lines on either side of a gutter at least: fewer are a table, or a form."""
_BESIDE = 0.5
"""Of the lower side's height that the other side stands beside."""
PROSE = 18
"""Characters of an average line of prose in the narrowest columns, with a ruling between them or not; cells of tables
are shorter."""
_GUTTER = 0.6
"""Of a line's height: the narrowest white space between columns."""
_TRIED = 16
"""White stretches of a page that are looked at, the widest first."""


class Piece(NamedTuple):
    """Lines that are read one after the other, and the box around them; a table, or lines of columns."""

    lines: tuple[RawLine, ...]
    left: float
    bottom: float
    right: float
    top: float
    is_table: bool = False


class Gutter(NamedTuple):
    """White space from `left` to `right` between columns that stand beside each other."""

    left: float
    right: float


def may_have_columns(lines: Sequence[RawLine]) -> bool:
    """Whether enough begins to the right of where enough ends: on most pages it does not, and the search is spared."""
    edges = [(cell.left, cell.right) for line in lines for cell in line.cells or (line,)]
    fewest = max(FEWEST, ceil(_SIDE * len(edges)))
    if len(edges) < 2 * fewest:
        return False
    end = sorted(right for _, right in edges)[fewest - 1]
    return sum(left >= end for left, _ in edges) >= fewest


def gutter_of(pieces: list[Piece], *, prose: bool) -> Gutter | None:
    """The widest white space that few pieces cross and that has columns on both sides, of prose if that is asked."""
    total = sum(len(piece.lines) for piece in pieces)
    if total < 2 * FEWEST:
        return None
    size = max(min(line.size for piece in pieces for line in piece.lines), 1.0)
    edges = sorted({edge for piece in pieces for edge in (piece.left, piece.right)})
    wide = [(left, right) for left, right in _white(pieces, edges, _SPANNING * total) if right - left >= _GUTTER * size]
    wide.sort(key=lambda stretch: stretch[0] - stretch[1])
    for left, right in wide[:_TRIED]:
        if _has_sides(pieces, (left + right) / 2, total, prose):
            return Gutter(left, right)
    return None


def _white(pieces: list[Piece], edges: list[float], most: float) -> list[tuple[float, float]]:
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


def _has_sides(pieces: list[Piece], middle: float, total: int, prose: bool) -> bool:
    sides = ([piece for piece in pieces if piece.right <= middle], [piece for piece in pieces if piece.left >= middle])
    for side in sides:
        count = sum(len(piece.lines) for piece in side)
        if count < max(FEWEST, _SIDE * total):
            return False
        letters = sum(len(line.text) for piece in side for line in piece.lines)
        if prose and letters < PROSE * count:
            return False
    (top, bottom), (other_top, other_bottom) = (
        (max(piece.top for piece in side), min(piece.bottom for piece in side)) for side in sides
    )
    beside = min(top, other_top) - max(bottom, other_bottom)
    return beside >= _BESIDE * min(top - bottom, other_top - other_bottom)


def piece_of(line: RawLine) -> Piece:
    return Piece((line,), line.left, line.base, line.right, line.top)


def piece_of_all(lines: list[RawLine]) -> Piece:
    return Piece(
        tuple(lines),
        min(line.left for line in lines),
        min(line.base for line in lines),
        max(line.right for line in lines),
        max(line.top for line in lines),
    )


def table_of(lines: list[RawLine]) -> Piece:
    piece = piece_of_all(lines)._replace(is_table=True)
    lattice = lines[0].lattice
    if not lattice:
        return piece
    return piece._replace(left=min(piece.left, lattice.columns[0]), right=max(piece.right, lattice.columns[-1]))
