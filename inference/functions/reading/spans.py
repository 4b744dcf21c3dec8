"""Tables whose cells span columns and rows, as rows in which every value stands in its own column."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

from inference.errors import TooLarge
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

MOST_COLUMNS = 1_000
"""That a cell may span (HTML Living Standard, 4.9.11); Word has 63 in a table."""
MOST_ROWS = 65_534


class Cell(NamedTuple):
    """A cell, and how many columns and rows it takes up."""

    text: str
    columns: int = 1
    rows: int = 1


class Grid:
    """Places the cells of tables as browsers do (HTML Living Standard, 4.9.12), one table after the other.

    What a cell covers besides its first place is empty, as in OpenDocument. Columns in which no cell begins are left
    out, and so are empty cells at the end of a row. The places that are covered count against the limits: a few bytes
    may ask for thousands.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._places = 0
        self._rows: list[list[tuple[int, str]]] = []
        self._covered: dict[int, int] = {}
        """By column, the first row below a cell that spans several."""

    def add(self, cells: Iterable[Cell], *, column: int = 0) -> None:
        """A row, its first cell at `column`, or at the first after it that no cell above takes up."""
        row = len(self._rows)
        placed: list[tuple[int, str]] = []
        for cell in cells:
            if self._covered:
                free = next(place for place in count(column) if self._covered.get(place, 0) <= row)
                self._count(free - column)
                column = free
            placed.append((column, cell.text))
            if cell.rows > 1:
                self._covered.update(dict.fromkeys(range(column, column + cell.columns), row + cell.rows))
                self._count(cell.columns)
            column += cell.columns
        self._rows.append(placed)

    def end_group(self) -> None:
        """Ends a group of rows, which no cell reaches out of."""
        self._covered.clear()

    def taken(self) -> list[list[str]]:
        """The rows of the table, which ends here."""
        columns = sorted({column for row in self._rows for column, _ in row})
        place_of = {column: place for place, column in enumerate(columns)}
        rows = [self._filled([(place_of[column], text) for column, text in row]) for row in self._rows]
        self._rows, self._covered = [], {}
        return rows

    def _filled(self, placed: list[tuple[int, str]]) -> list[str]:
        cells: list[str] = []
        for place, text in placed:
            if text.strip(" \n\t"):
                if place > len(cells):
                    self._count(place - len(cells))
                    cells += [""] * (place - len(cells))
                cells.append(text)
        return cells

    def _count(self, places: int) -> None:
        self._places += places
        if self._places > self._task.limits.max_characters:
            raise TooLarge(
                f"{quoted(self._task.name)} has tables whose merged cells take up more than "
                f"{self._task.limits.max_characters:,} places. Split it into smaller files."
            )
