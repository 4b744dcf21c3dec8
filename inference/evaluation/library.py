"""A collection of made-up documents, put into a running platform's database as its ingestion puts real ones."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from db import EmbeddedPostgres, NewChunk, Storage, open_storage
from inference.evaluation.installation import USER
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.texts import Clusters, Zipf

_SEED = 2
CHUNKS_A_DOCUMENT = 250
WORDS = (50, 120)


class Library:
    """Grows a collection of the first user's. `passages` are its chunks' texts so far."""

    def __init__(self, storage: Storage, user: int, collection: UUID) -> None:
        self._storage, self._user, self._collection = storage, user, collection
        self._writer, self._clusters = Zipf(_SEED), Clusters(_SEED)
        self.passages: list[str] = []

    async def grow(self, size: int) -> float:
        """Adds documents until there are `size` chunks; returns chunks a second.

        Then does at once what autovacuum does within a minute, so that it comes before a measurement, not into it.
        """
        missing, begun = size - len(self.passages), time.perf_counter()
        while len(self.passages) < size:
            await self._add(min(CHUNKS_A_DOCUMENT, size - len(self.passages)))
            if len(self.passages) % 5000 == 0:
                tell(f"search: {len(self.passages)} chunks stored")
        rate = missing / (time.perf_counter() - begun)
        await self._storage.pool.execute("VACUUM (ANALYZE)")
        return rate

    async def recall(self, queries: int, limit: int) -> list[float]:
        """Of the `limit` nearest chunks, the share that the vector index finds, query by query."""
        keys = [found.id for found in await self._storage.collections.resolve(self._user, [self._collection])]
        shares: list[float] = []
        for vector in self._clusters.vectors(queries):
            near = {chunk for chunk, _ in await self._storage.search.dense_exact(keys, vector, limit, None)}
            found = {chunk for chunk, _ in await self._storage.search.dense(keys, vector, limit)}
            shares.append(len(near & found) / limit)
        return shares

    async def _add(self, count: int) -> None:
        texts = [self._writer.text(*WORDS) for _ in range(count)]
        uid = uuid7()
        digest = sha256("\n".join(texts).encode()).digest()
        made = await self._storage.documents.create(
            uid, self._user, self._collection,
            name=f"{uid}.txt", content_type="text/plain", size=sum(map(len, texts)), sha256=digest,
            metadata={}, idempotency_key=None,
        )  # fmt: skip
        work = await self._storage.documents.work(self._user, uid)
        if not made or work is None:
            raise Unmeasurable("a document could not be added to the collection")
        chunks = [
            _chunk(place, text, vector)
            for place, (text, vector) in enumerate(zip(texts, self._clusters.vectors(count), strict=True))
        ]
        async with self._storage.transaction() as transaction:
            await transaction.documents.store(work, [(1, "\n".join(texts))], chunks)
            await transaction.bm25.add([work.id])
        self.passages += texts


def _chunk(ordinal: int, text: str, vector: bytes) -> NewChunk:
    return NewChunk(
        uid=uuid7(), ordinal=ordinal, page=1, start=0, page_end=1, end=len(text),
        token_count=len(text) // 4, headings=[], text=text, vector=vector,
    )  # fmt: skip


@asynccontextmanager
async def open_library(home: Path, collection: str) -> AsyncGenerator[Library]:
    """The library of the platform that runs on `home`."""
    storage = await open_storage(EmbeddedPostgres(home).url)
    try:
        found = await storage.accounts.credentials(USER["username"])
        if found is None:
            raise Unmeasurable("the platform has lost its first user")
        yield Library(storage, found[0].id, UUID(collection))
    finally:
        await storage.close()
