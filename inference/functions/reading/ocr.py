"""The models that recognise text in pictures: PP-OCRv6 from the rapidocr wheel, on onnxruntime; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np
from PIL.Image import Image, Resampling
from rapidocr import RapidOCR

_LONGEST_SIDE = 2000
"""Pixels of a picture that the models see; a larger one is made smaller first."""
_TALL = 2.0
"""Heights of its width that a picture may have before it is looked at in pieces: screenshots of whole web pages."""
_FLAT = 24
"""Of 255 steps between the darkest and the lightest place: fewer, and a picture shows nothing."""
_LEAST_SCORE = 0.5
"""What the recogniser gives a line of noise at most, as rapidocr has it."""


class Found(NamedTuple):
    """A line and the box around it, in pixels from the picture's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Models:
    """Finds lines and reads them. Loading takes about a second, a page of A4 about three."""

    def __init__(self) -> None:
        self._run = cast(Any, RapidOCR)(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": _LONGEST_SIDE,
                "Global.text_score": _LEAST_SCORE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, picture: Image) -> Iterator[Found]:
        """The lines of a picture (RGB), from above to below."""
        for top, bottom in _pieces(picture):
            for line in self._read(picture.crop((0, top, picture.width, bottom))):
                yield line._replace(top=line.top + top, bottom=line.bottom + top)

    def _read(self, picture: Image) -> Iterator[Found]:
        scale = max(max(picture.size) / _LONGEST_SIDE, 1.0)
        if scale > 1:
            size = (max(round(picture.width / scale), 1), max(round(picture.height / scale), 1))
            picture = picture.resize(size, Resampling.BOX)
        found = self._run(np.asarray(picture)[:, :, ::-1])  # blue first, as OpenCV has it
        if found.boxes is None or found.txts is None:
            return
        boxes = cast("Sequence[np.ndarray[Any, np.dtype[np.float32]]]", found.boxes)
        for text, box in zip(cast("Sequence[str]", found.txts), boxes, strict=True):
            (left, top), (right, bottom) = box.min(axis=0) * scale, box.max(axis=0) * scale
            yield Found(text, float(left), float(top), float(right), float(bottom))


def is_flat(picture: Image) -> bool:
    """Whether a picture shows nothing."""
    darkest, lightest = cast("tuple[int, int]", picture.convert("L").getextrema())
    return lightest - darkest < _FLAT


def _pieces(picture: Image) -> list[tuple[int, int]]:
    """Upper and lower edges of what is looked at at once: all of it, or of a tall picture pieces that are cut apart
    where the least stands."""
    longest = round(_TALL * picture.width)
    if picture.height <= max(longest, _LONGEST_SIDE):
        return [(0, picture.height)]
    rows = np.asarray(picture.convert("L"), dtype=np.float32).std(axis=1)
    edges = [0]
    while picture.height - edges[-1] > longest:
        least = edges[-1] + longest // 2
        edges.append(least + int(rows[least : edges[-1] + longest].argmin()))
    edges.append(picture.height)
    return list(pairwise(edges))
