"""Our store in a process that is told what to do:

python -m inference.evaluation.bm25.store_process <database url> <file of chunks>
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from pathlib import Path
from typing import Any

import uvloop
from uuid_utils.compat import uuid7

from db import NewChunk, NewDocument, Storage, open_storage, parse_query
from inference.evaluation.bm25 import corpus
from inference.evaluation.orders import obey

# Chunks of a document, each of which is a transaction of its own.
_DOCUMENT = 2_000
_LIMIT = 10


class Ours:
    """One collection of one user."""

    def __init__(self, storage: Storage, path: Path) -> None:
        self._storage, self._path = storage, path
        self._user = self._collection = self._count = 0
        self._uid = uuid7()

    async def make(self) -> None:
        owner = uuid7()
        await self._storage.accounts.create(owner, "bench", "cannot log in", is_admin=False)
        account = await self._storage.accounts.by_uid(owner)
        assert account
        self._user = account.id
        await self._storage.collections.create(self._uid, self._user, "bench", "", {}, "simple", "none")
        (found,) = await self._storage.collections.resolve(self._user, [self._uid])
        self._collection = found.id

    async def grow(self, size: int) -> float:
        """Adds chunks until there are so many, with background work beside it as in a worker, and waits until that has
        nothing left to do; seconds for both."""
        began = time.perf_counter()
        tending = asyncio.create_task(self._tend())
        chunks: list[str] = []
        for chunk in corpus.lines(self._path, self._count, size):
            chunks.append(chunk)
            if len(chunks) == _DOCUMENT:
                await self._add(chunks)
                chunks = []
        if chunks:
            await self._add(chunks)
        self._count = size
        tending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tending
        while await self._storage.merge_bm25(0):
            pass
        took = time.perf_counter() - began
        await self._storage.pool.execute("VACUUM (ANALYZE)")
        return took

    async def _tend(self) -> None:
        while True:
            if not await self._storage.merge_bm25():
                await asyncio.sleep(0.5)

    async def _add(self, texts: list[str]) -> None:
        uid = uuid7()
        new = NewDocument(name="", content_type="text/plain", size=1, sha256=(uid.bytes * 2).hex(), metadata={})
        await self._storage.documents.create(uid, self._user, self._uid, new)
        work = await self._storage.ingestions.work(self._user, uid)
        assert work
        chunks = [
            NewChunk(
                uid=uuid7(), ordinal=number, page=1, start=0, page_end=1, end=len(text), token_count=1, headings=[],
                text=text,
            )
            for number, text in enumerate(texts)
        ]  # fmt: skip
        async with self._storage.transaction() as transaction:
            await transaction.ingestions.put_words(work, [], chunks)

    async def ask(self, queries: list[str]) -> dict[str, Any]:
        """Milliseconds of each query, the ten best chunks, and of CPU time on average, PostgreSQL's included."""
        took: list[float] = []
        before = await self._cpu_ms()
        for query in queries:
            began = time.perf_counter()
            await self._storage.bm25.search([self._collection], parse_query(query), _LIMIT)
            took.append((time.perf_counter() - began) * 1000)
        return {"took": took, "cpu": (await self._cpu_ms() - before) / len(queries)}

    async def _cpu_ms(self) -> float:
        rows = await self._storage.pool.fetch("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return time.process_time() * 1000 + sum(_spent_ms(row["pid"]) for row in rows)

    async def scores(self, queries: list[str]) -> list[list[float]]:
        """Those of the ten best chunks."""
        found = [await self._storage.bm25.search([self._collection], parse_query(q), _LIMIT) for q in queries]
        return [[one.score for one in hits] for hits in found]

    async def size(self) -> float:
        """Megabytes of the store's tables and indexes, free room in them included."""
        return await self._storage.pool.fetchval(
            "SELECT sum(pg_total_relation_size(name::regclass))::float8 / 1e6 "
            "FROM unnest(ARRAY['bm25_pages', 'bm25_segments', 'bm25_deletions']) AS name"
        )

    async def explain(self, queries: list[str]) -> dict[str, float]:
        """Segments, and postings of the queries on average."""
        told = [await self._storage.bm25.explain([self._collection], parse_query(q), _LIMIT) for q in queries]
        return {"segments": told[0].segments, "postings": sum(each.postings for each in told) / len(told)}


def _spent_ms(pid: int) -> float:
    """CPU time of a process, which /proc/<pid>/stat would tell in steps of ten milliseconds."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


async def main(url: str, path: Path) -> None:
    """Obeys until stdin ends."""
    storage = await open_storage(url)
    ours = Ours(storage, path)
    await ours.make()
    await obey({"grow": ours.grow, "ask": ours.ask, "scores": ours.scores, "size": ours.size, "explain": ours.explain})
    await storage.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2])))
