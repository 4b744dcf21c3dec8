"""The models that recognise text in pictures: PP-OCRv6 from the rapidocr wheel, on onnxruntime; nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np
from PIL.Image import Image, Resampling, Transpose
from rapidocr import RapidOCR

_LONGEST_SIDE = 2000
"""Pixels of a picture that the models see; a larger one is made smaller first."""
_TALL = 2.0
"""Heights of its width that a picture may have before it is looked at in pieces: screenshots of whole web pages."""
_FLAT = 24
"""Of 255 steps between the darkest and the lightest place: fewer, and a picture shows nothing."""
_SURE = 0.85
"""The mean score of a page that lies as it is read; of others it is below 0.8."""
_FEWEST = 3
"""Lines that tell how a picture lies."""
_BACK = {1: Transpose.ROTATE_90, 2: Transpose.ROTATE_180, 3: Transpose.ROTATE_270}
"""What undoes quarters clockwise: Pillow turns the other way."""
_LEAST_SCORE = 0.5
"""What the recogniser gives a line of noise at most, as rapidocr has it."""


class Found(NamedTuple):
    """A line and the box around it, in pixels from the picture's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Seen(NamedTuple):
    """The lines of a picture that lies as they are read: `turns` quarters clockwise, and it is as it was given."""

    lines: list[Found]
    turns: int


class Models:
    """Finds lines and reads them. Loading takes about a second, a page of A4 about three."""

    def __init__(self) -> None:
        self._run = cast(Any, RapidOCR)(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": _LONGEST_SIDE,
                "Global.text_score": _LEAST_SCORE,
                # The model that tells lines that stand on their head takes some for such that do not.
                "Global.use_cls": False,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, picture: Image) -> Seen:
        """The lines of a picture (RGB), from above to below; one that was scanned sideways or upside down is turned."""
        pieces = _pieces(picture)
        if len(pieces) > 1:
            lines = [
                line._replace(top=line.top + top, bottom=line.bottom + top)
                for top, bottom in pieces
                for line in self._read(picture.crop((0, top, picture.width, bottom)))[0]
            ]
            return Seen(lines, 0)
        lines, score = self._read(picture)
        tall = sum(line.bottom - line.top > line.right - line.left for line in lines)
        if len(lines) < _FEWEST or (score >= _SURE and 2 * tall <= len(lines)):
            return Seen(lines, 0)
        # Lines that run downwards are read well as they are, those that run upwards are not.
        turns = (1 if score >= _SURE else 3) if 2 * tall > len(lines) else 2
        turned, better = self._read(picture.transpose(_BACK[turns]))
        return Seen(turned, turns) if better > score or turns != 2 else Seen(lines, 0)

    def _read(self, picture: Image) -> tuple[list[Found], float]:
        """Lines, and how sure the models are of them, from 0 to 1."""
        scale = max(max(picture.size) / _LONGEST_SIDE, 1.0)
        if scale > 1:
            size = (max(round(picture.width / scale), 1), max(round(picture.height / scale), 1))
            picture = picture.resize(size, Resampling.BOX)
        found = self._run(np.asarray(picture)[:, :, ::-1])  # blue first, as OpenCV has it
        if found.boxes is None or found.txts is None:
            return [], 0.0
        boxes = cast("Sequence[np.ndarray[Any, np.dtype[np.float32]]]", found.boxes)
        lines: list[Found] = []
        for text, box in zip(cast("Sequence[str]", found.txts), boxes, strict=True):
            (left, top), (right, bottom) = box.min(axis=0) * scale, box.max(axis=0) * scale
            lines.append(Found(text, float(left), float(top), float(right), float(bottom)))
        return lines, float(np.mean(cast("Sequence[float]", found.scores)))


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
