"""Who is loaded next, and who gives way: a pure function over all that is wanted, on top of `policy.plan` for one need.

Fairness. Needs are met in the order in which they were asked, people's before background work; background work that has
waited for AGING seconds counts as people's. A need that must wait for others to become idle makes them stop taking new
work (`drains`) once they have been there for their minimum residency: so it waits for one residency, the requests under
way and its own load, whatever keeps coming. Meanwhile later needs may take room that is free, for PATIENCE seconds;
then nobody overtakes it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inference.runner.policy import (
    BACKGROUND,
    INTERACTIVE,
    RULES,
    Fall,
    Need,
    Place,
    Resident,
    Room,
    Rules,
    TooLarge,
    Wait,
    fits,
    idle,
    plan,
    relief,
)

AGING = 30.0
PATIENCE = 10.0
# One residency is as long as its load took, and no shorter than this: at most half of the time goes into loading.
MODEL_RULES = replace(RULES, minimum_seconds=2.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """A model that somebody waits for since `since`; `urgent`: a person does. `spared`: models that must not give way
    for it. `promised`: the room that is being made for it."""

    need: Need
    since: float
    urgent: bool = True
    spared: frozenset[str] = frozenset()
    promised: Room | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision rests on. `residents` are those of `policy`, promises left out."""

    now: float
    places: Sequence[Place]
    residents: Sequence[Resident]
    wishes: Sequence[Wish]
    rules: Rules = MODEL_RULES


@dataclass(frozen=True, slots=True)
class Decision:
    """`begins` start now; `promises` start when their `falls` have ended. `falls` are of others for a promise, for want
    of use, or because a device holds more than it may. `drains` get no new leases. `hopeless` can never be loaded.
    `again`: when to decide anew at the latest, if nothing happens before."""

    begins: dict[str, Room]
    promises: dict[str, Room]
    falls: dict[str, Fall]
    drains: frozenset[str]
    hopeless: dict[str, TooLarge]
    again: float | None


def decide(facts: Facts) -> Decision:
    """What to do now. Total and deterministic."""
    scheduler = _Scheduler(facts)
    scheduler.keep_promises()
    scheduler.let_idle_ones_go()
    scheduler.relieve()
    scheduler.meet(_in_turn(facts))
    return scheduler.decision()


def _in_turn(facts: Facts) -> list[Wish]:
    """Open wishes: announcements last, people's before background work, the oldest first."""
    aged = [_aged(wish, facts.now) for wish in facts.wishes if wish.promised is None]
    return sorted(aged, key=lambda wish: (wish.need.prefetch, -wish.need.priority, wish.since, wish.need.model))


def _aged(wish: Wish, now: float) -> Wish:
    if wish.urgent or wish.need.prefetch or now - wish.since < AGING:
        return wish
    return replace(wish, urgent=True, need=replace(wish.need, priority=wish.need.priority + INTERACTIVE - BACKGROUND))


class _Scheduler:
    """A decision in the making: the residents as they will be when it is carried out."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._residents = {resident.model: resident for resident in facts.residents}
        self._begins: dict[str, Room] = {}
        self._promises: dict[str, Room] = {}
        self._falls: dict[str, Fall] = {}
        self._drains: set[str] = set()
        self._hopeless: dict[str, TooLarge] = {}
        self._again: list[float] = []

    def decision(self) -> Decision:
        return Decision(
            self._begins,
            self._promises,
            self._falls,
            frozenset(self._drains),
            self._hopeless,
            min(self._again, default=None),
        )

    def keep_promises(self) -> None:
        """What was promised begins when the room is there, and counts until then."""
        promised = [wish for wish in self._facts.wishes if wish.promised]
        for wish in promised:
            assert wish.promised
            self._promise(wish.need, wish.promised)
        for wish in sorted(promised, key=lambda wish: wish.since):
            assert wish.promised
            if fits(wish.need.model, wish.promised.share, self._facts.places, list(self._residents.values())):
                self._begins[wish.need.model] = wish.promised

    def let_idle_ones_go(self) -> None:
        wanted = {wish.need.model for wish in self._facts.wishes}
        found = idle([each for each in self._residents.values() if each.model not in wanted], self._facts.now)
        self._let_fall(found.falls)
        self._look_again(found.again)

    def relieve(self) -> None:
        self._let_fall(relief(self._facts.places, list(self._residents.values()), self._facts.now, self._facts.rules))

    def meet(self, wishes: Iterable[Wish]) -> None:
        closed = False
        for wish in wishes:
            found = self._plan(wish)
            match found:
                case TooLarge():
                    self._hopeless[wish.need.model] = found
                case Room() if not closed:
                    self._take(wish, found)
                case Wait() if not wish.need.prefetch and not closed:
                    self._await(wish, found)
                    closed = self._facts.now - wish.since >= PATIENCE
                    if not closed:
                        self._look_again(wish.since + PATIENCE)
                case _:
                    pass

    def _plan(self, wish: Wish) -> Room | Wait | TooLarge:
        spared = [
            replace(each, pinned=True) if each.model in wish.spared else each
            for each in self._residents.values()
            if each.model != wish.need.model or wish.need.at is not None
        ]
        return plan(wish.need, self._facts.places, spared, self._facts.now, self._facts.rules)

    def _take(self, wish: Wish, room: Room) -> None:
        self._let_fall(room.falls)
        self._promise(wish.need, room)
        (self._promises if room.falls else self._begins)[wish.need.model] = room

    def _await(self, wish: Wish, wait: Wait) -> None:
        for model in wait.drain:
            resident = self._residents[model]
            if resident.priority > wish.need.priority:
                continue
            stays_until = resident.since + _residency(resident, self._facts.rules)
            if self._facts.now >= stays_until:
                self._drains.add(model)
            else:
                self._look_again(stays_until)
        self._look_again(wait.until)
        if not wish.urgent:
            self._look_again(wish.since + AGING)

    def _promise(self, need: Need, room: Room) -> None:
        now = self._residents.get(need.model)
        share = now.share if now else dict[str, int]()
        self._residents[need.model] = Resident(need.model, share, after=room.share, record=need.record)

    def _let_fall(self, falls: Iterable[Fall]) -> None:
        for fall in falls:
            self._falls[fall.model] = fall
            self._residents[fall.model] = replace(self._residents[fall.model], after=fall.to.share)

    def _look_again(self, at: float | None) -> None:
        if at is not None and at > self._facts.now:
            self._again.append(at)


def _residency(resident: Resident, rules: Rules) -> float:
    return max(rules.minimum_seconds, rules.minimum_loads * resident.record.load_seconds)
