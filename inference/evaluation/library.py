"""Collections of made-up documents, put into a running platform's database as its ingestion puts real ones."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from uuid_utils.compat import uuid7

from db import Bounds, EmbeddedPostgres, NewChunk, NewDocument, NewPage, Storage, open_storage
from inference.evaluation.installation import USER
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.texts import Clusters, Zipf
from inference.runner import DEFAULT_EMBEDDER

_SEED = 2
CHUNKS_A_DOCUMENT = 250
WORDS = (50, 120)


class Library:
    """A collection of the first user's, that grows. `passages` are its chunks' texts so far, `documents` its documents'
    ids."""

    def __init__(self, storage: Storage, user: int, collection: UUID) -> None:
        self.storage = storage
        self._user, self._collection = user, collection
        self._writer, self._clusters = Zipf(_SEED), Clusters(_SEED)
        self.passages: list[str] = []
        self.documents: list[str] = []

    async def grow(self, size: int) -> float:
        """Adds made-up documents until there are `size` chunks; returns chunks a second. They are findable by then, and
        compared one by one."""
        missing, took = size - len(self.passages), 0.0
        while len(self.passages) < size:
            count = min(CHUNKS_A_DOCUMENT, size - len(self.passages))
            texts, vectors = [self._writer.text(*WORDS) for _ in range(count)], self._clusters.vectors(count)
            begun = time.perf_counter()
            await self.add(texts, vectors)
            took += time.perf_counter() - begun
            if len(self.passages) % 20_000 == 0:
                tell(f"search: {len(self.passages)} chunks stored")
        return missing / took

    async def add(self, texts: Sequence[str], vectors: NDArray[Any]) -> None:
        """One document with these chunks."""
        uid = uuid7()
        new = NewDocument(
            name=f"{uid}.txt",
            content_type="text/plain",
            size=sum(map(len, texts)),
            sha256=sha256("\n".join(texts).encode()).hexdigest(),
            metadata={},
        )
        made = await self.storage.documents.create(uid, self._user, self._collection, new)
        work = await self.storage.ingestions.work(self._user, uid)
        if not made or work is None:
            raise Unmeasurable("a document could not be added to the collection")
        embedder = await self.storage.vectors.embedder(DEFAULT_EMBEDDER, vectors.shape[1], "")
        async with self.storage.transaction() as transaction:
            chunks = [_chunk(place, text) for place, text in enumerate(texts)]
            ids = await transaction.ingestions.put_words(work, [NewPage(1, "\n".join(texts))], chunks)
            await transaction.vectors.add(embedder, work.collection_id, ids or [], vectors)
            await transaction.ingestions.complete(work.id)
        self.passages += texts
        self.documents.append(str(uid))

    async def settle(self) -> float:
        """Does at once what the platform does behind its users' backs, so that it comes before a measurement, not into
        it: puts vectors into the graph, merges segments, vacuums. Returns vectors a second."""
        begun = time.perf_counter()
        settled = await self.storage.vectors.settle(*await self._keys())
        took = time.perf_counter() - begun
        await self._tidy()
        return settled / took

    async def rebuild(self) -> float:
        """The same with a graph made anew, which is faster."""
        begun = time.perf_counter()
        _, embedder = await self._keys()
        await self.storage.vectors.rebuild(embedder)
        took = time.perf_counter() - begun
        await self._tidy()
        return len(self.passages) / took

    async def _tidy(self) -> None:
        while await self.storage.merge_bm25(0):
            pass
        await self.storage.pool.execute("VACUUM (ANALYZE)")

    async def recall(self, queries: NDArray[Any], limit: int, share: float = 1.0) -> list[float]:
        """Of the `limit` nearest chunks in a share of the documents, the share that is found through the graph, query
        by query."""
        collection, embedder = await self._keys()
        bounds = Bounds()
        if share < 1:
            rows = await self.storage.pool.fetch("SELECT id FROM chunks WHERE collection_id = $1", collection)
            keep = np.random.default_rng(_SEED).random(len(rows)) < share
            bounds = Bounds(chunks=[row["id"] for row, kept in zip(rows, keep, strict=True) if kept])
        shares: list[float] = []
        for vector in queries:
            asked = (vector.astype(np.dtype(">f2")).tobytes(), limit, bounds)
            near = {chunk for chunk, _ in await self.storage.vectors.nearest_exact(embedder, [collection], *asked)}
            found = await self.storage.vectors.nearest_in_graph(embedder, len(vector), [collection], *asked)
            shares.append(len(near & {chunk for chunk, _ in found}) / limit)
        return shares

    def vectors(self, count: int) -> NDArray[np.float32]:
        """Vectors as those of the made-up documents, to be asked for."""
        return self._clusters.vectors(count)

    async def _keys(self) -> tuple[int, int]:
        (found,) = await self.storage.collections.resolve(self._user, [self._collection])
        if found.embedder_id is None:
            raise Unmeasurable("the collection has no vectors")
        return found.id, found.embedder_id


def _chunk(ordinal: int, text: str) -> NewChunk:
    return NewChunk(
        uid=uuid7(), ordinal=ordinal, page=1, start=0, page_end=1, end=len(text),
        token_count=len(text) // 4, headings=[], text=text,
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
