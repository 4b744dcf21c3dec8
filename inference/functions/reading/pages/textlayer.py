"""The text layer of a page as PDFium reads it: lines with a place on the page."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import hypot, inf
from typing import Any, Protocol, cast

import pypdfium2.raw

from inference.functions.reading.pages.frame import Frame
from inference.functions.reading.pages.lattice import lattices
from inference.functions.reading.pages.rawlines import (
    LINE_END_HYPHEN,
    Cell,
    RawLine,
    Row,
    adjoins,
    around,
    around_all,
    together,
)
from inference.functions.reading.pages.righttoleft import has_right_to_left, in_reading_direction
from inference.functions.reading.pages.ruledlines import Run, cut
from inference.functions.reading.pages.rulings import Rulings

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

_FORCE_BOLD = 1 << 18  # font descriptor flag, ISO 32000-1, table 123

_SPACE = re.compile(r"\s+")
_LETTER = re.compile(r"[^\W_]")
_CELL_GAP = 1.0
"""Of the font's size: an ordinary space is a quarter, one of justified text seldom more than half."""
_ASCENT = 0.8
"""Of a font's size, above the baseline: about what Latin fonts take."""
_ROWS_APART = 1.0
"""Of a line's height: more white than this between two rows, and the second does not go on with the first."""
_SCRIPT = 0.7
"""Of a font's size: indices and exponents are lowered and raised by less, and rows are further apart."""
Ask = Callable[[int, bool], Rulings]
"""The rulings of a page, by how many runs of text are on it and whether some stand apart on one line."""


class _Matrix(Protocol):
    c: float
    d: float


class TextPage:
    """Asks about a page with a handful of calls a line: one for each character would cost as much as the parsing."""

    def __init__(self, text_page: Any, frame: Frame) -> None:
        # Of nearly every page the shown part is all of it: then no place needs to be turned or moved.
        self._frame = frame if frame.turns or frame.left or frame.bottom else None
        self._text = str(text_page.get_text_range())
        self._right_to_left = has_right_to_left(self._text)
        self._raw = text_page.raw
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._matrix = cast("_Matrix", _raw.FS_MATRIX())
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()

    def lines(self, rulings: Ask) -> Iterator[RawLine]:
        """The page's lines; `rulings` are asked for when there may be cells."""
        line: list[RawLine] = []
        row = Row(0, 0, 0, 0)
        for run in self._parted(rulings):
            if line and run.rows[0].left > row.right - run.size and _goes_on(line[-1], row, run):
                row = around(row, run.rows[0]) if len(run.rows) == 1 else run.rows[-1]
                line.append(run)
            else:
                if line:
                    yield together(line)
                line, row = [run], run.rows[-1]
        if line:
            yield together(line)

    def _parted(self, rulings: Ask) -> list[RawLine]:
        """The runs as lines, those of ruled tables cut where the rulings are."""
        runs = list(self._runs())
        if any(len(run.boxes) > 1 for run in runs) and not self._right_to_left:
            drawn = rulings(sum(len(run.boxes) for run in runs), any(run.line.cells for run in runs))
            return cut(self, runs, lattices(drawn.upright, drawn.level))
        return [run.line for run in runs]

    def _runs(self) -> Iterator[Run]:
        """Lines as PDFium finds them: it begins another where the height changes, as before or after an exponent."""
        at = 0
        for text in self._text.split("\r\n"):
            stripped = text.strip()
            if stripped:
                begin = at + text.index(stripped[0])
                if self._right_to_left:
                    stripped = in_reading_direction(
                        stripped, lambda index, begin=begin: self.edges_of(begin + index)[0]
                    )
                run = self.run(stripped, begin)
                if run is not None:
                    yield from self._apart(run)
            at += len(text) + 2

    def _apart(self, run: Run) -> Iterator[Run]:
        """A line as it is, or cut after a hyphen that what stands somewhere else follows: a page's last hyphen is
        followed by its foot, a column's by the next column."""
        line, begin = run.line, run.begin
        text = line.text
        if len(line.rows) != text.count(LINE_END_HYPHEN) + 1 or len(line.rows) == 1:
            yield run
            return
        ends = [at + 1 for at, character in enumerate(text) if character == LINE_END_HYPHEN]
        start = 0
        for end, (upper, lower) in zip(ends, pairwise(line.rows), strict=True):
            if end < len(text) and max(upper.bottom - lower.top, lower.bottom - upper.top) > _ROWS_APART * line.size:
                yield from filter(None, [self.run(text[start:end], begin + start)])
                start = end
        yield from filter(None, [self.run(text[start:], begin + start)]) if start else [run]

    def run(self, text: str, begin: int) -> Run | None:
        """The `text` at `begin` of the page's as a line; None when it is nowhere on the page."""
        first, last = _char_index(self._raw, begin), _char_index(self._raw, begin + len(text) - 1)
        rows = self._rects(first, last - first + 1)
        # A bullet, an initial or the mark of a footnote may be of another size: the letters further in are the line's.
        places = (_letter(text, min(2, len(text) - 1)), _letter(text, len(text) // 2), _last_letter(text))
        if last - first == len(text) - 1:  # every character of the text is one of the page
            probes = [first + place for place in places]
        else:
            probes = [_char_index(self._raw, begin + place) for place in places]
        size = self._usual_size(probes)
        if not rows or not size:
            return None
        upper, lower = self._baseline(probes[0]), self._baseline(probes[2])
        if upper != lower and abs(upper - lower) < _SCRIPT * size and LINE_END_HYPHEN not in text:
            # A line may begin or end with an index or an exponent; its middle is seldom one too.
            upper = lower = sorted((upper, self._baseline(probes[1]), lower))[1]
        top, base = upper + _ASCENT * size, lower - (1 - _ASCENT) * size
        whole = around_all(rows)
        line = RawLine(
            text=text,
            left=whole.left,
            right=whole.right,
            top=top,
            base=base,
            size=size,
            bold=self._is_bold(first) and self._is_bold(last),
            cells=self._cells(text, begin, size) if LINE_END_HYPHEN not in text and _has_gap(rows, size) else (),
            rows=_stacked(rows, text.count(LINE_END_HYPHEN) + 1, top, base, size),
        )
        return Run(line, begin, rows)

    def _usual_size(self, probes: list[int]) -> float:
        """The middle one of three sizes."""
        one, other = self._size(probes[0]), self._size(probes[1])
        return one if one == other else sorted((one, other, self._size(probes[2])))[1]

    def _size(self, char: int) -> float:
        """The font's size as it is on the page: that of the text times the scale of its matrix."""
        if not _get_matrix(self._raw, char, ctypes.byref(cast(Any, self._matrix))):
            return 0.0
        return _font_size(self._raw, char) * hypot(self._matrix.c, self._matrix.d)

    def _baseline(self, char: int) -> float:
        across, up = self._edges[:2]
        if not _get_origin(self._raw, char, across, up):
            return 0.0
        return self._frame.point(across.value, up.value)[1] if self._frame else up.value

    def _rects(self, first: int, count: int) -> list[Row]:
        """The boxes of the runs of text in a range of characters."""
        left, top, right, bottom = self._edges
        found: list[Row] = []
        for index in range(_count_rects(self._raw, first, count)):
            if _get_rect(self._raw, index, left, top, right, bottom):
                found.append(self._shown(left.value, bottom.value, right.value, top.value))
        return found

    def _cells(self, text: str, begin: int, size: float) -> tuple[Cell, ...]:
        """The line cut where the white space between two words is wider than a space would be."""
        cells: list[Cell] = []
        start, left, narrowest = 0, self.edges_of(begin)[0], inf
        for space in _SPACE.finditer(text):
            right, after = self.edges_of(begin + space.start() - 1)[1], self.edges_of(begin + space.end())[0]
            if after - right > _CELL_GAP * size:
                cells.append(Cell(text[start : space.start()], left, right, narrowest))
                start, left, narrowest = space.end(), after, inf
            else:
                narrowest = min(narrowest, after - right)
        cells.append(Cell(text[start:], left, self.edges_of(begin + len(text) - 1)[1], narrowest))
        return tuple(cells) if len(cells) > 1 else ()

    def edges_of(self, index: int) -> tuple[float, float]:
        """Left and right edge of the ink of a character, by its place in the page's text."""
        left, right, bottom, top = self._edges
        _tight_box(self._raw, _char_index(self._raw, index), left, right, bottom, top)
        if not self._frame:
            return left.value, right.value
        row = self._frame.row(left.value, bottom.value, right.value, top.value)
        return row.left, row.right

    def _shown(self, left: float, bottom: float, right: float, top: float) -> Row:
        return self._frame.row(left, bottom, right, top) if self._frame else Row(left, bottom, right, top)

    def _is_bold(self, char: int) -> bool:
        _font_info(self._raw, char, self._name, len(self._name), ctypes.byref(self._flags))
        name = self._name.value.lower()
        return b"bold" in name or b"black" in name or b"heavy" in name or bool(self._flags.value & _FORCE_BOLD)


def _goes_on(line: RawLine, row: Row, after: RawLine) -> bool:
    """Whether `after` goes on with a line, the last row of which is `row`, and no ruling is between them."""
    if line.lattice is not after.lattice or not adjoins(row, line.size, after):
        return False
    last = line.cells[-1] if line.cells else line
    first = after.cells[0] if after.cells else after
    return not line.lattice or line.lattice.column(last.left, last.right) == line.lattice.column(
        first.left, first.right
    )


def _letter(text: str, start: int) -> int:
    """The first letter or digit from `start` on; `start` when there is none."""
    found = _LETTER.search(text, start)
    return found.start() if found else start


def _last_letter(text: str) -> int:
    """The last letter or digit; the last character when there is none."""
    at = len(text) - 1
    while at >= 0 and not text[at].isalnum():
        at -= 1
    return at if at >= 0 else len(text) - 1


def _has_gap(runs: list[Row], size: float) -> bool:
    return len(runs) > 1 and any(after.left - before.right > _CELL_GAP * size for before, after in pairwise(runs))


def _stacked(runs: list[Row], count: int, top: float, base: float, size: float) -> tuple[Row, ...]:
    """Runs of text as `count` rows, or as one when they do not stand in as many; at least as high as the font's box.

    The box of a run ends at its letters' ink, so that of "noon" is half as high as that of "Tag".
    """
    rows = _rows(runs) if count > 1 else []
    if len(rows) != count:
        rows = [around_all(runs)]
    if max(row.top - row.bottom for row in rows) > 2 * size:  # text that runs upwards
        return tuple(rows)
    first, last = rows[0], rows[-1]
    if first.top < top <= first.bottom + 2 * size:
        rows[0] = Row(first.left, first.bottom, first.right, top)
    if last.bottom > base >= last.top - 2 * size:
        rows[-1] = Row(rows[-1].left, base, rows[-1].right, rows[-1].top)
    return tuple(rows)


def _rows(runs: list[Row]) -> list[Row]:
    """Runs that stand beside each other together, those with them that are lowered but begin where a row ends."""
    rows: list[Row] = []
    for run in runs:
        height = run.top if rows and run.left >= rows[-1].right else (run.top + run.bottom) / 2
        if rows and height > rows[-1].bottom:
            rows[-1] = around(rows[-1], run)
        else:
            rows.append(run)
    return rows
