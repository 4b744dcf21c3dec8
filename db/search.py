"""What a search reads beside its lanes: what a filter lets through, and the hits themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.table import Table
from inference.models.search import SearchHit

# Up to so many chunks a filter gives them one by one; beyond, their documents say it shorter.
FEW_CHUNKS = 5_000


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What documents, and chunks of them, have to fulfil. `documents` and `chunks` are SQL/JSON paths over their facts;
    the first holds for at least the documents that the second is about, and can be looked up. `of_chunks`: whether the
    second tells chunks of one document apart."""

    uids: list[UUID] | None = None
    uploaded_after: datetime | None = None
    uploaded_before: datetime | None = None
    documents: str | None = None
    chunks: str | None = None
    of_chunks: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a filter lets through: documents, and their chunks (sorted) where these are few or not all of them pass.
    `chunk_count` is that of the documents."""

    documents: list[int]
    chunk_count: int
    chunks: list[int] | None

    @property
    def most(self) -> int:
        """How many chunks pass at most."""
        return self.chunk_count if self.chunks is None else len(self.chunks)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A chunk in the order of a search, with what made it: the score that orders, and those of lanes and reranker."""

    chunk: int
    score: float
    bm25: float | None = None
    dense: float | None = None
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class FoundHit:
    """A hit, the key of its chunk and the language of its collection."""

    chunk: int
    language: str
    hit: SearchHit


@dataclass(frozen=True, slots=True)
class Basis:
    """What a search goes by in a collection: its embedder, and how many deletions there had been when its chunks were
    told apart by filter or query; None when they were not."""

    collection: int
    embedder: int | None
    deletions: int | None


class Search(Table):
    """Reads of searches. `user` is always the caller: nothing of others is found. Collections are given by the keys
    that `Collections.resolve` found to be the caller's."""

    async def allowed(self, user: int, collections: list[int], wanted: DocumentFilter) -> Admitted:
        """What a filter lets through in these collections."""
        row = await self._row(
            "document.allowed", user, collections, wanted.uids, wanted.uploaded_after, wanted.uploaded_before,
            wanted.documents, wanted.chunks, wanted.of_chunks, FEW_CHUNKS,
        )  # fmt: skip
        assert row is not None
        return Admitted(row["documents"], row["chunk_count"], row["chunks"])

    async def not_owned(self, user: int, documents: list[UUID]) -> list[str]:
        """Ids of those among the documents that are not the user's."""
        return [row["id"] for row in await self._rows("document.not_owned", user, documents)]

    async def among_documents(self, chunks: list[int], documents: list[int]) -> set[int]:
        """Which of the chunks belong to the documents."""
        return {row["id"] for row in await self._rows("chunk.among_documents", chunks, documents)}

    async def passages(self, user: int, chunks: list[int], basis: Sequence[Basis]) -> tuple[dict[int, str], bool]:
        """Texts by chunk; of those that are still there. Also whether all are, and the basis holds."""
        rows = await self._rows("chunk.passages", user, chunks, *_columns(basis))
        return {row["id"]: row["text"] for row in rows}, len(rows) == len(chunks) and all(row["holds"] for row in rows)

    async def hits(
        self, user: int, ranked: Sequence[Ranked], limit: int, basis: Sequence[Basis], *, per_document: int | None,
        neighbours: int,
    ) -> tuple[list[FoundHit], bool]:  # fmt: skip
        """The first chunks as hits, in the order given: at most `limit`, and `per_document` of one document. Also
        whether all the chunks are still there, and the basis holds."""
        rows = await self._rows(
            "chunk.hits", user, [r.chunk for r in ranked], [r.score for r in ranked], [r.bm25 for r in ranked],
            [r.dense for r in ranked], [r.rerank for r in ranked], per_document, limit, neighbours,
            *_columns(basis),
        )  # fmt: skip
        hits = [
            _found({name: value for name, value in row.items() if name != "holds"})
            for row in rows
            if row["id"] is not None
        ]
        return hits, rows[0]["holds"]


def _columns(basis: Sequence[Basis]) -> tuple[list[int], list[int | None], list[int | None]]:
    return [b.collection for b in basis], [b.embedder for b in basis], [b.deletions for b in basis]


def _found(row: dict[str, object]) -> FoundHit:
    chunk, language = row.pop("id"), row.pop("language")
    assert isinstance(chunk, int)
    return FoundHit(chunk, str(language), SearchHit.model_validate(row))
