"""The section of the table about which models are kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from inference.evaluation.figures import Figure, Line, Section, Target, figure
from inference.evaluation.models.keepers import CAPACITY, Foreseen, Gds, Gdsf, Lfu, Lru, Planned
from inference.evaluation.models.replay import Keeper, Outcome, replay
from inference.evaluation.models.trace import GB, MODELS, REQUESTS, Loads, Request, Sizes, Zoo, requests, zoo
from inference.evaluation.progress import tell

SEEDS = range(10)
HOST = 128 * GB
_TARGET = Target(1.2, "ratio")
_FORESEEN = Target(1.2, "ratio", goal=1.4)

Make = Callable[[Zoo, Sequence[Request]], Keeper]
_LRU: Make = lambda zoo, trace: Lru(zoo)  # noqa: E731
_OURS: Make = lambda zoo, trace: Planned(zoo)  # noqa: E731
_OTHERS: dict[str, Make] = {
    "LFU": lambda zoo, trace: Lfu(zoo),
    "GreedyDual-Size": lambda zoo, trace: Gds(zoo),
    "GDSF": lambda zoo, trace: Gdsf(zoo),
    "ours": _OURS,
    "the future known": Foreseen,
}


@dataclass(frozen=True, slots=True)
class _Case:
    sizes: Sizes
    loads: Loads
    graphs: bool = False

    def outcomes(self, make: Make) -> list[Outcome]:
        """One a seed."""
        found: list[Outcome] = []
        for seed in SEEDS:
            models, trace = zoo(seed, self.sizes, self.loads), requests(seed, graphs=self.graphs)
            found.append(replay(trace, make(models, trace)))
        return found


def measure() -> Section:
    single, graphs = _Case("log", "mixed"), _Case("log", "mixed", graphs=True)
    lines: list[Line] = []
    tell("models: single requests")
    lru = single.outcomes(_LRU)
    ours = single.outcomes(_OURS)
    lines.append(_line("seconds in loads, single requests", _loading(ours), _loading(lru), _TARGET))
    tell("models: graphs that announce")
    before, told = graphs.outcomes(_LRU), graphs.outcomes(_OURS)
    lines.append(_line("seconds in loads, graphs announced", _loading(told), _loading(before), _FORESEEN))
    lines.append(_line("seconds waited, graphs announced", _waiting(told), _waiting(before)))
    tell("models: sleeping in the host's memory")
    asleep = graphs.outcomes(lambda zoo, trace: Planned(zoo, host=HOST))
    lines.append(_line(f"the same with {HOST // GB} GB to sleep in", _waiting(asleep), _waiting(before)))
    for case in (_Case("even", "mixed"), _Case("log", "by size"), _Case("even", "by size")):
        tell(f"models: {case.sizes} sizes, loads {case.loads}")
        what = f"seconds in loads, sizes {_SIZES[case.sizes]}, loads {_LOADS[case.loads]}"
        lines.append(_line(what, _loading(case.outcomes(_OURS)), _loading(case.outcomes(_LRU))))
    tell("models: other policies")
    others = ", ".join(f"{name} {_ratio(single.outcomes(make), lru)}" for name, make in _OTHERS.items())
    return Section("models", lines, [*_NOTES, f"LRU's seconds in loads by those of others, single requests: {others}"])


def _line(what: str, ours: Figure, peer: Figure, target: Target | None = None) -> Line:
    return Line(what, ours, peer=peer, target=target)


def _loading(outcomes: Sequence[Outcome]) -> Figure:
    return figure([each.loading for each in outcomes], "s")


def _waiting(outcomes: Sequence[Outcome]) -> Figure:
    return figure([each.waiting for each in outcomes], "s")


def _ratio(outcomes: Sequence[Outcome], peer: Sequence[Outcome]) -> str:
    """Median, least and most of the ratios, seed by seed."""
    ratios = [theirs.loading / each.loading for each, theirs in zip(outcomes, peer, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


_SIZES = {"log": "mostly small", "even": "evenly spread"}
_LOADS = {"mixed": "by engine", "by size": "by size alone"}
_NOTES = [
    f"a replay, not a measurement of engines: {MODELS} models of 1 to 40 GB, {CAPACITY // GB} GB, {REQUESTS} requests by "
    f"Zipf's law dealt out anew four times, {len(SEEDS)} seeds; the peer is LRU, and has no announcements",
    "decided by the runner's plan(), with no minimum residency, as there is one request at a time",
]
