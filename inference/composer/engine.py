"""Carries runs: starts them, tells what happens in them, ends them. One engine per process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from db import Listener, StartedRun
from inference.composer.catalogue import CompiledToolchains, warm_up
from inference.composer.clipping import clipped
from inference.composer.events import EventWriter
from inference.composer.scope import NodeFailed, RunContext, initial_state, scope_of
from inference.composer.values import evaluate
from inference.errors import InvalidInput, PenstockError
from inference.functions import Caller, Context, RunScope
from inference.models.runs import RunError

# A run whose process has not been heard of for STALE_SECONDS is taken over; three beats may be late.
BEAT_SECONDS = 4.0
STALE_SECONDS = 15.0
MOST_ATTEMPTS = 3
# More super-steps than any toolchain without cycles can have.
_STEPS = 10_000

# Status, output and error.
Outcome = tuple[str, dict[str, Any] | None, RunError | None]

_log = logging.getLogger(__name__)


class Engine:
    """Carries the runs that it is given, each in a task, and keeps telling the database that they are alive."""

    def __init__(self, ctx: Context, listener: Listener) -> None:
        self._ctx = ctx
        self._compiled = CompiledToolchains()
        self._carried: dict[UUID, asyncio.Task[None]] = {}
        # Those that are told to be alive, and those of them whose nodes are at work: only these can be broken off.
        self._alive: dict[int, UUID] = {}
        self._working = set[UUID]()
        self._cancelled = set[UUID]()
        self._closing = False
        self._subscription = listener.subscribe("run_cancel", self._hear_cancel)
        self._subscription.__enter__()
        self._heart = asyncio.create_task(self._beat())
        self._warming = asyncio.create_task(asyncio.to_thread(warm_up))

    def start(self, uid: UUID) -> asyncio.Task[None]:
        """Carries a run in the background. Whoever waits for the task may go away: the run goes on."""
        if uid not in self._carried:
            task = asyncio.create_task(self._carry(uid), name=f"run {uid}")
            self._carried[uid] = task
            task.add_done_callback(lambda _: self._carried.pop(uid, None))
        return self._carried[uid]

    async def carry(self, uid: UUID) -> None:
        """Carries a run to its end, unless another process does. Never raises but when cancelled itself."""
        await asyncio.shield(self.start(uid))

    async def close(self) -> None:
        """Stops; runs that are under way go back into the queue for another process."""
        self._closing = True
        self._subscription.__exit__(None, None, None)
        self._heart.cancel()
        tasks = list(self._carried.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, self._heart, self._warming, return_exceptions=True)

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
            try:
                for run in await self._ctx.storage.runs.heartbeat(list(self._alive)):
                    self._cancel(self._alive[run])
            except Exception:
                _log.exception("heartbeat failed; the next one follows")

    async def _carry(self, uid: UUID) -> None:
        run = await self._ctx.storage.runs.start(uid, STALE_SECONDS)
        if run is None:
            return
        begun = time.perf_counter()
        writer = EventWriter(self._ctx.storage, run)
        self._alive[run.id] = uid
        try:
            status, output, error = await self._work(run, writer)
            await self._end(run, writer, status, output, error, round((time.perf_counter() - begun) * 1000, 3))
        finally:
            del self._alive[run.id]

    async def _work(self, run: StartedRun, writer: EventWriter) -> Outcome:
        self._working.add(run.uid)
        try:
            return await self._execute(run, writer)
        except asyncio.CancelledError:
            if run.uid in self._cancelled:
                return "cancelled", None, None
            await self._give_back(run)
            raise
        finally:
            self._working.discard(run.uid)
            self._cancelled.discard(run.uid)

    async def _execute(self, run: StartedRun, writer: EventWriter) -> Outcome:
        if run.cancel_requested:
            return "cancelled", None, None
        if run.attempts > MOST_ATTEMPTS:
            died = f"The process that carried this run died {MOST_ATTEMPTS} times."
            told = f"{died} Look at its last node, then run it again."
            return "dead", None, RunError(type="TooManyAttempts", message=told)
        writer.emit("run_started", {"run_id": str(run.uid), "toolchain_id": run.toolchain_id, "attempt": run.attempts})
        try:
            return "completed", await self._invoke(run, writer), None
        except NodeFailed as failure:
            return "failed", None, _error_of(failure.cause, failure.node)
        except Exception as error:
            return "failed", None, _error_of(error, None)

    async def _invoke(self, run: StartedRun, writer: EventWriter) -> dict[str, Any]:
        toolchain, graph = self._compiled.get(run.definition_hash, run.definition)
        names = {
            "id": str(run.uid),
            "thread_id": str(run.thread_id),
            "user_id": run.user_uid,
            "toolchain_id": run.toolchain_id,
        }

        async def report(stage: str, part: float) -> None:
            writer.emit("state", {"node": "", "path": "progress", "value": {"stage": stage, "progress": part}})

        scopes = None if run.scopes is None else frozenset(run.scopes)
        caller = Caller(run.user_id, run.user_uid, run.username, run.is_admin, scopes)
        ctx = replace(self._ctx, caller=caller, run=RunScope(str(run.uid), report))
        final = await graph.ainvoke(
            initial_state(toolchain, run.input),
            {"recursion_limit": _STEPS},
            context=RunContext(ctx, writer.emit, names),
        )
        scope = scope_of(final, names)
        return _checked({name: evaluate(value, scope) for name, value in toolchain.output.items()})

    async def _end(
        self,
        run: StartedRun,
        writer: EventWriter,
        status: str,
        output: dict[str, Any] | None,
        error: RunError | None,
        duration_ms: float,
    ) -> None:
        problem = error.model_dump() if error else None
        match status:
            case "completed":
                event, data = "run_finished", {"output": clipped(output), "duration_ms": duration_ms}
            case "cancelled":
                event, data = "run_cancelled", dict[str, Any]()
            case _:
                event, data = "run_failed", {"error": problem}
        last = await writer.end(event, data)
        while True:
            try:
                async with self._ctx.storage.transaction() as work:
                    if await work.runs.finish(run.id, status, output, problem):
                        await work.runs.append_events(run.id, run.uid, last)
                break
            except Exception:
                _log.exception("the end of run %s could not be stored; trying again", run.uid)
                await asyncio.sleep(1)
        with contextlib.suppress(Exception):
            await self._ctx.objects.delete_scratch(str(run.uid))

    async def _give_back(self, run: StartedRun) -> None:
        try:
            async with self._ctx.storage.transaction() as work:
                await work.runs.requeue(run.id)
                await work.queue.put(run.uid)
        except Exception:
            _log.exception("run %s could not be given back; it is taken over in %s s", run.uid, STALE_SECONDS)


def _checked(output: dict[str, Any]) -> dict[str, Any]:
    """The output, if it can be stored. Found out here, it is an error of the run; later, nobody would hear of it."""
    try:
        orjson.dumps(output, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"The output cannot be kept: {error}.") from None
    return output


def _error_of(error: Exception, node: str | None) -> RunError:
    """What callers are told. Of an error that nobody foresaw only its kind: its text may hold anything."""
    if isinstance(error, PenstockError):
        return RunError(type=type(error).__name__, message=error.message, node=node)
    _log.error("a run failed in node %r", node, exc_info=error)
    where = f"in the node {node!r}" if node else "outside its nodes"
    return RunError(
        type="InternalError", message=f"Something unforeseen ({type(error).__name__}) happened {where}.", node=node
    )
