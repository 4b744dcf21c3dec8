"""PDFium's text layer as lines with a place on the page. The only file that touches pypdfium2."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Any, Protocol, cast

import pypdfium2
import pypdfium2.raw

# pypdfium2 is untyped and its raw functions are made by ctypes at import: these are the ones that are used.
_raw = cast(Any, pypdfium2.raw)
_char_index = cast("Callable[[Any, int], int]", _raw.FPDFText_GetCharIndexFromTextIndex)
_count_rects = cast("Callable[[Any, int, int], int]", _raw.FPDFText_CountRects)
_get_rect = cast("Callable[[Any, int, Any, Any, Any, Any], int]", _raw.FPDFText_GetRect)
_get_origin = cast("Callable[[Any, int, Any, Any], int]", _raw.FPDFText_GetCharOrigin)
_get_matrix = cast("Callable[[Any, int, Any], int]", _raw.FPDFText_GetMatrix)
_font_size = cast("Callable[[Any, int], float]", _raw.FPDFText_GetFontSize)
_tight_box = cast("Callable[[Any, int, Any, Any, Any, Any], int]", _raw.FPDFText_GetCharBox)
_font_info = cast("Callable[[Any, int, Any, int, Any], int]", _raw.FPDFText_GetFontInfo)

PdfiumError = cast("type[RuntimeError]", pypdfium2.PdfiumError)
_PASSWORD = 4  # FPDF_ERR_PASSWORD, public/fpdfview.h
_FORCE_BOLD = 1 << 18  # font descriptor flag, ISO 32000-1, table 123

_CELL_GAP = 1.0
"""Of the font's size: an ordinary space is a quarter, one of justified text seldom more than half."""
_ASCENT = 0.8
"""Of a font's size, above the baseline: about what Latin fonts take."""
LINE_END_HYPHEN = "\ufffe"
"""What PDFium writes where a hyphen ended a line, in place of the hyphen and the line's end."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a line that stands apart from its neighbours; in points from the page's lower left corner."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line as PDFium reads it (two lines that a hyphen joins are one).

    `top` is the upper edge of its first row and `base` the lower edge of its last, both of the box that the font
    reserves; `size` is the height of that box, which is what the eye sees of the font's size whatever the page's
    scale.
    """

    text: str
    left: float
    right: float
    top: float
    base: float
    size: float
    bold: bool
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page's lines in the order of its content stream, and its height in points."""

    lines: list[Line]
    height: float


class _Matrix(Protocol):
    c: float
    d: float


class PasswordNeeded(Exception):
    """The PDF does not open without a password."""


class Pdf:
    """An open PDF. Raises PasswordNeeded, or PdfiumError for what is not a PDF after all."""

    def __init__(self, data: bytes) -> None:
        try:
            self._document = cast(Any, pypdfium2.PdfDocument)(data)
        except PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD:
                raise PasswordNeeded from None
            raise

    def __len__(self) -> int:
        return len(self._document)

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def title(self) -> str:
        """The title of the document's information, or an empty text."""
        return str(self._document.get_metadata_value("Title"))

    def page(self, index: int) -> RawPage:
        """The lines of a page; of a page that is broken, none: the others are still worth reading."""
        try:
            page = self._document[index]
        except PdfiumError:
            return RawPage([], 0.0)
        try:
            text_page = page.get_textpage()
            try:
                return RawPage(list(_TextPage(text_page).lines()), float(page.get_height()))
            finally:
                text_page.close()
        except PdfiumError:
            return RawPage([], 0.0)
        finally:
            page.close()


class _TextPage:
    """Asks about a page with a handful of calls a line: one for each character would cost as much as the parsing."""

    def __init__(self, text_page: Any) -> None:
        self._text = str(text_page.get_text_range())
        self._raw = text_page.raw
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._matrix = cast("_Matrix", _raw.FS_MATRIX())
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()

    def lines(self) -> Iterator[Line]:
        at = 0
        for text in self._text.split("\r\n"):
            stripped = text.strip()
            if stripped:
                begin = at + text.index(stripped[0])
                line = self._line(stripped, begin)
                if line is not None:
                    yield line
            at += len(text) + 2

    def _line(self, text: str, begin: int) -> Line | None:
        first, last = _char_index(self._raw, begin), _char_index(self._raw, begin + len(text) - 1)
        rows = self._rects(first, last - first + 1)
        # A bullet, an initial or the mark of a footnote may be of another size: the letters further in are the line's.
        places = (_letter(text, min(2, len(text) - 1)), _letter(text, len(text) // 2), _last_letter(text))
        probes = [_char_index(self._raw, begin + place) for place in places]
        size = sorted(self._size(probe) for probe in probes)[1]
        if not rows or not size:
            return None
        return Line(
            text=text,
            left=min(left for left, _ in rows),
            right=max(right for _, right in rows),
            top=self._baseline(probes[0]) + _ASCENT * size,
            base=self._baseline(probes[2]) - (1 - _ASCENT) * size,
            size=size,
            bold=self._is_bold(first) and self._is_bold(last),
            cells=self._cells(text, begin, size) if LINE_END_HYPHEN not in text and _has_gap(rows, size) else (),
        )

    def _size(self, char: int) -> float:
        """The font's size as it is on the page: that of the text times the scale of its matrix."""
        if not _get_matrix(self._raw, char, ctypes.byref(cast(Any, self._matrix))):
            return 0.0
        return _font_size(self._raw, char) * hypot(self._matrix.c, self._matrix.d)

    def _baseline(self, char: int) -> float:
        across, up = self._edges[:2]
        return up.value if _get_origin(self._raw, char, across, up) else 0.0

    def _rects(self, first: int, count: int) -> list[tuple[float, float]]:
        """Left and right edges of the runs of text in a range of characters."""
        left, top, right, bottom = self._edges
        found: list[tuple[float, float]] = []
        for index in range(_count_rects(self._raw, first, count)):
            if _get_rect(self._raw, index, left, top, right, bottom):
                found.append((left.value, right.value))
        return found

    def _cells(self, text: str, begin: int, size: float) -> tuple[Cell, ...]:
        """The line cut where the white space between two words is wider than a space would be."""
        cells: list[Cell] = []
        start = 0
        left, right = self._edges_of(begin)
        for at in range(1, len(text)):
            if text[at].isspace():
                continue
            next_left, next_right = self._edges_of(begin + at)
            if text[at - 1].isspace() and next_left - right > _CELL_GAP * size:
                cells.append(Cell(text[start:at].strip(), left, right))
                start, left = at, next_left
            right = next_right
        cells.append(Cell(text[start:].strip(), left, right))
        return tuple(cells) if len(cells) > 1 else ()

    def _edges_of(self, index: int) -> tuple[float, float]:
        left, right, bottom, top = self._edges
        _tight_box(self._raw, _char_index(self._raw, index), left, right, bottom, top)
        return left.value, right.value

    def _is_bold(self, char: int) -> bool:
        _font_info(self._raw, char, self._name, len(self._name), ctypes.byref(self._flags))
        name = self._name.value.lower()
        return b"bold" in name or b"black" in name or b"heavy" in name or bool(self._flags.value & _FORCE_BOLD)


def _letter(text: str, start: int) -> int:
    """The first letter or digit from `start` on; `start` when there is none."""
    return next((at for at in range(start, len(text)) if text[at].isalnum()), start)


def _last_letter(text: str) -> int:
    """The last letter or digit; the last character when there is none."""
    return next((at for at in range(len(text) - 1, -1, -1) if text[at].isalnum()), len(text) - 1)


def _has_gap(rows: list[tuple[float, float]], size: float) -> bool:
    return any(after[0] - before[1] > _CELL_GAP * size for before, after in pairwise(rows))
