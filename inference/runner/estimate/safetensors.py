"""The headers of safetensors files: what tensors there are and how large, without reading one.

Format: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from inference.runner.estimate.facts import Inestimable

MAX_HEADER_BYTES = 100_000_000  # the format's own bound
MAX_INDEX_BYTES = 64 << 20
MAX_SHARDS = 2000
INDEX = "model.safetensors.index.json"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of all tensors, of those in 32-bit floats, and of the table of the tokens."""

    weights: int = 0
    wide: int = 0
    embedding: int = 0

    def __add__(self, other: Sizes) -> Sizes:
        return Sizes(self.weights + other.weights, self.wide + other.wide, self.embedding + other.embedding)


def read_sizes(folder: Path) -> Sizes:
    """Of the model in a folder, in one file or in shards. Raises Inestimable."""
    total = Sizes()
    for path in shards(folder):
        total += _of_file(path)
    return total


def shards(folder: Path) -> list[Path]:
    """The files that the index names; without an index, all that are there. Raises Inestimable."""
    index = folder / INDEX
    if not index.is_file():
        return sorted(path for path in folder.glob("*.safetensors") if path.is_file())
    found = read_json(index, MAX_INDEX_BYTES).get("weight_map")
    named = set(cast("dict[str, object]", found).values()) if isinstance(found, dict) else set[object]()
    names = sorted(name for name in named if isinstance(name, str))
    if not names or len(names) != len(named) or len(names) > MAX_SHARDS:
        raise Inestimable(str(index), "weight_map", f"it must name 1 to {MAX_SHARDS} files")
    for name in names:
        if Path(name).name != name or not name.endswith(".safetensors"):
            raise Inestimable(str(index), "weight_map", f"{name[:200]!r} is no safetensors file beside it")
        if not (folder / name).is_file():
            raise Inestimable(str(index), "weight_map", f"it names {name}, which is not there")
    return [folder / name for name in names]


def read_json(path: Path, most: int) -> dict[str, Any]:
    """A JSON object. Raises Inestimable, also for a file of more than `most` bytes."""
    try:
        if path.stat().st_size > most:
            raise Inestimable(str(path), "", f"it is larger than {most} bytes")
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise Inestimable(str(path), "", f"it cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise Inestimable(str(path), "", "it is not a JSON object")
    return cast("dict[str, Any]", found)


def _of_file(path: Path) -> Sizes:
    header, room = _header(path)
    total = Sizes()
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        offsets = cast("dict[str, object]", entry).get("data_offsets") if isinstance(entry, dict) else None
        pair = cast("list[object]", offsets) if isinstance(offsets, list) else []
        if len(pair) != 2 or not all(type(number) is int for number in pair):
            raise Inestimable(str(path), name[:200], "the tensor has no place")
        start, end = cast("list[int]", pair)
        if not 0 <= start <= end <= room:
            raise Inestimable(str(path), name[:200], "the tensor lies outside the file, which may not be whole")
        size, wide = end - start, cast("dict[str, object]", entry).get("dtype") == "F32"
        total += Sizes(size, size if wide else 0, size if name.endswith("embed_tokens.weight") else 0)
    return total


def _header(path: Path) -> tuple[dict[str, object], int]:
    """The header, and how many bytes follow it. Raises Inestimable."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or length > min(MAX_HEADER_BYTES, size - 8):
                raise Inestimable(str(path), "", f"it tells of a header of {length} bytes, which it has no room for")
            found = json.loads(file.read(length))
    except (OSError, ValueError, RecursionError) as error:
        raise Inestimable(str(path), "", f"its header cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise Inestimable(str(path), "", "its header is not a JSON object")
    return cast("dict[str, object]", found), size - 8 - length
