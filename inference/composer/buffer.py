"""What of a run is not on record yet, and its way there."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import Any

from db import Ended, Ending, EventRow, GroupCommit, RunEntry, StartedRun, StepRow, kept_json
from inference.composer.scope import RecordFailed, RunLost
from inference.errors import LimitReached, Unavailable

# Deltas that come within this time go into one row: a stream costs few rows, and nobody reads faster.
_COALESCE_SECONDS = 0.03
# What nobody waits for goes along with what comes within this time: an entry costs milliseconds of computing.
_UNHURRIED_SECONDS = 0.25
# The pause before storing is tried again while the database is away.
_AWAY_SECONDS = 1.0
# A run that tells more than this floods whoever watches it.
MOST_EVENTS = 100_000
_NEVER = float("inf")

_log = logging.getLogger(__name__)


class RunBuffer:
    """The steps and events of a run that are not on record yet, in order.

    One entry is under way at a time and holds all that came before it, so that what is on record is always a beginning
    of what the run did. What cannot be stored ends that: nothing behind it is stored but the end of the run."""

    def __init__(self, group: GroupCommit[RunEntry], run: StartedRun) -> None:
        self._group, self._run = group, run
        self._step, self._event = run.last_step, run.last_event
        self._steps: list[StepRow] = []
        self._events: list[EventRow] = []
        # The node, path and pieces of a text that may still grow before it becomes an event.
        self._text: tuple[str, str, list[str]] | None = None
        self._ending: Ending | None = None
        # When the oldest of the steps began (time.perf_counter): of those here, and of those under way.
        self._since = self._since_under_way = _NEVER
        self._under_way: RunEntry | None = None
        # How many entries were made, and who waits for which of them.
        self._made = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._timer: asyncio.Handle | None = None
        self._due = _NEVER
        # When what is here must have begun its way (the loop's time).
        self._latest = _NEVER
        self._lost = self._closed = False
        self._failure: tuple[str | None, Exception] | None = None
        # The last event that is on record.
        self._told = run.last_event
        self._ended: Ended | None = None

    @property
    def age(self) -> float:
        """For how many seconds there has been work that is not on record; negative when there is none."""
        return time.perf_counter() - min(self._since, self._since_under_way)

    def tell(self, event: str, data: dict[str, Any], *, hurry: bool = True) -> None:
        """Adds an event, to be stored a few milliseconds later, or without `hurry` some more; text that follows text of
        the same node and path becomes one event with it. Raises InvalidInput when it is not JSON, LimitReached when
        there have been too many."""
        text = kept_json(data["text"] if event == "delta" else data)
        if event == "delta" and self._text and self._text[:2] == (data["node"], data["path"]):
            self._text[2].append(data["text"])
            return
        if self._event >= MOST_EVENTS:
            if event == "node_finished":
                # Of the node that went too far; its error is what the run ends with.
                return
            raise LimitReached(f"The run has told {MOST_EVENTS} events: let its nodes emit less.")
        self._end_text()
        if event == "delta":
            self._text = (data["node"], data["path"], [data["text"]])
        else:
            self._add_event(event, text)
        self._store_within(_COALESCE_SECONDS if hurry else _UNHURRIED_SECONDS)

    def add(self, key: str, kind: str, body: bytes, *, shared: bool, duration_ms: float) -> None:
        """Adds a step that has just ended, to be stored as soon as others have had their turn; one that took no time
        need not be."""
        self._step += 1
        self._steps.append(StepRow(self._step, key, kind, shared, body, duration_ms, datetime.now(UTC)))
        self._since = min(self._since, time.perf_counter() - duration_ms / 1000)
        self._store_within(0 if duration_ms else _COALESCE_SECONDS)

    async def store(self) -> None:
        """Returns when everything so far is on record. Raises RunLost when another process carries the run, and
        RecordFailed when something cannot be kept."""
        self._check()
        if self._steps or self._events or self._text or self._ending:
            number = self._made + 1
            self._begin()
        elif self._under_way:
            number = self._made
        else:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((number, waiter))
        await waiter

    async def end(self, ending: Ending, event: str, data: dict[str, Any]) -> Ended:
        """Stores how the run ended, or that it waits, with an event that says so and all that is here; when something
        before it could not be kept, without that. Raises RunLost; and InvalidInput and RecordFailed when it cannot be
        kept: then it may be tried with another."""
        text = kept_json(data)
        if self._failure:
            self._failure = None
            self._steps, self._events, self._text, self._event = [], [], None, self._told
        self._end_text()
        self._add_event(event, text)
        self._ending = ending
        await self.store()
        if self._ended is None:
            raise AssertionError("an ending that was stored says so")
        return self._ended

    def close(self) -> None:
        """Begins nothing more."""
        self._closed = True
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer, self._due = None, _NEVER

    def _check(self) -> None:
        """Raises what is wrong, each time as an error of its own."""
        if self._lost:
            raise RunLost
        if self._failure:
            raise RecordFailed(*self._failure)

    def _add_event(self, event: str, data: str) -> None:
        self._event += 1
        self._events.append(EventRow(self._event, event, data, datetime.now(UTC)))

    def _end_text(self) -> None:
        if self._text:
            node, path, pieces = self._text
            self._text = None
            self._add_event("delta", kept_json({"node": node, "path": path, "text": "".join(pieces)}))

    def _store_within(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._latest = min(self._latest, loop.time() + seconds)
        if self._under_way or self._due <= self._latest:
            # When what is under way has ended, what came in the meantime follows.
            return
        self._stop_timer()
        self._due = self._latest
        self._timer = loop.call_later(seconds, self._begin) if seconds else loop.call_soon(self._begin)

    def _begin(self) -> None:
        """Hands over all that is here, unless something is under way."""
        if self._under_way or self._lost or self._failure or self._closed:
            return
        self._stop_timer()
        self._latest = _NEVER
        self._end_text()
        if self._steps or self._events or self._ending:
            entry = RunEntry(self._run.id, self._run.epoch, self._steps, self._events, self._ending)
            self._steps, self._events, self._ending = [], [], None
            self._since, self._since_under_way = _NEVER, self._since
            self._made += 1
            self._under_way = entry
            self._hand_over(entry)

    def _hand_over(self, entry: RunEntry) -> None:
        self._group.hand_over(entry).add_done_callback(lambda done: self._written(entry, done))

    def _written(self, entry: RunEntry, done: asyncio.Future[None]) -> None:
        problem = None if done.cancelled() else done.exception()
        if isinstance(problem, Unavailable) and not self._closed:
            _log.warning("run %s cannot be recorded (%s); trying again", self._run.uid, problem)
            self._timer = asyncio.get_running_loop().call_later(_AWAY_SECONDS, self._hand_over, entry)
            return
        self._under_way, self._since_under_way = None, _NEVER
        if isinstance(problem, Exception):
            _log.error("steps or events of run %s cannot be stored", self._run.uid, exc_info=problem)
            self._failure = entry.steps[0].key if len(entry.steps) == 1 else None, problem
        elif done.cancelled() or not entry.held:
            self._lost = True
        else:
            self._told = entry.events[-1].sequence if entry.events else self._told
            self._ended = entry.ended
        self._wake()
        if self._waiting or self._steps:
            self._begin()
        elif self._events or self._text:
            self._store_within(max(0.0, self._latest - asyncio.get_running_loop().time()))

    def _wake(self) -> None:
        """Tells those who wait for what has been stored, or all when nothing more will be."""
        waiting, self._waiting = self._waiting, []
        for number, waiter in waiting:
            if waiter.done():  # who waited was cancelled
                continue
            try:
                self._check()
            except (RunLost, RecordFailed) as problem:
                waiter.set_exception(problem)
                continue
            if number <= self._made:
                waiter.set_result(None)
            else:
                self._waiting.append((number, waiter))
