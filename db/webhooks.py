"""Addresses that start runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.triggers import Webhook


@dataclass(frozen=True, slots=True)
class CalledWebhook:
    """A webhook whose secret was given, with its owner."""

    id: int
    uid: UUID
    toolchain_id: str
    scopes: list[str] | None
    user_id: int
    user_uid: str
    username: str
    is_admin: bool


class Webhooks(Table):
    """Storage of webhooks. `user` is always the caller: nothing of others is found."""

    async def count_alone(self, user: int) -> int:
        """How many the user has. Until the transaction ends nobody else can count, to add one."""
        await self._run("webhook.hold_owner", user)
        return await self._value("webhook.count", user)

    async def create(
        self, uid: UUID, user: int, toolchain_id: str, title: str, secret_hash: bytes, scopes: list[str] | None
    ) -> None:
        await self._run("webhook.create", uid, user, toolchain_id, title, secret_hash, scopes)

    async def list(self, user: int, toolchain_id: str | None) -> list[Webhook]:
        return [Webhook(**row) for row in await self._rows("webhook.list", user, toolchain_id)]

    async def delete(self, user: int, uid: UUID) -> bool:
        return await self._row("webhook.delete", user, uid) is not None

    async def authenticate(self, uid: UUID, secret_hash: bytes) -> CalledWebhook | None:
        row = await self._row("webhook.authenticate", uid, secret_hash)
        return CalledWebhook(**row) if row else None

    async def report(self, webhook: int, run: UUID | None, error: dict[str, Any] | None = None) -> None:
        """Notes the run that a call has started, or why it has not."""
        await self._run("webhook.report", webhook, run, error)
