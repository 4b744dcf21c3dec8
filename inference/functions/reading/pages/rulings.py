"""The straight lines that a page draws, which may be the borders of a table's cells."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from typing import Any, NamedTuple, cast

import pypdfium2.raw

from inference.functions.reading.pages.frame import Frame
from inference.functions.reading.pages.lattice import Ruling

# pypdfium2 is untyped and its raw functions are made by ctypes at import: these are the ones that are used.
_raw = cast(Any, pypdfium2.raw)
_count_objects = cast("Callable[[Any], int]", _raw.FPDFPage_CountObjects)
_get_object = cast("Callable[[Any, int], Any]", _raw.FPDFPage_GetObject)
_count_in_form = cast("Callable[[Any], int]", _raw.FPDFFormObj_CountObjects)
_get_in_form = cast("Callable[[Any, int], Any]", _raw.FPDFFormObj_GetObject)
_type_of = cast("Callable[[Any], int]", _raw.FPDFPageObj_GetType)
_bounds = cast("Callable[[Any, Any, Any, Any, Any], int]", _raw.FPDFPageObj_GetBounds)
_matrix_of = cast("Callable[[Any, Any], int]", _raw.FPDFPageObj_GetMatrix)
_count_segments = cast("Callable[[Any], int]", _raw.FPDFPath_CountSegments)
_segment = cast("Callable[[Any, int], Any]", _raw.FPDFPath_GetPathSegment)
_segment_type = cast("Callable[[Any], int]", _raw.FPDFPathSegment_GetType)
_segment_closes = cast("Callable[[Any], int]", _raw.FPDFPathSegment_GetClose)
_point = cast("Callable[[Any, Any, Any], int]", _raw.FPDFPathSegment_GetPoint)
_PATH, _FORM = cast("tuple[int, int]", (_raw.FPDF_PAGEOBJ_PATH, _raw.FPDF_PAGEOBJ_FORM))
_LINE, _MOVE = cast("tuple[int, int]", (_raw.FPDF_SEGMENT_LINETO, _raw.FPDF_SEGMENT_MOVETO))

_THIN = 3.0
"""Points: what is not thicker and longer than thick is a line, whether it is drawn or filled."""
_STRAIGHT = 0.5
"""Points that the ends of a level or upright line differ by at most."""
FORM_DEPTH = 3
"""Drawings within drawings that are looked into."""
_PROBES, _FEW_PROBES = 256, 64
"""Things on a page that are asked whether they are lines, the fewer where no words stand apart: lines are drawn by the
dozen, and words may be drawn one by one."""
_MOST_OBJECTS = 10_000
"""Things on a page: those of more are not looked at."""
_MOST_SEGMENTS = 5000
"""Lines and curves of the paths on a page that are not thin: the rulings of one with more are a drawing's."""


class _Matrix(NamedTuple):
    """x to a·x + c·y + e, y to b·x + d·y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def of(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: _Matrix) -> _Matrix:
        """What does `first`, then this one."""
        (e, f), a, b, c, d = self.of(first.e, first.f), *first[:4]
        return _Matrix(
            self.a * a + self.c * b, self.b * a + self.d * b, self.a * c + self.c * d, self.b * c + self.d * d, e, f
        )


class _TooMany(Exception):
    """There is more on the page than the borders of cells."""


@dataclass(slots=True)
class Rulings:
    """Upright and level lines of a page, as its frame has them."""

    upright: list[Ruling] = field(default_factory=list[Ruling])
    level: list[Ruling] = field(default_factory=list[Ruling])


def rulings_of(page: Any, frame: Frame, runs: int, has_cells: bool) -> Rulings:
    """The rulings of an open page on which `runs` runs of text were found, some of them apart from each other on one
    line if it `has_cells`; none of a page that is full of drawings."""
    count = _count_objects(page)
    if count == runs or count > _MOST_OBJECTS:
        return Rulings()
    step = max(count // (_PROBES if has_cells else _FEW_PROBES), 1)
    if not any(_type_of(_get_object(page, index)) in (_PATH, _FORM) for index in range(0, count, step)):
        return Rulings()
    found = _Found(frame)
    try:
        found.look(count, partial(_get_object, page), None, 1)
    except _TooMany:
        return Rulings()
    return found.rulings


class _Found:
    def __init__(self, frame: Frame) -> None:
        self.rulings = Rulings()
        # Of nearly every page the shown part is all of it: then no place needs to be turned or moved.
        self._frame = frame if frame.turns or frame.left or frame.bottom else None
        self._objects = 0
        self._segments = 0
        self._edges = [ctypes.c_float() for _ in range(4)]
        self._matrix = _raw.FS_MATRIX()

    def look(self, count: int, at: Callable[[int], Any], matrix: _Matrix | None, depth: int) -> None:
        """Looks at the things on a page or in a form, which `matrix` puts in their place if they are not in it."""
        self._objects += count
        if self._objects > _MOST_OBJECTS:
            raise _TooMany
        things = list(map(at, range(count)))
        for thing, kind in zip(things, map(_type_of, things), strict=True):
            if kind == _PATH:
                self._path(thing, matrix)
            elif kind == _FORM and depth < FORM_DEPTH:
                inner = self._matrix_of(thing, matrix)
                self.look(_count_in_form(thing), partial(_get_in_form, thing), inner, depth + 1)

    def _path(self, path: Any, matrix: _Matrix | None) -> None:
        left, bottom, right, top = self._edges
        if not _bounds(path, left, bottom, right, top):
            return
        one, other = (left.value, bottom.value), (right.value, top.value)
        if matrix:
            one, other = matrix.of(*one), matrix.of(*other)
        if min(abs(one[0] - other[0]), abs(one[1] - other[1])) <= _THIN:
            self._line(one, other, _THIN)
            return
        count = _count_segments(path)
        self._segments += count
        if self._segments > _MOST_SEGMENTS:
            raise _TooMany
        placed = self._matrix_of(path, matrix)
        for begin, end in self._lines(path, count):
            self._line(placed.of(*begin), placed.of(*end), _STRAIGHT)

    def _lines(self, path: Any, count: int) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        """From and to of a path's straight lines."""
        x, y = self._edges[:2]
        first = last = (0.0, 0.0)
        for index in range(count):
            segment = _segment(path, index)
            _point(segment, x, y)
            point, kind = (x.value, y.value), _segment_type(segment)
            if kind == _MOVE:
                first = point
            elif kind == _LINE:
                yield last, point
            last = point
            if _segment_closes(segment):
                yield last, first

    def _line(self, one: tuple[float, float], other: tuple[float, float], thick: float) -> None:
        if self._frame:
            one, other = self._frame.point(*one), self._frame.point(*other)
        (x0, y0), (x1, y1) = one, other
        if not (isfinite(x0) and isfinite(y0) and isfinite(x1) and isfinite(y1)):
            return
        if abs(x1 - x0) <= thick and abs(y1 - y0) > _THIN:
            self.rulings.upright.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        elif abs(y1 - y0) <= thick and abs(x1 - x0) > _THIN:
            self.rulings.level.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))

    def _matrix_of(self, thing: Any, outer: _Matrix | None) -> _Matrix:
        """What puts the inside of a form or path in its place."""
        raw = self._matrix
        _matrix_of(thing, ctypes.byref(raw))
        matrix = _Matrix(raw.a, raw.b, raw.c, raw.d, raw.e, raw.f)
        return outer.after(matrix) if outer else matrix
