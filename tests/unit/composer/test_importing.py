"""QueryLake's toolchains as ours: what they become, and what is said about the rest."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from inference.composer import check_toolchain, shipped_toolchains
from inference.composer.importing import Imported, Note, import_querylake, is_querylake
from inference.errors import InvalidInput
from inference.json_values import is_array, is_object

EXAMPLES = sorted((Path(__file__).parents[2] / "data" / "querylake").glob("*.json"))
EVENT: dict[str, Any] = {"id": "ask", "input_arguments": [{"key": "question", "from_user": True}], "feed_mappings": []}


def read(path: Path) -> dict[str, Any]:
    return orjson.loads(path.read_bytes())


def example(name: str) -> Imported:
    return import_querylake(next(read(path) for path in EXAMPLES if path.stem == name))


def source(*nodes: dict[str, Any], **parts: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {"name": "Probe", "id": "probe", "category": "Test", "initial_state": {}}
    return whole | {"nodes": list(nodes)} | parts


def node(name: str, *mappings: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"id": name, "input_arguments": [], "feed_mappings": list(mappings)} | parts


def node_of(imported: Imported, name: str) -> dict[str, Any]:
    return next(node for node in imported.toolchain["nodes"] if node["id"] == name)


def sound(definition: dict[str, Any]) -> Imported:
    """The import, which has to be a toolchain without any fault."""
    imported = import_querylake(definition)
    assert check_toolchain(imported.toolchain)[1] == []
    return imported


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_examples_become_toolchains_without_faults(path: Path) -> None:
    definition = read(path)
    before = copy.deepcopy(definition)
    assert is_querylake(definition)
    assert orjson.dumps(sound(definition).toolchain) == orjson.dumps(sound(definition).toolchain)
    assert definition == before


def test_our_own_toolchains_are_not_querylakes() -> None:
    assert [name for name, definition in shipped_toolchains().items() if is_querylake(definition)] == []
    assert not is_querylake({})
    assert not is_querylake({"id": "x", "title": "x", "nodes": [{"id": "a", "kind": "join"}]})


def test_formats_are_told_apart_by_their_nodes() -> None:
    first = source({"id": "only", "api_function": "llm", "input_arguments": []})
    second = source({"id": "only", "type": "transform", "mappings": []})
    assert sound(first).toolchain["metadata"]["querylake"]["format"] == 1
    assert sound(second).toolchain["metadata"]["querylake"]["format"] == 2


def test_the_oldest_format_is_refused() -> None:
    oldest: dict[str, Any] = {
        "name": "Old",
        "id": "old",
        "pipeline": [],
        "pipeline_starting_input": {},
        "state_initialization": {},
    }
    assert is_querylake(oldest)
    with pytest.raises(InvalidInput, match="oldest format"):
        import_querylake(oldest)


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


def test_what_could_not_be_carried_is_told_by_path() -> None:
    assert Note(
        "nodes[4]", "there is no function 'embedding' here: the node is left out, and what reads its outputs"
    ) in (example("tools").notes)
    rag = {note.path: note.message for note in example("rag_chat").notes}
    assert "'local-7b'" in rag["nodes[3]"] or "top_k" in rag["nodes[3]"]
    (note,) = example("sequences").notes
    assert note.path == "nodes[0].feed_mappings[0].sequence[12]"
    for name in ("iterate", "store_join", "conditions", "cycle", "file_event", "v2_brainstorm", "v2_rounds"):
        assert example(name).notes == []


def test_a_function_without_counterpart_leaves_its_other_mappings() -> None:
    imported = example("tools")
    assert [node["id"] for node in imported.toolchain["nodes"] if node["id"].startswith("embed")] == ["embed"]
    assert node_of(imported, "embed")["kind"] == "update"
    assert list(imported.toolchain["output"])[:1] == ["embedded"]


def test_models_of_providers_are_carried_and_others_are_not() -> None:
    def model(given: Any, **argument: Any) -> tuple[Any, list[Note]]:
        asked = {"key": "model", "value": given} if given else {"key": "model", **argument}
        arguments = [{"key": "question", "value": "hello"}, asked]
        imported = sound(source({"id": "say", "api_function": "llm", "input_arguments": arguments}))
        return node_of(imported, "say")["model"], imported.notes

    assert model("openai/gpt-4o-mini") == ("openai/gpt-4o-mini", [])
    assert model("azure/here/gpt-4o") == ("azure/here/gpt-4o", [])
    carried, notes = model("qwen2.5-vl-3b-instruct")
    assert carried is None
    assert notes == [
        Note("nodes[0]", "the model 'qwen2.5-vl-3b-instruct' is QueryLake's own; the default model takes its place")
    ]
    asked_for, notes = model(None, from_user=True, optional=True)
    assert "input.model" in str(asked_for)
    assert notes == []


def test_an_event_asks_for_its_own_parameters_alone() -> None:
    schema = example("store_join").toolchain["input"]
    assert schema["properties"]["event"]["enum"] == ["left_event", "right_event"]
    assert [rule["then"]["required"] for rule in schema["allOf"]] == [["left"], ["right"]]
    single = example("iterate").toolchain["input"]
    assert single["required"] == ["questions"]
    assert set(single["properties"]) == {"event", "questions", "note"}


def test_parameters_get_their_types_from_where_they_are_used() -> None:
    properties = example("rag_chat").toolchain["input"]["properties"]
    assert properties["question"]["type"] == "string"
    assert properties["collection_ids"]["type"] == ["array", "null"]
    assert example("v2_coauthor").toolchain["input"]["properties"]["question"]["type"] == "string"
    assert "type" not in example("conditions").toolchain["input"]["properties"]["n"]


def test_the_likeliest_event_is_the_default() -> None:
    def default(name: str) -> str:
        return example(name).toolchain["input"]["properties"]["event"]["default"]

    assert default("rag_chat") == "ask_event"
    assert default("tools") == "ask"
    assert default("v2_coauthor") == "write"


def test_suggestions_and_follow_up_fire_events() -> None:
    toolchain = example("rag_chat").toolchain
    assert toolchain["suggestions"] == [
        {
            "title": "What is a penstock?",
            "input": {"question": "What is a penstock?", "collection_ids": [], "event": "ask_event"},
        }
    ]
    assert toolchain["follow_up"] == {"event": "name_it"}


def test_suggestions_that_could_only_fail_are_left_out() -> None:
    suggestions: list[Any] = [
        {"display_text": "No question", "event_id": "ask", "event_parameters": {}},
        {"display_text": "Nowhere", "event_id": "gone", "event_parameters": {}},
        {"display_text": "Good", "event_id": "ask", "event_parameters": {"question": "x", "auth": "secret"}},
        "no suggestion",
    ]
    imported = sound(source(EVENT, suggestions=suggestions, first_event_follow_up="ask"))
    assert imported.toolchain["suggestions"] == [{"title": "Good", "input": {"question": "x", "event": "ask"}}]
    assert imported.toolchain["follow_up"] is None
    assert {"suggestions[0]", "suggestions[1]", "suggestions[3]", "first_event_follow_up"} <= {
        note.path for note in imported.notes
    }


def test_the_ui_is_kept_and_its_chat_is_known() -> None:
    kept = example("rag_chat").toolchain["metadata"]["querylake"]
    assert kept["chat_key"] == "turns"
    assert kept["display_configuration"]["split"] == "horizontal"
    assert kept["id"] == "Library-RAG"
    assert example("rag_chat").toolchain["id"] == "library-rag"


def test_a_plain_key_that_an_answer_streams_into_is_the_stream() -> None:
    toolchain = example("tools").toolchain
    assert toolchain["stream"] == "answer"
    assert node_of(example("tools"), "guided")["stream"] == "answer"
    # A title streams too, and is no answer.
    assert example("rag_chat").toolchain["stream"] is None


def test_a_node_is_there_once_for_every_way_to_it() -> None:
    ways = source(
        node("a", {"destination": "b"}, {"destination": "c"}),
        node("b", {"destination": "d"}),
        node("c", {"destination": "d"}),
        node("d", {"destination": "<<STATE>>", "value": 1, "sequence": [{"type": "appendAction", "route": ["log"]}]}),
        initial_state={"log": []},
    )
    assert [node["id"] for node in sound(ways).toolchain["nodes"]] == ["d", "d_2"]


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


def test_data_that_looks_like_a_value_stays_data() -> None:
    data = {"ref": "state.x", "template": {"expr": {"in": [1]}}}
    for value in ({"ref": "state.secret"}, {"in": [1, 2]}, [{"expr": {"get": 1}}], {"length": 3}, data):
        imported = sound(source(node("a", {"destination": "<<STATE>>", "value": value, "route": ["x"]})))
        (change,) = node_of(imported, "a")["changes"]
        assert change["value"] in (value, {"literal": value})


def test_keys_that_no_path_can_name_get_other_names() -> None:
    definition = source(
        node("a", {"destination": "<<STATE>>", "value": 1, "route": ["the.key"]}), initial_state={"the.key": 0}
    )
    imported = sound(definition)
    assert imported.toolchain["state"]["the_key"]["default"] == 0
    assert node_of(imported, "a")["changes"][0]["path"] == "the_key"
    assert [note.path for note in imported.notes] == ["initial_state.the.key"]


def test_keys_of_the_import_make_way_for_those_of_the_source() -> None:
    imported = sound(
        source(
            node("a", {"destination": "<<USER>>", "value": 1, "route": ["x"]}, {"destination": "b", "store": True}),
            node("b", {"destination": "<<STATE>>", "value": 1, "route": ["event_result"]}),
            initial_state={"event_result": 5, "waiting": []},
        )
    )
    assert imported.toolchain["state"]["event_result"]["default"] == 5
    assert imported.toolchain["output"]["x"] == {"expr": {"default": [{"ref": "state.event_result_2.x"}]}}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, item in list(value.items() if is_object(value) else enumerate(value) if is_array(value) else ()):
        yield value, key
        yield from places(item)


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
        definition = read(chance.choice(EXAMPLES))
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
