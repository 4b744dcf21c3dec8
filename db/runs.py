"""Runs: what was asked for, who carries it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from db.entries import Ended, RunEntry, columns_of
from db.pool import kept_json
from db.table import Table
from inference.models.runs import Run
from inference.models.versions import VersionUse


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run to be written down. `started`: the process that writes it down would carry it from then on."""

    uid: UUID
    user: int
    scopes: list[str] | None
    api_key: UUID | None
    thread: UUID
    toolchain_id: str
    toolchain_version: int
    definition_hash: bytes
    input: dict[str, Any]
    idempotency_key: str | None = None
    started: bool = False
    priority: int = 0
    concurrency: int | None = None
    exclusive: bool = False
    base_thread: UUID | None = None
    base_sequence: int | None = None
    forked_from: str | None = None
    pinned: dict[str, Any] | None = None
    only_node: str | None = None
    only_round: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CreatedRun:
    """A run that is written down. `started`: it is the caller's to carry; else it is queued."""

    id: int
    started: bool
    base_sequence: int | None


@dataclass(slots=True)
class Creation:
    """A run that is to be written down while its user has fewer than `per_user` carried; and what came of it: None when
    the idempotency key was used before."""

    run: NewRun
    per_user: int
    created: CreatedRun | None = field(default=None, init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedRun:
    """A run that this process has taken, with all that carrying it needs."""

    id: int
    uid: UUID
    user_id: int
    user_uid: str
    username: str
    is_admin: bool
    scopes: list[str] | None
    api_key: UUID | None
    thread_id: UUID
    toolchain_id: str
    toolchain_version: int
    definition_hash: bytes
    definition: dict[str, Any]
    input: dict[str, Any]
    attempts: int
    epoch: int
    priority: int = 0
    cancel_requested: bool = False
    base_thread: UUID | None = None
    base_sequence: int | None = None
    time: dict[str, Any] | None = None
    paused_ms: float = 0.0
    pinned: dict[str, Any] | None = None
    only_node: str | None = None
    only_round: dict[str, Any] | None = None
    queue_ms: float = 0.0
    last_event: int = 0
    last_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What a run took, gave and was."""

    id: int
    status: str
    input: dict[str, Any]
    output: dict[str, Any] | None
    error: dict[str, Any] | None
    time: dict[str, Any] | None
    forked_from: str | None
    definition: dict[str, Any]
    user_id: int
    thread_id: UUID
    toolchain_id: str
    toolchain_version: int
    definition_hash: bytes
    base_thread: UUID | None
    base_sequence: int | None
    pinned: dict[str, Any] | None
    only_node: str | None
    only_round: dict[str, Any] | None
    created_at: datetime


class Runs(Table):
    """Storage of runs."""

    async def create(self, run: NewRun, per_user: int) -> CreatedRun | None:
        """None when the caller used the idempotency key before. `per_user`: how many runs one user may have carried."""
        creation = Creation(run, per_user)
        await self.create_all([creation])
        return creation.created

    async def create_all(self, creations: Sequence[Creation]) -> None:
        """As `create`, for many at once: all of them or none."""
        runs = [creation.run for creation in creations]
        rows = await self._rows(
            "run.create", [r.uid for r in runs], [r.user for r in runs],
            [None if r.scopes is None else kept_json(r.scopes) for r in runs], [r.thread for r in runs],
            [r.toolchain_id for r in runs], [r.toolchain_version for r in runs], [r.definition_hash for r in runs],
            [kept_json(r.input) for r in runs], [r.idempotency_key for r in runs], [r.started for r in runs],
            [r.priority for r in runs], [r.concurrency for r in runs], [r.exclusive for r in runs],
            [r.base_thread or r.thread for r in runs], [r.base_sequence for r in runs],
            [r.forked_from for r in runs], [r.api_key for r in runs],
            [None if r.pinned is None else kept_json(r.pinned) for r in runs], [r.only_node for r in runs],
            [None if r.only_round is None else kept_json(r.only_round) for r in runs],
            min(creation.per_user for creation in creations),
        )  # fmt: skip
        made = {row["uid"]: CreatedRun(row["id"], row["started"], row["base_sequence"]) for row in rows}
        for creation in creations:
            creation.created = made.get(creation.run.uid)

    async def by_idempotency_key(self, user: int, key: str) -> tuple[UUID, str, dict[str, Any]] | None:
        """Id, toolchain and input of the run that an earlier call made."""
        row = await self._row("run.by_idempotency_key", user, key)
        return (row["uid"], row["toolchain_id"], row["input"]) if row else None

    async def start(self, uid: UUID, stale_seconds: float, per_user: int) -> StartedRun | None:
        """Takes a run that nobody carries and whose turn it is; None otherwise."""
        row = await self._row("run.start", uid, stale_seconds, per_user)
        return StartedRun(**row) if row else None

    async def heartbeat(self, epochs: Mapping[int, int]) -> dict[int, bool]:
        """Says that these runs are being carried, each with its epoch; gives those that still are, with True for
        those that somebody asked to cancel."""
        rows = await self._rows("run.heartbeat", list(epochs), list(epochs.values()))
        return {row["id"]: row["cancel_requested"] for row in rows}

    async def append(self, entries: Sequence[RunEntry]) -> None:
        """Stores what the entries hold, all or nothing of them, and wakes whoever follows their runs."""
        held = {row["id"]: row for row in await self._rows("run.append", *columns_of(entries))}
        for entry in entries:
            row = held.get(entry.run)
            entry.held = row is not None
            if row and entry.ending:
                entry.ended = Ended(row["others_wait"], row["thread_sequence"])

    async def waiting(self, user: int, uid: UUID) -> tuple[int, list[dict[str, Any]]] | None:
        """Key and pauses of a waiting run of the caller, held until the transaction ends."""
        row = await self._row("run.waiting", user, uid)
        return (row["id"], row["pauses"]) if row else None

    async def wake(self, run: int) -> None:
        """Puts a waiting run back into the queue."""
        await self._run("run.wake", run)

    async def wake_due(self) -> list[UUID]:
        """Puts the waiting runs back into the queue whose time has come."""
        return [row["uid"] for row in await self._rows("run.wake_due")]

    async def retry(self, user: int, uid: UUID) -> bool:
        """Lets a failed or dead run go on; False when it is neither, or not the caller's."""
        return await self._row("run.retry", user, uid) is not None

    async def lock_thread(self, thread: UUID) -> None:
        """Lets nobody else decide about a thread until the transaction ends."""
        await self._run("run.lock_thread", str(thread))

    async def busy(self, user: int, thread: UUID) -> list[tuple[int, UUID, str]]:
        """Key, id and status of the runs that have a thread in hand."""
        return [(row["id"], row["uid"], row["status"]) for row in await self._rows("run.busy", user, thread)]

    async def displace(self, user: int, thread: UUID, *, keep: bool) -> list[tuple[UUID, str]]:
        """Asks for the end of the runs that have a thread in hand: id and status then."""
        return [(row["uid"], row["status"]) for row in await self._rows("run.displace", user, thread, keep)]

    async def lock_toolchain(self, user: int, toolchain_id: str) -> None:
        """Lets nobody else begin a run of a toolchain with a limit until the transaction ends."""
        await self._run("run.lock_toolchain", user, toolchain_id)

    async def next_turns(self, user: int, thread: UUID, toolchain_id: str, most: int) -> list[tuple[UUID, int]]:
        """Id and priority of the user's queued runs whose turn it may be when one of these has ended: no more than may
        begin. `most`: of a user at once."""
        rows = await self._rows("run.turn", user, thread, toolchain_id, most)
        return [(row["uid"], row["priority"]) for row in rows]

    async def requeue(self, run: StartedRun) -> None:
        """Gives a run back at shutdown."""
        await self._run("run.requeue", run.id, run.epoch)

    async def stale(self, seconds: float) -> list[UUID]:
        return [row["uid"] for row in await self._rows("run.stale", seconds)]

    async def cancel(self, user: int, uid: UUID) -> str | None:
        """Asks for the end of a run; its status then. None when it had ended, or is not the caller's."""
        row = await self._row("run.cancel", user, uid)
        return row["status"] if row else None

    async def list(
        self,
        user: int,
        limit: int,
        before: UUID | None,
        toolchain_id: str | None,
        status: str | None,
        thread: UUID | None = None,
    ) -> list[Run]:
        rows = await self._rows("run.list", user, limit, before, toolchain_id, status, thread)
        return [Run(**row) for row in rows]

    async def give_way(self, user: int, uid: UUID) -> bool:
        """Whether others of a run's toolchain wait for a turn that have not begun; after a pause of the run they come
        first then."""
        return await self._row("run.give_way", user, uid) is not None

    async def by_version(self, user: int, toolchain_id: str, counted: int) -> Sequence[VersionUse]:
        """The last `counted` runs of a toolchain by the version that they ran, newest version first."""
        return [VersionUse(**row) for row in await self._rows("run.by_version", user, toolchain_id, counted)]

    async def get(self, user: int, uid: UUID) -> Run | None:
        row = await self._row("run.get", user, uid)
        return Run(**row) if row else None

    async def detail(self, user: int, uid: UUID) -> RunRecord | None:
        row = await self._row("run.detail", user, uid)
        return RunRecord(**row) if row else None

    async def count_of_thread(self, user: int, thread: UUID) -> int:
        """How many runs a thread of the caller has had."""
        return await self._value("run.of_thread", user, thread)

    async def forget_ended(self, runs: Sequence[str]) -> list[str]:
        """Forgets what the steps of these runs recorded, of those that have ended; gives these and those that are gone.
        None is retried until the transaction ends."""
        return [row["uid"] for row in await self._rows("run.forget_ended", runs)]

    async def prune(self, days: float) -> None:
        """Forgets the steps of runs that ended so long ago, and what LangGraph kept for runs that have ended."""
        await self._run("run.prune", days)
        await self._run("checkpoint.prune_ended")
