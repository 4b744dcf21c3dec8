"""GGUF files that are all header: what a reader of headers sees, with a hole where the weights would be."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

Value = int | float | bool | str | Sequence[int] | Sequence[str]
F32, F16, Q4_0, Q8_0 = 0, 1, 2, 8


def write_gguf(
    path: Path, metadata: Mapping[str, Value], tensors: Mapping[str, tuple[int, int]], *, size: int | None = None
) -> Path:
    """`tensors`: name → type and number of weights. `size` is the room for the weights, by default what they take."""
    widths = {F32: (1, 4), F16: (1, 2), Q4_0: (32, 18), Q8_0: (32, 34)}
    header = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        header += _text(key) + _value(value)
    offset = 0
    for name, (kind, count) in tensors.items():
        header += _text(name) + struct.pack("<IQIQ", 1, count, kind, offset)
        block, width = widths.get(kind, (1, 1))
        offset += -(-(-(-count // block) * width) // 32) * 32
    header += b"\0" * (-len(header) % 32)
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + (offset if size is None else size))
    return path


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if all(isinstance(item, bool) for item in value):
        return struct.pack(f"<IIQ{len(value)}?", 9, 7, len(value), *value)
    if all(isinstance(item, int) for item in value):
        return struct.pack(f"<IIQ{len(value)}I", 9, 4, len(value), *value)
    return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_text(str(item)) for item in value)
