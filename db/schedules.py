"""Runs by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.triggers import Schedule


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """A schedule to be kept."""

    uid: UUID
    user: int
    toolchain_id: str
    title: str
    cron: str
    time_zone: str
    input: dict[str, Any]
    scopes: list[str] | None
    next_at: datetime


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """A schedule whose time has come, with its owner as they are now. `now` is the database's clock."""

    id: int
    uid: UUID
    toolchain_id: str
    cron: str
    time_zone: str
    input: dict[str, Any]
    scopes: list[str] | None
    due_at: datetime
    now: datetime
    user_id: int
    user_uid: str
    username: str
    is_admin: bool


class Schedules(Table):
    """Storage of schedules. `user` is always the caller: nothing of others is found."""

    async def count_alone(self, user: int) -> int:
        """How many the user has. Until the transaction ends nobody else can count, to add one."""
        await self._run("schedule.hold_owner", user)
        return await self._value("schedule.count", user)

    async def create(self, new: NewSchedule) -> None:
        await self._run(
            "schedule.create", new.uid, new.user, new.toolchain_id, new.title, new.cron, new.time_zone, new.input,
            new.scopes, new.next_at,
        )  # fmt: skip

    async def list(self, user: int, toolchain_id: str | None) -> list[Schedule]:
        return [Schedule(**row) for row in await self._rows("schedule.list", user, toolchain_id)]

    async def get(self, user: int, uid: UUID) -> Schedule | None:
        """Holds it until the transaction ends."""
        row = await self._row("schedule.get", user, uid)
        return Schedule(**row) if row else None

    async def modify(self, user: int, uid: UUID, changed: Schedule, scopes: list[str] | None) -> None:
        """Writes a schedule anew: its title, cron, time zone, input, whether it is enabled, and its next time."""
        await self._run(
            "schedule.modify", user, uid, changed.title, changed.cron, changed.time_zone, changed.input, scopes,
            changed.enabled, changed.next_at,
        )  # fmt: skip

    async def delete(self, user: int, uid: UUID) -> bool:
        return await self._row("schedule.delete", user, uid) is not None

    async def take_due(self) -> DueSchedule | None:
        """The one that has been due longest and that no other process holds; held until the transaction ends."""
        row = await self._row("schedule.take_due")
        return DueSchedule(**row) if row else None

    async def report(
        self, due: DueSchedule, next_at: datetime | None, run: UUID | None, error: dict[str, Any] | None
    ) -> None:
        """Notes what came of a due time, unless somebody else has, and sets the next one."""
        await self._run("schedule.report", due.id, due.due_at, next_at, run, error)
