"""Files that come in, small and large."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db import content_key, open_objects
from inference.errors import TooLarge

MIB = 1 << 20


async def _parts(data: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(data), 300_000):
        yield data[begin : begin + 300_000]


def _files(folder: Path) -> list[Path]:
    return [path for path in (folder / "objects").rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, MIB, MIB + 1, 5 * MIB + 7])
async def test_a_file_that_is_kept_is_whole_and_alone(tmp_path: Path, size: int) -> None:
    objects, data = open_objects("", tmp_path), bytes(range(251)) * (size // 251) + bytes(size % 251)
    async with objects.receive(_parts(data), 10 * MIB) as file:
        assert (file.size, file.sha256) == (size, hashlib.sha256(data).hexdigest())
        await objects.keep(file)
    assert await objects.get(content_key(file.sha256)) == data
    assert len(_files(tmp_path)) == 1


@pytest.mark.parametrize("size", [1, 5 * MIB])
async def test_a_file_that_is_not_kept_leaves_nothing(tmp_path: Path, size: int) -> None:
    objects = open_objects("", tmp_path)
    async with objects.receive(_parts(bytes(size)), 10 * MIB):
        pass
    assert _files(tmp_path) == []


@pytest.mark.parametrize("limit", [100, 3 * MIB])
async def test_a_file_that_is_too_large_leaves_nothing(tmp_path: Path, limit: int) -> None:
    objects = open_objects("", tmp_path)
    with pytest.raises(TooLarge):
        async with objects.receive(_parts(bytes(5 * MIB)), limit):
            pass
    assert _files(tmp_path) == []
