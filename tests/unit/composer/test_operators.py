"""What the operators of expressions give, and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from inference.composer.values import ALL_OPERATORS, calculate, faults_of_expression, tolerated_references
from inference.errors import InvalidInput, MissingReference

SCOPE: dict[str, Any] = {
    "state": {"n": 3, "words": ["b", "a", "c"], "facts": {"k": 1}, "rows": [{"v": 2}, {"v": 1}]},
    "input": {"key": "k"},
}


def ref(path: str) -> dict[str, str]:
    return {"ref": path}


GIVES: list[tuple[dict[str, Any], Any]] = [
    ({"+": [1, ref("state.n"), 2]}, 6),
    ({"-": [5, 3]}, 2),
    ({"-": 5}, -5),
    ({"*": [2, 3, 4]}, 24),
    ({"/": [7, 2]}, 3.5),
    ({"%": [7, 2]}, 1),
    ({"<": [1, 2]}, True),
    ({">": [1, 2]}, False),
    ({"min": [3, 1, 2]}, 1),
    ({"max": [ref("state.words")]}, "c"),
    ({"sum": [[1, 2, 3]]}, 6),
    ({"round": [2.567, 1]}, 2.6),
    ({"if": [{">": [ref("state.n"), 5]}, "big", {">": [ref("state.n"), 2]}, "middle", "small"]}, "middle"),
    ({"if": [False, 1]}, None),
    ({"default": [ref("state.none"), None, 0]}, 0),
    ({"exists": ref("state.none")}, False),
    ({"exists": ref("state.facts.k")}, True),
    ({"cat": ["a", 1, None, [2]]}, "a1[2]"),
    ({"join": [ref("state.words"), ", "]}, "b, a, c"),
    ({"split": ["a,b", ","]}, ["a", "b"]),
    ({"lower": "Ab"}, "ab"),
    ({"upper": "Ab"}, "AB"),
    ({"trim": " a "}, "a"),
    ({"replace": ["aXb", "X", "-"]}, "a-b"),
    ({"slice": [ref("state.words"), 1, None]}, ["a", "c"]),
    ({"slice": ["text", 0, -1]}, "tex"),
    ({"starts_with": ["text", "te"]}, True),
    ({"ends_with": ["text", "te"]}, False),
    ({"get": [ref("state.facts"), ref("input.key")]}, 1),
    ({"get": [ref("state.words"), 9, "none"]}, "none"),
    ({"set_at": [ref("state.words"), 3, "d"]}, ["b", "a", "c", "d"]),
    ({"set_at": [ref("state.facts"), "j", 2]}, {"k": 1, "j": 2}),
    ({"keys": [ref("state.facts")]}, ["k"]),
    ({"values": [ref("state.facts")]}, [1]),
    ({"object": [[["a", 1], ["b", 2]]]}, {"a": 1, "b": 2}),
    ({"merge": [ref("state.facts"), {"literal": {"j": 2}}]}, {"k": 1, "j": 2}),
    ({"merge": [[1], 2, [3]]}, [1, 2, 3]),
    ({"map": [ref("state.words"), {"cat": [ref("index"), ref("item")]}]}, ["0b", "1a", "2c"]),
    ({"filter": [[1, 2, 3, 4], {"==": [{"%": [ref("item"), 2]}, 0]}]}, [2, 4]),
    ({"find": [ref("state.rows"), {"==": [ref("item.v"), 1]}]}, {"v": 1}),
    ({"all": [[1, 2], {">": [ref("item"), 0]}]}, True),
    ({"some": [[1, 2], {">": [ref("item"), 2]}]}, False),
    ({"reduce": [[1, 2, 3], {"+": [ref("accumulator"), ref("item")]}, 10]}, 16),
    ({"sort": [ref("state.words")]}, ["a", "b", "c"]),
    ({"sort": [ref("state.rows"), ref("item.v")]}, [{"v": 1}, {"v": 2}]),
    ({"reverse": [ref("state.words")]}, ["c", "a", "b"]),
    ({"unique": [[1, 2, 1, {"a": 1}, {"a": 1}]]}, [1, 2, {"a": 1}]),
    ({"flatten": [[1, [2, [3]]]]}, [1, 2, [3]]),
    ({"range": [2, 5]}, [2, 3, 4]),
    ({"citations": ["So it is [2].", [{"n": 2}]]}, [{"n": 2, "start": 0, "end": 12}]),
    ({"type": [ref("state.facts")]}, "object"),
    ({"string": [5]}, "5"),
    ({"number": ["2.5"]}, 2.5),
    ({"integer": ["7"]}, 7),
    ({"to_json": [ref("state.facts")]}, '{"k":1}'),
    ({"from_json": ['{"a": [1]}']}, {"a": [1]}),
    ({"and": [True, {"==": [1, 1]}]}, True),
    ({"or": [False, ref("state.n")]}, True),
    ({"==": [True, 1]}, False),
    ({"in": ["a", ref("state.words")]}, True),
    ({"length": ref("state.words")}, 3),
    ({"empty": ""}, True),
]


@pytest.mark.parametrize(("expression", "value"), GIVES)
def test_what_it_gives(expression: dict[str, Any], value: Any) -> None:
    assert list(faults_of_expression(expression)) == []
    assert calculate(expression, SCOPE) == value


REFUSES: list[dict[str, Any]] = [
    {"+": ["a", 1]}, {"+": [True, 1]}, {"/": [1, 0]}, {"%": [1, 0]}, {"<": [1, "a"]}, {"join": ["text"]},
    {"split": [5]}, {"get": [5, "a"]}, {"set_at": [[1], 5, 1]}, {"keys": [[1]]}, {"object": [[1]]},
    {"map": [5, 1]}, {"range": [10_000_001]}, {"number": ["x"]}, {"from_json": ["{"]}, {"sort": [[1, "a"]]},
    {"replace": ["a" * 2000, "a", "b" * 2000]}, {"integer": ["1e999"]}, {"min": [[]]}, {"lower": [5]},
]  # fmt: skip


@pytest.mark.parametrize("expression", REFUSES)
def test_what_it_refuses_it_names(expression: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        calculate(expression, SCOPE)
    assert repr(next(iter(expression))) in refused.value.message


def test_what_is_not_looked_at_may_be_missing() -> None:
    assert calculate({"or": [True, ref("state.none")]}, SCOPE) is True
    assert calculate({"if": [True, 1, ref("state.none")]}, SCOPE) == 1
    with pytest.raises(MissingReference):
        calculate({"or": [False, ref("state.none")]}, SCOPE)


def test_counts_of_operands_are_checked() -> None:
    assert list(faults_of_expression({"replace": ["a"]})) == ["'replace' takes 3 operands, not 1"]
    assert list(faults_of_expression({"range": [1, 2, 3]})) == ["'range' takes 1 to 2 operands, not 3"]
    assert list(faults_of_expression({"if": [1]})) == ["'if' takes at least 2 operands, not 1"]


def test_which_references_may_be_missing() -> None:
    value = {"expr": {"cat": [{"default": [ref("state.a"), "x"]}, ref("state.b")]}}
    assert tolerated_references(value) == {"state.a"}


def test_every_operator_is_tested_here() -> None:
    tested = {name for expression, _ in GIVES for name in expression}
    assert set(ALL_OPERATORS) - tested == {"!=", ">=", "<=", "not"}
