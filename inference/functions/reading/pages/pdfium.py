"""An open PDF: its pages as lines, and as pictures where the lines do not tell what is on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pypdfium2
import pypdfium2.raw

from inference.functions.reading.pages.filledin import entries_of, put_in
from inference.functions.reading.pages.frame import Frame, turns_of
from inference.functions.reading.pages.rawlines import RawPage
from inference.functions.reading.pages.rulings import FORM_DEPTH, rulings_of
from inference.functions.reading.pages.textlayer import TextPage

if TYPE_CHECKING:
    from PIL.Image import Image

PdfiumError = cast("type[RuntimeError]", pypdfium2.PdfiumError)
_PASSWORD = 4  # FPDF_ERR_PASSWORD, public/fpdfview.h
# pypdfium2 is untyped.
_IMAGE, _PATH = cast("tuple[int, int]", (pypdfium2.raw.FPDF_PAGEOBJ_IMAGE, pypdfium2.raw.FPDF_PAGEOBJ_PATH))

_OUTLINES = 40
"""Paths on a page that may be the outlines of letters; rules and frames are fewer."""
_DOTS = 150
"""An inch, of a page that is drawn for recognition: more cost time in proportion and gain nothing at sizes of print."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The share of a page that pictures cover (above 1 where they overlap), and whether what is drawn may be text."""

    covered: float
    is_there: bool


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
        self._document.init_forms()

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
            return RawPage([], 0.0, 0.0)
        try:
            shown = int(page.get_rotation()) // 90
            text_page = page.get_textpage()
            turns = turns_of(text_page.raw, shown)
            if turns != shown:
                # PDFium reads what is sideways on the page as it is shown line by line from below.
                text_page.close()
                page.set_rotation(90 * turns)
                text_page = page.get_textpage()
            try:
                left, bottom, right, top = cast("tuple[float, float, float, float]", page.get_bbox())
                frame = Frame(left, bottom, right, top, turns)
                rulings = partial(rulings_of, page.raw, frame)
                lines = list(TextPage(text_page, frame).lines(rulings))
                if entries := entries_of(page.raw, self._form(), frame):
                    lines = list(put_in(lines, entries))
                return RawPage(lines, float(page.get_width()), float(page.get_height()), (shown - turns) % 4)
            finally:
                text_page.close()
        except PdfiumError:
            return RawPage([], 0.0, 0.0)
        finally:
            page.close()

    def _form(self) -> Any | None:
        return self._document.formenv and self._document.formenv.raw

    def drawing(self, index: int) -> Drawing:
        """What is on a page beside text."""
        try:
            page = self._document[index]
        except PdfiumError:
            return Drawing(0.0, False)
        try:
            area = float(page.get_width()) * float(page.get_height())
            covered, paths, others = 0.0, 0, 0
            for thing in page.get_objects(max_depth=FORM_DEPTH):
                if thing.type == _IMAGE:
                    left, bottom, right, top = thing.get_bounds()
                    covered += (right - left) * (top - bottom)
                    others += 1
                elif thing.type == _PATH:
                    paths += 1
            return Drawing(covered / area if area else 0.0, others > 0 or paths >= _OUTLINES)
        except PdfiumError:
            return Drawing(0.0, False)
        finally:
            page.close()

    def picture(self, index: int, most: int) -> Image | None:
        """A page as it is shown, at _DOTS or at what makes `most` pixels of it; None for one that cannot be drawn."""
        try:
            page = self._document[index]
        except PdfiumError:
            return None
        try:
            width, height = float(page.get_width()), float(page.get_height())
            scale = min(_DOTS / 72, (most / max(width * height, 1)) ** 0.5)
            bitmap = page.render(scale=scale, may_draw_forms=True)
            try:
                return cast("Image", bitmap.to_pil().convert("RGB"))
            finally:
                bitmap.close()
        except (PdfiumError, ValueError):
            return None
        finally:
            page.close()
