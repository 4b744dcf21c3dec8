"""What a run leaves behind while it is carried: its recorded steps and its events, in order, stored together."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import orjson

from db import GroupCommit, RunEntry, StartedRun, StepRow
from inference.composer.scope import Recorded, RunLost
from inference.composer.state import Write
from inference.errors import InvalidInput, LimitReached, Unavailable
from inference.models.runs import RunEvent

# Deltas that come within this time go into one row: a stream costs few rows, and nobody reads faster.
_COALESCE_SECONDS = 0.03
# The pause before storing is tried again while the database is away.
_AWAY_SECONDS = 1.0
# A run that tells more than this floods whoever watches it.
MOST_EVENTS = 100_000
LARGEST_STEP = 64 << 20

_log = logging.getLogger(__name__)


def body_of(recorded: Recorded) -> bytes:
    """A step as it is stored. Raises InvalidInput when it is not JSON, LimitReached when it is too large."""
    try:
        body = orjson.dumps(
            {
                "result": recorded.result,
                "writes": recorded.writes,
                "error": recorded.error,
                "skipped": recorded.skipped,
            },
            option=orjson.OPT_NON_STR_KEYS,
        )
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"What the node gave cannot be kept: {error}.") from None
    if len(body) > LARGEST_STEP:
        raise LimitReached(
            f"The node gave {len(body) >> 20} MB; a step may hold {LARGEST_STEP >> 20}. Keep large things as documents."
        )
    return body


def recorded_of(body: bytes) -> Recorded:
    """A step as it was stored."""
    held = orjson.loads(body)
    writes = tuple((name, how, value) for name, how, value in held["writes"])
    return Recorded(held["result"], writes, held["error"], held["skipped"])


class RunJournal:
    """The record of one run, for the process that carries it."""

    def __init__(self, group: GroupCommit[RunEntry], run: StartedRun, steps: list[StepRow], *, durable: bool) -> None:
        self._group, self._run, self._durable = group, run, durable
        self._recorded: dict[str, Recorded] = {}
        self._edits: tuple[Write, ...] = ()
        self._edited = False
        for step in steps:
            self._remember(step)
        self._step, self._event = run.last_step, run.last_event
        self._waiting: list[RunEvent] = []
        self._unstored: list[StepRow] = []
        self._timer: asyncio.TimerHandle | None = None
        self._flush: asyncio.Task[None] | None = None
        self._lost = False

    def _remember(self, step: StepRow) -> None:
        recorded = recorded_of(step.body)
        if step.kind == "edit":
            self._edits += recorded.writes
        else:
            self._recorded[step.key] = recorded

    def find(self, key: str) -> Recorded | None:
        """What a step gave that was recorded before this process took the run."""
        return self._recorded.get(key)

    def take_edits(self) -> tuple[tuple[Write, ...], bool]:
        """What a fork changed, and whether this is the first call."""
        first, self._edited = not self._edited, True
        return self._edits, first

    def begun(self, key: str) -> bool:
        """Whether steps within a node were recorded before this process took the run."""
        return any(name.startswith((f"{key}[", f"{key}.")) for name in self._recorded)

    def emit(self, event: str, data: dict[str, Any]) -> None:
        """Adds an event, to be stored a few milliseconds later; text that follows text of the same node and path
        becomes one event with it. Raises LimitReached when there have been too many."""
        last = self._waiting[-1] if self._waiting else None
        if event == "delta" and last and last.event == "delta" and _continues(last.data, data):
            last.data["text"] += data["text"]
            return
        if self._event >= MOST_EVENTS:
            if event == "node_finished":
                # Of the node that went too far; its error is what the run ends with.
                return
            raise LimitReached(f"The run has told {MOST_EVENTS} events: let its nodes emit less.")
        self._event += 1
        self._waiting.append(
            RunEvent.model_construct(sequence=self._event, event=event, data=dict(data), at=datetime.now(UTC))
        )
        self._soon()

    async def enter(self, key: str) -> None:
        """Leaves a trace of where a run is whose process has died before: should this one die too, it is known where.
        Raises RunLost."""
        if self._run.attempts > 1:
            self.emit("state", {"node": key, "path": "attempt", "value": self._run.attempts})
            await self.store()

    async def record(
        self, key: str, kind: str, recorded: Recorded, *, shared: bool, duration_ms: float | None, wait: bool
    ) -> None:
        """Records a step; with `wait` it is stored when this returns."""
        if not self._durable:
            return
        self._step += 1
        at = datetime.now(UTC)
        self._unstored.append(StepRow(self._step, key, kind, shared, body_of(recorded), duration_ms, at))
        if wait:
            await self.store()
        else:
            self._soon()

    async def store(self) -> None:
        """Returns when everything so far is stored. Raises RunLost when another process carries the run."""
        entry = RunEntry(self._run.id, self._run.epoch, self._unstored, self._waiting)
        self._unstored, self._waiting = [], []
        while not self._lost:
            try:
                await self._group.write(entry)
                self._lost = not entry.held
                break
            except asyncio.CancelledError:
                # It may not have been stored; storing it twice does no harm.
                self._unstored, self._waiting = [*entry.steps, *self._unstored], [*entry.events, *self._waiting]
                raise
            except InvalidInput:
                _log.exception("steps or events of run %s cannot be stored", self._run.uid)
                raise
            except Unavailable as error:
                _log.warning("run %s cannot be recorded (%s); trying again", self._run.uid, error)
                await asyncio.sleep(_AWAY_SECONDS)
        if self._lost:
            raise RunLost

    async def settle(self) -> None:
        """Returns when nothing is being stored; what has not been is for `rest`, or for `store`."""
        if self._timer:
            self._timer.cancel()
        if self._flush:
            await asyncio.wait({self._flush})

    def rest(self, event: str, data: dict[str, Any]) -> tuple[list[StepRow], list[RunEvent]]:
        """The steps and events that have not been stored, with a last event: to be stored with the run's end."""
        last = RunEvent.model_construct(sequence=self._event + 1, event=event, data=data, at=datetime.now(UTC))
        return self._unstored, [*self._waiting, last]

    def _soon(self) -> None:
        if self._timer is None and self._flush is None:
            self._timer = asyncio.get_running_loop().call_later(_COALESCE_SECONDS, self._begin_flush)

    def _begin_flush(self) -> None:
        self._timer = None
        # A step that was recorded in the meantime took along what waited.
        if self._waiting or self._unstored:
            self._flush = asyncio.create_task(self._store_rest())

    async def _store_rest(self) -> None:
        try:
            while (self._waiting or self._unstored) and not self._lost:
                await self.store()
        except RunLost:
            pass
        except Exception:
            _log.exception("events of run %s could not be stored; they are left out", self._run.uid)
        finally:
            self._flush = None


def _continues(held: dict[str, Any], added: dict[str, Any]) -> bool:
    return held["node"] == added["node"] and held["path"] == added["path"]
