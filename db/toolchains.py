"""Saved toolchains and their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.table import Table


@dataclass(frozen=True, slots=True)
class SavedToolchain:
    """A version of a toolchain, as written."""

    id: str
    version: int
    definition: dict[str, Any]
    updated_at: datetime | None = None


class Toolchains(Table):
    """Storage of toolchains. An id is its owner's: two users may each have a `summary`."""

    async def define(self, digest: bytes, definition: dict[str, Any]) -> None:
        """Keeps a definition under its hash, for runs and versions to refer to."""
        await self._run("toolchain_definition.create", digest, definition)

    async def save(self, user: int, slug: str, digest: bytes, definition: dict[str, Any]) -> int:
        """The number of the version that says this. To be called in a transaction."""
        await self.define(digest, definition)
        toolchain = await self._value("toolchain.lock", user, slug)
        return await self._value("toolchain_version.create", toolchain, digest)

    async def get(self, user: int, slug: str, version: int | None) -> SavedToolchain | None:
        row = await self._row("toolchain_version.get", user, slug, version)
        return SavedToolchain(row["id"], row["version"], row["definition"]) if row else None

    async def list(self, user: int) -> list[SavedToolchain]:
        return [SavedToolchain(**row) for row in await self._rows("toolchain_version.list_latest", user)]

    async def delete(self, user: int, slug: str) -> bool:
        return await self._row("toolchain.delete", user, slug) is not None
