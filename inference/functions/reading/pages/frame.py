"""How a page lies when its text is upright."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, pi
from typing import Any, Protocol, cast

import pypdfium2.raw

from inference.functions.reading.pages.rawlines import Row

# pypdfium2 is untyped and its raw functions are made by ctypes at import: these are the ones that are used.
_raw = cast(Any, pypdfium2.raw)
_get_matrix = cast("Callable[[Any, int, Any], int]", _raw.FPDFText_GetMatrix)

_PROBES = 9
"""Characters of a page that are asked which way they stand."""


class _Matrix(Protocol):
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What of the PDF's coordinates its crop box leaves, turned clockwise by quarters until the text is upright."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place on the page, in points from its lower left corner."""
        match self.turns:
            case 1:
                return y - self.bottom, self.right - x
            case 2:
                return self.right - x, self.top - y
            case 3:
                return self.top - y, x - self.left
            case _:
                return x - self.left, y - self.bottom

    def row(self, left: float, bottom: float, right: float, top: float) -> Row:
        """A box on the page."""
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return Row(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def turns_of(text_page: Any, shown: int) -> int:
    """Quarters clockwise that make most of a page's text upright; `shown`, as the page is shown, when there is none."""
    matrix = cast("_Matrix", _raw.FS_MATRIX())
    count = int(_raw.FPDFText_CountChars(text_page))
    votes: Counter[int] = Counter()
    for at in range(0, count, max(count // _PROBES, 1)):
        if _get_matrix(text_page, at, ctypes.byref(cast(Any, matrix))) and (matrix.a or matrix.b):
            votes[round(atan2(matrix.b, matrix.a) / (pi / 2)) % 4] += 1
    return votes.most_common(1)[0][0] if votes else shown
