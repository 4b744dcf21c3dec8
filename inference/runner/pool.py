"""The pool of local models: one task owns every state; others send it a request and await the answer.

`Pool.handle` decides, synchronously and without waiting; what takes time is asked of `Effects`, which report back with
`Started`, `NotStarted` or `Ended`. So every transition can be read here and tested without a process.

    off ──lease──▶ loading ──Started──▶ ready ──unload──▶ unloading ──Ended──▶ off
    failed ─lease─┘   └──NotStarted──▶ failed ◀──Ended──┘ (its process died)
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, assert_never

from inference.errors import NotFound, Unavailable
from inference.runner import Lease
from inference.runner.slots import Engine, Slot

if TYPE_CHECKING:
    from inference.runner.catalog import Spec

T = TypeVar("T")


class Effects(Protocol):
    """What the pool asks the world to do. Each returns at once and reports to the inbox later."""

    def start(self, spec: Spec) -> None:
        """Ends in Started or NotStarted."""
        ...

    def abandon(self, spec: Spec) -> None:
        """Gives up a start under way, which then ends in NotStarted, or in Started if it was just done."""
        ...

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        """Ends in Ended. What runs may finish for a few seconds, unless the engine is to go `at_once`."""
        ...

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        """Resolves `done` when the engine answers; reports Hung otherwise."""
        ...


@dataclass(slots=True)
class LeaseWanted:
    model: str
    answer: asyncio.Future[Lease]


@dataclass(slots=True)
class UnloadWanted:
    model: str
    answer: asyncio.Future[None]


@dataclass(slots=True)
class Suspected:
    """Somebody could not reach the engine at `base_url`."""

    model: str
    base_url: str
    answer: asyncio.Future[None]


@dataclass(slots=True)
class Started:
    model: str
    engine: Engine
    seconds: float


@dataclass(slots=True)
class NotStarted:
    model: str
    reason: str


@dataclass(slots=True)
class Ended:
    model: str
    engine: Engine
    reason: str


@dataclass(slots=True)
class Hung:
    model: str
    engine: Engine
    answer: asyncio.Future[None]


@dataclass(slots=True)
class Closing:
    answer: asyncio.Future[None]


Message = LeaseWanted | UnloadWanted | Suspected | Started | NotStarted | Ended | Hung | Closing


class Pool:
    """Owner of the local models' states. `run` must be running for the requests to be answered."""

    def __init__(self, specs: Iterable[Spec], effects: Effects, inbox: asyncio.Queue[Message]) -> None:
        self._slots = {spec.id: Slot(spec) for spec in specs}
        self._effects = effects
        self._inbox = inbox
        self._closing: list[asyncio.Future[None]] = []

    async def run(self) -> None:
        while True:
            self.handle(await self._inbox.get())

    async def lease(self, model: str) -> Lease:
        answer: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(LeaseWanted(model, answer))
        return await answer

    async def unload(self, model: str) -> None:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(UnloadWanted(model, answer))
        await answer

    async def suspect(self, model: str, base_url: str) -> None:
        """Returns when the engine at `base_url` has answered or is gone."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(Suspected(model, base_url, answer))
        await answer

    async def close(self) -> None:
        """Unloads everything and refuses leases from now on."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(Closing(answer))
        await answer

    def __contains__(self, model: object) -> bool:
        return model in self._slots

    def slots(self) -> list[Slot]:
        """The states now, to be read and not kept."""
        return list(self._slots.values())

    def slot(self, model: str) -> Slot:
        if model not in self._slots:
            raise NotFound(f"There is no model {model!r} on this machine.", field="model")
        return self._slots[model]

    def handle(self, message: Message) -> None:
        """Takes one message to its consequences; the only place where a slot changes."""
        match message:
            case LeaseWanted():
                self._lease(message)
            case UnloadWanted():
                self._unload(message)
            case Suspected():
                self._suspect(message)
            case Started():
                self._started(self._slots[message.model], message)
            case NotStarted():
                self._not_started(self._slots[message.model], message.reason)
            case Ended():
                self._ended(self._slots[message.model], message)
            case Hung():
                self._hung(self._slots[message.model], message)
            case Closing():
                self._close(message)
            case _:
                assert_never(message)

    def _lease(self, message: LeaseWanted) -> None:
        slot = self._slots.get(message.model)
        if slot is None:
            _refuse(message.answer, NotFound(f"There is no model {message.model!r} on this machine.", field="model"))
        elif self._closing:
            _refuse(message.answer, Unavailable("The runner is stopping. Try again when it is back."))
        elif slot.state == "ready" and slot.engine:
            _resolve(message.answer, slot.engine.lease)
        else:
            slot.leases.append(message.answer)
            if slot.state in ("off", "failed"):
                self._begin(slot)

    def _unload(self, message: UnloadWanted) -> None:
        slot = self._slots.get(message.model)
        if slot is None:
            _refuse(message.answer, NotFound(f"There is no model {message.model!r} on this machine.", field="model"))
            return
        slot.unloads.append(message.answer)
        self._end(slot)

    def _end(self, slot: Slot) -> None:
        """Sends the slot towards `off`. Who waited for it to load is told; who asks from now on waits for the next."""
        if slot.state == "ready" and slot.engine:
            slot.state = "unloading"
            self._effects.stop(slot.spec, slot.engine, at_once=False)
        elif slot.state == "loading":
            slot.state = "unloading"
            self._fail_leases(
                slot, f"The model {slot.spec.id} was unloaded while it was loading. Ask again to load it."
            )
            self._effects.abandon(slot.spec)
        elif slot.state in ("off", "failed"):
            self._rest(slot)

    def _suspect(self, message: Suspected) -> None:
        slot = self._slots.get(message.model)
        if slot and slot.state == "ready" and slot.engine and slot.engine.lease.base_url == message.base_url:
            self._effects.probe(slot.spec, slot.engine, message.answer)
        else:
            _resolve(message.answer, None)  # that engine is already gone

    def _started(self, slot: Slot, message: Started) -> None:
        slot.engine = message.engine
        if slot.state == "unloading":
            self._effects.stop(slot.spec, message.engine, at_once=True)
            return
        slot.state, slot.error, slot.load_seconds = "ready", None, message.seconds
        for waiting in slot.leases:
            _resolve(waiting, message.engine.lease)
        slot.leases.clear()

    def _not_started(self, slot: Slot, reason: str) -> None:
        if slot.state == "unloading":
            self._rest(slot)
            return
        slot.state, slot.error = "failed", reason
        self._fail_leases(slot, f"The model {slot.spec.id} cannot be loaded: {reason}")

    def _ended(self, slot: Slot, message: Ended) -> None:
        if slot.engine is not message.engine:
            return  # an engine that was replaced meanwhile
        slot.engine = None
        if slot.state == "unloading" and slot.hung is None:
            self._rest(slot)
        else:
            slot.state, slot.error, slot.hung = "failed", slot.hung or message.reason, None
            self._answer_unloads(slot)
            if slot.leases:
                self._begin(slot)
            self._finish_closing()

    def _hung(self, slot: Slot, message: Hung) -> None:
        if slot.engine is not message.engine or slot.state != "ready":
            _resolve(message.answer, None)
            return
        slot.state, slot.hung = "unloading", "it no longer answered and was ended"
        slot.unloads.append(message.answer)
        self._effects.stop(slot.spec, message.engine, at_once=True)

    def _rest(self, slot: Slot) -> None:
        slot.state, slot.error, slot.engine = "off", None, None
        self._answer_unloads(slot)
        if slot.leases:
            self._begin(slot)
        self._finish_closing()

    def _close(self, message: Closing) -> None:
        self._closing.append(message.answer)
        for slot in self._slots.values():
            self._fail_leases(slot, "The runner is stopping. Try again when it is back.")
            self._end(slot)
        self._finish_closing()

    def _finish_closing(self) -> None:
        if self._closing and all(slot.state in ("off", "failed") for slot in self._slots.values()):
            for waiting in self._closing:
                _resolve(waiting, None)

    def _begin(self, slot: Slot) -> None:
        slot.state, slot.error = "loading", None
        self._effects.start(slot.spec)

    def _answer_unloads(self, slot: Slot) -> None:
        for waiting in slot.unloads:
            _resolve(waiting, None)
        slot.unloads.clear()

    def _fail_leases(self, slot: Slot, reason: str) -> None:
        for waiting in slot.leases:
            _refuse(waiting, Unavailable(reason))
        slot.leases.clear()


def _resolve(future: asyncio.Future[T], value: T) -> None:
    with contextlib.suppress(asyncio.InvalidStateError):  # who asked has gone
        future.set_result(value)


def _refuse(future: asyncio.Future[Any], error: Exception) -> None:
    with contextlib.suppress(asyncio.InvalidStateError):
        future.set_exception(error)
