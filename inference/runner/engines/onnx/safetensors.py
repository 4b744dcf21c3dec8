"""The safetensors file format: a length (8 bytes, little-endian), a JSON header, the tensors' bytes.

Format: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

MAX_HEADER_BYTES = 100_000_000  # the format's own bound
# numpy has no bfloat16: it is the upper half of a float32.
WIDTHS = {"F32": 4, "F16": 2, "BF16": 2}


class NotSafetensors(Exception):
    """The file does not follow the format; the text says where."""


def read_floats(path: Path) -> dict[str, NDArray[np.float32]]:
    """The file's floating-point tensors by name; those of float32 are views of the mapped file.

    Raises NotSafetensors.
    """
    if path.stat().st_size < 8:
        raise NotSafetensors(f"{path} is too short to be a safetensors file")
    raw = np.memmap(path, dtype=np.uint8, mode="r")
    length = int.from_bytes(raw[:8].tobytes(), "little")
    if length > min(MAX_HEADER_BYTES, len(raw) - 8):
        raise NotSafetensors(f"{path} tells of a header of {length} bytes, which it has no room for")
    tensors: dict[str, NDArray[np.float32]] = {}
    data = raw[8 + length :]
    for name, entry in _header(path, raw[8 : 8 + length].tobytes()).items():
        kind = str(entry.get("dtype"))
        if name == "__metadata__" or kind not in WIDTHS:
            continue
        shape, (start, end) = _numbers(path, name, entry["shape"]), _numbers(path, name, entry["data_offsets"])
        if not 0 <= start <= end <= len(data) or end - start != math.prod(shape) * WIDTHS[kind]:
            raise NotSafetensors(f"{path}: the tensor {name} does not fit its place")
        tensors[name] = _floats(data[start:end], kind).reshape(shape)
    return tensors


def _floats(data: NDArray[np.uint8], kind: str) -> NDArray[np.float32]:
    if kind == "F16":
        return data.view(np.float16).astype(np.float32)
    if kind == "BF16":
        return (data.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    return data.view(np.float32)


def _header(path: Path, text: bytes) -> dict[str, dict[str, Any]]:
    try:
        header = json.loads(text)
    except ValueError as error:
        raise NotSafetensors(f"{path}: the header is not JSON: {error}") from None
    if not isinstance(header, dict):
        raise NotSafetensors(f"{path}: the header is not an object")
    return cast("dict[str, dict[str, Any]]", header)


def _numbers(path: Path, name: str, value: object) -> list[int]:
    numbers = cast("list[object]", value) if isinstance(value, list) else []
    if not isinstance(value, list) or not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise NotSafetensors(f"{path}: the tensor {name} has no shape or place")
    return cast("list[int]", value)
