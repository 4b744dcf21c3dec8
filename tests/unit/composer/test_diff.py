"""What differs between two toolchains: by name, not by place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.composer.diff import diff_toolchains

SEARCH: dict[str, Any] = {"id": "search", "kind": "function", "function": "search_bm25", "input": {"limit": 5}}
SHOW: dict[str, Any] = {"id": "show", "kind": "emit", "event": "state", "data": {"ref": "nodes.search.hits"}}
BEFORE: dict[str, Any] = {
    "id": "a",
    "title": "A",
    "nodes": [SEARCH, SHOW],
    "edges": [{"from": "start", "to": "search"}, {"from": "search", "to": "show"}, {"from": "show", "to": "end"}],
}


def told(before: Any, after: Any) -> list[tuple[str, str, Any, Any]]:
    return [(d.path, d.change, d.before, d.after) for d in diff_toolchains(before, after)]


def changed(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(BEFORE) | parts


def test_nothing_differs() -> None:
    assert told(BEFORE, copy.deepcopy(BEFORE)) == []
    assert told(BEFORE, dict(reversed(BEFORE.items()))) == [], "the order of keys says nothing"


def test_a_field_of_a_node_is_told_by_the_nodes_name() -> None:
    after = changed(nodes=[{**SEARCH, "input": {"limit": 9, "query": "x"}}, SHOW])
    assert told(BEFORE, after) == [
        ("nodes.search.input.limit", "changed", 5, 9),
        ("nodes.search.input.query", "added", None, "x"),
    ]


def test_a_node_in_between_moves_no_other() -> None:
    new = {"id": "rank", "kind": "join"}
    edges = [{"from": "start", "to": "search"}, {"from": "search", "to": "rank"}, {"from": "rank", "to": "show"}]
    after = changed(nodes=[SEARCH, new, SHOW], edges=[*edges, {"from": "show", "to": "end"}])
    assert [(path, change) for path, change, _, _ in told(BEFORE, after)] == [
        ("nodes.rank", "added"),
        ("edges.search->show", "removed"),
        ("edges.search->rank", "added"),
        ("edges.rank->show", "added"),
    ]


def test_another_order_is_told_as_such() -> None:
    assert told(BEFORE, changed(nodes=[SHOW, SEARCH])) == [
        ("nodes", "reordered", ["search", "show"], ["show", "search"])
    ]


def test_a_node_of_another_name_is_another_node() -> None:
    after = changed(nodes=[{**SEARCH, "id": "find"}, SHOW])
    assert [(path, change) for path, change, _, _ in told(BEFORE, after)] == [
        ("nodes.search", "removed"),
        ("nodes.find", "added"),
    ]


def test_bodies_are_compared_by_name_too() -> None:
    def mapped(limit: int) -> dict[str, Any]:
        inner = {**SEARCH, "input": {"limit": limit}}
        return changed(nodes=[{"id": "each", "kind": "map", "over": [], "body": {"nodes": [SHOW, inner]}}])

    assert told(mapped(5), mapped(6)) == [("nodes.each.body.nodes.search.input.limit", "changed", 5, 6)]


def test_a_marked_value_is_one_value() -> None:
    after = changed(nodes=[SEARCH, {**SHOW, "data": {"template": "{{ input.x }}"}}])
    assert told(BEFORE, after) == [
        ("nodes.show.data", "changed", {"ref": "nodes.search.hits"}, {"template": "{{ input.x }}"})
    ]


CASES: list[tuple[Any, Any, list[Any]]] = [
    ([1, 2, 3], [1, 9, 2, 3], [("x[1]", "added", None, 9)]),
    ([1, 2, 3], [1, 3], [("x[1]", "removed", 2, None)]),
    ([1, 2, 3], [1, 8, 3], [("x[1]", "changed", 2, 8)]),
    ([{"a": 1}], [{"a": 2}], [("x[0].a", "changed", 1, 2)]),
    ([], [[]], [("x[0]", "added", None, [])]),
    ([{"id": "a"}, {"id": "a"}], [{"id": "a"}], [("x[1]", "removed", {"id": "a"}, None)]),
    (1, True, [("x", "changed", 1, True)]),
    (1, 1.0, [("x", "changed", 1, 1.0)]),
    (0, None, [("x", "changed", 0, None)]),
    ({"a b": 1}, {"a b": 2}, [('x["a b"]', "changed", 1, 2)]),
    ({'"]': 1}, {}, [('x["\\"]"]', "removed", 1, None)]),
    ([["ab"]], [["a", "b"]], [("x[0][0]", "changed", "ab", "a"), ("x[0][1]", "added", None, "b")]),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_lists_and_values(before: Any, after: Any, expected: list[Any]) -> None:
    assert told({"x": before}, {"x": after}) == expected


def test_what_nests_deep_is_compared_as_a_whole() -> None:
    before: Any = 1
    after: Any = 2
    for _ in range(230):
        before, after = {"a": [before]}, {"a": [after]}
    (only,) = diff_toolchains(before, after)
    assert only.change == "changed"
    assert len(only.path) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "from", "to", "ref", "a", "b"]), inner, max_size=4)
        | st.lists(st.fixed_dictionaries({"id": st.sampled_from("abc"), "v": inner}), max_size=3)
        | st.lists(st.fixed_dictionaries({"from": st.sampled_from("ab"), "to": st.sampled_from("ab")}), max_size=3)
    ),
    max_leaves=12,
)
TEXTS = st.dictionaries(st.sampled_from("xyz"), JSON, max_size=3)
MIRROR = {"added": "removed", "removed": "added", "changed": "changed", "reordered": "reordered"}


def text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(TEXTS, TEXTS)
def test_differences_are_told_exactly_when_there_are_some(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert bool(told(before, after)) == (text(before) != text(after))
    assert told(before, before) == []


@given(TEXTS, TEXTS)
def test_the_way_back_is_the_mirror(before: dict[str, Any], after: dict[str, Any]) -> None:
    there = sorted((path, change, text(a), text(b)) for path, change, a, b in told(before, after))
    back = sorted((path, MIRROR[change], text(b), text(a)) for path, change, a, b in told(after, before))
    assert there == back
