"""Lines of a page as they were found on it, by PDFium or by recognition, before they are text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import NamedTuple

from inference.functions.reading.pages.lattice import Lattice

LINE_END_HYPHEN = "\ufffe"
"""What PDFium writes where a hyphen ended a line, in place of the hyphen and the line's end."""


_ADJOINING = 0.7
"""Of a line's height: less than this is between the words of a line, and more between columns."""
_SPACE = 0.26
"""Of a line's height: letters that are further apart than this are of two words."""
_SCRIPT = 0.3
"""Of the lower one's height that two runs have in common when one is an index or exponent of the other."""
_CLOSES = re.compile(r"[.,;:!?…)\]}»”’]")
"""What stands behind no space, however far from the last letter's ink its own is."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a line that stands apart from its neighbours, and its edges.

    `space` is the narrowest white space between two words in it: infinite in a single word, 0 when it is not known.
    """

    text: str
    left: float
    right: float
    space: float = 0.0


class Row(NamedTuple):
    """What the eye sees as one line: a box in points from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as PDFium reads it (two lines that a hyphen joins are one).

    `top` is the upper edge of its first row and `base` the lower edge of its last, both of the box that the font
    reserves; `size` is the height of that box, which is what the eye sees of the font's size whatever the page's
    scale. `rows` are its rows, apart in `text` by LINE_END_HYPHEN; one for all when they cannot be told apart. In a
    table that rulings part, `lattice` is where they stand and each cell is in one of its cells.
    """

    text: str
    left: float
    right: float
    top: float
    base: float
    size: float
    bold: bool
    cells: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    lattice: Lattice | None = None


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page's lines in the order in which they were found, and its width and height in points.

    The page lies as its text is read; `turns` quarters clockwise, and it is as it is shown. `recognised` says that its
    lines were read off a picture.
    """

    lines: list[RawLine]
    width: float
    height: float
    turns: int = 0
    recognised: bool = False

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height as it is shown."""
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)


def around(one: Row, other: Row) -> Row:
    """The least box around two."""
    return Row(
        min(one.left, other.left), min(one.bottom, other.bottom), max(one.right, other.right), max(one.top, other.top)
    )


def around_all(rows: Sequence[Row]) -> Row:
    """The least box around one or more."""
    if len(rows) == 1:
        return rows[0]
    lefts, bottoms, rights, tops = zip(*rows, strict=True)
    return Row(min(lefts), min(bottoms), max(rights), max(tops))


def apart(line: RawLine) -> list[RawLine]:
    """A line's cells as lines."""
    return [part_of(line, [cell]) for cell in line.cells] or [line]


def part_of(line: RawLine, cells: Sequence[Cell]) -> RawLine:
    """Some cells of a line, as a line."""
    left, right = cells[0].left, cells[-1].right
    return replace(
        line,
        text=" ".join(cell.text for cell in cells),
        left=left,
        right=right,
        cells=tuple(cells) if len(cells) > 1 else (),
        rows=tuple(row._replace(left=left, right=right) for row in line.rows),
    )


def abreast(row: list[RawLine]) -> RawLine:
    """Lines on one height as one, with a cell for each."""
    if len(row) == 1:
        return row[0]
    box = row[0].rows[0]
    for line in row[1:]:
        box = around(box, line.rows[0])
    return replace(
        row[0],
        text=" ".join(line.text for line in row),
        right=row[-1].right,
        top=max(line.top for line in row),
        base=min(line.base for line in row),
        cells=tuple(Cell(line.text, line.left, line.right) for line in row),
        rows=(Row(*box),),
    )


def adjoins(row: Row, size: float, after: RawLine) -> bool:
    """Whether a line goes on with `after`, right behind its last `row` and on nearly the same height: one of them ends
    or begins with an index or an exponent."""
    first, size, smaller = after.rows[0], max(size, after.size), min(size, after.size)
    if not -_SPACE * size < first.left - row.right < _ADJOINING * size:
        return False
    common = min(row.top, first.top) - max(row.bottom, first.bottom)
    return common > _SCRIPT * min(row.top - row.bottom, first.top - first.bottom) and size < 2 * smaller


def together(runs: Sequence[RawLine]) -> RawLine:
    """Runs, each of which adjoins the one before, as one line that looks as the longest of them does."""
    if len(runs) == 1:
        return runs[0]
    most = max(runs, key=lambda run: len(run.text))
    spaces = ["", *(_space(before, after, most.size) for before, after in pairwise(runs))]
    rows = list(runs[0].rows)
    for run in runs[1:]:
        rows[-1:] = [around(rows[-1], run.rows[0]), *run.rows[1:]]
    is_row = len(rows) == 1
    return replace(
        most,
        text="".join(part for space, run in zip(spaces, runs, strict=True) for part in (space, run.text)),
        left=min(run.left for run in runs),
        right=max(run.right for run in runs),
        top=most.top if is_row else runs[0].top,
        base=most.base if is_row else runs[-1].base,
        cells=_cells(runs, spaces) if is_row and any(run.cells for run in runs) else (),
        rows=tuple(rows),
    )


def _space(before: RawLine, after: RawLine, size: float) -> str:
    """What stands between two runs: a space or nothing."""
    apart = after.rows[0].left - before.rows[-1].right > _SPACE * size
    return " " if apart and not _CLOSES.match(after.text) else ""


def _cells(runs: Sequence[RawLine], spaces: Sequence[str]) -> tuple[Cell, ...]:
    """The cells of runs: the last of each goes on with the first of the next."""
    cells: list[Cell] = []
    texts: list[list[str]] = []
    for space, run in zip(spaces, runs, strict=True):
        first, *others = run.cells or (Cell(run.text, run.left, run.right, 0.0 if " " in run.text else inf),)
        if cells:
            last = cells.pop()
            narrowest = min(last.space, first.space, first.left - last.right if space else inf)
            first = replace(first, left=last.left, space=narrowest)
            texts[-1] += [space, first.text]
        else:
            texts.append([first.text])
        cells += [first, *others]
        texts += [[cell.text] for cell in others]
    return tuple(replace(cell, text="".join(text)) for cell, text in zip(cells, texts, strict=True))
