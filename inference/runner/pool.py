"""The pool of local models: one task owns every state; others send it a request and await the answer.

`Pool.handle` takes one message to its consequences, synchronously and without waiting; what takes time is asked of
`Effects`, which report back. Which model is loaded next and which gives way is decided by `scheduling.decide`, a pure
function, after every message. So every transition can be read here and tested without a process.

    off ──wanted, room──▶ loading ──Started──▶ ready ──gives way, unload──▶ unloading ──Ended──▶ off
                             │                 │   ▲                            │ Slept
                   NotStarted▼   its process   ▼   └──Woken── loading ◀─wanted─ ▼
                          failed ◀──died───────┴─────────────────────────── sleeping
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from inference.runner.dispatch import WAIT_SECONDS, Dispatcher
from inference.runner.messages import (
    Announced,
    Assessed,
    Callers,
    Catalogued,
    ClientGone,
    Closing,
    Effects,
    Ended,
    Hung,
    Hurried,
    LeaseWanted,
    Measured,
    Message,
    NotStarted,
    Released,
    Slept,
    Started,
    Suspected,
    Tick,
    UnloadWanted,
    Used,
    Woken,
)
from inference.runner.moves import Moves, refuse, resolve, take
from inference.runner.policy import touched
from inference.runner.slots import Slot, Standing, Waiting
from inference.runner.tally import Tally
from inference.runner.words import cannot_wait_longer, left_alone, no_such, stopping

if TYPE_CHECKING:
    from inference.runner import Lease
    from inference.runner.kinds import Spec

ANNOUNCED_SECONDS = 30.0
BACKOFF_PATIENCE = 5.0  # a lease of a failed model waits so long for its next try, and is refused where that is later
UNLOAD_PATIENCE = 10.0  # what requests under way get when an administrator unloads their model


class Pool:
    """Owner of the local models' states. `run` must be running for the requests to be answered. `on_change` is told
    after every message."""

    def __init__(
        self,
        models: Mapping[str, tuple[Spec, Standing]],
        effects: Effects,
        callers: Callers,
        inbox: asyncio.Queue[Message],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.slots = {name: Slot(spec, standing) for name, (spec, standing) in models.items()}
        self.tally = Tally()
        self._effects = effects
        self._inbox = inbox
        self._clock = clock
        self.on_change: Callable[[], None] = lambda: None
        self._moves = Moves(effects, callers, self.tally, clock)
        self._dispatcher = Dispatcher(self.slots, effects, self._moves, clock)
        self._closing: list[asyncio.Future[None]] = []

    async def run(self) -> None:
        self.handle(Tick())
        while True:
            self.handle(await self._inbox.get())

    async def load(self, model: str) -> Lease:
        """Returns when the model is ready; nobody holds it then."""
        answer: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(LeaseWanted(model, answer))
        return await answer

    async def unload(self, model: str) -> None:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(UnloadWanted(model, answer))
        await answer

    async def suspect(self, base_url: str) -> None:
        """Returns when the engine at `base_url` has answered or is gone."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(Suspected(base_url, answer))
        await answer

    async def close(self) -> None:
        """Unloads everything and refuses leases from now on."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(Closing(answer))
        await answer

    def tell(self, message: Message) -> None:
        self._inbox.put_nowait(message)

    def __contains__(self, model: object) -> bool:
        return model in self.slots

    def slot(self, model: str) -> Slot:
        """Its state now, to be read and not kept. Raises NotFound."""
        if model not in self.slots:
            raise no_such(model)
        return self.slots[model]

    def handle(self, message: Message) -> None:  # noqa: C901 - a table of what may come
        """Takes one message to its consequences; the only place where a slot changes."""
        match message:
            case LeaseWanted():
                self._lease(message)
            case Hurried():
                self._hurry(message)
            case Released():
                self._release(message.client, message.leases)
            case Used():
                self._use(message)
            case ClientGone():
                self._forget_client(message.client)
            case Announced():
                self._announce(message.models)
            case UnloadWanted():
                self._unload(message)
            case Suspected():
                self._suspect(message)
            case Assessed():
                self._assessed(message)
            case Measured():
                self._dispatcher.measured(message)
            case Catalogued():
                self._catalogued(message.specs)
                resolve(message.seen, None)
            case Closing():
                self._close(message)
            case Tick():
                self._pass_time()
            case _:
                self._move(message)
        for slot in self.slots.values():
            slot.waiting = [waiting for waiting in slot.waiting if not waiting.answer.done()]
        if not self._closing:
            self._dispatcher.decide()
        self._finish_closing()
        self.on_change()

    def _move(self, message: Started | NotStarted | Slept | Woken | Ended | Hung) -> None:
        slot = self.slots.get(message.model)
        if slot is None:
            return  # an engine of a model that was taken away
        match message:
            case Started():
                self._moves.started(slot, message)
            case NotStarted():
                self._moves.not_started(slot, message)
            case Slept():
                self._moves.slept(slot, message)
            case Woken():
                self._moves.woken(slot, message)
            case Ended():
                self._moves.ended(slot, message)
            case Hung():
                self._moves.hung(slot, message)
        if slot.removed and slot.resting:
            del self.slots[message.model]

    # Callers.

    def _lease(self, message: LeaseWanted) -> None:
        slot, now = self.slots.get(message.model), self._clock()
        if slot is None or slot.removed:
            refuse(message.answer, no_such(message.model))
        elif self._closing:
            refuse(message.answer, stopping())
        elif slot.state == "failed" and slot.retry_at - now > BACKOFF_PATIENCE:
            refuse(message.answer, left_alone(slot, slot.retry_at - now))
        else:
            slot.waiting.append(Waiting(message.answer, message.client, now, message.urgent, message.engine_of))
            if slot.falling and not slot.falling_for:
                self._moves.stay(slot)  # it went for want of use
            self._moves.grant_all(slot)

    def _hurry(self, message: Hurried) -> None:
        for slot in self.slots.values():
            for waiting in slot.waiting:
                if waiting.answer is message.answer:
                    waiting.urgent = True

    def _release(self, client: str, leases: Sequence[str]) -> None:
        for slot in self.slots.values():
            for name in leases:
                if name in slot.leases and slot.leases[name].client == client:
                    del slot.leases[name]
                    self._moves.proceed(slot)

    def _use(self, message: Used) -> None:
        now = self._clock()
        for slot in self.slots.values():
            for name, (in_flight, uses) in message.leases.items():
                lease = slot.leases.get(name)
                if lease is None or lease.client != message.client:
                    continue
                lease.in_flight = in_flight
                if in_flight or uses:
                    slot.used, slot.record = now, touched(slot.record, now)
                if in_flight and slot.falling and slot.falling_for:
                    self._reconsider(slot)

    def _reconsider(self, slot: Slot) -> None:
        """It was thought to be idle and is not: those for whom it should go look for room anew."""
        if slot.state == "ready":
            wisher = self.slots.get(slot.falling_for)
            if wisher:
                wisher.promise = None
            self._moves.stay(slot)

    def _forget_client(self, client: str) -> None:
        for slot in self.slots.values():
            for waiting in slot.waiting:
                if waiting.client == client:
                    waiting.answer.cancel()
        self._release(client, [name for slot in self.slots.values() for name in slot.leases])

    def _announce(self, models: Sequence[str]) -> None:
        for model in models:
            if slot := self.slots.get(model):
                slot.announced_until = self._clock() + ANNOUNCED_SECONDS

    def _unload(self, message: UnloadWanted) -> None:
        slot = self.slots.get(message.model)
        if slot is None:
            refuse(message.answer, no_such(message.model))
            return
        slot.announced_until = 0.0
        slot.unloads.append(message.answer)
        self._moves.end(slot, UNLOAD_PATIENCE)

    def _suspect(self, message: Suspected) -> None:
        for slot in self.slots.values():
            if slot.state == "ready" and slot.engine and slot.engine.lease.base_url == message.base_url:
                self._effects.probe(slot.spec, slot.engine, message.answer)
                return
        resolve(message.answer, None)  # that engine is already gone

    # What was found out.

    def _assessed(self, message: Assessed) -> None:
        slot = self.slots.get(message.model)
        if slot is None:
            return
        slot.assessing = False
        if not slot.resting:
            return
        if message.problem:
            self._moves.fail(slot, message.problem)
        else:
            slot.ways = message.ways

    def _catalogued(self, specs: Mapping[str, tuple[Spec, Standing]]) -> None:
        for model, (spec, standing) in specs.items():
            slot = self.slots.setdefault(model, Slot(spec))
            slot.spec, slot.standing, slot.removed = spec, standing, False
        for model in [model for model in self.slots if model not in specs]:
            slot = self.slots[model]
            slot.removed = True
            self._moves.refuse_all(slot, no_such(model))
            self._moves.end(slot, UNLOAD_PATIENCE)
            if slot.resting:
                del self.slots[model]

    def _pass_time(self) -> None:
        now = self._clock()
        for slot in self.slots.values():
            if slot.ending:
                self._moves.proceed(slot)
            waits_for_room = slot.resting or slot.state == "sleeping"
            for waiting in list(slot.waiting):
                if waits_for_room and now - waiting.since >= WAIT_SECONDS:
                    refuse(waiting.answer, cannot_wait_longer(slot, now - waiting.since, self.slots.values()))

    def _close(self, message: Closing) -> None:
        self._closing.append(message.answer)
        for slot in self.slots.values():
            self._moves.refuse_all(slot, stopping())
            self._moves.end(slot, 0.0)

    def _finish_closing(self) -> None:
        if self._closing and all(slot.resting for slot in self.slots.values()):
            for waiting in take(self._closing):
                resolve(waiting, None)
