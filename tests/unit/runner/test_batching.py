"""The engine's decisions: batches with little padding, and fair turns."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from inference.runner.engines.onnx.batching import TOKEN_BUDGET, Turns, lanes_of, plan_batches


@dataclass
class Request:
    """`count` batches of one input each."""

    caller: str
    count: int
    query: bool = False
    length: int = 500
    gone: bool = False
    batches: list[list[int]] = field(init=False)
    lengths: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.batches = [[place] for place in range(self.count)]
        self.lengths = [self.length] * self.count


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


def _turns(*requests: Request) -> Turns[Request]:
    turns: Turns[Request] = Turns()
    for request in requests:
        turns.add(request)
    return turns


def _served(turns: Turns[Request], count: int) -> list[list[str]]:
    return [[request.caller for request, _ in turns.next()] for _ in range(count)]


def test_a_query_waits_for_no_more_than_the_batch_under_way() -> None:
    turns = _turns(Request("document", 100))
    _served(turns, 3)
    turns.add(Request("person", 1, query=True, length=8))
    assert _served(turns, 2) == [["person"], ["document"]]


def test_waiting_queries_share_a_batch() -> None:
    people = [Request(f"person {number}", 1, query=True, length=10) for number in range(TOKEN_BUDGET // 10 + 9)]
    served = _served(_turns(Request("document", 100), *people), 4)
    assert [len(batch) for batch in served] == [TOKEN_BUDGET // 10, 1, 9, 1]


def test_callers_take_turns_however_many_requests_each_has() -> None:
    many = [Request("many", 5) for _ in range(10)]
    served = _served(_turns(*many, Request("one", 4)), 8)
    assert served == [["many"], ["one"]] * 4


def test_a_flood_of_queries_does_not_stop_passages() -> None:
    turns = _turns(Request("document", 20), *(Request(f"{number}", 1, query=True) for number in range(50)))
    assert _served(turns, 20).count(["document"]) == 10


def test_small_requests_share_a_batch_within_the_budget() -> None:
    some, half = TOKEN_BUDGET // 4, TOKEN_BUDGET // 2
    turns = _turns(Request("one", 1, length=some), Request("two", 1, length=half), Request("three", 1, length=half))
    assert _served(turns, 3) == [["one", "two"], ["three"], []]


def test_who_is_gone_is_dropped_with_all_that_waits() -> None:
    leaving, staying = Request("leaving", 50), Request("staying", 1)
    turns = _turns(leaving, staying)
    _served(turns, 1)
    leaving.gone = True
    assert _served(turns, 2) == [["staying"], []]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 6), st.booleans(), st.integers(1, 600)), max_size=30))
def test_everything_is_served_once(drawn: list[tuple[str, int, bool, int]]) -> None:
    requests = [Request(caller, count, query, length) for caller, count, query, length in drawn]
    turns = _turns(*requests)
    served: list[tuple[int, int]] = []
    while parts := turns.next():
        served += [(id(request), place) for request, batch in parts for place in batch]
        longest = max(request.lengths[place] for request, batch in parts for place in batch)
        assert longest * sum(len(batch) for _, batch in parts) <= max(512, longest)
    assert sorted(served) == sorted((id(request), place) for request in requests for place in range(request.count))


def test_a_small_model_has_a_lane_a_core_and_a_large_one_all_cores_for_a_batch() -> None:
    assert lanes_of(6, 384, 4) == (4, 1)
    assert lanes_of(6, 384, 1) == (1, 1)
    assert lanes_of(6, 384, 64) == (16, 1)
    assert lanes_of(24, 1024, 4) == (1, 4)
