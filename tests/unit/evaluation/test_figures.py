from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.evaluation.figures import Figure, Line, Target, exponent, figure, percentile

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)


class TestPercentile:
    @pytest.mark.parametrize(("share", "expected"), [(0, 1), (0.25, 2), (0.5, 3), (0.6, 3.4), (0.99, 4.96), (1, 5)])
    def test_between_neighbours(self, share: float, expected: float) -> None:
        assert percentile([5, 3, 1, 4, 2], share) == pytest.approx(expected)

    def test_of_one_value(self) -> None:
        assert percentile([7.0], 0.99) == 7

    def test_of_none(self) -> None:
        with pytest.raises(ValueError, match="no values"):
            percentile([], 0.5)

    @given(values, st.floats(0, 1), st.floats(0, 1))
    def test_it_grows_with_the_share_and_stays_among_the_values(self, given_: list[float], a: float, b: float) -> None:
        low, high = percentile(given_, min(a, b)), percentile(given_, max(a, b))
        assert low <= high or low == pytest.approx(high)
        assert low >= min(given_) or low == pytest.approx(min(given_))
        assert high <= max(given_) or high == pytest.approx(max(given_))


class TestExponent:
    @given(st.floats(-1, 3), st.floats(0.01, 100), st.floats(1.5, 1000))
    def test_of_a_power(self, power: float, factor: float, larger: float) -> None:
        cost = [(size, factor * size**power) for size in (10.0, 10 * larger)]
        assert exponent(cost[0], cost[1]) == pytest.approx(power, abs=1e-6)

    def test_what_costs_the_same_does_not_grow(self) -> None:
        assert exponent((5000, 8.0), (20000, 8.0)) == 0


class TestLine:
    def test_the_median_counts_and_not_the_mean(self) -> None:
        assert figure([1, 2, 300], "s").value == 2

    @pytest.mark.parametrize(("better", "expected"), [("more", 0.25), ("less", 4.0)])
    def test_the_ratio_tells_how_many_times_better_ours_is(self, better: str, expected: float) -> None:
        line = Line("x", _one(10), "more" if better == "more" else "less", peer=_one(40))
        assert line.ratio == expected

    def test_no_ratio_without_a_peer_or_to_nothing(self) -> None:
        assert Line("x", _one(10)).ratio is None
        assert Line("x", _one(10), peer=_one(0)).ratio is None
        assert Line("x", _one(0), peer=_one(10)).ratio is None

    @pytest.mark.parametrize(
        ("line", "met"),
        [
            (Line("time", Figure((5.0,), "s"), target=Target(5)), True),
            (Line("time", Figure((5.1,), "s"), target=Target(5)), False),
            (Line("rate", Figure((5.0,), "/s"), "more", target=Target(5)), True),
            (Line("rate", Figure((4.9,), "/s"), "more", target=Target(5)), False),
            (Line("rate", Figure((99.0,), "/s"), "more", Figure((9.0,), "/s"), Target(10, "ratio")), True),
            (Line("rate", Figure((89.0,), "/s"), "more", Figure((9.0,), "/s"), Target(10, "ratio")), False),
            (Line("rate", Figure((99.0,), "/s"), "more", target=Target(10, "ratio")), None),
            (Line("rate", Figure((99.0,), "/s")), None),
        ],
        ids=["at most", "over", "at least", "under", "ratio", "ratio missed", "no peer", "no target"],
    )
    def test_met(self, line: Line, met: bool | None) -> None:
        assert line.met is met


def _one(value: float) -> Figure:
    return Figure((value,), "s")
