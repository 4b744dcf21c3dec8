"""The headers of GGUF files: metadata and the tensors' types and places, without reading a tensor.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian.
"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inference.runner.estimate.facts import Inestimable

Value = int | float | bool | str | list[int | float | bool | str]

MAX_HEADER_BYTES = 128 << 20  # of which a vocabulary with its merges takes some 20
MAX_ENTRIES = 100_000
MAX_TENSORS = 1_000_000
MAX_STRING = 1 << 24  # a chat template or a licence
MAX_NAME = 1 << 16
MAX_ARRAY = 1 << 26
MAX_DIMENSIONS = 8
KEPT_ITEMS = 4096
"""Longer arrays (the tokens of a vocabulary) are measured and not kept."""
MAX_SHARDS = 2000

_SCALARS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
_STRING, _ARRAY = 8, 9

# Weights in a block and bytes of a block, by the number of the type, from ggml's ggml-quants and gguf.md.
BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
    17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
    35: (256, 66), 39: (32, 17),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tensor:
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Gguf:
    """`metadata` by key; `lengths` of the arrays that are too long to be kept."""

    path: Path
    metadata: dict[str, Value]
    lengths: dict[str, int]
    tensors: tuple[Tensor, ...]


def read_gguf(path: Path) -> Gguf:
    """Raises Inestimable."""
    try:
        with path.open("rb", buffering=1 << 20) as file:
            return _Reader(path, file, path.stat().st_size).read()
    except (OSError, ValueError, struct.error) as error:
        raise Inestimable(str(path), "", f"it cannot be read: {error}") from None


def shards(path: Path) -> list[Path]:
    """All files of a model of which `path` is the first. Raises Inestimable."""
    match = re.fullmatch(r"(.*)-00001-of-(\d{5})\.gguf", path.name)
    if not match:
        return [path]
    count = int(match[2])
    if not 0 < count <= MAX_SHARDS:
        raise Inestimable(str(path), "", f"it says that it is one of {count} files")
    paths = [path.with_name(f"{match[1]}-{number:05d}-of-{match[2]}.gguf") for number in range(1, count + 1)]
    for each in paths:
        if not each.is_file():
            raise Inestimable(str(path), "", f"{each.name}, which belongs to it, is not there")
    return paths


class _Reader:
    """Goes through the header once. Every length is checked before it is used."""

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path = path
        self._file = file
        self._size = size
        self._at = 0

    def read(self) -> Gguf:
        if self._take(4) != b"GGUF":
            raise self._fault("", "it is not a GGUF file")
        version = self._number("<I")
        if version not in (2, 3):
            raise self._fault("version", f"versions 2 and 3 are read, little-endian, not {version}")
        tensors = self._count("tensor_count", MAX_TENSORS)
        entries = self._count("metadata_kv_count", MAX_ENTRIES)
        metadata: dict[str, Value] = {}
        lengths: dict[str, int] = {}
        for _ in range(entries):
            key = self._text("metadata", MAX_NAME)
            kind = self._number("<I")
            if kind == _ARRAY:
                found = self._array(key)
                if isinstance(found, int):
                    lengths[key] = found
                else:
                    metadata[key] = found
            else:
                metadata[key] = self._scalar(key, kind)
        infos = [self._tensor() for _ in range(tensors)]
        return Gguf(self._path, metadata, lengths, self._sized(infos, metadata))

    def _sized(self, infos: list[tuple[str, int, int, int]], metadata: dict[str, Value]) -> tuple[Tensor, ...]:
        alignment = metadata.get("general.alignment", 32)
        if type(alignment) is not int or not 0 < alignment <= 1 << 20:
            raise self._fault("general.alignment", "it is not a size")
        start = -(-self._at // alignment) * alignment
        room = max(self._size - start, 0)
        starts = sorted({offset for _, _, _, offset in infos})
        following = dict(zip(starts, [*starts, room][1:], strict=True))
        sized: list[Tensor] = []
        for name, kind, count, offset in infos:
            block, width = BLOCKS.get(kind, (0, 0))
            # A type that is newer than this table takes what lies between it and the next tensor.
            size = -(-count // block) * width if block else following[offset] - offset
            if size < 0 or offset + size > room:
                raise self._fault(name[:200], "the tensor lies outside the file, which may not be whole")
            sized.append(Tensor(name, size))
        return tuple(sized)

    def _tensor(self) -> tuple[str, int, int, int]:
        """Name, type, number of weights, place."""
        name = self._text("tensor", MAX_NAME)
        dimensions = self._number("<I")
        if dimensions > MAX_DIMENSIONS:
            raise self._fault(name[:200], f"a tensor has at most {MAX_DIMENSIONS} dimensions, not {dimensions}")
        count = math.prod(self._number("<Q") for _ in range(dimensions))
        return name, self._number("<I"), count, self._number("<Q")

    def _scalar(self, key: str, kind: int) -> int | float | bool | str:
        if kind == _STRING:
            return self._text(key, MAX_STRING)
        if kind not in _SCALARS:
            raise self._fault(key, f"there is no type {kind}")
        layout = _SCALARS[kind]
        (value,) = struct.unpack(layout, self._take(struct.calcsize(layout)))
        return value

    def _array(self, key: str) -> list[int | float | bool | str] | int:
        """Its items, or its length when it is too long to be kept."""
        kind = self._number("<I")
        count = self._count(key, MAX_ARRAY)
        if kind == _STRING:
            if count <= KEPT_ITEMS:
                return [self._text(key, MAX_STRING) for _ in range(count)]
            for _ in range(count):
                self._take(self._count(key, MAX_STRING))
            return count
        if kind not in _SCALARS:
            raise self._fault(key, f"arrays of type {kind} are not read")
        width = struct.calcsize(_SCALARS[kind])
        if count > KEPT_ITEMS:
            self._take(count * width)
            return count
        return list(struct.unpack(f"<{count}{_SCALARS[kind][1]}", self._take(count * width)))

    def _text(self, key: str, longest: int) -> str:
        return self._take(self._count(key, longest)).decode(errors="replace")

    def _count(self, key: str, most: int) -> int:
        count = self._number("<Q")
        if count > most:
            raise self._fault(key[:200], f"it says that it has {count} items or bytes; {most} are the most")
        return count

    def _number(self, layout: str) -> int:
        (value,) = struct.unpack(layout, self._take(struct.calcsize(layout)))
        return value

    def _take(self, count: int) -> bytes:
        self._at += count
        if self._at > MAX_HEADER_BYTES:
            raise self._fault("", f"its header is longer than {MAX_HEADER_BYTES} bytes")
        taken = self._file.read(count)
        if len(taken) < count:
            raise self._fault("", "it ends within its header: it may not be whole")
        return taken

    def _fault(self, field: str, why: str) -> Inestimable:
        return Inestimable(str(self._path), field, why)
