"""What is done with measured numbers. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0…1) of `values` lie, between neighbours interpolated. ValueError of none."""
    if not values:
        raise ValueError("there is no percentile of no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def exponent(small: tuple[float, float], large: tuple[float, float]) -> float:
    """k of cost = c · size^k through two (size, cost): 0 stays, 1 grows as the size does."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity, measured once a run."""

    runs: tuple[float, ...]
    unit: str

    @property
    def value(self) -> float:
        return median(self.runs)


def figure(runs: Iterable[float], unit: str) -> Figure:
    return Figure(tuple(runs), unit)


@dataclass(frozen=True, slots=True)
class Target:
    """What the product has set itself: a limit of our own value, or of the ratio to the peer; `goal` is the dream."""

    limit: float
    of: Literal["ours", "ratio"] = "ours"
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `better`: whether more or less of it is better."""

    what: str
    ours: Figure
    better: Literal["more", "less"] = "less"
    peer: Figure | None = None
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the peer's."""
        if self.peer is None or not self.ours.value or not self.peer.value:
            return None
        ratio = self.ours.value / self.peer.value
        return ratio if self.better == "more" else 1 / ratio

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or no peer to compare with."""
        if self.target is None:
            return None
        if self.target.of == "ratio":
            return None if self.ratio is None else self.ratio >= self.target.limit
        over = self.ours.value - self.target.limit
        return over >= 0 if self.better == "more" else over <= 0


@dataclass(frozen=True, slots=True)
class Section:
    """What one part has measured, and what a reader must know of how."""

    title: str
    lines: list[Line]
    notes: list[str]
