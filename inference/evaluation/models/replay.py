"""One replay of a trace: what is loaded and how long requests wait, under somebody who decides what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from inference.evaluation.models.trace import Request


@dataclass(frozen=True, slots=True)
class Move:
    """A model's way into memory: `seconds` until it is ready, `load` of them from the disk, none for a waking."""

    seconds: float
    load: float


class Keeper(Protocol):
    """Who decides what is kept. Times are seconds of the replay."""

    def holds(self, model: int) -> bool:
        """Whether it is ready."""
        ...

    def used(self, model: int, now: float) -> None: ...

    def announce(self, announced: Mapping[int, int]) -> None:
        """How many running graphs will need each model."""
        ...

    def bring(self, model: int, now: float) -> Move | None:
        """Begins to make it ready, whatever has to go; None: what is on its way must arrive first."""
        ...

    def prefetch(self, model: int, now: float) -> Move | None:
        """Begins to make it ready if that is worth it."""
        ...

    def arrived(self, model: int, now: float) -> None:
        """What was brought or prefetched is ready."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds that went into loads, and that requests waited."""

    loading: float
    waiting: float


def replay(trace: Sequence[Request], keeper: Keeper) -> Outcome:
    """Each request waits until its model is ready; the next one comes its gap after that. What graphs ask
    for next is prefetched in the meantime, one model at a time."""
    return _Replay(keeper).run(trace)


class _Replay:
    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._now = 0.0
        self._loading = 0.0
        self._waiting = 0.0
        self._following: tuple[int, ...] = ()
        self._coming: tuple[int, float] | None = None

    def run(self, trace: Sequence[Request]) -> Outcome:
        for request in trace:
            self._pass(self._now + request.gap)
            begun = self._now
            self._serve(request.model)
            self._waiting += self._now - begun
            self._keeper.used(request.model, self._now)
            self._following = request.following
            self._keeper.announce(Counter(request.announced))
        return Outcome(self._loading, self._waiting)

    def _pass(self, until: float) -> None:
        """Time goes by until then, and is used for what is announced."""
        at = self._now
        while True:
            if self._coming:
                if self._coming[1] > until:
                    break
                at = max(at, self._coming[1])
                self._arrive()
            if not self._begin(at):
                break
        self._now = until

    def _begin(self, at: float) -> bool:
        for model in dict.fromkeys(self._following):
            if not self._keeper.holds(model) and (move := self._keeper.prefetch(model, at)):
                self._loading += move.load
                self._coming = (model, at + move.seconds)
                return True
        return False

    def _serve(self, model: int) -> None:
        if self._coming and self._coming[0] == model:
            self._await_coming()
        while not self._keeper.holds(model):
            move = self._keeper.bring(model, self._now)
            if move is None:
                self._await_coming()
                continue
            self._loading += move.load
            self._now += move.seconds
            self._keeper.arrived(model, self._now)

    def _await_coming(self) -> None:
        assert self._coming, "nothing is on its way that could be waited for"
        self._now = max(self._now, self._coming[1])
        self._arrive()

    def _arrive(self) -> None:
        assert self._coming
        model, at = self._coming
        self._coming = None
        self._keeper.arrived(model, at)
