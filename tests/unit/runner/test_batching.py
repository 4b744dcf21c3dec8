"""The embedder's decisions: batches with little padding, and fair turns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.runner.engines.onnx.batching import Turns, plan_batches


@given(st.lists(st.integers(1, 256), max_size=200), st.integers(256, 1024))
def test_every_text_is_in_one_batch_and_every_batch_in_the_budget(lengths: list[int], budget: int) -> None:
    batches = plan_batches(lengths, budget)
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) * max(lengths[position] for position in batch) <= budget


def test_similar_lengths_share_a_batch() -> None:
    assert plan_batches([100, 3, 100, 2], budget=200) == [[3, 1], [0, 2]]


def test_a_text_longer_than_the_budget_goes_alone() -> None:
    assert plan_batches([300, 4], budget=100) == [[1], [0]]


def _serve(turns: Turns[str], batches: dict[str, int], count: int) -> list[str]:
    served: list[str] = []
    for _ in range(count):
        job = turns.next()
        served.append(job)
        batches[job] -= 1
        if batches[job]:
            turns.again(job)
    return served


def test_a_query_is_served_among_a_big_job_s_batches() -> None:
    turns: Turns[str] = Turns()
    turns.add("document")
    batches = {"document": 100, "query": 1}
    _serve(turns, batches, 3)
    turns.add("query")
    assert "query" in _serve(turns, batches, 2)


def test_big_jobs_take_turns() -> None:
    turns: Turns[str] = Turns()
    turns.add("one")
    turns.add("two")
    served = _serve(turns, {"one": 20, "two": 20}, 20)
    assert abs(served.count("one") - served.count("two")) <= 2
    assert served[10:] in (["one", "two"] * 5, ["two", "one"] * 5)


def test_a_flood_of_queries_does_not_stop_a_big_job() -> None:
    turns: Turns[str] = Turns()
    turns.add("document")
    batches = {"document": 100} | {f"query {number}": 1 for number in range(50)}
    _serve(turns, batches, 1)
    for number in range(50):
        turns.add(f"query {number}")
    served = _serve(turns, batches, 20)
    assert served.count("document") >= 9


def test_turns_end() -> None:
    turns: Turns[str] = Turns()
    turns.add("query")
    _serve(turns, {"query": 1}, 1)
    assert len(turns) == 0
