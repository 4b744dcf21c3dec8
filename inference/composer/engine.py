"""Carries runs: takes them, keeps telling that they are alive, ends them. One engine per process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from db import Ended, GroupCommit, Listener, RunEntry, StartedRun, open_checkpoints
from inference.composer.carrying import Carriage, Outcome, died_too_often, error_of, took_too_long
from inference.composer.catalogue import find_toolchain
from inference.composer.history import left_on_thread
from inference.composer.journal import RunJournal
from inference.composer.programs import Programs
from inference.composer.scope import RecordFailed, RunLost
from inference.composer.threads import Threads
from inference.composer.turns import offer_turns
from inference.errors import PenstockError
from inference.functions import Caller, Context

if TYPE_CHECKING:
    from db import CheckpointSaver
    from inference.composer.program import Program

# A run whose process has not been heard of for STALE_SECONDS is taken over; three beats may be late.
BEAT_SECONDS = 2.5
STALE_SECONDS = 10.0
MOST_ATTEMPTS = 3
# What kills a process does so early: after so long a run is not waited for any more by others that are suspected of it.
SUSPECTED_SECONDS = 10.0

# A run that was carried, and what it came to.
Carried: TypeAlias = tuple[StartedRun, Outcome]

_log = logging.getLogger(__name__)


class Engine:
    """Carries the runs that it is given, each in a task, and keeps telling the database that they are alive.

    `completed(run, program)` is called when a run has completed."""

    def __init__(
        self,
        ctx: Context,
        listener: Listener,
        programs: Programs,
        completed: Callable[[StartedRun, Program], Awaitable[None]],
    ) -> None:
        self._ctx, self._completed = ctx, completed
        self.programs = programs
        self._group = GroupCommit[RunEntry](ctx.storage.log.append)
        self._saver: CheckpointSaver | None = None
        self._threads = Threads()
        self._carried: dict[UUID, asyncio.Task[Carried | None]] = {}
        # Those that are told to be alive, and those of them whose nodes are at work: only these can be broken off.
        self._alive: dict[int, StartedRun] = {}
        self._working = set[UUID]()
        self._cancelled = set[UUID]()
        self._lost = set[UUID]()
        self._stored = set[UUID]()
        self._suspect: UUID | None = None
        self._subscription = listener.subscribe("run_cancel", self._hear_cancel)
        self._subscription.__enter__()
        self._heart = asyncio.create_task(self._beat())

    @property
    def busy(self) -> int:
        """How many runs it carries."""
        return len(self._carried)

    def start(self, uid: UUID) -> asyncio.Task[Carried | None]:
        """Takes a run and carries it in the background, unless another process does or it is not its turn (None).
        Whoever waits for the task may go away: the run goes on."""
        return self._keep(uid, lambda: self._take(uid))

    def begin(self, run: StartedRun) -> asyncio.Task[Carried | None]:
        """Carries a run that was written down as this process's own."""
        return self._keep(run.uid, lambda: self._carry(run))

    def find(self, uid: UUID) -> asyncio.Task[Carried | None] | None:
        """The task that carries a run here."""
        return self._carried.get(uid)

    async def carry(self, uid: UUID) -> None:
        """Carries a run to its end, unless another process does. Never raises but when cancelled itself."""
        await asyncio.shield(self.start(uid))

    def _keep(self, uid: UUID, work: Callable[[], Coroutine[Any, Any, Carried | None]]) -> asyncio.Task[Carried | None]:
        found = self._carried.get(uid)
        if found and uid not in self._stored:
            return found

        async def go_on() -> Carried | None:
            if found:
                # Its pause or end is stored, and it has been told to go on before the task was through.
                await asyncio.wait({found})
            return await work()

        task = asyncio.create_task(go_on(), name=f"run {uid}")
        self._carried[uid] = task
        task.add_done_callback(lambda _: self._carried.pop(uid) if self._carried.get(uid) is task else None)
        return task

    async def close(self) -> None:
        """Stops; runs that are under way go back into the queue for another process."""
        self._subscription.__exit__(None, None, None)
        self._heart.cancel()
        tasks = list(self._carried.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, self._heart, return_exceptions=True)
        await self._group.close()
        if self._saver:
            await self._saver.close()

    def _hear_cancel(self, payload: str) -> None:
        # An empty payload says that something may have been missed: the next beat looks at what was asked.
        if payload:
            self._cancel(UUID(payload))

    def _cancel(self, uid: UUID) -> None:
        if uid in self._working:
            self._cancelled.add(uid)
            self._carried[uid].cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if not self._alive:
                continue
            told = dict(self._alive)
            try:
                held = await self._ctx.storage.runs.heartbeat({key: run.epoch for key, run in told.items()})
            except Exception:
                _log.exception("heartbeat failed; the next one follows")
                continue
            for key, run in told.items():
                # Of one that has ended in the meantime there is nothing to be broken off.
                if self._alive.get(key) is not run or run.uid not in self._working:
                    continue
                if key not in held:
                    self._lost.add(run.uid)
                    self._carried[run.uid].cancel()
                elif held[key]:
                    self._cancel(run.uid)

    async def _take(self, uid: UUID) -> Carried | None:
        run = await self._ctx.storage.runs.start(uid, STALE_SECONDS, self._ctx.settings.runs_per_user)
        if run is None or run.attempts != MOST_ATTEMPTS:
            return await self._carry(run) if run else None
        # So many processes have died with it that one more would be the last, and perhaps for another run's fault. Such
        # runs begin one at a time, so that only the one whose fault it is dies of it.
        if self._suspect:
            await self._ctx.storage.runs.requeue(run)
            return None
        self._suspect = run.uid
        proof = asyncio.get_running_loop().call_later(SUSPECTED_SECONDS, self._trust, run.uid)
        try:
            return await self._carry(run)
        finally:
            proof.cancel()
            self._trust(run.uid)

    def _trust(self, uid: UUID) -> None:
        if self._suspect == uid:
            self._suspect = None

    async def _carry(self, run: StartedRun) -> Carried | None:
        self._alive[run.id] = run
        journal = RunJournal(self._group, run)
        try:
            outcome = await self._work(run, journal)
            return (run, outcome) if outcome else None
        except RunLost:
            _log.warning("run %s was taken over by another process", run.uid)
            return None
        finally:
            journal.close()
            self._alive.pop(run.id, None)
            self._stored.discard(run.uid)

    async def _work(self, run: StartedRun, journal: RunJournal) -> Outcome | None:
        begun = time.perf_counter()
        try:
            program = self.programs.get(run.definition_hash, run.definition)
        except PenstockError as error:
            # It was saved by another release, for which it had no fault.
            failed = Outcome("failed", error=error_of(error, None))
            await self._store(journal, failed, {})
            return failed
        carriage = Carriage(self._ctx, run, program, journal, self._prepare, self._threads, begun, self._find_program)
        carriage.spent.compile_ms = (time.perf_counter() - begun) * 1000
        self._working.add(run.uid)
        try:
            outcome = await self._outcome(run, program, carriage)
        except asyncio.CancelledError:
            if run.uid in self._lost:
                raise RunLost from None
            if run.uid not in self._cancelled:
                await self._give_back(run, carriage)
                raise
            # From here on nothing breaks it off again: its end is stored.
            outcome = await self._broken_off(run, program, carriage)
        finally:
            self._working.discard(run.uid)
            self._cancelled.discard(run.uid)
            self._lost.discard(run.uid)
        return await self._end(run, program, carriage, outcome)

    async def _outcome(self, run: StartedRun, program: Program, carriage: Carriage) -> Outcome:
        if run.cancel_requested:
            return await self._broken_off(run, program, carriage)
        if run.attempts > MOST_ATTEMPTS:
            return died_too_often(MOST_ATTEMPTS, await self._ctx.storage.steps.last_entered(run.id))
        limit = program.toolchain.timeout_seconds
        timeout = asyncio.timeout(limit)
        try:
            async with timeout:
                return await carriage.carry()
        except TimeoutError:
            if limit is None or not timeout.expired():
                raise
            return took_too_long(run, limit)

    async def _broken_off(self, run: StartedRun, program: Program, carriage: Carriage) -> Outcome:
        """A cancelled run leaves to its thread what its recorded steps had written."""
        with contextlib.suppress(Exception):
            await carriage.journal.store()
        return Outcome("cancelled", thread_values=await left_on_thread(self._ctx.storage, program.toolchain, run))

    async def _end(self, run: StartedRun, program: Program, carriage: Carriage, outcome: Outcome) -> Outcome:
        """Stores what a run came to, and gives what was stored."""
        account = carriage.account().model_dump()
        try:
            ended = await self._store(carriage.journal, outcome, account)
        except RunLost:
            raise
        except Exception as problem:
            cause = problem.cause if isinstance(problem, RecordFailed) else problem
            outcome = Outcome("failed", error=error_of(cause, None))
            ended = await self._store(carriage.journal, outcome, account)
        if ended.thread_sequence and outcome.thread:
            self._threads.put(run.user_id, run.thread_id, ended.thread_sequence, outcome.thread)
        self._stored.add(run.uid)
        if ended.others_wait:
            await offer_turns(self._ctx, run.user_id, run.thread_id, run.toolchain_id)
        if outcome.status != "waiting":
            await self._clean_up(run, program, carriage)
        if outcome.status == "completed" and program.toolchain.follow_up is not None:
            await self._completed(run, program)
        return outcome

    @staticmethod
    async def _store(journal: RunJournal, outcome: Outcome, account: dict[str, float]) -> Ended:
        return await journal.end(outcome.ending(account), *outcome.last_event(account))

    async def _clean_up(self, run: StartedRun, program: Program, carriage: Carriage) -> None:
        """Whatever of it fails is found later by those who prune."""
        with contextlib.suppress(Exception):
            if saver := await self._prepare(program):
                await saver.adelete_thread(str(run.uid))
        if carriage.scratched or run.epoch > 1:
            with contextlib.suppress(Exception):
                if await self._ctx.objects.delete_scratch(str(run.uid)):
                    # What its steps recorded leads to what is gone: retried, it begins anew.
                    await self._ctx.storage.steps.forget(run.id)

    async def _give_back(self, run: StartedRun, carriage: Carriage) -> None:
        try:
            await carriage.journal.store()
            async with self._ctx.storage.transaction() as work:
                await work.runs.requeue(run)
                await work.queue.put(run.uid)
        except (Exception, RunLost):
            _log.exception("run %s could not be given back; it is taken over in %s s", run.uid, STALE_SECONDS)

    async def _prepare(self, program: Program) -> CheckpointSaver | None:
        """Returns when the program can run, with what keeps where its own graph is, if it has one."""
        await self.programs.ready(program)
        if program.main.straight:
            return None
        if self._saver is None:
            self._saver = open_checkpoints(self._ctx.storage.pool)
        return self._saver

    async def _find_program(self, caller: Caller, toolchain_id: str, version: int | None) -> Program:
        saved = await find_toolchain(self._ctx.storage, caller, toolchain_id, version)
        program = self.programs.of(saved.definition)
        await self.programs.ready(program)
        return program
