"""Who is next: the pool's slots made into facts, the decision about them carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inference.runner.facts import GRACE, facts_of, wanted
from inference.runner.scheduling import decide
from inference.runner.words import too_large

if TYPE_CHECKING:
    from inference.runner.messages import Effects, Measured
    from inference.runner.moves import Moves
    from inference.runner.policy import Place, Share
    from inference.runner.scheduling import Decision
    from inference.runner.slots import Slot

FRESH = 1.0  # a decision about memory rests on readings no older than this
# Shorter than a client's patience (LOAD_SECONDS in client.py), so that it is told why.
WAIT_SECONDS = 300.0


class Dispatcher:
    """Decides over `slots`, the pool's own, and moves them."""

    def __init__(self, slots: dict[str, Slot], effects: Effects, moves: Moves, clock: Callable[[], float]) -> None:
        self._slots = slots
        self._effects = effects
        self._moves = moves
        self._clock = clock
        self._places: Sequence[Place] = ()
        self._measured_at = float("-inf")
        self._measuring = False

    def measured(self, message: Measured) -> None:
        """Takes note of what the devices hold, and of it what each model does."""
        self._measuring, self._measured_at = False, self._clock()
        self._places = message.places
        for model, share in message.shares.items():
            slot = self._slots.get(model)
            if slot and not slot.resting:
                slot.share = share
                if slot.state == "ready":
                    slot.awake = share

    def decide(self) -> None:
        """Decides anew and carries it out."""
        now = self._clock()
        self._drop_promises(now)
        if self._lacks_facts(now):
            self._set_alarm(now, None)
            return
        facts = facts_of(self._slots.values(), self._places, self._asleep, now)
        decision = decide(facts)
        self._carry_out(decision)
        waits = any(wish.need.model not in decision.begins for wish in facts.wishes if not wish.need.prefetch)
        graces = [slot.used + GRACE for slot in self._slots.values() if waits and now < slot.used + GRACE]
        self._set_alarm(now, min([*graces, *([decision.again] if decision.again else [])], default=None))

    def _drop_promises(self, now: float) -> None:
        """Of those that nobody waits for any more, or nobody gives way for; who was to give way stays."""
        givers = {slot.falling_for for slot in self._slots.values() if slot.falling_for}
        leaving = any(slot.state == "unloading" for slot in self._slots.values())
        for model, slot in self._slots.items():
            if slot.promise and not (wanted(slot, now) and (leaving or model in givers)):
                slot.promise = None
        for slot in self._slots.values():
            wisher = self._slots.get(slot.falling_for)
            if slot.falling_for and slot.state in ("ready", "sleeping") and (wisher is None or not wisher.promise):
                self._moves.stay(slot)
                self._moves.grant_all(slot)

    def _lacks_facts(self, now: float) -> bool:
        """Asks for what is not known of models that are wanted, and of the devices."""
        wishers = [slot for slot in self._slots.values() if wanted(slot, now)]
        for slot in wishers:
            if slot.ways is None and slot.state != "sleeping" and not slot.assessing:
                slot.assessing = True
                self._effects.assess(slot.spec, slot.context)
        ready_to_plan = [slot for slot in wishers if slot.ways is not None or slot.state == "sleeping"]
        if not ready_to_plan or now - self._measured_at <= FRESH:
            return False
        if not self._measuring:
            self._measuring = True
            self._effects.measure()
        return True

    def _carry_out(self, decision: Decision) -> None:
        for model, found in decision.hopeless.items():
            self._slots[model].announced_until = 0.0
            self._moves.hopeless(self._slots[model], too_large(model, found))
        for model, room in decision.promises.items():
            self._slots[model].promise = room
        makers = {fall.model: model for model, room in decision.promises.items() for fall in room.falls}
        for model, fall in decision.falls.items():
            self._moves.let_fall(self._slots[model], fall, makers.get(model, ""))
        for model, slot in self._slots.items():  # who gives way gives no more leases: so after the falls
            drains = model in decision.drains
            if drains and not slot.draining:
                self._moves.recall(slot)
            slot.draining = drains
            self._moves.grant_all(slot)
        for model, room in decision.begins.items():
            self._moves.begin(self._slots[model], room)

    def _asleep(self, slot: Slot) -> Sequence[tuple[int, Share, float]]:
        if not slot.standing.sleep:
            return ()
        return self._effects.asleep(slot.spec, slot.awake, slot.record.load_seconds, slot.standing.sleep)

    def _set_alarm(self, now: float, again: float | None) -> None:
        times = [] if again is None else [again]
        for slot in self._slots.values():
            if slot.waiting:
                times.append(slot.waiting[0].since + WAIT_SECONDS)
            if slot.ending:
                times.append(slot.end_by)
            if slot.state == "failed" and (slot.waiting or slot.standing.pin):
                times.append(slot.retry_at)
        if later := [at for at in times if at > now]:
            self._effects.look_again(min(later) - now)
