"""Every fault of a toolchain's test cases is told with the others, with its path."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from inference.composer import check_toolchain, shipped_toolchains
from inference.composer.programs import Programs


def faults(*tests: Any, toolchain: str = "rag", **parts: Any) -> dict[str, str]:
    definition = copy.deepcopy(shipped_toolchains()[toolchain]) | {"tests": list(tests)} | parts
    return {fault.path: fault.message for fault in check_toolchain(definition)[1]}


def case(of: Any, name: str = "it", **parts: Any) -> dict[str, Any]:
    """A case of rag with one check that looks at something."""
    check = {"kind": "equals", "of": of, "value": 1}
    return {"name": name, "input": {"question": "Why?"}, "checks": [check]} | parts


def test_all_faults_at_once() -> None:
    found = faults(
        case({"ref": "output.nothing"}),
        case({"ref": "nodes.nobody.text"}, name="it", input={}),
        case({"ref": "state.none"}, name="pins", pinned={"nobody": 1, "show_sources": 1}),
        stream="nothing",
    )
    assert set(found) == {
        "stream", "tests[0].checks[0].of", "tests[1].name", "tests[1].input", "tests[1].checks[0].of",
        "tests[2].pinned.nobody", "tests[2].pinned.show_sources", "tests[2].checks[0].of",
    }  # fmt: skip
    assert "there is answer, sources, citations, usage" in found["tests[0].checks[0].of"]


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ({"ref": "output.answer"}, None),
        ({"ref": "output"}, None),
        ({"ref": "output.sources.0.document_name"}, None),
        ({"ref": "output.sources.0.document"}, "leads to nothing"),
        ({"ref": "nodes.search.hits.-1.text"}, None),
        ({"ref": "nodes.search.hits.0.txt"}, "leads to nothing"),
        ({"ref": "nodes.search.hitz"}, "leads to nothing"),
        ({"ref": "nodes.search.error.type"}, "leads to nothing"),
        ({"ref": "nodes.write_answer.text"}, None),
        ({"ref": "nodes"}, None),
        ({"ref": "state.answer"}, None),
        ({"ref": "error.type"}, None),
        ({"ref": "error.kind"}, "an error has type, message and node"),
        ({"ref": "result.x"}, "begins with none of"),
        ({"ref": "output.<script>"}, "is no output"),
        ({"expr": {"length": {"ref": "nodes.search.hits"}}}, None),
        ({"expr": {"lenght": {"ref": "nodes.search.hits"}}}, "an expression is one operator"),
        ({"template": "{{ output.answer }} {{ output.none }}"}, "is no output"),
        ("output.answer", "it looks at nothing of the run"),
        (None, "it looks at nothing of the run"),
    ],
)
def test_what_a_check_looks_at(of: Any, words: str | None) -> None:
    found = faults(case(of))
    assert set(found) == (set[str]() if words is None else {"tests[0].checks[0].of"})
    assert (words or "") in found.get("tests[0].checks[0].of", "")


def test_nodes_within_others_are_looked_at() -> None:
    assert faults(case({"ref": "nodes.judge.0.data.enough"}), toolchain="self_guided_rag") == {}


def test_what_is_not_recorded_cannot_be_looked_at() -> None:
    found = faults(case({"ref": "nodes.search.hits"}), case({"ref": "output.answer"}, name="b"), durable=False)
    assert set(found) == {"tests[0].checks[0].of"}
    assert "not durable" in found["tests[0].checks[0].of"]


@pytest.mark.parametrize(
    ("check", "path", "words"),
    [
        ({"kind": "equals", "value": {"ref": "output.none"}}, "value", "is no output"),
        ({"kind": "contains", "value": {"expr": {"what": 1}}}, "value", "operator"),
        ({"kind": "similar", "value": "a", "least": 2}, "least", "less than or equal to 1"),
        ({"kind": "similar"}, "value", "missing"),
        ({"kind": "schema", "form": {"type": 3}}, "form", "JSON Schema"),
        ({"kind": "judged", "question": ""}, "question", "at least 1"),
        ({"kind": "judged", "question": "x" * 5000}, "question", "at most 4000"),
        ({"kind": "looks_like", "value": 1}, "", "does not match any of the expected tags"),
        ({"kind": "equals", "value": 1, "more": 2}, "more", "not known"),
    ],
)
def test_what_a_check_asks(check: dict[str, Any], path: str, words: str) -> None:
    whole = case({"ref": "output.answer"}) | {"checks": [{"of": {"ref": "output.answer"}} | check]}
    found = faults(whole)
    (where,) = found
    assert where == f"tests[0].checks[0].{path}".rstrip(".")
    assert words in found[where]


def test_too_much_is_refused() -> None:
    many = [case({"ref": "output.answer"}, name=str(number)) for number in range(201)]
    assert set(faults(*many)) == {"tests"}
    (one,) = faults(case({"ref": "output.answer"}, name="x" * 300))
    assert one == "tests[0].name"


def test_an_input_schema_with_a_fault_is_told_once() -> None:
    assert set(faults(case({"ref": "output.answer"}), input={"type": 3})) >= {"input"}
    assert "tests[0].input" not in faults(case({"ref": "output.answer"}), input={"type": 3})


def test_cases_with_faults_keep_nobody_from_running_it() -> None:
    definition = copy.deepcopy(shipped_toolchains()["rag"]) | {"tests": [case({"ref": "output.gone"})]}
    assert check_toolchain(definition, cases=False)[1] == []
    assert Programs().of(definition).toolchain.tests
