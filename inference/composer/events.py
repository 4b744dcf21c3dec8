"""A run's events: written by the process that carries it, read by whoever follows it, in whatever process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db import Listener, StartedRun, Storage
from inference.errors import InvalidInput
from inference.models.runs import RunEvent

ENDS = frozenset({"run_finished", "run_failed", "run_cancelled"})
ENDED = frozenset({"completed", "failed", "cancelled", "dead"})

# Deltas that come within this time go into one row: a stream costs few rows, and nobody reads faster.
_COALESCE_SECONDS = 0.03
_PING_SECONDS = 15.0

_log = logging.getLogger(__name__)


class EventWriter:
    """Numbers a run's events and stores them in order, a few milliseconds after they happened."""

    def __init__(self, storage: Storage, run: StartedRun) -> None:
        self._storage, self._run = storage, run
        self._sequence = run.last_sequence
        self._waiting: list[RunEvent] = []
        self._flush: asyncio.Task[None] | None = None

    def emit(self, event: str, data: dict[str, Any]) -> None:
        """Adds an event; text that follows text of the same node and path becomes one event with it."""
        last = self._waiting[-1] if self._waiting else None
        if event == "delta" and last and last.event == "delta" and self._continues(last.data, data):
            last.data["text"] += data["text"]
            return
        self._sequence += 1
        self._waiting.append(
            RunEvent.model_construct(sequence=self._sequence, event=event, data=dict(data), at=datetime.now(UTC))
        )
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._flush_soon())

    async def end(self, event: str, data: dict[str, Any]) -> list[RunEvent]:
        """Waits until everything so far is stored; gives the last event, to be stored together with the run's end."""
        if self._flush:
            await asyncio.wait({self._flush})
        return [RunEvent.model_construct(sequence=self._sequence + 1, event=event, data=data, at=datetime.now(UTC))]

    @staticmethod
    def _continues(held: dict[str, Any], added: dict[str, Any]) -> bool:
        return held["node"] == added["node"] and held["path"] == added["path"]

    async def _flush_soon(self) -> None:
        await asyncio.sleep(_COALESCE_SECONDS)
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._storage.runs.append_events(self._run.id, self._run.uid, batch)
            except InvalidInput:
                _log.exception("events of run %s cannot be stored; they are left out", self._run.uid)
            except Exception:
                _log.exception("events of run %s could not be stored; trying again", self._run.uid)
                self._waiting = batch + self._waiting
                await asyncio.sleep(1)


async def follow(
    storage: Storage, listener: Listener, run: int, uid: UUID, user: int, after: int
) -> AsyncIterator[RunEvent | None]:
    """The events of a run after a sequence number, as they come, up to its end. None now and then, when nothing
    happened: a sign of life for connections that would be closed for silence."""
    woken = asyncio.Event()
    name = str(uid)

    def wake(payload: str) -> None:
        if payload in ("", name):
            woken.set()

    with listener.subscribe("run_events", wake):
        while True:
            woken.clear()
            events = await storage.runs.events_after(run, after)
            for event in events:
                after = event.sequence
                yield event
                if event.event in ENDS:
                    return
            if events:
                continue
            state = await storage.runs.get(user, uid)
            if state is None or (state.status in ENDED and not await storage.runs.events_after(run, after, 1)):
                return
            try:
                await asyncio.wait_for(woken.wait(), _PING_SECONDS)
            except TimeoutError:
                yield None
