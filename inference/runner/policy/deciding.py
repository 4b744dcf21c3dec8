"""The decision about one model that somebody wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference.runner.policy.facts import (
    HOST,
    OFF,
    RULES,
    Fall,
    Need,
    Place,
    Resident,
    Room,
    Rules,
    Rung,
    Share,
    TooLarge,
    Wait,
)
from inference.runner.policy.placement import Spot, spots
from inference.runner.policy.room import Free, Victim, clear, free, held_later, held_now, victims
from inference.runner.policy.worth import uses_now

_HELD, _MOVING, _BUSY = 1, 2, 3  # who is waited for rather: a minimum residency ends by itself, a lease may not


def plan(
    need: Need, places: Sequence[Place], residents: Sequence[Resident], now: float, rules: Rules = RULES
) -> Room | Wait | TooLarge:
    """Where the model goes and who makes room.

    Total and deterministic. Where it fits without a fall anywhere, nothing falls, even on a way that comes later in
    `ways`. Otherwise the spot is taken whose falls cost least expected load seconds; of equals the way preferred, then
    the tightest fit, so that large holes stay whole. The busy, the pinned, the moving, those younger than their minimum
    residency and those of a higher priority that were used just now are never touched.
    """
    stage = _Stage(need, places, residents, now, rules)
    possible = [spot for spot in spots(need, places) if stage.can_ever_hold(spot)]
    if not possible:
        return _too_large(need, places, residents)
    for spot in sorted(possible, key=stage.tightness):
        if stage.fits_now(spot):
            return Room(spot.share, spot.devices, spot.way)
    if any(map(stage.fits_later, possible)):
        return Wait(moving=tuple(sorted(each.model for each in stage.others if each.after is not None)))
    cleared = [(spot, falls) for spot in possible if (falls := stage.clear(spot)) is not None]
    if cleared:
        spot, falls = min(cleared, key=lambda found: (stage.loss(found[1]), *stage.tightness(found[0])))
        return Room(spot.share, spot.devices, spot.way, falls)
    return min(map(stage.wait, possible), key=_patience)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The others by what can be done with them now."""

    ready_to_fall: list[Resident]
    held: dict[str, float]
    moving: list[Resident]
    busy: list[Resident]


class _Stage:
    """The facts of one decision, arranged once."""

    def __init__(
        self, need: Need, places: Sequence[Place], residents: Sequence[Resident], now: float, rules: Rules
    ) -> None:
        self._need, self._now, self._rules = need, now, rules
        own = next((each for each in residents if each.model == need.model), None)
        self._own: Share = held_later(own) if own else {}
        self.others = [each for each in residents if each.model != need.model]
        self._now_free = free(places, residents, held_now)
        self._later_free = free(places, residents, held_later)
        self._ever_free = free(places, (each for each in residents if each.pinned or each is own), held_later)
        self._sorted = self._sort()

    def can_ever_hold(self, spot: Spot) -> bool:
        return self._has(self._ever_free, spot)

    def fits_now(self, spot: Spot) -> bool:
        return self._has(self._now_free, spot)

    def fits_later(self, spot: Spot) -> bool:
        return self._has(self._later_free, spot)

    def tightness(self, spot: Spot) -> tuple[int, int, tuple[str, ...]]:
        """The way preferred first, then the least left over, then the devices' names."""
        return spot.order, sum(self._later_free.get(device, 0) for device in spot.devices), spot.devices

    def clear(self, spot: Spot) -> tuple[Fall, ...] | None:
        """The falls that make room now. For what was only announced none that is announced too, and none that cost more
        than a fraction of what they save."""
        need, candidates = self._need, self._sorted.ready_to_fall
        if need.prefetch:
            candidates = [each for each in candidates if not each.announced]
        falls = clear(self._wanted(spot), self._later_free, victims(candidates, self._now, self._rules))
        if falls is None or not need.prefetch:
            return falls
        uses = uses_now(need.record, self._now) + need.announced * self._rules.announced_uses
        return falls if self.loss(falls) * self._rules.prefetch_margin < uses * need.record.load_seconds else None

    def loss(self, falls: tuple[Fall, ...]) -> float:
        """Expected seconds that the falls cost."""
        known = {each.model: each for each in self.others}
        by_name = {fall.model: fall.to.back_seconds - known[fall.model].back_seconds for fall in falls}
        return sum(
            victim.uses * by_name[victim.resident.model]
            for victim in victims((known[name] for name in by_name), self._now, self._rules)
        )

    def wait(self, spot: Spot) -> Wait:
        """For whom: the cheapest set that would make room, were everybody at rest."""
        sorted_ = self._sorted
        ranks = dict.fromkeys(sorted_.held, _HELD)
        ranks |= {each.model: _MOVING for each in sorted_.moving}
        ranks |= {each.model: _BUSY for each in sorted_.busy}
        everybody = [each for each in self.others if not each.pinned]
        pretended = [
            Victim(_at_rest(victim.resident), victim.uses, ranks.get(victim.resident.model, 0))
            for victim in victims(everybody, self._now, self._rules)
        ]
        falls = clear(self._wanted(spot), self._later_free, pretended) or ()
        names = {fall.model for fall in falls}
        return Wait(
            until=min((end for model, end in sorted_.held.items() if model in names), default=None),
            drain=tuple(sorted(each.model for each in sorted_.busy if each.model in names)),
            moving=tuple(sorted(each.model for each in sorted_.moving if each.model in names)),
        )

    def _has(self, left: Free, spot: Spot) -> bool:
        return all(size <= max(left.get(device, 0), 0) for device, size in self._wanted(spot).items())

    def _wanted(self, spot: Spot) -> Share:
        """What is needed beyond what the model holds already."""
        return {device: max(size - self._own.get(device, 0), 0) for device, size in spot.share.items()}

    def _sort(self) -> _Sorted:
        result = _Sorted([], {}, [], [])
        for each in self.others:
            if each.pinned:
                continue
            if each.after is not None:
                result.moving.append(each)
            elif each.busy:
                result.busy.append(each)
            elif (end := self._held_until(each)) > self._now:
                result.held[each.model] = end
            else:
                result.ready_to_fall.append(each)
        return result

    def _held_until(self, each: Resident) -> float:
        rules = self._rules
        until = each.since + max(rules.minimum_seconds, rules.minimum_loads * each.record.load_seconds)
        if each.priority > self._need.priority:
            until = max(until, each.last_used + rules.priority_seconds)
        return until


def _at_rest(resident: Resident) -> Resident:
    """It as it will be, able to end."""
    return Resident(
        resident.model,
        held_later(resident),
        (Rung(OFF, {}, resident.record.load_seconds),),
        record=resident.record,
    )


def _patience(wait: Wait) -> tuple[int, float, tuple[str, ...]]:
    """Less is better: few that are in use, and soon."""
    return len(wait.drain), wait.until if wait.until is not None else float("inf"), wait.drain


def _too_large(need: Need, places: Sequence[Place], residents: Sequence[Resident]) -> TooLarge:
    """The figures of the device that comes nearest to holding it."""
    known = {place.id: place for place in places}
    stays = [each for each in residents if each.pinned and each.model != need.model]
    found: list[TooLarge] = []
    for spot in spots(need, places):
        for device, needed in spot.share.items():
            place = known.get(device, Place(device, HOST, 0))
            pinned = sum(held_later(each).get(device, 0) for each in stays)
            most = max(place.budget - place.foreign - pinned, 0)
            if needed > most:
                count = spot.way.count if spot.way else 1
                found.append(TooLarge(device, needed, most, place.foreign, pinned, count))
    if found:
        return min(found, key=lambda fault: (fault.needed - fault.most, fault.count, fault.device))
    # No device of the kind at all, or fewer than the way takes.
    kinds = [TooLarge(way.kind, way.each, 0, count=way.count) for way in need.ways]
    return min(kinds, key=lambda fault: (fault.count, fault.needed), default=TooLarge(HOST, 0, 0))
