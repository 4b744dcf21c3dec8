"""Text in pictures (OCR) as lines of a page, within a task's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from inference.errors import TooLarge
from inference.functions.reading.document import clean
from inference.functions.reading.pages import RawLine, RawPage, Row, by_place
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

if TYPE_CHECKING:
    from PIL.Image import Image

    from inference.functions.reading.ocr import Found, Models

_INK = 0.8
"""Of the height of a box that the detector draws around a line: the font's size."""
_SMALLER, _LARGER = 0.75, 1.1
"""Of the usual size: what the boxes of lines of one font differ by, with letters that reach up and down and without."""


class Recogniser:
    """Reads the text of pictures for one task; its models are loaded when the first one comes."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._models: Models | None = None
        self._taken = 0

    def page(self, picture: Image, width: float, height: float) -> RawPage:
        """The lines of a picture (RGB), in reading order, on a page that is shown as `width` by `height`.

        Raises TooLarge when it is one picture too many.
        """
        # A second and a hundred megabytes to import: most documents have no use for it.
        from inference.functions.reading.ocr import Models, is_flat  # noqa: PLC0415

        if is_flat(picture):
            return RawPage([], width, height)
        most = self._task.limits.max_recognitions
        if self._taken >= most:
            raise TooLarge(
                f"{quoted(self._task.name)} has more than {most:,} pictures or pages without a text layer. Split it "
                "into smaller files."
            )
        self._taken += 1
        self._task.on_recognition()
        self._models = self._models or Models()
        seen = self._models.read(picture)
        x, y = width / picture.width, height / picture.height
        if seen.turns % 2:
            x, y, width, height = y, x, height, width
        return RawPage(by_place(_even(list(_lines(seen.lines, x, y, height)))), width, height, seen.turns, True)


def notes_of(pages: Sequence[RawPage], what: str) -> list[str]:
    """That text was recognised, where it was; a `what` is a page or a picture."""
    count = sum(page.recognised and bool(page.lines) for page in pages)
    if not count:
        return []
    have = f"1 {what} has" if count == 1 else f"{count:,} {what}s have"
    return [f"{have} no text layer: the text was recognised (OCR) and may hold misread letters."]


def _lines(found: Iterable[Found], x: float, y: float, height: float) -> Iterable[RawLine]:
    """What was found, `x` and `y` points to a pixel, on a page of `height`."""
    for line in found:
        text = clean(line.text).strip()
        if text:
            row = Row(line.left * x, height - line.bottom * y, line.right * x, height - line.top * y)
            size = _INK * (row.top - row.bottom)
            yield RawLine(text, row.left, row.right, row.top, row.bottom, size, False, (), (row,))


def _even(lines: list[RawLine]) -> list[RawLine]:
    """The lines with one size for all that are about as large as most: boxes are drawn around ink, not fonts."""
    usual = median([line.size for line in lines for _ in line.text] or [0.0])
    return [replace(line, size=usual) if _SMALLER * usual < line.size < _LARGER * usual else line for line in lines]
