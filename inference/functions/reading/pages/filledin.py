"""What was filled in or typed onto a page of a PDF: it lies in annotations, which are no part of the page's text."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, cast

import pypdfium2.raw

from inference.functions.reading.pages.frame import Frame
from inference.functions.reading.pages.rawlines import RawLine, Row, abreast, apart

# pypdfium2 is untyped.
_raw = cast(Any, pypdfium2.raw)
_WIDE = cast("type[ctypes.c_void_p]", ctypes.POINTER(_raw.FPDF_WCHAR))
_UNSEEN = _raw.FPDF_ANNOT_FLAG_HIDDEN | _raw.FPDF_ANNOT_FLAG_NOVIEW
_BOXES = (_raw.FPDF_FORMFIELD_CHECKBOX, _raw.FPDF_FORMFIELD_RADIOBUTTON)
_VALUES = (_raw.FPDF_FORMFIELD_TEXTFIELD, _raw.FPDF_FORMFIELD_COMBOBOX, _raw.FPDF_FORMFIELD_LISTBOX)
_PASSWORD = 1 << 13  # field flag 14, ISO 32000-1, table 228

_CHECKED, _UNCHECKED = "☒", "☐"
_MOST = 1000
"""Annotations of a page that are looked at."""
_SIZE = 10.0
"""Points: what is written in a field where the page has no text to compare with."""
_LABEL = 30.0
"""Points that a label may stand to the right of its box; to the left it may be anywhere."""
_EDGE = 2.0
"""Points that a field may reach into its label's box."""


def entries_of(page: Any, form: Any | None, frame: Frame) -> list[RawLine]:
    """What form fields and typed notes of a page show, each as a line in its place: values as they are, boxes as ☒ and
    ☐. `page` and `form` are PDFium's handles; there is no form in most PDFs."""
    found: list[RawLine] = []
    for index in range(min(_raw.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = _raw.FPDFPage_GetAnnot(page, index)
        try:
            text = " ".join(_shown(annotation, form).split())
            rect = _raw.FS_RECTF()
            if text and _raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
                row = frame.row(rect.left, rect.bottom, rect.right, rect.top)
                found.append(RawLine(text, row.left, row.right, row.top, row.bottom, _SIZE, False, rows=(row,)))
        finally:
            _raw.FPDFPage_CloseAnnot(annotation)
    return found


def put_in(lines: Sequence[RawLine], entries: Sequence[RawLine]) -> Iterator[RawLine]:
    """A page's lines with the entries: each in the line that stands beside it, as a cell, or else behind the last line
    that stands above it. In a ruled table it is a line of its own, which the rulings put into its cell."""
    if not lines:
        yield from sorted(entries, key=lambda entry: (-entry.top, entry.left))
        return
    usual = median(line.size for line in lines)
    drawn = dict.fromkeys(line.lattice for line in lines if line.lattice)
    heights = sorted((_middle(line), at) for at, line in enumerate(lines) if len(line.rows) == 1)
    within: defaultdict[int, list[RawLine]] = defaultdict(list)
    behind: defaultdict[int, list[RawLine]] = defaultdict(list)
    for entry in entries:
        beside = heights[bisect_left(heights, (entry.base, 0)) : bisect_left(heights, (entry.top, 0))]
        near = [at for _, at in beside if lines[at].left < entry.right + _LABEL]
        label = min(((_distance(lines[at], entry), at) for at in near), default=None)
        lattice = next((one for one in drawn if one.is_beside(entry.left, entry.right, _middle(entry))), None)
        if label and not lattice:
            within[label[1]].append(entry)
        else:
            at = label[1] if label else _above(lines, entry)
            behind[at].append(replace(entry, size=usual, lattice=lattice))
    yield from behind[-1]
    for at, line in enumerate(lines):
        if at in within:
            parts = [*apart(line), *(_level_with(line, entry) for entry in within[at])]
            yield abreast(sorted(parts, key=lambda part: part.left))
        else:
            yield line
        yield from behind[at]


def _shown(annotation: Any, form: Any | None) -> str:
    """What the reader of a page sees of an annotation, if it is one that is written into."""
    kind = _raw.FPDFAnnot_GetSubtype(annotation)
    if _raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return ""
    if kind == _raw.FPDF_ANNOT_FREETEXT:
        return _string(_raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
    if kind != _raw.FPDF_ANNOT_WIDGET or form is None:
        return ""
    field = _raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if field in _BOXES:
        return _CHECKED if _raw.FPDFAnnot_IsChecked(form, annotation) else _UNCHECKED
    if field not in _VALUES or _raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    return _string(_raw.FPDFAnnot_GetFormFieldValue, form, annotation)


def _string(get: Any, *of: Any) -> str:
    """A text that PDFium gives as UTF-16 with a zero behind it, once it is told how much room there is."""
    size = get(*of, None, 0)
    buffer = ctypes.create_string_buffer(size)
    get(*of, ctypes.cast(buffer, _WIDE), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _middle(line: RawLine) -> float:
    return (line.top + line.base) / 2


def _distance(line: RawLine, entry: RawLine) -> tuple[float, bool]:
    """White space between a line and an entry beside it; of two that are as near, the one before it is its label."""
    return max(entry.left - line.right, line.left - entry.right, 0.0), line.left > entry.left


def _above(lines: Sequence[RawLine], entry: RawLine) -> int:
    """The last line of those nearest above an entry; -1 when there is none."""
    over = [(line.base, -at) for at, line in enumerate(lines) if line.base >= entry.top - _EDGE]
    return -min(over)[1] if over else -1


def _level_with(line: RawLine, entry: RawLine) -> RawLine:
    """An entry that looks as the line does that it is put into."""
    row = entry.rows[0]
    box = Row(row.left, min(row.bottom, line.base), row.right, max(row.top, line.top))
    return replace(line, text=entry.text, left=entry.left, right=entry.right, cells=(), rows=(box,))
