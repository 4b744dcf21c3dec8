"""How one model gets from state to state: what is asked of the world, and who is told."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from inference.errors import PenstockError, Unavailable
from inference.runner.policy import HOST, OFF, loaded, touched
from inference.runner.slots import Granted

if TYPE_CHECKING:
    from inference.runner.messages import Callers, Effects, Ended, Hung, NotStarted, Slept, Started, Woken
    from inference.runner.policy import Fall, Room, Share
    from inference.runner.slots import Slot, Waiting
    from inference.runner.tally import Tally

T = TypeVar("T")

LONGEST_BACKOFF = 60.0
# An engine that lived so long has not failed at its load: the next failure is its first.
SOUND_SECONDS = 60.0
MOST_SMALLER = 6  # halvings of a context before a model is given up


class Moves:
    """The transitions of slots. `clock` is monotone, in seconds."""

    def __init__(self, effects: Effects, callers: Callers, tally: Tally, clock: Callable[[], float]) -> None:
        self._effects = effects
        self._callers = callers
        self._tally = tally
        self._clock = clock
        self._ids = itertools.count(1)

    # Leases.

    def grant(self, slot: Slot, waiting: Waiting) -> None:
        """Answers with a lease of the running engine."""
        assert slot.engine
        if waiting.answer.done():
            return  # who asked has gone
        now = self._clock()
        slot.used, slot.urgent_use = now, waiting.urgent
        slot.record = touched(slot.record, now)
        self._tally.queued(slot.spec.id, now - waiting.since)
        lease = slot.engine.lease
        if waiting.client:
            granted = Granted(str(next(self._ids)), waiting.client, now)
            slot.leases[granted.id] = granted
            lease = replace(lease, id=granted.id)
        waiting.answer.set_result(lease)

    def grant_all(self, slot: Slot) -> None:
        """Whoever waits for a model that is ready and gives new leases."""
        if slot.state == "ready" and not (slot.falling or slot.draining or slot.ending):
            for waiting in take(slot.waiting):
                self.grant(slot, waiting)

    def refuse_all(self, slot: Slot, error: PenstockError) -> None:
        for waiting in take(slot.waiting):
            refuse(waiting.answer, error)

    def recall(self, slot: Slot) -> None:
        """Asks for every lease back that was not asked for yet."""
        clients: dict[str, list[str]] = {}
        for lease in slot.leases.values():
            if not lease.recalled:
                lease.recalled = True
                clients.setdefault(lease.client, []).append(lease.id)
        for client, leases in clients.items():
            self._callers.recall(client, leases)

    # Giving way.

    def let_fall(self, slot: Slot, fall: Fall, wanted_by: str) -> None:
        """To a sleeping level or off, once its leases are back."""
        slot.falling, slot.falling_for = fall, wanted_by
        self.recall(slot)
        self.proceed(slot)

    def stay(self, slot: Slot) -> None:
        """It need not give way after all."""
        slot.falling, slot.falling_for = None, ""

    def end(self, slot: Slot, patience: float) -> None:
        """Towards off, at the latest after `patience` seconds. Who waited for its load is told."""
        if slot.state == "loading":
            self.refuse_all(
                slot,
                Unavailable(f"The model {slot.spec.id} was unloaded while it was loading. Ask again to load it."),
            )
            slot.state = "unloading"
            if slot.engine:
                self._effects.stop(slot.spec, slot.engine, at_once=True)
            else:
                self._effects.abandon(slot.spec)
        elif slot.resting:
            self.rest(slot)
        elif not slot.ending and (slot.state != "unloading" or slot.falling):
            slot.ending, slot.end_by = True, self._clock() + patience
            self.recall(slot)
            self.proceed(slot)

    def proceed(self, slot: Slot) -> None:
        """Does what was waiting for the last lease to come back."""
        if not slot.engine or slot.state not in ("ready", "sleeping"):
            return
        if slot.ending and (not slot.leases or self._clock() >= slot.end_by):
            self._stop(slot)
        elif slot.falling and not slot.leases:
            if slot.falling_for:
                self._tally.evicted(slot.spec.id)
            if slot.falling.to.level == OFF:
                self._stop(slot)
            else:
                slot.state = "unloading"
                self._effects.sleep(slot.spec, slot.engine, slot.falling)

    def _stop(self, slot: Slot) -> None:
        assert slot.engine
        slot.state = "unloading"
        self.stay(slot)
        self._tell_gone(slot)
        self._effects.stop(slot.spec, slot.engine, at_once=False)

    # Coming to life.

    def begin(self, slot: Slot, room: Room) -> None:
        """Loads it, or wakes it, into the room that is free for it."""
        slot.promise, slot.error, slot.load_began = None, None, self._clock()
        if slot.state == "sleeping":
            assert slot.engine
            slot.state, slot.after = "loading", slot.awake
            self._effects.wake(slot.spec, slot.engine, slot.level)
            return
        slot.state, slot.after = "loading", room.share
        slot.estimated = sum(room.share.values())
        self._effects.start(slot.spec, room, slot.context)

    def started(self, slot: Slot, message: Started) -> None:
        slot.engine = message.engine
        if slot.state == "unloading":
            self._effects.stop(slot.spec, message.engine, at_once=True)
            return
        slot.load_seconds = message.seconds
        slot.record = loaded(slot.record, message.seconds)
        self._tally.loaded(slot.spec.id, message.seconds)
        self._ready(slot, message.share)

    def woken(self, slot: Slot, message: Woken) -> None:
        if slot.engine is message.engine and slot.state == "loading":
            self._ready(slot, message.share)

    def _ready(self, slot: Slot, share: Share) -> None:
        now = self._clock()
        slot.state, slot.level, slot.back_seconds, slot.after, slot.error = "ready", 0, 0.0, None, None
        slot.share = slot.awake = share
        slot.since = slot.used = now
        self.grant_all(slot)

    def slept(self, slot: Slot, message: Slept) -> None:
        if slot.engine is not message.engine or slot.falling is None or slot.hung:
            return
        slot.state, slot.level, slot.after = "sleeping", message.level, None
        slot.share, slot.back_seconds, slot.since = message.share, slot.falling.to.back_seconds, self._clock()
        self.stay(slot)
        if slot.ending:
            self.proceed(slot)

    # Coming to an end.

    def not_started(self, slot: Slot, message: NotStarted) -> None:
        if slot.state == "unloading":
            self.rest(slot)
            return
        if message.failure.memory:
            smaller = self._effects.smaller(slot.spec, slot.context, _room(slot.after or {}))
            if smaller is not None and slot.failures < MOST_SMALLER:
                self._fail(slot, message.failure.words)
                slot.context, slot.retry_at = smaller, self._clock()
                slot.notice = (
                    f"It ran out of memory at its load ({message.failure.words}) and has a context of {smaller} tokens."
                )
                return
        self._fail(slot, message.failure.words)
        self.refuse_all(slot, Unavailable(f"The model {slot.spec.id} cannot be loaded: {message.failure.words}"))

    def ended(self, slot: Slot, message: Ended) -> None:
        if slot.engine is not message.engine:
            return  # an engine that was replaced meanwhile
        self._tell_gone(slot)
        lived = self._clock() - slot.since
        if slot.state == "unloading" and slot.hung is None:
            self.rest(slot)
            return
        if slot.state == "ready" and lived > SOUND_SECONDS:
            slot.failures = 0
        self._fail(slot, slot.hung or message.reason)

    def hung(self, slot: Slot, message: Hung) -> None:
        if slot.engine is not message.engine or slot.hung or (slot.state == "unloading" and not slot.falling):
            if message.answer:
                resolve(message.answer, None)
            return
        slot.state, slot.hung = "unloading", message.why
        if message.answer:
            slot.unloads.append(message.answer)
        self._effects.stop(slot.spec, message.engine, at_once=True)

    def hopeless(self, slot: Slot, error: PenstockError) -> None:
        """There can be no room for it."""
        self.refuse_all(slot, error)
        if slot.resting and slot.standing.pin:
            self._fail(slot, error.message)
            slot.retry_at = self._clock() + LONGEST_BACKOFF
        slot.ways = None

    def fail(self, slot: Slot, words: str) -> None:
        """It could not even be tried."""
        self._fail(slot, words)
        self.refuse_all(slot, Unavailable(f"The model {slot.spec.id} cannot be loaded: {words}"))

    def rest(self, slot: Slot) -> None:
        """It is off; the next wish begins anew."""
        self._clear(slot)
        slot.state, slot.error, slot.failures = "off", None, 0
        self._answer_unloads(slot)

    def _fail(self, slot: Slot, words: str) -> None:
        self._clear(slot)
        slot.state, slot.error = "failed", words
        slot.failures += 1
        # The first time at once: most engines that die do so once.
        pause = 0.0 if slot.failures == 1 else min(2.0 ** (slot.failures - 2), LONGEST_BACKOFF)
        slot.retry_at = self._clock() + pause
        self._tally.failed(slot.spec.id)
        self._answer_unloads(slot)

    def _clear(self, slot: Slot) -> None:
        slot.engine, slot.hung, slot.ending, slot.draining = None, None, False, False
        slot.share, slot.after, slot.ways, slot.promise = {}, None, None, None
        slot.level, slot.back_seconds = 0, 0.0
        self.stay(slot)

    def _tell_gone(self, slot: Slot) -> None:
        clients: dict[str, list[str]] = {}
        for lease in slot.leases.values():
            clients.setdefault(lease.client, []).append(lease.id)
        slot.leases.clear()
        for client, leases in clients.items():
            self._callers.gone(client, leases)

    def _answer_unloads(self, slot: Slot) -> None:
        for waiting in take(slot.unloads):
            resolve(waiting, None)


def _room(share: Share) -> int:
    """What it had of the devices that it computes on: where there are accelerators, the host does not count."""
    return sum(size for device, size in share.items() if device != HOST) or share.get(HOST, 0)


def take(things: list[T]) -> Sequence[T]:
    """All of them; the list is empty then."""
    taken = list(things)
    things.clear()
    return taken


def resolve(future: asyncio.Future[T], value: T) -> None:
    with contextlib.suppress(asyncio.InvalidStateError):  # who asked has gone
        future.set_result(value)


def refuse(future: asyncio.Future[Any], error: PenstockError) -> None:
    with contextlib.suppress(asyncio.InvalidStateError):
        future.set_exception(error)
