"""One run from its pick-up to its end or its next pause, within the process that carries it."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from db import Ending, StartedRun, StepRow, kept_json
from inference.composer.clipping import clipped
from inference.composer.journal import RunJournal
from inference.composer.scope import NodeFailed, Paused, RecordFailed, RunContext, RunLost, Spent
from inference.composer.state import State, beginning
from inference.composer.threads import Threads, ThreadValues, load_thread
from inference.errors import InvalidInput, LimitReached, PenstockError
from inference.functions import Caller, Context, RunScope
from inference.models.runs import Pause, Round, RunError, RunEventName, RunStatus, TimeAccount

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from inference.composer.program import Program

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """How a run ended, or that it waits: for `pauses`."""

    status: RunStatus
    output: dict[str, Any] | None = None
    error: RunError | None = None
    pauses: list[Pause] = field(default_factory=list[Pause])
    thread_values: tuple[tuple[str, str, Any], ...] = ()
    thread: ThreadValues | None = None

    @property
    def wake_at(self) -> datetime | None:
        """When the first of the pauses is over."""
        return min((pause.until for pause in self.pauses if pause.until), default=None)

    def ending(self, account: dict[str, float]) -> Ending:
        """As it is stored, with the time account. Raises InvalidInput when it is not JSON."""
        return Ending(
            status=self.status,
            output=None if self.output is None else kept_json(self.output),
            error=kept_json(self.error.model_dump()) if self.error else None,
            time=kept_json(account),
            pauses=kept_json([pause.model_dump(mode="json") for pause in self.pauses]),
            wake_at=self.wake_at,
            thread_values=tuple((key, how, kept_json(value)) for key, how, value in self.thread_values),
        )

    def last_event(self, account: dict[str, float]) -> tuple[RunEventName, dict[str, Any]]:
        """The event that tells of it."""
        match self.status:
            case "completed":
                data = {"output": clipped(self.output), "duration_ms": account.get("total_ms", 0.0), "time": account}
                return "run_finished", data
            case "cancelled":
                return "run_cancelled", {}
            case "waiting":
                return "waiting", {"pauses": [pause.model_dump(mode="json") for pause in self.pauses]}
            case _:
                return "run_failed", {"error": self.error.model_dump() if self.error else None}


class Carriage:
    """Carries one run, since `begun` (time.perf_counter)."""

    def __init__(
        self,
        ctx: Context,
        run: StartedRun,
        program: Program,
        journal: RunJournal,
        prepare: Callable[[Program], Awaitable[BaseCheckpointSaver[str] | None]],
        threads: Threads,
        begun: float,
        find_program: Callable[[Caller, str, int | None], Awaitable[Program]],
    ) -> None:
        self.run, self._program, self.journal, self._prepare = run, program, journal, prepare
        self._base_ctx, self._threads, self._find = ctx, threads, find_program
        self._begun = begun
        self.spent = Spent()
        self._thread = ThreadValues({}, {})
        self.scratched = set[str]()

    async def carry(self) -> Outcome:
        """Runs the toolchain. Raises RunLost, and CancelledError when the task is cancelled."""
        run = self.run
        try:
            steps = await self._base_ctx.storage.steps.list(run.id) if run.last_step else list[StepRow]()
            self.journal.begin(steps, durable=self._program.toolchain.durable)
            self._thread = await load_thread(self._base_ctx.storage, self._program.toolchain, run, self._threads)
            told = {"run_id": str(run.uid), "toolchain_id": run.toolchain_id, "attempt": run.attempts}
            self.journal.emit("run_started", told)
            return await self._run()
        except Paused as paused:
            return Outcome("waiting", pauses=paused.pauses)
        except (NodeFailed, RecordFailed) as failure:
            return Outcome("failed", error=error_of(failure.cause, failure.node))
        except RunLost:
            raise
        except Exception as error:
            return Outcome("failed", error=error_of(error, None))

    async def _run(self) -> Outcome:
        keys = self._program.toolchain.state
        state = State(keys, beginning(keys) | self._thread.values)
        context = RunContext(
            self._lent(), self.journal.emit, self._names(), self.journal, self._find_program, self.spent,
            self.run.pinned or {}, self.run.only_node, Round.model_validate(self.run.only_round or {}),
        )  # fmt: skip
        preparing = time.perf_counter()
        saver = await self._prepare(self._program)
        self.spent.compile_ms += (time.perf_counter() - preparing) * 1000
        if self.journal.edits:
            # Which of the lines side by side has written what a fork changed follows from the record alone.
            saver = None
        output = checked_output(await self._program.run(context, state, self.run.input, saver))
        same = self.run.base_thread in (None, self.run.thread_id)
        changes = self._thread.changes(state.values, same=same)
        after = self._thread.after(changes, state.values) if changes else None
        return Outcome("completed", output, thread_values=changes, thread=after)

    async def _find_program(self, toolchain_id: str, version: int | None) -> Program:
        return await self._find(self._lent().user, toolchain_id, version)

    def _names(self) -> dict[str, str]:
        run = self.run
        return {
            "id": str(run.uid),
            "thread_id": str(run.thread_id),
            "user_id": run.user_uid,
            "toolchain_id": run.toolchain_id,
        }

    def _lent(self) -> Context:
        run = self.run

        async def report(stage: str, part: float) -> None:
            told = {"node": "", "path": "progress", "value": {"stage": stage, "progress": part}}
            self.journal.emit("state", told, hurry=False)

        scopes = None if run.scopes is None else frozenset(run.scopes)
        caller = Caller(run.user_id, run.user_uid, run.username, run.is_admin, scopes, run.api_key)
        return replace(self._base_ctx, caller=caller, run=RunScope(str(run.uid), report, run.priority, self.scratched))

    def account(self) -> TimeAccount:
        """Where the time of the run went, with what earlier attempts took."""
        run, spent = self.run, self.spent
        before = TimeAccount.model_validate(run.time) if run.time else None
        carried = (time.perf_counter() - self._begun) * 1000
        parts = {
            "compile_ms": spent.compile_ms,
            "nodes_ms": spent.nodes_ms,
            "model_ms": spent.model_ms,
            "checkpoint_ms": spent.checkpoint_ms,
            "other_ms": max(0.0, carried - spent.nodes_ms - spent.model_ms - spent.checkpoint_ms - spent.compile_ms),
        }
        if before:
            earlier = before.model_dump()
            parts = {name: value + earlier[name] for name, value in parts.items()}
            carried += before.total_ms - before.queue_ms - before.paused_ms
        whole = parts | {"queue_ms": run.queue_ms, "paused_ms": run.paused_ms}
        whole["total_ms"] = carried + run.queue_ms + run.paused_ms
        return TimeAccount.model_validate({name: round(value, 3) for name, value in whole.items()})


def checked_output(output: dict[str, Any]) -> dict[str, Any]:
    """The output, if it can be stored. Found out here, it is an error of the run; later, nobody would hear of it."""
    try:
        orjson.dumps(output, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"The output cannot be kept: {error}.") from None
    return output


def error_of(error: Exception, node: str | None) -> RunError:
    """What callers are told. Of an error that nobody foresaw only its kind: its text may hold anything."""
    if isinstance(error, PenstockError):
        return RunError(type=error.name, message=error.message, node=node)
    _log.error("a run failed in node %r", node, exc_info=error)
    where = f"in the node {node!r}" if node else "outside its nodes"
    return RunError(
        type="InternalError", message=f"Something unforeseen ({type(error).__name__}) happened {where}.", node=node
    )


def took_too_long(run: StartedRun, seconds: float) -> Outcome:
    """The end of a run that was carried longer than its toolchain allows."""
    limit = LimitReached(f"The run took longer than its {seconds:g} seconds: raise the toolchain's timeout_seconds.")
    return Outcome("failed", error=error_of(limit, None))


def died_too_often(attempts: int, node: str | None) -> Outcome:
    """The end of a run whose processes died, the last one in `node` if it came to one."""
    where = f", last in the node {node!r}" if node else ""
    told = f"The process that carried this run died {attempts} times{where}."
    told += " Look at what it does there; retry_run, or retry_document, goes on from its last recorded step."
    return Outcome("dead", error=RunError(type="TooManyAttempts", message=told, node=node))
