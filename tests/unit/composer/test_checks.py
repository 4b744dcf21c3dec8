"""Whether checks hold of what a run left."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from inference.composer.cases.checks import look
from inference.models.cases import Check, CheckResult
from tests.unit.composer.steps import FakeStep

OUTPUT = {"ref": "output.word"}
EVIDENCE: dict[str, Any] = {
    "input": {"word": "lake"},
    "output": {"word": "lake", "rows": [{"n": 1, "name": "lake"}, {"n": 2, "name": "b"}]},
    "nodes": {"hear": {"question": "lake"}},
    "state": {"word": "lake"},
    "run": {"toolchain_id": "probe"},
}


async def looked(check: dict[str, Any], **evidence: Any) -> CheckResult:
    made: Check = TypeAdapter[Check](Check).validate_python(check)
    return await look(FakeStep().run.ctx, made, EVIDENCE | evidence)


@pytest.mark.parametrize(
    ("check", "passed", "words"),
    [
        ({"kind": "equals", "of": OUTPUT, "value": "lake"}, True, "the same"),
        ({"kind": "equals", "of": OUTPUT, "value": {"ref": "input.word"}}, True, "the same"),
        ({"kind": "equals", "of": OUTPUT, "value": "river"}, False, "It is different."),
        ({"kind": "equals", "of": OUTPUT, "value": "river", "negate": True}, True, "different"),
        ({"kind": "equals", "of": OUTPUT, "value": "lake", "negate": True}, False, "It must not be so"),
        ({"kind": "equals", "of": {"ref": "output.rows.0"}, "value": {"n": 1.0, "name": "lake"}}, True, "same"),
        (
            {"kind": "equals", "of": {"ref": "output.rows"}, "value": [{"n": 1, "name": "x"}]},
            False,
            "[0].name, [1]",
        ),
        ({"kind": "equals", "of": {"expr": {"length": {"ref": "output.rows"}}}, "value": 2}, True, "same"),
        ({"kind": "contains", "of": OUTPUT, "value": "ak"}, True, "It is there"),
        ({"kind": "contains", "of": OUTPUT, "value": "AK"}, False, "It is not there"),
        ({"kind": "contains", "of": OUTPUT, "value": "AK", "ignore_case": True}, True, "there"),
        ({"kind": "contains", "of": {"ref": "output.rows"}, "value": {"name": "lake"}}, True, "there"),
        ({"kind": "contains", "of": {"ref": "output.rows"}, "value": {"name": "lak"}}, False, "not there"),
        ({"kind": "contains", "of": {"ref": "output.rows.0"}, "value": "name"}, True, "there"),
        (
            {"kind": "contains", "of": {"ref": "output.rows.0.n"}, "value": 1},
            False,
            "Only texts, lists and objects",
        ),
        ({"kind": "contains", "of": {"ref": "output.rows.0.n"}, "value": 1, "negate": True}, False, "Only texts"),
        ({"kind": "schema", "of": OUTPUT, "form": {"type": "string", "minLength": 4}}, True, "It fits"),
        ({"kind": "schema", "of": OUTPUT, "form": {"minLength": 5}}, False, "too short"),
        ({"kind": "schema", "of": OUTPUT, "form": {"$ref": "http://127.0.0.1:1/"}}, False, "cannot be applied"),
        ({"kind": "similar", "of": OUTPUT, "value": "lake"}, True, "The cosine is 1.000"),
        ({"kind": "similar", "of": OUTPUT, "value": " "}, False, "An empty text"),
        ({"kind": "equals", "of": {"ref": "nodes.hear.question"}, "value": "lake"}, True, "same"),
        ({"kind": "equals", "of": {"ref": "state.word"}, "value": "lake"}, True, "same"),
        ({"kind": "equals", "of": {"ref": "run.toolchain_id"}, "value": "probe"}, True, "same"),
        (
            {"kind": "equals", "of": {"ref": "output.rows.7.n"}, "value": 1},
            False,
            "Nothing is at 'output.rows.7.n'",
        ),
    ],
)
async def test_what_holds(check: dict[str, Any], passed: bool, words: str) -> None:
    found = await looked(check)
    assert found.passed is passed, found
    assert words in found.message


async def test_differences_are_told_by_path() -> None:
    value = [{"n": 1, "name": "lake"}, {"n": 3, "name": "b"}]
    found = await looked({"kind": "equals", "of": {"ref": "output.rows"}, "value": value})
    assert [(d.path, d.change, d.before, d.after) for d in found.differences] == [("[1].n", "changed", 3, 2)]
    assert (found.expected, found.actual) == (value, EVIDENCE["output"]["rows"])


async def test_what_is_long_is_cut() -> None:
    rows = [{"text": "x" * 100_000, "n": n} for n in range(1000)]
    check = {"kind": "equals", "of": {"ref": "output.rows"}, "value": [{"text": "y" * 100_000}] * 1000}
    found = await looked(check, output={"rows": rows})
    assert len(found.differences) == 20
    assert len(found.model_dump_json()) < 80_000
    assert str(found.actual).endswith("… (cut)")


@pytest.mark.parametrize("negate", [True, False])
async def test_the_built_in_model_does_not_judge(negate: bool) -> None:
    found = await looked({"kind": "judged", "of": OUTPUT, "question": "Is it?", "negate": negate})
    assert found.passed is False
    assert "cannot judge" in found.message
