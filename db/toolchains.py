"""Saved toolchains, their versions, and what upgrades found wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.table import Table
from inference.models.toolchain import VersionFault
from inference.models.versions import ToolchainVersion


@dataclass(frozen=True, slots=True)
class SavedToolchain:
    """A version of a toolchain, as written."""

    id: str
    version: int
    definition: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListedToolchain:
    """The latest version of a toolchain. `published` is the published version's text where that is another."""

    id: str
    version: int
    definition: dict[str, Any]
    updated_at: datetime
    published_version: int | None
    published: dict[str, Any] | None
    faults: list[VersionFault]


@dataclass(frozen=True, slots=True)
class DefinedVersion:
    """A version with the hash of what it says, and the names of its test cases."""

    version: int
    hash: bytes
    published: bool
    created_at: datetime | None
    cases: list[str]


class NewerVersion(Exception):
    """Another version is the latest than the one that was expected; 0: there is none."""

    def __init__(self, latest: int) -> None:
        super().__init__(latest)
        self.latest = latest


class Toolchains(Table):
    """Storage of toolchains. An id is its owner's: two users may each have a `summary`."""

    async def define(self, digest: bytes, definition: dict[str, Any]) -> None:
        """Keeps a definition under its hash, for runs and versions to refer to."""
        await self._run("toolchain_definition.create", digest, definition)

    async def save(
        self, user: int, slug: str, digest: bytes, definition: dict[str, Any], expected: int | None = None
    ) -> int:
        """The number of the version that says this. To be called in a transaction. Raises NewerVersion when the latest
        is not the one that is expected (0: none), unless it says the same."""
        await self.define(digest, definition)
        toolchain = await self._value("toolchain.lock", user, slug)
        if expected is not None:
            newest = await self._row("toolchain_version.newest", toolchain)
            if (newest["version"] if newest else 0) != expected and not (newest and newest["hash"] == digest):
                raise NewerVersion(newest["version"] if newest else 0)
        return await self._value("toolchain_version.create", toolchain, digest)

    async def get(self, user: int, slug: str, version: int | None) -> SavedToolchain | None:
        """A version; without one that which runs take: the published, or while there is none the latest."""
        row = await self._row("toolchain_version.get", user, slug, version)
        return SavedToolchain(**row) if row else None

    async def latest(self, user: int, slug: str) -> SavedToolchain | None:
        row = await self._row("toolchain_version.latest", user, slug)
        return SavedToolchain(**row) if row else None

    async def list(self, user: int) -> list[ListedToolchain]:
        found: list[ListedToolchain] = []
        for row in await self._rows("toolchain_version.list_latest", user):
            columns: dict[str, Any] = dict(row)
            columns["faults"] = [VersionFault(**fault) for fault in columns["faults"]]
            found.append(ListedToolchain(**columns))
        return found

    async def versions(self, user: int, slug: str, limit: int, before: int | None) -> list[ToolchainVersion]:
        """Newest first."""
        rows = await self._rows("toolchain_version.list", user, slug, limit, before)
        return [ToolchainVersion(**row) for row in rows]

    async def defined(self, user: int, slug: str, limit: int) -> list[DefinedVersion]:
        """Newest first."""
        return [DefinedVersion(**row) for row in await self._rows("toolchain_version.defined", user, slug, limit)]

    async def publish(self, user: int, slug: str, version: int | None) -> int | None:
        """Makes a version, or the latest, the one that runs take; None when there is no such version."""
        return await self._value("toolchain.publish", user, slug, version)

    async def annotate(self, user: int, slug: str, version: int, note: str) -> None:
        """Says something of a version."""
        await self._run("toolchain_version.annotate", user, slug, version, note)

    async def delete(self, user: int, slug: str) -> bool:
        """With its versions, schedules and webhooks."""
        return await self._row("toolchain.delete", user, slug) is not None
