"""The leases of one process, as a state machine without a connection: who holds what, and what is said of it.

To the runner                                        From the runner
    {"lease": n, "model", "urgent"}                      {"granted": n, "lease": {…}}   {"refused": n, "error": {…}}
    {"cancel": n}                                        {"recall": [id, …]}   asked back: no new uses, then released
    {"release": [id, …]}                                 {"gone": [id, …]}     their engine is no more
    {"used": {id: [in flight, uses since the last], …}}
    {"announce": [model, …]}

A lease that is held is used again without a word. A second after a use the runner is told of it, all leases in one
message, so that it knows which models are in use and which are idle.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from inference.errors import PenstockError, Unavailable
from inference.runner import Lease
from inference.runner.wire import error_of

REPORT_SECONDS = 1.0
ANNOUNCED_SECONDS = 10.0  # less than the runner remembers it for
MOST_ANNOUNCED = 1000
REMOTE_SECONDS = 10.0  # a provider's address and key are believed for so long


@dataclass(slots=True, eq=False)
class _Held:
    lease: Lease
    until: float
    in_flight: int = 0
    uses: int = 0
    recalled: bool = False


@dataclass(slots=True, eq=False)
class _Asked:
    """One request to the runner, and all who wait for its answer."""

    number: int
    urgent: bool
    waiting: list[asyncio.Future[Lease]] = field(default_factory=list[asyncio.Future[Lease]])


class Leases:
    """The leases of one event loop. `send` takes a message for the runner and returns at once."""

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send
        self._held: dict[str, _Held] = {}
        self._by_id: dict[str, _Held] = {}
        self._asked: dict[str, _Asked] = {}
        self._announced: dict[str, float] = {}
        self._numbers = itertools.count(1)
        self._reporting: asyncio.TimerHandle | None = None

    def held(self, model: str) -> Lease | None:
        """The lease that this process has, counted as used once more; None when the runner must be asked."""
        held = self._held.get(model)
        if held is None or held.until < time.monotonic():
            return None
        self._use(held)
        return held.lease

    async def ask(self, model: str, *, urgent: bool) -> Lease:
        """A new lease from the runner. All who ask at once share one request. Raises what the runner says."""
        waiter: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        asked = self._asked.get(model)
        news = asked is None or (urgent and not asked.urgent)
        if asked is None:
            asked = self._asked[model] = _Asked(next(self._numbers), urgent)
        asked.urgent = asked.urgent or urgent
        asked.waiting.append(waiter)
        if news:
            self._send({"lease": asked.number, "model": model, "urgent": asked.urgent})
        try:
            return await waiter
        except asyncio.CancelledError:
            self._give_up(model, asked, waiter)
            raise

    def release(self, lease: Lease) -> None:
        """One use has ended. A lease that was asked back goes with its last use."""
        held = self._by_id.get(lease.id)
        if held is None:
            return  # a provider's, or its engine is gone
        held.in_flight -= 1
        if held.recalled and not held.in_flight:
            del self._by_id[lease.id]
            self._send({"release": [lease.id]})
        else:
            self._report_soon()

    def forget(self, lease: Lease) -> None:
        """No new use of it; those under way end as always."""
        for model, held in list(self._held.items()):
            if held.lease == lease:
                del self._held[model]
        if held := self._by_id.get(lease.id):
            self._recall(lease.id, held)

    def unannounced(self, models: Iterable[str]) -> list[str]:
        """Those that this process has no lease of and has not announced a moment ago. They count as announced now."""
        now = time.monotonic()
        news = [model for model in models if model not in self._held and self._announced.get(model, 0) <= now]
        if len(self._announced) > MOST_ANNOUNCED:
            self._announced.clear()
        self._announced.update(dict.fromkeys(news, now + ANNOUNCED_SECONDS))
        return news

    def announce(self, models: Sequence[str]) -> None:
        self._send({"announce": list(models)})

    def receive(self, message: Mapping[str, Any]) -> None:
        """Takes what the runner says."""
        if "granted" in message:
            self._granted(message["granted"], Lease(**message["lease"]))
        elif "refused" in message:
            self._refused(message["refused"], error_of(503, message))
        elif "recall" in message:
            for name in cast("list[str]", message["recall"]):
                if held := self._by_id.get(name):
                    self._recall(name, held)
        elif "gone" in message:
            for name in cast("list[str]", message["gone"]):
                if held := self._by_id.pop(name, None):
                    self._drop(held)

    def lost(self, reason: str) -> None:
        """The runner is not there: its engines end with it, and so do all leases."""
        self._held.clear()
        self._by_id.clear()
        for model in list(self._asked):
            asked = self._asked.pop(model)
            for waiter in asked.waiting:
                if not waiter.done():
                    waiter.set_exception(Unavailable(reason))
        if self._reporting:
            self._reporting.cancel()
            self._reporting = None

    def _granted(self, number: int, lease: Lease) -> None:
        model = self._model_of(number)
        if model is None:  # nobody waits any more
            if lease.id:
                self._send({"release": [lease.id]})
            return
        held = _Held(lease, time.monotonic() + REMOTE_SECONDS if lease.remote else float("inf"))
        self._held[model] = held
        if lease.id:
            self._by_id[lease.id] = held
            self._report_soon()  # also when nobody waits any more: the runner takes it to be in use until it is told
        for waiter in self._asked.pop(model).waiting:
            if not waiter.done():
                self._use(held)  # before it runs: a recall that comes first must see it
                waiter.set_result(lease)

    def _refused(self, number: int, error: PenstockError) -> None:
        model = self._model_of(number)
        if model is not None:
            for waiter in self._asked.pop(model).waiting:
                if not waiter.done():
                    waiter.set_exception(type(error)(error.message, field=error.field))

    def _model_of(self, number: int) -> str | None:
        return next((model for model, asked in self._asked.items() if asked.number == number), None)

    def _give_up(self, model: str, asked: _Asked, waiter: asyncio.Future[Lease]) -> None:
        if waiter.done() and not waiter.cancelled() and not waiter.exception():
            self.release(waiter.result())
            return
        asked.waiting.remove(waiter)
        if not asked.waiting and self._asked.get(model) is asked:
            del self._asked[model]
            self._send({"cancel": asked.number})

    def _recall(self, name: str, held: _Held) -> None:
        self._drop(held)
        held.recalled = True
        if held.in_flight:
            self._send({"used": {name: self._told(held)}})
        else:
            del self._by_id[name]
            self._send({"release": [name]})

    def _drop(self, held: _Held) -> None:
        for model, other in list(self._held.items()):
            if other is held:
                del self._held[model]

    def _use(self, held: _Held) -> None:
        held.in_flight += 1
        held.uses += 1
        if self._reporting is None and held.lease.id:
            self._report_soon()

    def _report_soon(self) -> None:
        if self._reporting is None:
            self._reporting = asyncio.get_running_loop().call_later(REPORT_SECONDS, self._report)

    def _report(self) -> None:
        self._reporting = None
        if self._by_id:
            self._send({"used": {name: self._told(held) for name, held in self._by_id.items()}})

    @staticmethod
    def _told(held: _Held) -> list[int]:
        told = [held.in_flight, held.uses]
        held.uses = 0
        return told
