"""Every fault of a toolchain is told at once, with its path."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from inference.composer import check_toolchain, shipped_toolchains


def faults(definition: dict[str, Any]) -> dict[str, str]:
    return {fault.path: fault.message for fault in check_toolchain(definition)[1]}


def rag(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(shipped_toolchains()["rag"]) | parts


def test_all_faults_at_once() -> None:
    broken = rag(stream="nothing")
    broken["nodes"][1]["function"] = "no_such_function"
    broken["nodes"][2]["input"] = {"hitz": {"ref": "nodes.write_answer.text"}}
    broken["nodes"][4]["write"] = {"undeclared": 1}
    broken["edges"].append({"from": "cite", "to": "nobody"})
    broken["edges"].append({"from": "write_answer", "to": "search"})
    broken["output"]["x"] = {"ref": "elsewhere.y"}
    found = faults(broken)
    assert set(found) >= {
        "stream", "nodes[1].function", "nodes[2].input", "nodes[2].input.hitz", "nodes[4].write.undeclared",
        "edges[6].to", "edges", "output.x",
    }  # fmt: skip
    assert "cycle" in found["edges"]
    assert "search → cite" in found["edges"]


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"id": "Not An Id"}, "id", "pattern"),
        ({"penstock": 99}, "penstock", "not known"),
        ({"nodes": []}, "nodes", "at least 1"),
        ({"input": {"type": "string"}}, "input.type", "object"),
        ({"input": {"type": 3}}, "input", "JSON Schema"),
        ({"state": {"answer": {"type": "string", "reducer": "multiply"}}}, "state.answer.reducer", "append"),
        ({"state": {"answer": {"type": "integer"}}}, "stream", "string"),
        ({"state": {"answer": {"type": "string", "reducer": "merge"}}}, "state.answer.reducer", "object"),
        ({"state": {"n": {"type": "string", "reducer": "add"}}}, "state.n.reducer", "number"),
        ({"state": {"answer": {"type": "string", "default": 5}}}, "state.answer.default", "string"),
        ({"input": {"type": "object", "properties": {"a": {"pattern": "("}}}}, "input", "regex"),
        ({"output": {"x": [{"expr": {"run": 1}}]}}, "output.x", "operators"),
        ({"output": {"x": {"template": 5}}}, "output.x", "text"),
        ({"edges": []}, "edges", "nothing begins"),
    ],
)
def test_one_fault(change: dict[str, Any], path: str, words: str) -> None:
    assert words in faults(rag(**change))[path]


def test_a_node_twice_and_one_that_nothing_leads_to() -> None:
    broken = rag()
    broken["nodes"] += [copy.deepcopy(broken["nodes"][0]), {"id": "alone", "kind": "emit", "event": "state", "data": 1}]
    found = faults(broken)
    assert "two nodes" in found["nodes[5].id"]
    assert "nothing leads" in found["nodes[6]"]


def test_kinds_and_fields_from_the_future_are_named() -> None:
    broken = rag()
    broken["nodes"][0]["kind"] = "teleport"
    broken["nodes"][1]["speed"] = 9
    found = faults(broken)
    assert "teleport" in found["nodes[0]"]
    assert "not known" in found["nodes[1].speed"]


def test_a_literal_that_a_function_does_not_take() -> None:
    broken = rag()
    broken["nodes"][1]["input"]["limit"] = "many"
    assert "integer" in faults(broken)["nodes[1].input.limit"]


def test_a_result_is_known_only_after_its_node() -> None:
    broken = rag()
    broken["nodes"][0]["input"]["question"] = {"ref": "nodes.search.hits"}
    assert "no node before" in faults(broken)["nodes[0].input.question"]


def test_a_branch_is_left_by_its_cases_alone() -> None:
    definition = {
        "id": "b",
        "title": "B",
        "nodes": [{"id": "b", "kind": "branch", "cases": [{"when": {"?": 1}, "to": "gone"}], "else": "end"}],
        "edges": [{"from": "start", "to": "b"}, {"from": "b", "to": "end"}],
    }
    assert set(faults(definition)) == {"edges[1].from", "nodes[0].cases[0].to", "nodes[0].cases[0].when"}


def test_only_functions_for_callers_are_nodes() -> None:
    broken = rag()
    broken["nodes"][0] |= {"function": "login", "input": {}}
    assert "cannot be called" in faults(broken)["nodes[0].function"]
