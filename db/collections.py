"""Collections of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.collections import Collection


@dataclass(frozen=True, slots=True)
class CollectionKey:
    """A collection as searches need it. `embedder` is a model's name, `embedder_id` that of its vectors and
    `dimensions` their length; None while there are none. `in_graph`: about how many vectors its graph holds, whosever
    they are. `deletions`: how many there have been of its chunks; as long as it stays, so do these."""

    id: int
    uid: UUID
    language: str
    embedder: str
    embedder_id: int | None
    dimensions: int | None
    in_graph: int
    chunk_count: int
    deletions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionWork:
    """A collection as its reindexing needs it. `documents`: how many can be searched."""

    id: int
    embedder: str
    embedder_id: int | None
    next_embedder: str | None
    generation: int
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexCost:
    """What there is to be cut and embedded; the speed is None when nothing was embedded lately."""

    documents: int
    pages: int
    chunks: int
    tokens: int
    tokens_per_second: float | None


class Collections(Table):
    """Storage of collections. `user` is always the caller: nothing of others is found."""

    async def create(
        self,
        uid: UUID,
        user: int,
        name: str,
        description: str,
        metadata: dict[str, Any],
        language: str,
        embedder: str,
        chunking: dict[str, Any] | None = None,
    ) -> None:
        await self._run("collection.create", uid, user, name, description, metadata, language, embedder, chunking or {})

    async def languages(self) -> list[str]:
        """The text-search configurations that this database has."""
        return [row["language"] for row in await self._rows("collection.languages")]

    async def list(self, user: int) -> list[Collection]:
        return [Collection(**row) for row in await self._rows("collection.list", user, None)]

    async def get(self, user: int, uid: UUID) -> Collection | None:
        row = await self._row("collection.list", user, uid)
        return Collection(**row) if row else None

    async def exists(self, user: int, uid: UUID) -> bool:
        """Whether the caller has this collection."""
        return await self._value("collection.exists", user, uid)

    async def resolve(self, user: int, uids: list[UUID] | None) -> list[CollectionKey]:
        """Those among `uids` that are the caller's, or all of the caller's."""
        return [CollectionKey(**row) for row in await self._rows("collection.resolve", user, uids)]

    async def modify(
        self, user: int, uid: UUID, name: str | None, description: str | None, metadata: dict[str, Any] | None
    ) -> bool:
        return await self._row("collection.modify", user, uid, name, description, metadata) is not None

    async def begin_reindexing(
        self,
        user: int,
        uid: UUID,
        run: UUID,
        *,
        chunking: dict[str, Any] | None,
        embedder: str | None,
        language: str | None,
        cut: bool,
    ) -> bool:
        """`cut`: documents are cut anew. False when a reindexing is under way, or there is no such collection."""
        values = (user, uid, chunking, embedder, language, cut, run)
        return await self._row("collection.begin_reindexing", *values) is not None

    async def reindexing(self, user: int, uid: UUID, run: UUID) -> CollectionWork | None:
        """The collection that a run reindexes."""
        row = await self._row("collection.reindexing", user, uid, run)
        return CollectionWork(**row) if row else None

    async def set_reindex_progress(self, collection: int, progress: float) -> None:
        await self._run("collection.set_reindex_progress", collection, progress)

    async def other_embedders(self, collection: int) -> list[int]:
        """Embedders of which there are vectors that searches do not use."""
        return [row["id"] for row in await self._rows("collection.other_embedders", collection)]

    async def end_reindexing(self, collection: int, embedder: str | None) -> None:
        """`embedder`: what it changed to."""
        await self._run("collection.end_reindexing", collection, embedder)

    async def cost_of_reindexing(self, user: int, uid: UUID) -> ReindexCost | None:
        row = await self._row("collection.cost_of_reindexing", user, uid)
        return ReindexCost(**row) if row else None

    async def seize(self, user: int, uid: UUID) -> bool:
        """Lets nobody add to a collection until the transaction ends. False when it is not the caller's."""
        return await self._row("collection.seize", user, uid) is not None

    async def delete(self, user: int, uid: UUID) -> bool:
        return await self._row("collection.delete", user, uid) is not None
