"""What the gateway keeps: providers, routes of models, limits, and what was used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.gateway import ModelRoute, Provider, UsageLimit, UsageRow


@dataclass(frozen=True, slots=True)
class StoredProvider:
    """A provider with its sealed secret. `trusted`: an administrator connected it, so its address is not checked."""

    uid: UUID
    shared: bool
    name: str
    base_url: str
    secret: bytes
    preview: str
    header_names: list[str]
    trusted: bool


@dataclass(frozen=True, slots=True)
class HourOfUse:
    """What one user has used of one model with one key within an hour; None for a log-in's token."""

    hour: datetime
    user: int
    api_key: UUID | None
    model: str
    requests: int
    failed: int
    estimated: int
    tokens_in: int
    tokens_out: int
    tokens_cached: int


class Providers(Table):
    """Storage of providers. `user` None: everybody's."""

    async def put(
        self, uid: UUID, user: int | None, name: str, base_url: str, secret: bytes, preview: str,
        header_names: list[str], *, trusted: bool, prices: dict[str, Any] | None,
    ) -> None:  # fmt: skip
        """`prices` by the provider's names of its models; None: those from before."""
        await self._run("provider.put", uid, user, name, base_url, secret, preview, header_names, trusted, prices)

    async def get(self, user: int | None, name: str) -> StoredProvider | None:
        row = await self._row("provider.get", user, name)
        return StoredProvider(**row) if row else None

    async def find(self, user: int, name: str) -> StoredProvider | None:
        """The one that a user means: an own one goes before everybody's."""
        row = await self._row("provider.find", user, name)
        return StoredProvider(**row) if row else None

    async def list(self, user: int) -> list[Provider]:
        return [Provider(**row) for row in await self._rows("provider.list", user)]

    async def delete(self, user: int | None, name: str) -> bool:
        return await self._row("provider.delete", user, name) is not None


class ModelRoutes(Table):
    """Storage of routes."""

    async def put(self, route: ModelRoute) -> None:
        await self._run("model_route.put", route.name, route.model, route.fallbacks, route.defaults)

    async def list(self) -> list[ModelRoute]:
        return [ModelRoute(**row) for row in await self._rows("model_route.list")]

    async def delete(self, name: str) -> bool:
        return await self._row("model_route.delete", name) is not None


class UsageLimits(Table):
    """Storage of limits."""

    async def put(self, limit: UsageLimit) -> None:
        await self._run(
            "usage_limit.put", limit.kind, limit.subject, limit.requests_per_minute, limit.tokens_per_minute,
            limit.tokens_per_day, limit.concurrent_requests,
        )  # fmt: skip

    async def list(self) -> list[UsageLimit]:
        return [UsageLimit(**row) for row in await self._rows("usage_limit.list")]

    async def delete(self, kind: str, subject: str) -> bool:
        return await self._row("usage_limit.delete", kind, subject) is not None


class Usage(Table):
    """Storage of what was used."""

    async def add(self, used: Sequence[HourOfUse]) -> None:
        columns: list[list[Any]] = [
            [entry.hour for entry in used], [entry.user for entry in used], [entry.api_key for entry in used],
            [entry.model for entry in used], [entry.requests for entry in used], [entry.failed for entry in used],
            [entry.estimated for entry in used], [entry.tokens_in for entry in used],
            [entry.tokens_out for entry in used], [entry.tokens_cached for entry in used],
        ]  # fmt: skip
        await self._run("usage_hour.add", *columns)

    async def fetch(self, user: int | None, begin: datetime, end: datetime, group_by: list[str]) -> list[UsageRow]:
        """`user` None: of all users."""
        return [UsageRow(**row) for row in await self._rows("usage_hour.fetch", user, begin, end, group_by)]

    async def tokens_since(
        self, begin: datetime, *, username: str | None = None, api_key: UUID | None = None, model: str | None = None
    ) -> int:
        return await self._value("usage_hour.since", begin, username, api_key, model)
