"""The reads of which a search by meaning is made, and the hits of every search."""

from __future__ import annotations

from collections.abc import Sequence

from db.table import Table
from inference.models.search import SearchHit


class Search(Table):
    """Scores by meaning, and the hits themselves. Collections are given by the keys that
    `Collections.resolve` found to be the caller's."""

    async def dense(self, collections: list[int], vector: bytes, limit: int) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, through the HNSW index. `vector`: 384 big-endian float16."""
        rows = await self._rows("embedding.search", collections, vector, limit)
        return [(row["chunk_id"], row["score"]) for row in rows]

    async def dense_exact(
        self, collections: list[int], vector: bytes, limit: int, documents: list[int] | None
    ) -> list[tuple[int, float]]:
        """The same by comparing every vector: for few of them, and for filters."""
        rows = await self._rows("embedding.search_exact", collections, vector, limit, documents)
        return [(row["chunk_id"], row["score"]) for row in rows]

    async def hits(
        self,
        user: int,
        chunks: Sequence[int],
        scores: Sequence[float],
        bm25: Sequence[float | None],
        dense: Sequence[float | None],
    ) -> list[SearchHit]:
        """The chunks as hits of the caller, in the order given."""
        return [SearchHit(**row) for row in await self._rows("chunk.hits", user, chunks, scores, bm25, dense)]
