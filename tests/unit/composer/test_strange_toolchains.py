"""Toolchains that hold anything anywhere: they have faults, and nothing breaks."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from inference.composer.catalogue import shipped_toolchains
from inference.composer.inputs import checked_input
from inference.composer.validation import check_toolchain
from tests.unit.composer.places import places
from tests.unit.composer.test_pages import RUN, toolchain

STRANGE: list[Any] = [
    None, True, 0, 1.5, 10**30, "", "x", "a.b", "١", [], {}, [[]], [{}], {"kind": []}, {"a": []}, {"ref": "state.x"},
    {"ref": 5}, {"template": "{{"}, {"expr": {"+": []}}, {"literal": {}},
]  # fmt: skip
PAGE = toolchain(
    {"id": "chat", "kind": "chat", "on_send": [RUN]},
    {"id": "form", "kind": "form", "fields": ["question"], "on_submit": [{"do": "run"}]},
)


@pytest.mark.parametrize("seed", range(4))
def test_anything_anywhere_is_a_fault_at_most(seed: int) -> None:
    chance = random.Random(seed)
    faulty = 0
    for _ in range(200):
        changed = copy.deepcopy(chance.choice([PAGE, *shipped_toolchains().values()]))
        for _ in range(chance.choice([1, 1, 2, 4])):
            container, key = chance.choice(list(places(changed)))
            container[key] = copy.deepcopy(chance.choice(STRANGE))
        faulty += bool(check_toolchain(changed)[1])
    assert faulty > 100


NO_SCHEMAS: list[dict[str, Any]] = [
    {"properties": None},
    {"properties": {"question": 3}},
    {"required": [{}, []]},
    {"$defs": 3, "properties": {"question": {"$ref": "#/$defs/a"}}},
    {"properties": {"question": {"anyOf": 3}}},
]


@pytest.mark.parametrize("schema", NO_SCHEMAS)
def test_an_input_that_is_no_schema_is_a_fault(schema: dict[str, Any]) -> None:
    changed = copy.deepcopy(PAGE)
    changed["input"] |= schema
    assert "input" in [fault.path for fault in check_toolchain(changed)[1]]


def test_fields_that_take_anything_and_alternatives_that_are_themselves() -> None:
    form = {
        "type": "object",
        "required": ["question"],
        "properties": {"question": True, "more": {"$ref": "#/$defs/any"}},
        "$defs": {"any": {"anyOf": [*[{"$ref": "#/$defs/any"}] * 50, {"type": "string"}]}},
    }
    changed = copy.deepcopy(PAGE)
    changed["input"] = form
    assert check_toolchain(changed)[1] == []
    assert checked_input(form, {"question": 1}) == {"question": 1}
