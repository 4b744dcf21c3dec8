"""A picture out of a request: data of a stranger, of a few formats and a size that is bounded before it is unpacked."""

from __future__ import annotations

import base64
import binascii
import io
import re

from PIL import Image

from inference.runner.engines.serving import Refusal

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 40_000_000  # an A4 page at 400 dpi has 15 million
# Of all pictures of a request, which lie in memory side by side, 3 bytes a pixel: a solid one is packed into next to
# nothing.
MAX_PIXELS_TOGETHER = 100_000_000
_DATA_URL = re.compile(r"data:image/[a-z.+-]{1,30};base64,")


def open_picture(text: str, where: str, left: int = MAX_PIXELS_TOGETHER) -> Image.Image:
    """From base64, bare or as a data: URL; nothing is fetched from other addresses. `left`: pixels that the pictures
    before it leave of a request's. Raises Refusal."""
    if found := _DATA_URL.match(text):
        text = text[found.end() :]
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, f"'{where}' must be a picture as base64 or as a data: URL.", param="input") from None
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        width, height = picture.size
        if width * height <= min(MAX_PIXELS, left):
            return picture.convert("RGB")
        size = f"{width} × {height} pixels"
    except Image.DecompressionBombError:
        size = "more pixels than any page"
    except (OSError, ValueError, SyntaxError) as error:
        raise Refusal(400, f"'{where}' is no picture of {', '.join(FORMATS)}: {error}", param="input") from None
    if left < MAX_PIXELS:
        words = (
            f"'{where}' has {size}: the pictures of a request have {MAX_PIXELS_TOGETHER} together at most. Send fewer."
        )
    else:
        words = f"'{where}' has {size}; at most {MAX_PIXELS} are taken."
    raise Refusal(413, words, param="input")
