"""A run's events for whoever follows it, in whatever process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from db import Listener, Storage
from inference.models.runs import RunEvent

ENDS = frozenset({"run_finished", "run_failed", "run_cancelled"})
ENDED = frozenset({"completed", "failed", "cancelled", "dead"})
# Where a run goes no further by itself.
STOPS = ENDED | {"waiting"}

_PING_SECONDS = 15.0
# What is held at once for whoever reads slowly.
_PAGE = 200


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
            events = await storage.steps.events_after(run, after, _PAGE)
            for event in events:
                after = event.sequence
                yield event
            ended = bool(events) and events[-1].event in ENDS
            if events and not ended:
                continue
            # An ended run may have been told to go on.
            state = await storage.runs.get(user, uid)
            if state is None:
                return
            if state.status in ENDED and (ended or not await storage.steps.events_after(run, after, 1)):
                return
            try:
                await asyncio.wait_for(woken.wait(), _PING_SECONDS)
            except TimeoutError:
                yield None
