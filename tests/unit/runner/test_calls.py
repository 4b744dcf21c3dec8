"""How many texts go into one request."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.runner import calls
from inference.runner.calls import portions


@given(st.lists(st.text(max_size=5), max_size=50), st.integers(1, 10))
def test_portions_are_the_texts_in_order(texts: list[str], most: int) -> None:
    found = list(portions(texts, most))
    assert [text for some in found for text in some] == texts
    assert all(0 < len(some) <= most for some in found)


def test_large_texts_go_by_themselves() -> None:
    half = "x" * (calls.MAX_CHARACTERS // 2 + 1)
    assert [len(some) for some in portions(["a", half, half, half * 3, "b", "c"], 10)] == [2, 1, 1, 2]
