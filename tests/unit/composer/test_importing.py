"""QueryLake's toolchains as ours: what they become, and what is said about the rest."""

from __future__ import annotations

import copy
from typing import Any

import orjson
import pytest

from inference.composer import shipped_toolchains
from inference.composer.importing import Imported, Note, import_querylake, is_querylake
from inference.errors import InvalidInput
from tests.querylake import EVENT, EXAMPLES, example, node, sound, source


def import_of(name: str) -> Imported:
    return import_querylake(example(name))


def node_of(imported: Imported, name: str) -> dict[str, Any]:
    return next(node for node in imported.toolchain["nodes"] if node["id"] == name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_become_toolchains_without_faults(name: str) -> None:
    definition = example(name)
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


def test_what_could_not_be_carried_is_told_by_path() -> None:
    assert Note(
        "nodes[4]", "there is no function 'embedding' here: the node is left out, and what reads its outputs"
    ) in (import_of("tools").notes)
    rag = {note.path: note.message for note in import_of("rag_chat").notes}
    assert "'local-7b'" in rag["nodes[3]"] or "top_k" in rag["nodes[3]"]
    (note,) = import_of("sequences").notes
    assert note.path == "nodes[0].feed_mappings[0].sequence[12]"
    for name in ("iterate", "store_join", "conditions", "cycle", "file_event", "v2_brainstorm", "v2_rounds"):
        assert import_of(name).notes == []


def test_a_function_without_counterpart_leaves_its_other_mappings() -> None:
    imported = import_of("tools")
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
    schema = import_of("store_join").toolchain["input"]
    assert schema["properties"]["event"]["enum"] == ["left_event", "right_event"]
    assert [rule["then"]["required"] for rule in schema["allOf"]] == [["left"], ["right"]]
    single = import_of("iterate").toolchain["input"]
    assert single["required"] == ["questions"]
    assert set(single["properties"]) == {"event", "questions", "note"}


def test_parameters_get_their_types_from_where_they_are_used() -> None:
    properties = import_of("rag_chat").toolchain["input"]["properties"]
    assert properties["question"]["type"] == "string"
    assert properties["collection_ids"]["type"] == ["array", "null"]
    assert import_of("v2_coauthor").toolchain["input"]["properties"]["question"]["type"] == "string"
    assert "type" not in import_of("conditions").toolchain["input"]["properties"]["n"]


def test_the_likeliest_event_is_the_default() -> None:
    def default(name: str) -> str:
        return import_of(name).toolchain["input"]["properties"]["event"]["default"]

    assert default("rag_chat") == "ask_event"
    assert default("tools") == "ask"
    assert default("v2_coauthor") == "write"


def test_suggestions_and_follow_up_fire_events() -> None:
    toolchain = import_of("rag_chat").toolchain
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
    kept = import_of("rag_chat").toolchain["metadata"]["querylake"]
    assert kept["chat_key"] == "turns"
    assert kept["display_configuration"]["split"] == "horizontal"
    assert kept["id"] == "Library-RAG"
    assert import_of("rag_chat").toolchain["id"] == "library-rag"


def test_a_plain_key_that_an_answer_streams_into_is_the_stream() -> None:
    toolchain = import_of("tools").toolchain
    assert toolchain["stream"] == "answer"
    assert node_of(import_of("tools"), "guided")["stream"] == "answer"
    # A title streams too, and is no answer.
    assert import_of("rag_chat").toolchain["stream"] is None


def test_a_node_is_there_once_for_every_way_to_it() -> None:
    ways = source(
        node("a", {"destination": "b"}, {"destination": "c"}),
        node("b", {"destination": "d"}),
        node("c", {"destination": "d"}),
        node("d", {"destination": "<<STATE>>", "value": 1, "sequence": [{"type": "appendAction", "route": ["log"]}]}),
        initial_state={"log": []},
    )
    assert [node["id"] for node in sound(ways).toolchain["nodes"]] == ["d", "d_2"]


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
