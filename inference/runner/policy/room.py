"""Making room: which residents fall, and how far, so that a share fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inference.runner.policy.facts import RULES, Fall, Place, Resident, Rules, Share
from inference.runner.policy.worth import uses_now, worth

Free = dict[str, int]


@dataclass(frozen=True, slots=True)
class Victim:
    """A resident that may fall; `uses` is what its presence is weighed with, `rank` puts some before others."""

    resident: Resident
    uses: float
    rank: int = 0


def victims(residents: Iterable[Resident], now: float, rules: Rules) -> list[Victim]:
    """The residents with their uses, past and announced, as of now."""
    return [Victim(each, uses_now(each.record, now) + each.announced * rules.announced_uses) for each in residents]


def held_now(resident: Resident) -> Share:
    """What it must be thought to hold: while it moves, the larger of before and after."""
    if resident.after is None:
        return resident.share
    both = resident.share.keys() | resident.after.keys()
    return {device: max(resident.share.get(device, 0), resident.after.get(device, 0)) for device in both}


def held_later(resident: Resident) -> Share:
    """What it holds once it has come to rest."""
    return resident.share if resident.after is None else resident.after


def free(places: Iterable[Place], residents: Iterable[Resident], held: Callable[[Resident], Share]) -> Free:
    """Bytes by device that nobody holds; negative where more is held than may be."""
    left = {place.id: place.budget - place.foreign for place in places}
    for resident in residents:
        for device, size in held(resident).items():
            if device in left:
                left[device] -= size
    return left


def fits(model: str, share: Share, places: Sequence[Place], residents: Sequence[Resident]) -> bool:
    """Whether `model` can begin now to take its share, everybody else counted at the larger of now and after."""
    left = free(places, (each for each in residents if each.model != model), held_now)
    return all(size <= max(left.get(device, 0), 0) for device, size in share.items())


def relief(
    places: Sequence[Place], residents: Sequence[Resident], now: float, rules: Rules = RULES
) -> tuple[Fall, ...]:
    """Who falls because a device holds more than it may, others having taken memory or models having grown. Those that
    are busy, pinned or move stay; so the relief may be less than is needed."""
    left = free(places, residents, held_later)
    over = {device: 0 for device, size in left.items() if size < 0}
    idle = [each for each in residents if each.after is None and not each.busy and not each.pinned]
    while over:
        falls = clear(over, left, victims(idle, now, rules))
        if falls is not None:
            return falls
        # One device cannot be brought back below its budget: what can be done for the others is done.
        gives = {device: sum(each.share.get(device, 0) for each in idle) for device in over}
        hopeless = min(over, key=lambda device: (left[device] + gives[device], device))
        over = {device: size for device, size in over.items() if device != hopeless}
    return ()


def clear(wanted: Share, left: Mapping[str, int], candidates: Sequence[Victim]) -> tuple[Fall, ...] | None:
    """The falls after which every device has what is wanted of it; None if there are none such.

    Takes the least worth a byte first, until it fits, then gives back what turned out not to be needed, the most
    valuable first: no fall of the answer can be left out. A fall that needs room elsewhere (weights that sleep in the
    host's memory) has that room made by the same means.
    """
    ladder = _Ladder(wanted, left, candidates)
    while lacking := ladder.lacking():
        step = min(ladder.steps(lacking), default=None)
        if step is None:
            return None
        ladder.move(step.place, step.rung)
    ladder.give_back()
    return ladder.falls()


@dataclass(frozen=True, slots=True, order=True)
class _Step:
    """A candidate's way down; the smallest is the best one to take."""

    rank: int
    worth: float
    model: str
    rung: int
    place: int


class _Ladder:
    """Candidates on their rungs, and what is free with them there."""

    def __init__(self, wanted: Share, left: Mapping[str, int], candidates: Sequence[Victim]) -> None:
        self._wanted = {device: size for device, size in wanted.items() if size > 0 or left.get(device, 0) < 0}
        self._left = dict(left)
        self._candidates = candidates
        self._at = [-1] * len(candidates)  # -1: where it is now

    def lacking(self) -> set[str]:
        """Devices without what is wanted of them. Of those that nothing is wanted of, falls must not ask too much."""
        grown = {
            device
            for place, rung in enumerate(self._at)
            if rung >= 0
            for device, size in self._candidates[place].resident.rungs[rung].share.items()
            if size > self._candidates[place].resident.share.get(device, 0)
        }
        return {
            device for device in self._wanted.keys() | grown if self._left.get(device, 0) < self._wanted.get(device, 0)
        }

    def steps(self, lacking: set[str]) -> Iterable[_Step]:
        for place, victim in enumerate(self._candidates):
            resident = victim.resident
            here = self._share(place)
            for rung in range(self._at[place] + 1, len(resident.rungs)):
                there = resident.rungs[rung]
                freed = sum(max(here.get(device, 0) - there.share.get(device, 0), 0) for device in lacking)
                if freed > 0:
                    seconds = max(there.back_seconds - self._back(place), 0.0)
                    yield _Step(victim.rank, worth(victim.uses, seconds, freed), resident.model, rung, place)

    def move(self, place: int, rung: int) -> None:
        before = self._share(place)
        self._at[place] = rung
        after = self._share(place)
        for device in before.keys() | after.keys():
            if device in self._left:
                self._left[device] += before.get(device, 0) - after.get(device, 0)

    def give_back(self) -> None:
        """Puts candidates back up, the most valuable first, as high as the room allows, until none can go."""
        order = sorted(
            (place for place, rung in enumerate(self._at) if rung >= 0),
            key=lambda place: (
                -self._candidates[place].rank,
                -self._loss(place),
                self._candidates[place].resident.model,
            ),
        )
        while any(self._raise(place) for place in order):
            pass

    def falls(self) -> tuple[Fall, ...]:
        fallen = [
            Fall(victim.resident.model, victim.resident.rungs[rung])
            for victim, rung in zip(self._candidates, self._at, strict=True)
            if rung >= 0
        ]
        return tuple(sorted(fallen, key=lambda fall: fall.model))

    def _raise(self, place: int) -> bool:
        low = self._at[place]
        for rung in range(-1, low):
            self.move(place, rung)
            if not self.lacking():
                return True
        self.move(place, low)
        return False

    def _loss(self, place: int) -> float:
        """Seconds expected to be lost by its fall."""
        victim = self._candidates[place]
        return victim.uses * (self._back(place) - victim.resident.back_seconds)

    def _share(self, place: int) -> Share:
        resident, rung = self._candidates[place].resident, self._at[place]
        return held_later(resident) if rung < 0 else resident.rungs[rung].share

    def _back(self, place: int) -> float:
        resident, rung = self._candidates[place].resident, self._at[place]
        return resident.back_seconds if rung < 0 else resident.rungs[rung].back_seconds
