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
    they are."""

    id: int
    uid: UUID
    language: str
    embedder: str
    embedder_id: int | None
    dimensions: int | None
    in_graph: int
    chunk_count: int


class Collections(Table):
    """Storage of collections. `user` is always the caller: nothing of others is found."""

    async def create(
        self, uid: UUID, user: int, name: str, description: str, metadata: dict[str, Any], language: str, embedder: str
    ) -> None:
        await self._run("collection.create", uid, user, name, description, metadata, language, embedder)

    async def languages(self) -> list[str]:
        """The text-search configurations that this database has."""
        return [row["language"] for row in await self._rows("collection.languages")]

    async def list(self, user: int) -> list[Collection]:
        return [Collection(**row) for row in await self._rows("collection.list", user, None)]

    async def get(self, user: int, uid: UUID) -> Collection | None:
        row = await self._row("collection.list", user, uid)
        return Collection(**row) if row else None

    async def resolve(self, user: int, uids: list[UUID] | None) -> list[CollectionKey]:
        """Those among `uids` that are the caller's, or all of the caller's."""
        return [CollectionKey(**row) for row in await self._rows("collection.resolve", user, uids)]

    async def modify(
        self, user: int, uid: UUID, name: str | None, description: str | None, metadata: dict[str, Any] | None
    ) -> bool:
        return await self._row("collection.modify", user, uid, name, description, metadata) is not None

    async def delete(self, user: int, uid: UUID) -> bool:
        return await self._row("collection.delete", user, uid) is not None
