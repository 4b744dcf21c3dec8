"""QueryLake's toolchains as ours, whatever they hold: the import ends, and what it makes is sound."""

from __future__ import annotations

import copy
import random
from typing import Any

import orjson
import pytest

from inference.composer.importing import import_querylake
from inference.errors import InvalidInput
from tests.querylake import EVENT, EXAMPLES, example, node, sound, source
from tests.unit.composer.places import places


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ({"initial_state": {}}, "has `nodes`"),
        (source(), "has `nodes`"),
        (source(EVENT, initial_state=[]), "`initial_state` is an object"),
        (source(EVENT, {"input_arguments": []}), r"nodes\[1\] has no `id`"),
        (source(EVENT, EVENT), "Two nodes are called 'ask'"),
        (source(*[node(f"n{index}") for index in range(1001)]), "1001 nodes"),
        (source(EVENT, initial_state={"many": list(range(200_001))}), "over 200000 values"),
    ],
)
def test_what_is_no_toolchain_is_refused(definition: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        import_querylake(definition)


def test_deep_nesting_is_refused() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidInput, match="deeper than 60"):
        import_querylake(source(EVENT, initial_state={"deep": deep}))


def test_ways_beyond_counting_are_worked_off_by_an_agenda() -> None:
    layers = [
        node(f"{side}{layer}", {"destination": f"l{layer + 1}"}, {"destination": f"r{layer + 1}"})
        for layer in range(40)
        for side in "lr"
    ]
    last = [{"destination": "<<STATE>>", "value": 1, "route": ["x"]}]
    imported = sound(source(*layers, node("l40", *last), node("r40", *last)))
    loop = imported.toolchain["nodes"][-1]
    assert loop["kind"] == "loop"
    assert len(loop["body"]["nodes"]) < 200


def test_long_chains_do_not_recurse() -> None:
    nodes = [node(f"n{index}", {"destination": f"n{index + 1}"}) for index in range(850)]
    imported = sound(source(*nodes, node("n850", {"destination": "<<STATE>>", "value": 1, "route": ["x"]})))
    assert imported.toolchain["nodes"][-1]["kind"] == "loop"


def test_more_nodes_than_a_toolchain_may_have_are_refused() -> None:
    write = {"destination": "<<STATE>>", "value": 1, "route": ["x"]}

    def event(name: str) -> list[dict[str, Any]]:
        many = [node(f"{name}{index}", write, {"destination": f"{name}{index + 1}"}) for index in range(180)]
        return [*many, node(f"{name}180")]

    definition = source(*event("a"), *event("b"), *event("c"), *event("d"), *event("e"), *event("f"))
    with pytest.raises(InvalidInput, match="has 1086 nodes"):
        import_querylake(definition)
    suggestions: list[Any] = [
        {"display_text": "x", "event_id": f"a{index}", "event_parameters": {}} for index in range(20)
    ]
    with pytest.raises(InvalidInput, match="more than 900 nodes"):
        import_querylake(source(*event("a"), suggestions=suggestions))


def test_values_do_not_double_from_node_to_node() -> None:
    """Every node hands on twice what it was handed."""

    def first(index: int) -> dict[str, Any]:
        twice: list[dict[str, Any]] = [
            {"destination": f"n{index + 1}", "getFromInputs": {"route": []}, "route": [key]} for key in ("a", "b")
        ]
        arguments = [{"key": key, "optional": True} for key in ("a", "b")]
        return node(f"n{index}", *twice, input_arguments=arguments)

    second = [
        {
            "id": f"n{index}",
            "type": "transform",
            "mappings": [
                {
                    "destination": {"kind": "node", "id": f"n{index + 1}"},
                    "path": "$.x",
                    "value": {"literal": [{"ref": {"source": "inputs", "path": "$.x"}}] * 2},
                }
            ],
        }
        for index in range(60)
    ]
    assert len(orjson.dumps(sound(source(*(first(index) for index in range(60)), node("n60"))).toolchain)) < 300_000
    whole = source(*second, {"id": "n60", "type": "transform", "mappings": []})
    assert len(orjson.dumps(sound(whole).toolchain)) < 300_000


STRANGE: list[Any] = [
    None, True, 0, -1, "", "x", "$.a[", "$", [], {}, [[]], {"ref": 1}, {"type": "stateValue"}, {"getFrom": {}},
    {"literal": {"ref": {"source": "outputs", "path": "$.output"}}}, {"getLength": {"getFromState": {"route": ["a"]}}},
    "<<STATE>>", "<<USER>>", 1e9, {"in": [1]}, {"get": 1}, "a.b", {"expr": {"x": 1}},
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_source_holds_it_is_refused_or_becomes_sound(seed: int) -> None:
    chance = random.Random(seed)
    refused = 0
    for _ in range(40):
        definition = example(chance.choice(list(EXAMPLES)))
        for _ in range(chance.randint(1, 4)):
            container, key = chance.choice(list(places(definition)))
            if chance.random() < 0.2:
                del container[key]
            elif chance.random() < 0.5:
                container[key] = copy.deepcopy(chance.choice(STRANGE))
            else:
                other, place = chance.choice(list(places(definition)))
                container[key] = copy.deepcopy(other[place])
        try:
            sound(definition)
        except InvalidInput:
            refused += 1
    assert refused < 30


def test_paths_and_copies_without_measure_are_refused_or_left_out() -> None:
    long = {
        "id": "a",
        "type": "transform",
        "mappings": [
            {
                "destination": {"kind": "state"},
                "path": "$.x",
                "value": {"ref": {"source": "inputs", "path": "$" + "[*].a" * 5000}},
            }
        ],
    }
    (told,) = sound(source(long)).notes
    assert told.path == "nodes[0].mappings[0].value.ref.path"
    many = [{"key": f"k{index}", "from_user": True, "optional": True} for index in range(500)]
    whole: dict[str, Any] = {"destination": "<<USER>>", "getFromInputs": {"route": []}, "route": ["k"]}
    with pytest.raises(InvalidInput, match="too large"):
        import_querylake(source(node("a", *[whole] * 500, input_arguments=many)))


def test_notes_come_to_an_end() -> None:
    imported = import_querylake(source(node("a", *[{"destination": f"n{number}"} for number in range(1500)])))
    assert len(imported.notes) == 1001
    assert "the rest is not told" in imported.notes[-1].message
