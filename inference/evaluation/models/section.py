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
_OTHERS: dict[str, Make] = {
    "LFU": lambda zoo, trace: Lfu(zoo),
    "GreedyDual-Size": lambda zoo, trace: Gds(zoo),
    "GDSF": lambda zoo, trace: Gdsf(zoo),
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


def _lru(zoo: Zoo, trace: Sequence[Request]) -> Keeper:
    return Lru(zoo)


def _ours(zoo: Zoo, trace: Sequence[Request]) -> Keeper:
    return Planned(zoo)


def measure() -> Section:
    """LRU and the runner's own functions on the same traces."""
    single, graphs = _Case("log", "mixed"), _Case("log", "mixed", graphs=True)
    lines: list[Line] = []
    tell("models: single requests")
    lru = single.outcomes(_lru)
    ours = single.outcomes(_ours)
    lines.append(_line("seconds in loads, single requests", _loading(ours), _loading(lru), _TARGET))
    tell("models: graphs that announce")
    before, told = graphs.outcomes(_lru), graphs.outcomes(_ours)
    lines.append(_line("seconds in loads, graphs announced", _loading(told), _loading(before), _FORESEEN))
    lines.append(_line("seconds waited, graphs announced", _waiting(told), _waiting(before)))
    kept = graphs.outcomes(lambda zoo, trace: Planned(zoo, prefetches=False))
    lines.append(_line("seconds in loads, announced but not prefetched", _loading(kept), _loading(before)))
    tell("models: sleeping in the host's memory")
    asleep = graphs.outcomes(lambda zoo, trace: Planned(zoo, host=HOST))
    lines.append(_line(f"seconds waited, and {HOST // GB} GB to sleep in", _waiting(asleep), _waiting(before)))
    for case in (_Case("even", "mixed"), _Case("log", "by size"), _Case("even", "by size")):
        tell(f"models: {case.sizes} sizes, loads {case.loads}")
        what = f"seconds in loads, sizes {_SIZES[case.sizes]}, loads {_LOADS[case.loads]}"
        lines.append(_line(what, _loading(case.outcomes(_ours)), _loading(case.outcomes(_lru))))
    tell("models: other policies")
    found = {name: _ratio(single.outcomes(make), lru) for name, make in _OTHERS.items()} | {"ours": _ratio(ours, lru)}
    others = ", ".join(f"{name} {ratio}" for name, ratio in found.items())
    return Section("models", lines, [*_NOTES, f"how many times less than LRU, single requests, seed by seed: {others}"])


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
    f"a replay, not a measurement of engines: {MODELS} models of 1 to 40 GB, {CAPACITY // GB} GB of memory, {REQUESTS} "
    f"requests by Zipf's law dealt out anew four times, {len(SEEDS)} seeds; the peer is LRU, and has no announcements",
    "decided by the runner's plan(), with no minimum residency, as there is one request at a time",
]
