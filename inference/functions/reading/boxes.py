"""Where the lines of a page stand, for those who mark a passage on its picture, and how that is kept in few bytes."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_WHOLE = 65535
_PACKED = struct.Struct("<HHHH")
_MAX_VARINT = 5
"""Bytes of a number of 35 bits: more than any offset into a page has."""


class Box(NamedTuple):
    """A rectangle in fractions of the page as it is shown, from its upper left corner: 0 ≤ x0 ≤ x1 ≤ 1, y likewise."""

    x0: float
    y0: float
    x1: float
    y1: float


class Line(NamedTuple):
    """`page.text[start:end]` and its box. A page's lines ascend by `start` and have no character in common."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


def boxes_of(lines: Sequence[Line], start: int, end: int) -> list[Box]:
    """The boxes of `page.text[start:end]`, one for each line that it touches, in their order.

    A line that is only touched in part is cut in proportion to its characters, from the left; one that is higher than
    wide, because it runs upwards or is a row of a table, stays whole. None for an empty range and where there are no
    lines.
    """
    boxes: list[Box] = []
    first = max(bisect_right(lines, start, key=lambda line: line.start) - 1, 0)
    for line in lines[first:]:
        if line.start >= end:
            break
        begin, stop = max(line.start, start), min(line.end, end)
        if begin < stop:
            box = Box(*line[2:])
            if box.x1 - box.x0 > box.y1 - box.y0:
                width = (box.x1 - box.x0) / (line.end - line.start)
                x0, x1 = box.x0 + (begin - line.start) * width, box.x1 - (line.end - stop) * width
                box = Box(x0, box.y0, x1, box.y1)
            boxes.append(box)
    return boxes


def pack_lines(lines: Iterable[Line]) -> bytes:
    """A page's lines in about ten bytes each: for each, the characters from the end of the line before to its start
    and those in it, as LEB128 numbers, then its box in 65535ths, four unsigned 16-bit numbers, little-endian.

    Raises ValueError for lines that do not ascend or that leave the page.
    """
    out = bytearray()
    reached = 0
    for line in lines:
        if line.start < reached or line.end <= line.start:
            raise ValueError(f"The line at {line.start} does not come after the one before it, or is empty.")
        _put(out, line.start - reached)
        _put(out, line.end - line.start)
        try:
            out += _PACKED.pack(*(round(part * _WHOLE) for part in line[2:]))
        except struct.error:
            raise ValueError(f"The line at {line.start} is not on the page: {line[2:]}.") from None
        reached = line.end
    return bytes(out)


def unpack_lines(data: bytes) -> list[Line]:
    """What was packed, places to a 65535th of the page. Raises ValueError for bytes that pack_lines did not make."""
    lines: list[Line] = []
    at = reached = 0
    try:
        while at < len(data):
            gap, at = _take(data, at)
            length, at = _take(data, at)
            x0, y0, x1, y1 = _PACKED.unpack_from(data, at)
            at += _PACKED.size
            start, reached = reached + gap, reached + gap + length
            lines.append(Line(start, reached, x0 / _WHOLE, y0 / _WHOLE, x1 / _WHOLE, y1 / _WHOLE))
    except (IndexError, struct.error):
        raise ValueError("These are not the packed lines of a page: they end in the middle of one.") from None
    return lines


def _put(out: bytearray, number: int) -> None:
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def _take(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at` and the place after it."""
    number = 0
    for shift in range(_MAX_VARINT):
        byte = data[at + shift]
        number |= (byte & 127) << 7 * shift
        if byte < 128:
            return number, at + shift + 1
    raise ValueError("These are not the packed lines of a page: a number in them does not end.")
