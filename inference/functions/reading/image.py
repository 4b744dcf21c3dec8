"""Pictures: their text is recognised, a page for each frame."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import cast

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.document import Page, ReadDocument
from inference.functions.reading.pages import RawPage, compose
from inference.functions.reading.recognition import Recogniser, notes_of
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
_POINTS = 72 / 150
"""To a pixel, for what measures in points: pictures of pages mostly have 100 to 300 dots an inch."""


def read(task: Task) -> ReadDocument:
    """Reads what is written in a PNG, JPEG, TIFF, WebP, BMP or GIF; of an animation, its first frame."""
    recogniser = Recogniser(task)
    sizes: list[tuple[int, int]] = []
    raw: list[RawPage] = []
    try:
        # Pillow warns of what may be a bomb: this reader has a limit of its own, and no use for other warnings.
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(task.data), formats=_FORMATS) as picture:
            count = _frames(picture)
            if count > task.limits.max_pages:
                raise TooLarge(f"{quoted(task.name)} has {count:,} pages; at most {task.limits.max_pages:,} are taken.")
            for number, frame in enumerate(_shown(picture, count, task), 1):
                sizes.append(frame.size)
                raw.append(recogniser.page(frame, frame.width * _POINTS, frame.height * _POINTS))
                task.on_page(number, count)
    except Image.DecompressionBombError:
        raise _too_large(task) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise UnreadableDocument(
            f"{quoted(task.name)} is a damaged picture ({error}). Save or scan it anew."
        ) from error
    if not any(page.lines for page in raw):
        raise UnreadableDocument(f"{quoted(task.name)} is a picture in which no text could be recognised.")
    pages = [_sized(page, *size) for page, size in zip(compose(raw), sizes, strict=True)]
    first = next((block.title for page in pages for block in page.blocks if block.title), None)
    return ReadDocument("image", first, pages, notes_of(raw, "picture"))


def _frames(picture: Image.Image) -> int:
    return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def _shown(picture: Image.Image, count: int, task: Task) -> Iterator[Image.Image]:
    """The frames upright, on white."""
    for at, frame in enumerate(ImageSequence.Iterator(picture)):
        if at == count:
            return
        if frame.width * frame.height > task.limits.max_pixels:
            raise _too_large(task)
        upright = ImageOps.exif_transpose(frame)
        if upright.mode.startswith(("I;16", "I", "F")):
            upright = _eight_bits(upright)
        if "A" in upright.getbands() or "transparency" in upright.info:
            seen = upright.convert("RGBA")
            paper = Image.new("RGB", seen.size, "white")
            paper.paste(seen, mask=seen.getchannel("A"))
            yield paper
        else:
            yield upright.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Of a picture of more bits a pixel, from its darkest to its lightest."""
    values = picture.convert("F")
    darkest, lightest = cast("tuple[float, float]", values.getextrema())
    scale = 255 / max(lightest - darkest, 1e-9)
    return values.point(lambda value: value * scale - darkest * scale).convert("L")


def _sized(page: Page, width: int, height: int) -> Page:
    return replace(page, width=float(width), height=float(height))


def _too_large(task: Task) -> TooLarge:
    return TooLarge(
        f"{quoted(task.name)} has more than {task.limits.max_pixels:,} pixels. Scan it with fewer dots an inch, or cut "
        "it into parts."
    )
