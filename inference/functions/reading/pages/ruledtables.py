"""Tables whose cells rulings part: which row and column each word of their lines is in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from inference.functions.reading.document import table_row
from inference.functions.reading.pages.gutters import PROSE
from inference.functions.reading.pages.lattice import Lattice
from inference.functions.reading.pages.rawlines import Cell, RawLine, Row, around

ROW_GAP = 0.5
"""Of a line's height: more white than this between two lines of a cell, and the second may begin a new row."""
_FILLED = 0.2
"""Of a table's cells that hold text; a diagram whose lines cross has words in fewer."""
_ADJACENT = 1.5
"""Of a line's height: what is no further above or below a table may be a row of it, outside of its frame."""


@dataclass(slots=True)
class _Row:
    cells: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict[int, list[str]](list))
    base: float = 0.0
    box: Row | None = None

    def add(self, line: RawLine, cells: Sequence[tuple[int, Cell]]) -> None:
        for column, cell in cells:
            self.cells[column].append(cell.text)
        self.base = line.base
        for box in line.rows:
            self.box = around(self.box, box) if self.box else box


@dataclass(frozen=True, slots=True)
class _Entry:
    """What of a line stands in one row: its cells and their columns, from the left."""

    line: RawLine
    cells: tuple[tuple[int, Cell], ...]

    @property
    def first(self) -> int:
        return self.cells[0][0]

    @property
    def last(self) -> int:
        return self.cells[-1][0]


def table_in(lattice: Lattice, lines: Sequence[RawLine]) -> tuple[list[str], list[Row | None]]:
    """The rows of a lattice that hold text, as `a | b | c`, and their boxes. A column without any text is left out."""
    rows = list(_rows(lattice, lines))
    columns = sorted({column for row in rows for column in row.cells})
    texts = [table_row([" ".join(row.cells.get(column, [])) for column in columns]) for row in rows]
    return texts, [row.box for row in rows]


def is_table(lattice: Lattice, lines: Sequence[RawLine]) -> bool:
    """Whether what a lattice holds are the rows of a table, rather than a drawing's words or framed prose."""
    rows = list(_rows(lattice, lines))
    columns, bands = lattice.size
    used = {column for row in rows for column in row.cells}
    filled = sum(len(row.cells) for row in rows)
    full = sum(len(row.cells) > 1 for row in rows)
    if len(rows) < 2 or len(used) < 2 or not full or filled < _FILLED * columns * bands:
        return False
    if bands > 1:
        return True
    return full > 1 and sum(len(line.text) for line in lines) < PROSE * filled


def with_rows_outside(lines: list[RawLine], lattice: Lattice) -> list[RawLine]:
    """The lines, those just above and below a lattice's frame with it whose cells stand each in one of its columns."""
    order = sorted(range(len(lines)), key=lambda index: -lines[index].top)
    taken = [*_next(lines, order, lattice, below=True), *_next(lines, order[::-1], lattice, below=False)]
    lines = list(lines)
    for index in taken:
        lines[index] = replace(lines[index], lattice=lattice)
    return lines


def _next(lines: list[RawLine], order: list[int], lattice: Lattice, *, below: bool) -> Iterator[int]:
    """Those that follow on each other, from the frame on."""
    edge = lattice.rows[0] if below else lattice.rows[-1]
    for index in order:
        line = lines[index]
        apart = edge - line.top if below else line.base - edge
        if line.lattice or apart < -line.size / 2:
            continue
        if apart > _ADJACENT * line.size or not _fits(line, lattice):
            return
        yield index
        edge = line.base if below else line.top


def _fits(line: RawLine, lattice: Lattice) -> bool:
    columns = lattice.columns
    found = [
        next((at for at, left in enumerate(columns[:-1]) if left <= cell.left and cell.right <= columns[at + 1]), -1)
        for cell in line.cells
    ]
    return len(found) > 1 and -1 not in found and len(set(found)) == len(found)


def _rows(lattice: Lattice, lines: Sequence[RawLine]) -> Iterator[_Row]:
    """The rows that hold text, from above."""
    bands: defaultdict[int, list[_Entry]] = defaultdict(list)
    for line in lines:
        here: defaultdict[int, list[tuple[int, Cell]]] = defaultdict(list)
        for cell in line.cells or (Cell(line.text, line.left, line.right),):
            column, band = lattice.cell(cell.left, cell.right, line.top - line.size / 2)
            here[band].append((column, cell))
        for band, cells in here.items():
            bands[band].append(_Entry(line, tuple(cells)))
    for number, band in enumerate(bands[band] for band in sorted(bands)):
        # One ruling, below the head, says nothing about what is a row of the rest.
        is_rest = len(bands) < 3 and number == len(bands) - 1
        yield from _parted(band) if is_rest or _has_rows(band) else [_row(band)]


def _row(entries: Sequence[_Entry]) -> _Row:
    row = _Row()
    for entry in entries:
        row.add(entry.line, entry.cells)
    return row


def _has_rows(band: Sequence[_Entry]) -> bool:
    """Whether lines between two level rulings are of more rows than one: they go back to the left, and in two columns
    at least there is more than one."""
    if not any(after.first < before.last for before, after in pairwise(band)):
        return False
    counts = Counter(column for entry in band for column in {column for column, _ in entry.cells})
    return sum(count > 1 for count in counts.values()) > 1


def _parted(band: Sequence[_Entry]) -> Iterator[_Row]:
    """The rows of lines that no ruling parts: each begins in the first column, or to the left and further down."""
    first = min(entry.first for entry in band)
    row, last = _Row(), -1
    for entry in band:
        below = row.base - entry.line.top > ROW_GAP * entry.line.size
        if row.cells and ((entry.first == first and last != first) or (entry.first <= last and below)):
            yield row
            row = _Row()
        row.add(entry.line, entry.cells)
        last = entry.last
    yield row
