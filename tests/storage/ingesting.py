"""Files taken in and ingested by a composer at work on a real database and object store, with the runner's fake."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from inference.functions import Upload, find
from inference.models.documents import Document, UploadResult
from inference.models.search import SearchHit
from tests.storage.bench import Bench
from tests.storage.counting import reached


def text_of(subject: str, passages: int) -> bytes:
    """A Markdown file that is cut into so many passages, each with words of its own."""
    parts = [
        f"# {subject} {n}\n\n{subject.capitalize()}{n} stands here. " + f"About {subject} number {n}. " * 20
        for n in range(passages)
    ]
    return "\n\n".join(parts).encode()


def zipped(**files: bytes) -> bytes:
    """A zip archive, the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_", ".")), data)
    return buffer.getvalue()


async def call(bench: Bench, function: str, **request: Any) -> Any:
    """What a registered function gives the bench's user."""
    target = find(function)
    return await target.call(bench.ctx, target.request.model_validate(request))


async def new_collection(bench: Bench, **more: Any) -> str:
    return (await call(bench, "create_document_collection", **({"name": "shelf"} | more))).id


async def upload(
    bench: Bench, collection: str, name: str, data: bytes, content_type: str = "", **more: Any
) -> UploadResult:
    """Takes a file in; nobody carries its run yet."""

    async def parts() -> AsyncIterator[bytes]:
        yield data

    target = find("upload_document")
    request = target.request.model_validate({"collection_id": collection} | more)
    return await target.call(bench.ctx, request, Upload(name, content_type, parts()))


async def carried(bench: Bench, result: UploadResult) -> Document:
    """The document when its run has been carried to its end."""
    await bench.engine.carry(UUID(result.run_id))
    return await document(bench, result.document_id)


async def ingest(bench: Bench, collection: str, name: str, data: bytes, **more: Any) -> Document:
    """A file that has been taken in and ingested, well or badly."""
    return await carried(bench, await upload(bench, collection, name, data, **more))


async def document(bench: Bench, uid: str) -> Document:
    return await call(bench, "fetch_document", document_id=uid)


async def by_source(bench: Bench, collection: str) -> dict[str, Document]:
    listed = (await call(bench, "fetch_collection_documents", collection_id=collection)).documents
    return {document.source or "": document for document in listed}


async def found(bench: Bench, collection: str, query: str, function: str = "search_bm25") -> list[SearchHit]:
    return (await call(bench, function, query=query, collection_ids=[collection], limit=100)).hits


async def intact(bench: Bench, uid: str) -> None:
    """Fails unless a complete document has every passage once, each with a vector and postings."""
    known = await document(bench, uid)
    assert known.status == "complete", known.error
    assert known.searchable_by == ["words", "meaning"]
    listed = (await call(bench, "fetch_document_chunks", document_id=uid, limit=200)).chunks
    ordinals = [chunk.ordinal for chunk in listed]
    assert ordinals == list(range(min(200, known.chunk_count)))
    query = """
        SELECT count(*) AS chunks, count(DISTINCT k.ordinal) AS ordinals,
               count(*) FILTER (WHERE EXISTS (SELECT FROM embeddings e WHERE e.chunk_id = k.id)) AS embedded
        FROM chunks k JOIN documents d ON d.id = k.document_id WHERE d.uid = $1
    """
    row = await bench.storage.pool.fetchrow(query, UUID(uid))
    assert row
    assert dict(row) == dict.fromkeys(("chunks", "ordinals", "embedded"), known.chunk_count)
    pages = await bench.storage.pool.fetchval(
        "SELECT count(*) FROM pages p JOIN documents d ON d.id = p.document_id WHERE d.uid = $1", UUID(uid)
    )
    assert pages == known.page_count


async def rows(bench: Bench) -> dict[str, int]:
    """Of every table, how many rows it has; without the record of ended runs' toolchains and the queue's log."""
    tables = await bench.storage.pool.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    kept = ("toolchain_definitions", "embedders", "pgqueuer", "pgqueuer_log")
    names = sorted(row["relname"] for row in tables if row["relname"] not in kept)
    return {name: await bench.storage.pool.fetchval(f'SELECT count(*) FROM "{name}"') for name in names}


def objects(bench: Bench) -> list[Path]:
    """What lies in the object store."""
    return sorted(path for path in (bench.ctx.settings.home_dir / "objects").rglob("*") if path.is_file())


def content(bench: Bench, data: bytes) -> Path:
    """Where these bytes lie when they are kept."""
    return bench.ctx.settings.home_dir / "objects" / "contents" / hashlib.sha256(data).hexdigest()


class Hanging:
    """Calls of a function that hang, as in a process that is frozen or about to be killed. `calls` counts all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
        self._original: Callable[..., Awaitable[Any]] = getattr(where, name)
        self.calls: Counter[str] = Counter()
        self._at, self._after = 0, False
        self._stuck = 0
        self._gate = asyncio.Event()
        monkeypatch.setattr(where, name, self._call)

    def at(self, number: int, *, after: bool = False) -> None:
        """The call with this number (from 1) hangs, before or after it has done its work."""
        self._at, self._after = number, after

    async def _call(self, *arguments: Any, **named: Any) -> Any:
        self.calls["all"] += 1
        here = self.calls["all"] == self._at
        if here and not self._after:
            await self._wait()
        result = await self._original(*arguments, **named)
        if here and self._after:
            await self._wait()
        return result

    async def _wait(self) -> None:
        self._stuck += 1
        await self._gate.wait()

    def release(self) -> None:
        """Lets the call go on."""
        self._gate.set()

    async def reached(self) -> None:
        """Returns when the call hangs."""
        await reached(lambda: self._stuck)
