"""Who decides what is kept: the runner's own functions, and the policies that they are compared with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inference.evaluation.models.replay import Move
from inference.evaluation.models.trace import GB, Request, Zoo
from inference.runner.policy import NEW, OFF, Need, Place, Record, Resident, Room, Rules, Rung, Share, Way, loaded, plan
from inference.runner.policy import touched as touched_record

CAPACITY = 80 * GB
GPU, HOST = "gpu0", "cpu"
# One request at a time: nobody holds a lease, and nobody is made to wait for a minimum residency.
_RULES = Rules(minimum_seconds=0, minimum_loads=0)


@dataclass(slots=True)
class _Kept:
    """A model in memory as the keeper sees it. `level` 0 is ready."""

    share: Share
    level: int = 0
    since: float = 0.0
    last_used: float = 0.0
    after: Share | None = None


class Planned:
    """The runner's plan(). `host` is how much of the host's memory sleeping models may have; without `prefetches`
    announcements only count for what is kept."""

    def __init__(self, zoo: Zoo, *, host: int = 0, prefetches: bool = True) -> None:
        self._zoo = zoo
        self._prefetches = prefetches
        self._places = [Place(HOST, "cpu", host), Place(GPU, "gpu", CAPACITY)]
        self._sleeps = host > 0
        self._kept: dict[int, _Kept] = {}
        self._records: dict[int, Record] = {}
        self._announced: Mapping[int, int] = {}

    def holds(self, model: int) -> bool:
        kept = self._kept.get(model)
        return kept is not None and kept.after is None and kept.level == 0

    def used(self, model: int, now: float) -> None:
        self._records[model] = touched_record(self._records.get(model, NEW), now)
        self._kept[model].last_used = now

    def announce(self, announced: Mapping[int, int]) -> None:
        self._announced = announced

    def bring(self, model: int, now: float) -> Move | None:
        return self._plan(self._need(model), model, now)

    def prefetch(self, model: int, now: float) -> Move | None:
        return self._plan(self._need(model, prefetch=True), model, now) if self._prefetches else None

    def arrived(self, model: int, now: float) -> None:
        kept = self._kept[model]
        kept.share, kept.after, kept.level, kept.since = kept.after or kept.share, None, 0, now

    def _need(self, model: int, *, prefetch: bool = False) -> Need:
        record = loaded(self._records.get(model, NEW), self._zoo.seconds[model])
        return Need(
            str(model),
            (Way("gpu", 1, self._zoo.sizes[model]),),
            at={GPU: self._zoo.sizes[model]} if model in self._kept else None,
            prefetch=prefetch,
            announced=self._announced.get(model, 0),
            record=record,
        )

    def _plan(self, need: Need, model: int, now: float) -> Move | None:
        decision = plan(need, self._places, [self._resident(each) for each in self._kept], now, _RULES)
        if not isinstance(decision, Room):
            return None
        for fall in decision.falls:
            fallen = int(fall.model)
            if fall.to.level == OFF:
                del self._kept[fallen]
            else:
                self._kept[fallen].share, self._kept[fallen].level = fall.to.share, fall.to.level
        asleep = self._kept.get(model)
        seconds = wake_seconds(self._zoo.sizes[model], asleep.level) if asleep else self._zoo.seconds[model]
        self._kept[model] = _Kept(asleep.share if asleep else {}, 0, now, now, after=decision.share)
        return Move(seconds, 0.0 if asleep else seconds)

    def _resident(self, model: int) -> Resident:
        kept = self._kept[model]
        size = self._zoo.sizes[model]
        return Resident(
            str(model),
            kept.share,
            tuple(rung for rung in self._ladder(model) if rung.level > kept.level),
            after=kept.after,
            back_seconds=wake_seconds(size, kept.level) if kept.level else 0.0,
            since=kept.since,
            last_used=kept.last_used,
            record=loaded(self._records.get(model, NEW), self._zoo.seconds[model]),
            announced=self._announced.get(model, 0),
        )

    def _ladder(self, model: int) -> list[Rung]:
        size, seconds = self._zoo.sizes[model], self._zoo.seconds[model]
        off = Rung(OFF, {}, seconds)
        if not self._sleeps or seconds < 30:  # only engines like vLLM sleep
            return [off]
        return [
            Rung(1, {GPU: GB, HOST: size + 2 * GB}, wake_seconds(size, 1)),
            Rung(2, {GPU: GB, HOST: 2 * GB}, wake_seconds(size, 2)),
            off,
        ]


def wake_seconds(size: int, level: int) -> float:
    """Lines through what was measured of vLLM (blog.vllm.ai, 2025-10-26): models of 1.2 and 8.3 GB wake in 0.26 and
    0.82 s from level 1, in 0.85 and 2.58 s from level 2."""
    return 0.17 + 0.079 * size / GB if level == 1 else 0.56 + 0.244 * size / GB


@dataclass(slots=True)
class _Known:
    """What the policies remember of a model."""

    uses: int = 0
    last: float = 0.0
    credit: float = 0.0


@dataclass(slots=True)
class Ranked:
    """Evicts the lowest by a rank until there is room; announcements are nothing to it."""

    zoo: Zoo
    kept: dict[int, _Known] = field(default_factory=dict[int, _Known])
    known: dict[int, _Known] = field(default_factory=dict[int, _Known])
    clock: float = 0.0
    step: int = 0

    def rank(self, model: int) -> float:
        raise NotImplementedError

    def forget(self, model: int) -> None:
        """An evicted model's uses are not counted on."""
        self.known.pop(model, None)

    def holds(self, model: int) -> bool:
        return model in self.kept

    def used(self, model: int, now: float) -> None:
        known = self.known.setdefault(model, _Known())
        known.uses, known.last, known.credit = known.uses + 1, now, self.clock
        self.kept[model] = known
        self.step += 1

    def announce(self, announced: Mapping[int, int]) -> None:
        pass

    def bring(self, model: int, now: float) -> Move:
        used = sum(self.zoo.sizes[each] for each in self.kept)
        while used + self.zoo.sizes[model] > CAPACITY:
            least = min(self.kept, key=lambda each: (self.rank(each), each))
            self.clock = max(self.clock, self.rank(least))
            used -= self.zoo.sizes[least]
            del self.kept[least]
            self.forget(least)
        return Move(self.zoo.seconds[model], self.zoo.seconds[model])

    def prefetch(self, model: int, now: float) -> None:
        return None

    def arrived(self, model: int, now: float) -> None:
        self.kept[model] = self.known.setdefault(model, _Known())

    def density(self, model: int) -> float:
        return self.zoo.seconds[model] / self.zoo.sizes[model]


class Lru(Ranked):
    """The one used longest ago goes."""

    def rank(self, model: int) -> float:
        return self.kept[model].last


class Lfu(Ranked):
    """The one used least goes."""

    def rank(self, model: int) -> float:
        return self.kept[model].uses

    def forget(self, model: int) -> None:
        pass


class Gds(Ranked):
    """GreedyDual-Size (Cao and Irani, USITS 1997)."""

    def rank(self, model: int) -> float:
        return self.kept[model].credit + self.density(model)


class Gdsf(Ranked):
    """GreedyDual-Size-Frequency (Cherkasova, HPL-98-69R1, 1998)."""

    def rank(self, model: int) -> float:
        return self.kept[model].credit + self.kept[model].uses * self.density(model)


class Foreseen(Ranked):
    """Knows the trace: what is worth least by the time until it is next used goes. No bound, but hard to beat."""

    def __init__(self, zoo: Zoo, trace: Sequence[Request]) -> None:
        super().__init__(zoo)
        self._next: list[dict[int, int]] = [{}]
        for place in range(len(trace) - 1, -1, -1):
            self._next.append(self._next[-1] | {trace[place].model: place})
        self._next.reverse()

    def rank(self, model: int) -> float:
        again = self._next[self.step + 1].get(model, math.inf) if self.step + 1 < len(self._next) else math.inf
        return self.density(model) / (again - self.step)
