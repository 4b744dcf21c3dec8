"""Worksheets whose cells stand far apart, moved together: a parser of them has a place for every cell between."""

from __future__ import annotations

import re

from inference.errors import TooLarge
from inference.functions.reading.sniffing import quoted

_COLUMNS = 16_384  # of a worksheet: ECMA-376, part 1, 18.3.1.4
_AS_IT_IS = 10_000_000
"""Cells of the rectangle that holds all of a sheet: of fewer, also the empty ones are read."""
_MOST = 60_000_000
"""When what is empty is left out: a cell takes about 24 bytes."""
_LAST_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br=[\"']([0-9]{1,7})")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_NUMBERED = re.compile(rb"(<(?:\w+:)?(?:row|c)\s(?:[^<>]*?\s)?r=[\"'])([A-Z]{0,3})([0-9]{1,7})(?=[\"'])")


def moved_together(sheet: bytes, name: str) -> bytes:
    """A sheet's XML (ECMA-376, part 1, 18.3.1.73, `row`, and 18.3.1.4, `c`) without rows and columns that are empty,
    when they are many; where rows were left out, one stays. Raises TooLarge when it would still be too much, of a
    workbook called `name`."""
    at = max(sheet.rfind(b"<row "), sheet.rfind(b":row "))
    last = _LAST_ROW.match(sheet, sheet.rfind(b"<", 0, at + 1)) if at >= 0 else None
    if last is not None and int(last[1]) * _COLUMNS <= _AS_IT_IS:
        return sheet
    places = set(_PLACE.findall(sheet))
    columns = sorted({letters for letters, _ in places}, key=lambda letters: (len(letters), letters))
    rows = sorted({int(number) for _, number in places})
    if not places or (rows[-1] - rows[0] + 1) * (_number(columns[-1]) - _number(columns[0]) + 1) <= _AS_IT_IS:
        return sheet
    if 2 * len(rows) * len(columns) > _MOST and len(places) < len(rows) * len(columns) / 4:
        raise TooLarge(
            f"{quoted(name)} has a sheet of {len(rows):,} rows and {len(columns):,} columns, of which nearly all cells "
            "are empty. Split it into smaller sheets."
        )
    column_of = {letters: _letters(at) for at, letters in enumerate(columns, 1)}
    row_of: dict[int, int] = {}
    moved = before = 0
    for row in rows:
        moved += min(row - before, 2)
        row_of[row] = moved
        before = row

    def renumbered(found: re.Match[bytes]) -> bytes:
        start, letters, number = found.groups()
        return b"%b%b%d" % (start, column_of.get(letters, b""), row_of.get(int(number), int(number)))

    return _NUMBERED.sub(renumbered, sheet)


def _number(letters: bytes) -> int:
    """A column's, from 1."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _letters(number: int) -> bytes:
    letters = b""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = bytes([65 + letter]) + letters
    return letters
