"""Vectors of chunks: several embedders side by side, written by binary COPY, found by their nearest."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from db.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

# So many vectors of a collection are compared one by one before any is put into the graph: exact, and about as fast as
# walking it (docs/performance.md). Most collections never need a graph, and writing to them costs none.
OUTSIDE_GRAPH = 4096
# As soon as there is a graph to be walked as well, few are left outside.
_LEFT_OUTSIDE = 256
_SETTLED_AT_ONCE = 500

# COPY's binary format: a signature, no flags, no extension; tuples of (length, value) fields; -1 (PostgreSQL's manual,
# "COPY", Binary Format).
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_COLUMNS = ("chunk_id", "embedder_id", "collection_id", "vector")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What of some collections is compared: only these documents' chunks, only these chunks, none of the barred."""

    documents: list[int] | None = None
    chunks: Sequence[int] | None = None
    barred: Sequence[int] | None = None


class Vectors(Table):
    """Storage of vectors. Collections, chunks and embedders are given by keys that were found to be the caller's."""

    async def embedder(self, name: str, dimensions: int, fingerprint: str) -> int:
        """The id of an embedder, made at its first use together with its graph. Not to be called in a transaction that
        has written vectors: making the graph waits for all that write."""
        return await self._value("embedding.register", name, dimensions, fingerprint)

    async def add(self, embedder: int, collection: int, chunks: Sequence[int], vectors: NDArray[Any]) -> None:
        """Stores the vectors of `chunks`; shape (len(chunks), the embedder's dimensions), any float type.

        A chunk has one vector of an embedder: another one raises asyncpg's UniqueViolationError. A collection without
        vectors takes this embedder for its searches.
        """
        if not len(chunks):
            return
        executor: Any = self._executor
        await executor.copy_to_table(
            "embeddings", source=io.BytesIO(copied(embedder, collection, chunks, vectors)), columns=_COLUMNS,
            format="binary",
        )  # fmt: skip
        await self._run("embedding.adopt", collection, embedder)

    async def known(self, user: int, embedder: int, hashes: Sequence[bytes]) -> Mapping[bytes, NDArray[np.float16]]:
        """Vectors that the embedder has made of texts with these SHA-256 in the user's collections."""
        rows = await self._rows("embedding.known", user, embedder, list(set(hashes)))
        return {row["text_hash"]: np.frombuffer(row["vector"], ">f2", offset=4).astype(np.float16) for row in rows}

    async def missing(
        self, collection: int, embedder: int, limit: int, *, after: int = 0, document: int | None = None
    ) -> list[tuple[int, str]]:
        """(id, text) of chunks that the embedder has made no vector of, by id, behind the chunk `after`; of the whole
        collection or of one document."""
        rows = await self._rows("embedding.missing", collection, embedder, after, limit, document)
        return [(row["id"], row["text"]) for row in rows]

    async def switch(self, collection: int, embedder: int) -> bool:
        """Lets the collection's searches use the embedder, once every chunk has its vector; whether they do."""
        return await self._row("embedding.switch", collection, embedder) is not None

    async def drop(self, collection: int, embedder: int) -> None:
        """Deletes the embedder's vectors of a collection, unless its searches use them."""
        await self._run("embedding.drop", collection, embedder)

    async def settle(self, collection: int, embedder: int) -> int:
        """Puts vectors into the graph if too many are outside, some at a time; how many it were. What is found does not
        depend on it, only how fast."""
        settled, outside = 0, OUTSIDE_GRAPH
        while moved := await self._value("embedding.settle", collection, embedder, outside, _SETTLED_AT_ONCE):
            settled, outside = settled + moved, _LEFT_OUTSIDE
        return settled

    async def rebuild(self, embedder: int) -> None:
        """Makes the embedder's graph anew with all of its vectors in it: after an import of very many, this takes a
        fraction of the time; who writes vectors waits until it is done."""
        await self._run("embedding.rebuild", embedder)

    async def nearest_exact(
        self, embedder: int, collections: list[int], query: bytes, limit: int, bounds: Bounds
    ) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, every vector compared. `query`: big-endian float16, as long as the embedder's
        vectors."""
        rows = await self._rows(
            "embedding.nearest_exact",
            embedder, collections, query, limit, bounds.documents, bounds.chunks, bounds.barred,
        )  # fmt: skip
        return [(row["chunk_id"], row["score"]) for row in rows]

    async def nearest_in_graph(
        self, embedder: int, dimensions: int, collections: list[int], query: bytes, limit: int, bounds: Bounds
    ) -> list[tuple[int, float]]:
        """The same through the graph, which may miss some."""
        rows = await self._rows(
            "embedding.nearest_in_graph",
            embedder, dimensions, collections, query, limit, bounds.documents, bounds.chunks, bounds.barred,
        )  # fmt: skip
        return [(row["chunk_id"], row["score"]) for row in rows]


def copied(embedder: int, collection: int, chunks: Sequence[int], vectors: NDArray[Any]) -> bytes:
    """Rows of `embeddings` in COPY's binary format, made by numpy as one array."""
    count, dimensions = vectors.shape
    row = np.dtype([
        ("fields", ">i2"), ("chunk_size", ">i4"), ("chunk", ">i8"), ("embedder_size", ">i4"), ("embedder", ">i4"),
        ("collection_size", ">i4"), ("collection", ">i8"), ("vector_size", ">i4"), ("dimensions", ">i2"),
        ("unused", ">i2"), ("vector", ">f2", (dimensions,)),
    ])  # fmt: skip
    rows = np.zeros(count, dtype=row)
    rows["fields"] = len(_COLUMNS)
    rows["chunk_size"], rows["chunk"] = 8, np.asarray(chunks, dtype=np.int64)
    rows["embedder_size"], rows["embedder"] = 4, embedder
    rows["collection_size"], rows["collection"] = 8, collection
    rows["vector_size"], rows["dimensions"], rows["vector"] = 4 + 2 * dimensions, dimensions, vectors
    return _HEADER + rows.tobytes() + _TRAILER
