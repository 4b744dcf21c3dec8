"""From a toolchain's id and an input to a run that is written down, and carried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from db import CreatedRun, Creation, GroupCommit, Listener, NewRun, SavedToolchain, StartedRun, Storage
from inference.composer.catalogue import digest, find_toolchain
from inference.composer.engine import Engine
from inference.composer.events import ENDS, STOPS, follow
from inference.composer.inputs import checked_input
from inference.composer.pins import checked_pins
from inference.composer.program import Program
from inference.composer.programs import Programs
from inference.composer.sandbox import close_sandbox
from inference.composer.turns import end_uncarried
from inference.errors import Conflict
from inference.functions import Caller, Context, close_web, new_id, no_such
from inference.models.runs import Run, RunEvent, RunToolchainResult


@dataclass(frozen=True, slots=True)
class Written:
    """A run that is written down: `created.started` says that it is this process's to carry."""

    run: NewRun
    created: CreatedRun
    definition: dict[str, Any]


class Composer:
    """The composer's face within a process: it launches runs, carries the interactive ones, and follows any.

    As a callable it is the `launch` of function contexts: it queues a run for a worker within a transaction.
    """

    def __init__(self, storage: Storage, listener: Listener) -> None:
        self._storage, self._listener = storage, listener
        self._engine: Engine | None = None
        self.programs = Programs()
        self._creations = GroupCommit[Creation](storage.log.create_all)
        # Definitions that are known to be kept; none is ever deleted.
        self._defined = set[bytes]()

    def open(self, ctx: Context) -> Engine:
        """Begins to carry runs; `ctx` is what their functions will be lent, without a caller."""
        self._ctx = ctx
        self._engine = Engine(ctx, self._listener, self.programs, self._follow_up)
        return self._engine

    def expect_runs(self) -> None:
        """Somebody may run toolchains next: what their graphs need is loaded meanwhile."""
        self.programs.expect_graphs()

    async def close(self) -> None:
        """Stops; runs under way go back into the queue."""
        if self._engine:
            await self._engine.close()
        await self._creations.close()
        await self.programs.close()
        await close_sandbox()
        await close_web()

    async def __call__(
        self,
        ctx: Context,
        work: Storage,
        toolchain_id: str,
        input: dict[str, Any],
        *,
        thread: UUID | None = None,
        priority: int = 0,
    ) -> UUID:
        toolchain = await find_toolchain(work, ctx.user, toolchain_id)
        written = await self._write_down(ctx, work, toolchain=toolchain, given=input, thread=thread, priority=priority)
        await work.queue.put(written.run.uid, priority=priority)
        return written.run.uid

    async def start(
        self,
        ctx: Context,
        toolchain_id: str,
        input: dict[str, Any],
        *,
        version: int | None = None,
        thread: UUID | None = None,
        idempotency_key: str | None = None,
        priority: int = 0,
        toolchain: SavedToolchain | None = None,
        pinned: dict[str, Any] | None = None,
        work: Storage | None = None,
    ) -> UUID:
        """Writes a run down and carries it in this process at once, when it is its turn. A `toolchain` is run in
        place of what is saved under the id; `pinned` are results by node that are taken as they stand. Given a
        transaction in `work`, the caller calls `carry` when that has been committed. Raises RepeatedRun, ThreadBusy as
        `on_busy` says, and InvalidInput."""
        if toolchain is None:
            toolchain = await find_toolchain(work or self._storage, ctx.user, toolchain_id, version)
        write_down = partial(
            self._write_down, ctx, toolchain=toolchain, given=input, thread=thread, idempotency_key=idempotency_key,
            priority=priority, pinned=pinned,
        )  # fmt: skip
        if work:
            return (await write_down(work)).run.uid
        if thread:
            async with self._storage.transaction() as transaction:
                written = await write_down(transaction, start=True)
        else:
            written = await write_down(self._storage, start=True)
        await self._set_going(ctx.user, written)
        return written.run.uid

    async def _set_going(self, user: Caller, written: Written) -> None:
        run, created = written.run, written.created
        if not created.started or self._engine is None:
            await self._storage.queue.put(run.uid, priority=run.priority)
            return
        started = StartedRun(
            id=created.id, uid=run.uid, user_id=run.user, user_uid=user.user_id, username=user.username,
            is_admin=user.is_admin, scopes=run.scopes, api_key=run.api_key, thread_id=run.thread,
            toolchain_id=run.toolchain_id, toolchain_version=run.toolchain_version, definition_hash=run.definition_hash,
            definition=written.definition, input=run.input, attempts=1, epoch=1, priority=run.priority,
            base_thread=run.thread, base_sequence=created.base_sequence, pinned=run.pinned,
        )  # fmt: skip
        self._engine.begin(started)

    def carry(self, uid: UUID) -> None:
        """Carries a run in this process. It goes on when whoever asked for it has gone away."""
        if self._engine is None:
            raise RuntimeError("open() comes first")
        self._engine.start(uid)

    async def follow(self, ctx: Context, uid: UUID, after: int = 0) -> AsyncIterator[RunEvent | None]:
        """The events of a run of the caller after `after`, to the last; None as a sign of life. Raises NotFound."""
        record = await self._storage.runs.detail(ctx.user.key, uid)
        if record is None:
            raise no_such("run", str(uid), "run_id")
        async for event in follow(self._storage, self._listener, record.id, uid, ctx.user.key, after):
            yield event

    async def result(self, ctx: Context, uid: UUID) -> RunToolchainResult:
        """What a run of the caller came to when it has ended, or waits for something."""
        if self._engine and (task := self._engine.find(uid)):
            await asyncio.wait({task})
            carried = None if task.cancelled() or task.exception() else task.result()
            if carried:
                # It was carried here: what it came to need not be read again.
                run, outcome = carried
                return RunToolchainResult(
                    run_id=str(uid),
                    thread_id=str(run.thread_id),
                    status=outcome.status,
                    output=outcome.output,
                    error=outcome.error,
                    pauses=outcome.pauses,
                )
        return await self.status(ctx, await self.wait(ctx, uid))

    async def status(self, ctx: Context, run: Run) -> RunToolchainResult:
        """What a run of the caller has come to so far."""
        record = None
        if run.status == "completed":
            record = await self._storage.runs.detail(ctx.user.key, UUID(run.run_id))
        return RunToolchainResult(
            run_id=run.run_id,
            thread_id=run.thread_id,
            status=run.status,
            output=record.output if record else None,
            error=run.error,
            pauses=run.pauses,
        )

    async def wait(self, ctx: Context, uid: UUID) -> Run:
        """The run when it has ended, or waits for something."""
        if self._engine and (task := self._engine.find(uid)):
            await asyncio.wait({task})
        after = 0
        while (run := await self._get(ctx, uid)).status not in STOPS:
            async for event in self.follow(ctx, uid, after):
                if event:
                    after = event.sequence
                    if event.event == "waiting" or event.event in ENDS:
                        break
        return run

    async def _get(self, ctx: Context, uid: UUID) -> Run:
        run = await self._storage.runs.get(ctx.user.key, uid)
        if run is None:
            raise no_such("run", str(uid), "run_id")
        return run

    async def _follow_up(self, run: StartedRun, program: Program) -> None:
        """The run that a toolchain asks for after the first of a thread, unless nodes were given results in it."""
        given = program.toolchain.follow_up
        if (
            given is None
            or run.pinned is not None
            or await self._storage.runs.count_of_thread(run.user_id, run.thread_id) > 1
        ):
            return
        new = NewRun(
            uid=new_id(), user=run.user_id, scopes=run.scopes, api_key=run.api_key, thread=run.thread_id,
            toolchain_id=run.toolchain_id, toolchain_version=run.toolchain_version, definition_hash=run.definition_hash,
            input=checked_input(program.toolchain.input, given), exclusive=True,
            concurrency=program.toolchain.concurrency,
        )  # fmt: skip
        async with self._storage.transaction() as work:
            await work.runs.create(new, self._ctx.settings.runs_per_user)
            await work.queue.put(new.uid)

    async def _write_down(
        self,
        ctx: Context,
        work: Storage,
        *,
        toolchain: SavedToolchain,
        given: dict[str, Any],
        thread: UUID | None = None,
        idempotency_key: str | None = None,
        priority: int = 0,
        pinned: dict[str, Any] | None = None,
        start: bool = False,
    ) -> Written:
        key = digest(toolchain.definition)
        program = self.programs.get(key, toolchain.definition)
        scopes = ctx.user.scopes
        free = thread is None or await self._make_way(ctx, work, thread, program)
        run = NewRun(
            uid=new_id(),
            user=ctx.user.key,
            scopes=None if scopes is None else sorted(scopes),
            api_key=ctx.user.api_key,
            thread=thread or new_id(),
            toolchain_id=toolchain.id,
            toolchain_version=toolchain.version,
            definition_hash=key,
            input=checked_input(program.toolchain.input, given),
            idempotency_key=idempotency_key,
            started=start and free,
            priority=priority,
            concurrency=program.toolchain.concurrency,
            exclusive=thread is not None,
            pinned=checked_pins(program.toolchain, pinned) if pinned else None,
        )
        if key not in self._defined:
            await work.toolchains.define(key, toolchain.definition)
            if work is self._storage:
                self._defined.add(key)
        if work is self._storage and run.concurrency is None:
            # Nothing else is written with it: many that come at once go together.
            creation = Creation(run, ctx.settings.runs_per_user)
            await self._creations.write(creation)
            created = creation.created
        else:
            created = await work.runs.create(run, ctx.settings.runs_per_user)
        if created is None:
            raise RepeatedRun(idempotency_key or "")
        return Written(run, created, toolchain.definition)

    async def _make_way(self, ctx: Context, work: Storage, thread: UUID, program: Program) -> bool:
        """Whether a thread is free, after doing to the runs that have it in hand what the toolchain says. Raises
        ThreadBusy."""
        await work.runs.lock_thread(thread)
        if program.toolchain.concurrency is not None:
            # Before a run that makes way is held: whoever takes one asks in this order too.
            await work.runs.lock_toolchain(ctx.user.key, program.toolchain.id)
        busy = await work.runs.busy(ctx.user.key, thread)
        if not busy:
            return True
        match program.toolchain.on_busy:
            case "reject":
                raise ThreadBusy(str(thread), str(busy[-1][1]))
            case "enqueue":
                return False
            case "interrupt" | "rollback" as how:
                keep = how == "interrupt"
                displaced = await work.runs.displace(ctx.user.key, thread, keep=keep)
                for run, status in displaced:
                    if status == "cancelled":
                        await end_uncarried(work, self.programs, ctx.user.key, run, keep=keep)
                return all(status == "cancelled" for _, status in displaced)


class ThreadBusy(Conflict):
    """The thread is in the hands of another run, and the toolchain says `reject`."""

    def __init__(self, thread: str, run: str) -> None:
        super().__init__(
            f"The thread {thread} is busy with run {run}. Wait for it, cancel it, or take another thread.",
            field="thread_id",
        )


class RepeatedRun(Conflict):
    """The idempotency key was used before; the caller looks up what for."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The idempotency key {key!r} was used before.", field="idempotency_key")
        self.key = key
