"""Where a model could go: the sets of devices that each way of laying it out may take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from inference.runner.policy.facts import HOST, Need, Place, Share, Way

MOST_SETS = 500
"""More sets of accelerators than these are not compared one by one; neighbours, whose links are the best, stand for
all."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A way on devices that are there, and what the model would hold. `order` is the way's place among the ways."""

    share: Share
    devices: tuple[str, ...]
    way: Way | None
    order: int = 0


def spots(need: Need, places: Sequence[Place]) -> list[Spot]:
    """All that are worth a look, in a fixed order; none where too few devices of the kinds are there or allowed."""
    if need.at is not None:
        devices = tuple(place.id for place in places if need.at.get(place.id, 0) > 0)
        return [Spot(need.at, devices, None)]
    found: list[Spot] = []
    for order, way in enumerate(need.ways):
        for devices in _sets(way, need, places):
            share = dict.fromkeys(devices, way.each)
            if way.host:
                share[HOST] = share.get(HOST, 0) + way.host
            found.append(Spot(share, devices, way, order))
    return found


def _sets(way: Way, need: Need, places: Sequence[Place]) -> Iterator[tuple[str, ...]]:
    usable = [
        place.id for place in places if place.kind == way.kind and (need.allowed is None or place.id in need.allowed)
    ]
    if not 0 < way.count <= len(usable):
        return
    if comb(len(usable), way.count) <= MOST_SETS:
        yield from combinations(usable, way.count)
    else:
        for start in range(len(usable) - way.count + 1):
            yield tuple(usable[start : start + way.count])
