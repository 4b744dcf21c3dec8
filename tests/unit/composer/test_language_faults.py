"""Faults of what toolchains can say beyond a line of functions."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from inference.composer import check_toolchain
from inference.functions import Caller

ASK = {"kind": "function", "function": "isolate_question"}


def faults(definition: dict[str, Any], caller: Caller | None = None) -> dict[str, str]:
    return {fault.path: fault.message for fault in check_toolchain(definition, caller)[1]}


def graph(nodes: list[dict[str, Any]], edges: list[tuple[str, str]] | None = None, **parts: Any) -> dict[str, Any]:
    names = ["start", *(node["id"] for node in nodes), "end"]
    ways = list(itertools.pairwise(names)) if edges is None else edges
    listed = [{"from": source, "to": target} for source, target in ways]
    return {"id": "probe", "title": "Probe", "nodes": nodes, "edges": listed} | parts


def ask(name: str, value: Any = "x", **parts: Any) -> dict[str, Any]:
    return ASK | {"id": name, "input": {"question": value}} | parts


def test_nothing_is_wrong_with_ways_that_meet() -> None:
    edges = [("start", "a"), ("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "end")]
    assert faults(graph([ask(name) for name in "abcd"], edges)) == {}


def test_a_join_that_can_never_complete() -> None:
    branch = {"id": "which", "kind": "branch", "cases": [{"when": {"==": [1, 1]}, "to": "a"}], "else": "b"}
    nodes = [branch, ask("a"), ask("b"), {"id": "both", "kind": "join", "need": "all"}]
    edges = [("start", "which"), ("a", "both"), ("b", "both"), ("both", "end")]
    assert "never complete" in faults(graph(nodes, edges))["nodes[3].need"]
    nodes[3]["need"] = "any"
    assert faults(graph(nodes, edges)) == {}


def test_writes_side_by_side_of_which_one_would_be_lost() -> None:
    nodes = [ask("a"), ask("b", write={"n": 1}), ask("c", write={"n": 2})]
    edges = [("start", "a"), ("a", "b"), ("a", "c"), ("b", "end"), ("c", "end")]
    state = {"n": {"type": "integer"}}
    assert "side by side" in faults(graph(nodes, edges, state=state))["nodes[2].write.n"]
    assert faults(graph(nodes, edges, state={"n": {"type": "integer", "reducer": "add"}})) == {}
    assert faults(graph(nodes, state=state)) == {}, "one after the other"
    cases: list[Any] = [{"when": {"==": [1, 1]}, "to": "b"}]
    branch = {"id": "a", "kind": "branch", "cases": cases, "else": "c"}
    either = [("start", "a"), ("b", "end"), ("c", "end")]
    assert faults(graph([branch, *nodes[1:]], either, state=state)) == {}, "one or the other"
    cases.append({"when": {"==": [1, 2]}, "to": "d"})
    twice = [("start", "a"), ("b", "end"), ("d", "b"), ("c", "end")]
    assert faults(graph([branch, *nodes[1:], ask("d")], twice, state=state)) == {}, "one along two ways, or the other"


def test_types_that_do_not_fit() -> None:
    nodes = [ask("a", ref("input.n")), ask("b", ref("nodes.a.question"), write={"n": ref("result.question"), "m": "x"})]
    shape = {"type": "object", "properties": {"n": {"type": "integer"}}}
    found = faults(graph(nodes, input=shape, state={"n": {"type": "any"}, "m": {"type": "integer"}}))
    assert found == {
        "nodes[0].input.question": "isolate_question wants string; this is integer",
        "nodes[1].write.m": "'m' is integer; this is string",
    }


def ref(path: str) -> dict[str, str]:
    return {"ref": path}


def test_state_that_nobody_uses() -> None:
    state = {"used": {"type": "any"}, "read": {"type": "any"}, "idle": {"type": "any"}}
    nodes = [ask("a", write={"used": 1}, when={"==": [ref("state.read"), None]})]
    assert list(faults(graph(nodes, state=state))) == ["state.idle"]


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ({"nodes": [ask("each")]}, "nodes[0].body.nodes[0].id", "two nodes"),
        ({"nodes": [ask("b", ref("nodes.later.question"))]}, "nodes[0].body.nodes[0].input.question", "no node"),
        ({"nodes": [ask("b", write={"n": 1})]}, "nodes[0].body.nodes[0].write.n", "side by side"),
        ({"nodes": [ask("b", ref("accumulator"))]}, "nodes[0].body.nodes[0].input.question", "begins with none"),
        ({"nodes": [ask("b"), ask("c")], "edges": []}, "nodes[0].body.edges", "nothing begins"),
        ({"nodes": [ask("b") | {"functions": "x"}]}, "nodes[0].body.nodes[0].functions", "not known"),
        ({"nodes": [{"id": "b", "kind": "update", "changes": [{"op": "set", "path": "n", "value": 1}]}]},
         "nodes[0].body.nodes[0].changes[0].path", "side by side"),
    ],
)  # fmt: skip
def test_faults_within_a_body(body: dict[str, Any], path: str, words: str) -> None:
    each = {"id": "each", "kind": "map", "over": [1], "body": body}
    nodes = [each, ask("a", write={"n": 1}), ask("later")]
    assert words in faults(graph(nodes, state={"n": {"type": "integer"}}))[path]


def test_a_body_sees_its_element_and_what_came_before() -> None:
    body = {"nodes": [ask("b", ref("item.text")), ask("c", ref("nodes.b.question")), ask("d", ref("nodes.a.question"))]}
    each = {"id": "each", "kind": "map", "over": ref("input.list"), "body": body, "result": ref("nodes.c.question")}
    shape = {"type": "object", "properties": {"list": {"type": "array"}}}
    assert faults(graph([ask("a"), each], input=shape, output={"x": ref("nodes.each")})) == {}
    outside = faults(graph([ask("a"), each], input=shape, output={"x": ref("nodes.b.question")}))
    assert outside == {"output.x": "'nodes.b.question' refers to 'b', which is no node here"}


def test_what_may_be_missing_is_let_be() -> None:
    later = {"expr": {"default": [ref("nodes.b.question"), "x"]}}
    nodes = [ask("a", later), ask("b")]
    assert faults(graph(nodes)) == {}
    assert "no node before" in faults(graph([ask("a", ref("nodes.b.question")), ask("b")]))["nodes[0].input.question"]


KINDS: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "wait"}, "nodes[0]", "seconds"),
    ({"kind": "approval", "form": {"type": 3}}, "nodes[0].form", "JSON Schema"),
    ({"kind": "llm"}, "nodes[0]", "prompt"),
    ({"kind": "llm", "prompt": "x", "answer_schema": {"type": "nothing"}}, "nodes[0].answer_schema", "JSON Schema"),
    ({"kind": "llm", "prompt": "x", "stream": "n.deep"}, "nodes[0].stream", "nothing is within"),
    ({"kind": "agent", "prompt": "x", "tools": [{}]}, "nodes[0].tools[0]", "`function` or a `toolchain`"),
    ({"kind": "agent", "prompt": "x", "tools": [{"function": "login"}]}, "nodes[0].tools[0].function", "cannot"),
    ({"kind": "agent", "prompt": "x", "tools": [{"function": "search_hybrid", "input": {"qq": 1}}]},
     "nodes[0].tools[0].input.qq", "takes no"),
    ({"kind": "update", "changes": [{"op": "set", "path": "other", "value": 1}]}, "nodes[0].changes[0].path",
     "declare it"),
    ({"kind": "code", "code": "1", "on_error": "nobody"}, "nodes[0].on_error", "no node"),
    ({"kind": "loop", "body": {"nodes": [ask("b")]}, "max_iterations": 0}, "nodes[0].max_iterations", "greater"),
    ({"kind": "teleport"}, "nodes[0]", "tag"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "path", "words"), KINDS)
def test_faults_of_the_kinds(node: dict[str, Any], path: str, words: str) -> None:
    broken = graph([{"id": "a"} | node], state={"n": {"type": "integer"}}, output={"n": ref("state.n")})
    assert words in faults(broken)[path]


def test_only_what_is_durable_can_pause() -> None:
    assert "durable" in faults(graph([{"id": "a", "kind": "approval"}], durable=False))["nodes[0].kind"]


def test_suggestions_and_follow_ups_fit_the_input() -> None:
    shape = {"type": "object", "required": ["q"], "properties": {"q": {"type": "string"}}}
    found = faults(graph([ask("a")], input=shape, suggestions=[{"title": "x", "input": {"q": 3}}], follow_up={}))
    assert set(found) == {"suggestions[0].input", "follow_up"}


def test_what_the_caller_may_not_do() -> None:
    nodes = [ask("a"), {"id": "b", "kind": "code", "code": "1"}]
    limited = Caller(1, "u", "ann", is_admin=False, scopes=frozenset({"toolchains:write", "search:read"}))
    assert "code:run" in faults(graph(nodes), limited)["nodes[1].kind"]
    assert faults(graph(nodes), Caller(1, "u", "ann", is_admin=False)) == {}
