"""Bytes: the originals of documents under their SHA-256, and what running toolchains pass from step to step."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import shutil
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url
from uuid_utils.compat import uuid7

from db.errors import ObjectStoreFull, ObjectStoreUnreachable
from inference.errors import NotFound, TooLarge

if TYPE_CHECKING:
    from obstore import AsyncWritableFile, ObjectMeta

_PART = 1024 * 1024
_HELD = 1024 * 1024
"""Bytes: a file of more is written down while it comes in; a smaller one is written once, when it is kept."""
_HALF = re.compile(r".*#\d+")
"""How a file of the local store is called until it is whole: no listing tells of it."""
_FULL = ("No space left on device", "Disk quota exceeded")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come in. `sha256` in hex, `size` in bytes; until it is kept it lies at `staged` or, if that is
    empty, is held in `data`."""

    sha256: str
    size: int
    staged: str
    data: bytes = b""


class Objects:
    """An object store by keys: a directory by default, S3 and others by URL.

    `contents/<sha256>` are originals, `parsed/<sha256>/…` what was read of them; `scratch/<run>/…` is a run's own and
    goes with it.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store, self._folder = store, folder

    @asynccontextmanager
    async def receive(self, parts: AsyncIterable[bytes], limit: int) -> AsyncGenerator[Received]:
        """A stream as a file that lasts to the end of the context, unless it is kept. Raises TooLarge past `limit`
        bytes."""
        digest, size, held = hashlib.sha256(), 0, bytearray()
        staged = f"incoming/{uuid7()}"
        writer: AsyncWritableFile | None = None
        try:
            with _translated(staged):
                async with AsyncExitStack() as closing:
                    async for part in parts:
                        size += len(part)
                        if size > limit:
                            raise TooLarge(
                                f"The file is larger than {limit >> 20} MiB, the most that is taken.", field="file"
                            )
                        digest.update(part)
                        if size <= _HELD:
                            held += part
                            continue
                        if writer is None:
                            writer = obstore.open_writer_async(self._store, staged)
                            closing.push_async_exit(writer)
                            await writer.write(held)
                        await writer.write(part)
            yield Received(digest.hexdigest(), size, *((staged, b"") if writer else ("", bytes(held))))
        finally:
            if writer:
                await self.delete(staged)

    async def keep(self, file: Received) -> None:
        """Gives a received file its place among the contents, whether these bytes were there before or not."""
        key = content_key(file.sha256)
        if not file.staged:
            await self.put(key, file.data)
            return
        with _translated(file.staged):
            await obstore.rename_async(self._store, file.staged, key)

    async def put(self, key: str, data: bytes) -> None:
        """Raises ObjectStoreFull and ObjectStoreUnreachable, as all that writes."""
        with _translated(key):
            await obstore.put_async(self._store, key, data)

    async def get(self, key: str) -> bytes:
        """Raises NotFound."""
        found = await self.find(key)
        if found is None:
            raise NotFound("The file's bytes are not in the object store any more. Upload it again.")
        return found

    async def find(self, key: str) -> bytes | None:
        """The object, or None where there is none."""
        try:
            with _translated(key):
                return bytes(await (await obstore.get_async(self._store, key)).bytes_async())
        except FileNotFoundError:
            return None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The object in parts. Raises NotFound before there are any."""
        try:
            result = await obstore.get_async(self._store, key)
        except FileNotFoundError as error:
            raise NotFound("The file's bytes are not in the object store any more. Upload it again.") from error

        async def read() -> AsyncIterator[bytes]:
            async for part in result.stream(min_chunk_size=_PART):
                yield bytes(part)

        return read()

    async def delete(self, *keys: str) -> None:
        """Deletes what is there of these."""
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                continue

    async def keys(self, prefix: str, before: datetime) -> AsyncIterator[str]:
        """What lies below a path and was written before then."""
        list_objects: Any = cast(Any, obstore).list  # its types are unknown in part
        listing: AsyncIterator[Sequence[ObjectMeta]] = list_objects(self._store, prefix=prefix)
        async for batch in listing:
            for item in batch:
                if item["last_modified"] < before:
                    yield item["path"]

    async def delete_scratch(self, run: str) -> bool:
        """Deletes what a run's steps passed to each other; whether there was something."""
        found = await self.delete_under(f"scratch/{run}")
        if self._folder:
            # Directories that files were moved out of are no objects, and stay.
            await asyncio.to_thread(shutil.rmtree, self._folder / "scratch" / run, ignore_errors=True)
        return found

    async def scratched(self, before: datetime) -> set[str]:
        """The runs whose scratch space was made before then."""
        if self._folder:
            # What a process was writing when it died is no object, nor is a directory that files were moved out of.
            return await asyncio.to_thread(_older, self._folder / "scratch", before)
        return {key.split("/")[1] async for key in self.keys("scratch", before)}

    async def delete_halves(self, before: datetime) -> int:
        """Deletes files that processes were writing when they died, before then; how many it were."""
        return await asyncio.to_thread(_delete_halves, self._folder, before) if self._folder else 0

    async def delete_under(self, prefix: str) -> bool:
        """Deletes what lies below a path; whether there was something."""
        found = False
        list_objects: Any = cast(Any, obstore).list  # its types are unknown in part
        listing: AsyncIterator[Sequence[ObjectMeta]] = list_objects(self._store, prefix=prefix)
        async for batch in listing:
            found = found or bool(batch)
            await self.delete(*(item["path"] for item in batch))
        return found


def _older(folder: Path, before: datetime) -> set[str]:
    older: set[str] = set()
    for path in folder.iterdir() if folder.exists() else ():
        with suppress(FileNotFoundError):
            if path.is_dir() and path.stat().st_mtime < before.timestamp():
                older.add(path.name)
    return older


def _delete_halves(folder: Path, before: datetime) -> int:
    deleted = 0
    for root, _, names in os.walk(folder):
        for path in (Path(root, name) for name in names if _HALF.fullmatch(name)):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    deleted += 1
    return deleted


@contextmanager
def _translated(key: str) -> Generator[None]:
    """Raises ObjectStoreFull and ObjectStoreUnreachable for what the store's own errors say."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        told = str(error).partition("\n")[0]
        _log.warning("the object store failed on %s: %s", key, told)
        if any(words in told for words in _FULL):
            raise ObjectStoreFull(
                "The place where files are kept is full. Make room, then do it again: `retry_document` goes on with an "
                "ingestion."
            ) from error
        raise ObjectStoreUnreachable(
            "The place where files are kept does not answer as it should. Try again in a moment."
        ) from error


def content_key(sha256: str) -> str:
    """Where an original lies."""
    return f"contents/{sha256}"


def parsed_prefix(sha256: str) -> str:
    """Below which lies what was read of an original."""
    return f"parsed/{sha256}/"


def open_objects(url: str, home: Path) -> Objects:
    """The store at `url`, or the directory `objects` under the home."""
    if url:
        return Objects(from_url(url))
    folder = home / "objects"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Objects(LocalStore(folder, automatic_cleanup=True), folder)
