"""Bodies are cut into lines where ways part or meet."""

from __future__ import annotations

from typing import Any

from inference.composer.plan import plan_of
from inference.models.toolchain import Toolchain


def lines(nodes: list[dict[str, Any]], edges: list[tuple[str, str]]) -> list[tuple[list[str], list[int | None]]]:
    """Of every line its nodes, and the lines that lead to it."""
    listed = [{"from": source, "to": target} for source, target in edges]
    plan = plan_of(Toolchain.model_validate({"id": "probe", "title": "P", "nodes": nodes, "edges": listed}))
    return [([node.id for node in line.nodes], [way.source for way in line.ways_in]) for line in plan.lines]


def emit(name: str) -> dict[str, Any]:
    return {"id": name, "kind": "emit", "event": "state", "data": 1}


def test_a_straight_toolchain_is_one_line() -> None:
    nodes = [emit(name) for name in "cab"]
    assert lines(nodes, [("start", "a"), ("a", "b"), ("b", "c"), ("c", "end")]) == [(["a", "b", "c"], [None])]


def test_ways_part_and_meet() -> None:
    nodes = [emit(name) for name in "abcdef"]
    edges = [("start", "a"), ("a", "b"), ("a", "c"), ("b", "d"), ("c", "e"), ("d", "f"), ("e", "f"), ("f", "end")]
    assert lines(nodes, edges) == [(["a"], [None]), (["b", "d"], [0]), (["c", "e"], [0]), (["f"], [1, 2])]


def test_branches_and_errors_end_a_line() -> None:
    branch = {"id": "b", "kind": "branch", "cases": [{"when": {"==": [1, 1]}, "to": "c"}], "else": "end"}
    failing = {"id": "c", "kind": "code", "code": "1", "on_error": "e"}
    edges = [("start", "a"), ("a", "b"), ("c", "d"), ("d", "end"), ("e", "end")]
    nodes = [emit("a"), branch, failing, emit("d"), emit("e")]
    assert lines(nodes, edges) == [(["a", "b"], [None]), (["c"], [0]), (["d"], [1]), (["e"], [1])]
