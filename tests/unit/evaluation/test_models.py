"""The trace is what it says, a replay counts right, and the runner's functions beat LRU in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from inference.evaluation.models.keepers import CAPACITY, Foreseen, Gds, Gdsf, Lfu, Lru, Planned, wake_seconds
from inference.evaluation.models.replay import Move, Outcome, replay
from inference.evaluation.models.trace import DRIFT, GB, MODELS, REQUESTS, Request, Zoo, requests, zoo


def test_the_same_seed_gives_the_same_trace() -> None:
    assert requests(3, graphs=True) == requests(3, graphs=True)
    assert requests(3, graphs=True) != requests(4, graphs=True)
    assert zoo(3, "log", "mixed") == zoo(3, "log", "mixed")


@pytest.mark.parametrize("graphs", [False, True])
def test_popularity_follows_zipf_and_drifts(graphs: bool) -> None:
    trace = requests(1, graphs=graphs)
    assert len(trace) == REQUESTS
    parts = [Counter(each.model for each in trace[start : start + DRIFT]) for start in range(0, REQUESTS, DRIFT)]
    law = sum(1 / rank for rank in range(1, MODELS + 1))
    for part in parts:
        shares = [count / DRIFT for _, count in part.most_common(3)]
        assert shares == pytest.approx([1 / law, 1 / 2 / law, 1 / 3 / law], rel=0.25)
    assert len({part.most_common(1)[0][0] for part in parts}) > 1


def test_what_was_announced_comes() -> None:
    trace = requests(2, graphs=True)
    assert all(not each.announced for each in requests(2, graphs=False))
    for place, request in enumerate(trace[:-200]):
        coming = Counter(each.model for each in trace[place + 1 : place + 201])
        assert not Counter(request.announced) - coming
        assert set(request.following) <= set(request.announced)


def test_models_are_as_large_and_slow_as_told() -> None:
    models = zoo(5, "log", "mixed")
    assert all(GB <= size <= 40 * GB for size in models.sizes)
    assert any(seconds > 34 for seconds in models.seconds)
    assert max(zoo(5, "even", "by size").seconds) <= 21
    # The four figures of blog.vllm.ai, 2025-10-26.
    assert wake_seconds(int(1.2 * GB), 1) == pytest.approx(0.26, abs=0.02)
    assert wake_seconds(int(8.3 * GB), 1) == pytest.approx(0.82, abs=0.02)
    assert wake_seconds(int(1.2 * GB), 2) == pytest.approx(0.85, abs=0.02)
    assert wake_seconds(int(8.3 * GB), 2) == pytest.approx(2.58, abs=0.02)


class _Script:
    """Holds one model; a load takes ten seconds."""

    def __init__(self, *, prefetches: bool) -> None:
        self._prefetches = prefetches
        self._held = -1
        self.told: list[Mapping[int, int]] = []

    def holds(self, model: int) -> bool:
        return model == self._held

    def used(self, model: int, now: float) -> None:
        assert self.holds(model)

    def announce(self, announced: Mapping[int, int]) -> None:
        self.told.append(announced)

    def bring(self, model: int, now: float) -> Move:
        return Move(10, 10)

    def prefetch(self, model: int, now: float) -> Move | None:
        return Move(10, 10) if self._prefetches else None

    def arrived(self, model: int, now: float) -> None:
        self._held = model


def test_a_replay_counts_loads_and_what_requests_wait() -> None:
    trace = [Request(1, 5, (2, 2), (2,)), Request(2, 6), Request(2, 1)]
    keeper = _Script(prefetches=False)
    assert replay(trace, keeper) == Outcome(loading=20, waiting=20)
    assert keeper.told == [{2: 2}, {}, {}]
    # Six of the ten seconds pass before anybody asks.
    assert replay(trace, _Script(prefetches=True)) == Outcome(loading=20, waiting=14)


def test_the_policies_evict_whom_they_say() -> None:
    """0 was used most, 1 costs most for its size, 2 was used last."""
    models = Zoo((40 * GB, 20 * GB, 20 * GB, 40 * GB), (40.0, 50.0, 1.0, 1.0))
    trace = [Request(model, 1) for model in (0, 0, 0, 1, 2, 3, 0)]
    stay = [
        (Lru(models), {1, 2, 3}),
        (Lfu(models), {0, 3}),
        (Gds(models), {1, 3}),
        (Gdsf(models), {0, 3}),
        (Foreseen(models, trace), {0, 3}),
    ]
    for keeper, kept in stay:
        replay(trace[:6], keeper)
        assert {model for model in range(4) if keeper.holds(model)} == kept
        assert sum(models.sizes[each] for each in kept) <= CAPACITY


def test_the_runner_s_functions_load_less_than_lru() -> None:
    models = zoo(0, "log", "mixed")
    single, graphs = requests(0, graphs=False)[:1200], requests(0, graphs=True)[:1200]
    assert replay(single, Lru(models)).loading / replay(single, Planned(models)).loading > 1.2
    peer, ours = replay(graphs, Lru(models)), replay(graphs, Planned(models))
    assert peer.loading / ours.loading > 1.2
    assert peer.waiting / ours.waiting > 1.4
    assert replay(graphs, Planned(models, host=128 * GB)).waiting < ours.waiting
