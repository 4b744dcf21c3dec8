"""Lines of a page as they were found on it, by PDFium or by recognition, before they are text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

LINE_END_HYPHEN = "\ufffe"
"""What PDFium writes where a hyphen ended a line, in place of the hyphen and the line's end."""


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
    scale. `rows` are its rows, apart in `text` by LINE_END_HYPHEN; one for all when they cannot be told apart.
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
