"""Literals, references, templates and expressions."""

from __future__ import annotations

from typing import Any

import pytest

from inference.composer.values import calculate, evaluate, faults_of_expression, faults_of_value, references
from inference.errors import InvalidInput, MissingReference

SCOPE: dict[str, Any] = {
    "input": {"name": "Ann", "list": [{"n": 1}, {"n": 2}]},
    "state": {"n": 3, "text": "hello", "none": None},
    "nodes": {"search": {"hits": []}},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        ("{{ input.name }}", "{{ input.name }}"),
        ({"ref": "input.name"}, "Ann"),
        ({"ref": "input.list.1.n"}, 2),
        ({"ref": "input.list.-1.n"}, 2),
        ({"template": "{{ input.name }}: {{state.n}} {{ input.list }}{{ state.none }}"}, 'Ann: 3 [{"n":1},{"n":2}]'),
        ({"literal": {"ref": "input.name"}}, {"ref": "input.name"}),
        ({"ref": "input.name", "more": 1}, {"ref": "input.name", "more": 1}),
        ([{"a": {"ref": "state.n"}}], [{"a": 3}]),
        ({"expr": {"and": [{">": [{"ref": "state.n"}, 2]}, {"empty": [{"ref": "nodes.search.hits"}]}]}}, True),
        ({"expr": {"length": {"ref": "state.text"}}}, 5),
        ({"expr": {"in": ["ell", {"ref": "state.text"}]}}, True),
        ({"expr": {"not": [{"==": [1, 2]}]}}, True),
    ],
)  # fmt: skip
def test_evaluates(value: Any, expected: Any) -> None:
    assert evaluate(value, SCOPE) == expected


@pytest.mark.parametrize("path", ["input.nobody", "input.list.2", "state.n.deep", "input.list.x", "nothing"])
def test_what_is_missing_is_named(path: str) -> None:
    with pytest.raises(MissingReference, match=path):
        evaluate({"ref": path}, SCOPE)


def test_operands_that_do_not_fit_are_the_callers_error() -> None:
    with pytest.raises(InvalidInput, match="'<'"):
        calculate({"<": ["a", 1]}, SCOPE)


def test_references_are_found_wherever_they_stand() -> None:
    value = {
        "a": [{"ref": "input.x"}, {"template": "{{ state.y }} and {{ nodes.z.q }}"}],
        "b": {"expr": {"or": [{"==": [{"ref": "run.id"}, "x"]}, {"ref": "state.w"}]}},
        "c": {"literal": {"ref": "input.not"}},
    }
    assert list(references(value)) == ["input.x", "state.y", "nodes.z.q", "run.id", "state.w"]


@pytest.mark.parametrize(
    "expression", [{"system": "rm"}, {"==": [1]}, {"and": [{"foo": 1}]}, {}, "x", {"a": 1, "b": 2}]
)
def test_faults_of_expressions(expression: Any) -> None:
    assert list(faults_of_expression(expression))


@pytest.mark.parametrize(
    "value",
    [
        {"ref": 5},
        {"template": ["x"]},
        {"expr": "x"},
        [{"deep": {"expr": {"run": ["rm"]}}}],
        {"expr": {"==": [{"template": 1}, {"expr": {"foo": 1}}]}},
    ],
)
def test_faults_of_values_are_found_however_deep(value: Any) -> None:
    assert list(faults_of_value(value))


@pytest.mark.parametrize(
    "value", [None, "{{", {"literal": {"ref": 5}}, {"ref": "a", "expr": 1}, [{"expr": {"or": []}}]]
)
def test_values_without_faults(value: Any) -> None:
    assert list(faults_of_value(value)) == []
