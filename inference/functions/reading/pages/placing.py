"""Which characters of a page's text stand in which line on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from inference.functions.reading.boxes import Line
from inference.functions.reading.pages.rawlines import LINE_END_HYPHEN, RawLine, RawPage, Row


def rows_of(lines: Iterable[RawLine]) -> Iterator[tuple[str, Row]]:
    """The rows of lines with their own words; a line whose rows could not be told apart is one."""
    for line in lines:
        if len(line.rows) == 1:
            yield line.text, line.rows[0]
        else:
            yield from zip(line.text.split(LINE_END_HYPHEN), line.rows, strict=False)


def place(
    text: str, start: int, rows: Iterable[tuple[str, Row]], page: RawPage, typed: Callable[[str], str]
) -> Iterator[Line]:
    """The lines of a block whose `text` begins at `start` of its page's, made by `typed` from `rows` joined.

    What joining changes (spaces, hyphens, leaders) is neither letter nor digit: of these, a row has as many before as
    after, and where it stands as it was, which is nearly always, not even they are counted.
    """
    at = 0
    for words, box in rows:
        end = at + len(words)
        if not text.startswith(words, at):
            end = _end(text, at, typed(words))
        line = _line(start + at, start + end, box, page)
        if line is not None:
            yield line
        at = end
        while at < len(text) and text[at].isspace():
            at += 1


def _end(text: str, at: int, row: str) -> int:
    """Where the row that begins at `at` ends in `text`."""
    if text.startswith(row, at):
        return at + len(row)
    left = sum(map(str.isalnum, row))
    while left and at < len(text):
        left -= text[at].isalnum()
        at += 1
    while at < len(text) and not text[at].isspace() and not text[at].isalnum():
        at += 1
    return at


def _line(start: int, end: int, box: Row, page: RawPage) -> Line | None:
    """None when it is empty or lies outside of what is shown of the page."""
    x0, x1 = _share(box.left, page.width), _share(box.right, page.width)
    y0, y1 = 1 - _share(box.top, page.height), 1 - _share(box.bottom, page.height)
    if not (start < end and x0 < x1 and y0 < y1):
        return None
    match page.turns:
        case 1:
            x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
        case 2:
            x0, y0, x1, y1 = 1 - x1, 1 - y1, 1 - x0, 1 - y0
        case 3:
            x0, y0, x1, y1 = y0, 1 - x1, y1, 1 - x0
        case _:
            pass
    return Line(start, end, round(x0, 5), round(y0, 5), round(x1, 5), round(y1, 5))


def _share(part: float, whole: float) -> float:
    return min(max(part / whole, 0.0), 1.0) if whole else 0.0
