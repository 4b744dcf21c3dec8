"""Runs and their events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.runs import Run, RunEvent


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be written down."""

    uid: UUID
    user: int
    scopes: list[str] | None
    thread: UUID
    toolchain_id: str
    toolchain_version: int
    definition_hash: bytes
    input: dict[str, Any]
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A run that this process has taken, with all that carrying it needs."""

    id: int
    uid: UUID
    user_id: int
    user_uid: str
    username: str
    is_admin: bool
    scopes: list[str] | None
    thread_id: UUID
    toolchain_id: str
    toolchain_version: int
    definition_hash: bytes
    definition: dict[str, Any]
    input: dict[str, Any]
    attempts: int
    cancel_requested: bool
    last_sequence: int


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a run took, gave and was."""

    id: int
    status: str
    input: dict[str, Any]
    output: dict[str, Any] | None
    error: dict[str, Any] | None
    definition: dict[str, Any]


class Runs(Table):
    """Storage of runs and events."""

    async def create(self, run: NewRun) -> bool:
        """False when the caller used the idempotency key before."""
        row = await self._row(
            "run.create", run.uid, run.user, run.scopes, run.thread, run.toolchain_id, run.toolchain_version,
            run.definition_hash, run.input, run.idempotency_key,
        )  # fmt: skip
        return row is not None

    async def by_idempotency_key(self, user: int, key: str) -> tuple[UUID, str, dict[str, Any]] | None:
        """Id, toolchain and input of the run that an earlier call made."""
        row = await self._row("run.by_idempotency_key", user, key)
        return (row["uid"], row["toolchain_id"], row["input"]) if row else None

    async def start(self, uid: UUID, stale_seconds: float) -> StartedRun | None:
        """Takes a run that nobody carries; None when it has ended or another process carries it."""
        row = await self._row("run.start", uid, stale_seconds)
        return StartedRun(**row) if row else None

    async def heartbeat(self, runs: list[int]) -> list[int]:
        """Says that these are being carried; gives those that somebody asked to cancel."""
        return [row["id"] for row in await self._rows("run.heartbeat", runs)]

    async def finish(self, run: int, status: str, output: dict[str, Any] | None, error: dict[str, Any] | None) -> bool:
        """Ends a run; False when it had ended already."""
        return await self._row("run.finish", run, status, output, error) is not None

    async def requeue(self, run: int) -> None:
        """Gives a run back at shutdown."""
        await self._run("run.requeue", run)

    async def stale(self, seconds: float) -> list[UUID]:
        return [row["uid"] for row in await self._rows("run.stale", seconds)]

    async def cancel(self, user: int, uid: UUID) -> tuple[int, str] | None:
        """Asks for the end of a run; its key and status then. None when it had ended, or is not the caller's."""
        row = await self._row("run.cancel", user, uid)
        return (row["id"], row["status"]) if row else None

    async def last_sequence(self, run: int) -> int:
        return await self._value("run_event.last", run)

    async def list(
        self, user: int, limit: int, before: UUID | None, toolchain_id: str | None, status: str | None
    ) -> list[Run]:
        return [Run(**row) for row in await self._rows("run.list", user, limit, before, toolchain_id, status)]

    async def get(self, user: int, uid: UUID) -> Run | None:
        row = await self._row("run.get", user, uid)
        return Run(**row) if row else None

    async def detail(self, user: int, uid: UUID) -> RunRecord | None:
        row = await self._row("run.detail", user, uid)
        return RunRecord(**row) if row else None

    async def append_events(self, run: int, uid: UUID, events: Sequence[RunEvent]) -> None:
        """Adds events and wakes whoever follows the run."""
        await self._run(
            "run_event.append", run, str(uid), [e.sequence for e in events], [e.event for e in events],
            [e.data for e in events], [e.at for e in events],
        )  # fmt: skip

    async def events_after(self, run: int, sequence: int, limit: int = 1000) -> list[RunEvent]:
        return [RunEvent(**row) for row in await self._rows("run_event.after", run, sequence, limit)]

    async def node_events(self, run: int) -> list[tuple[str, dict[str, Any], datetime]]:
        """(event, data, time) of the starts and ends of nodes, in order."""
        return [(row["event"], row["data"], row["at"]) for row in await self._rows("run_event.nodes", run)]
