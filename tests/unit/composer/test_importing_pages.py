"""QueryLake's descriptions of a UI become pages, with the list of what was not carried."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from inference.composer.importing import Imported, import_querylake
from tests.querylake import sound
from tests.unit.composer.places import places


def event(name: str, *parameters: str) -> dict[str, Any]:
    arguments = [{"key": key, "from_user": True, "optional": True} for key in parameters]
    append = {"type": "appendAction", "route": ["turns"]}
    mappings = [
        {"destination": "<<STATE>>", "getFromInputs": {"route": [key]}, "sequence": [append]} for key in parameters
    ]
    return {"id": name, "input_arguments": arguments, "feed_mappings": mappings}


def source(**ui: Any) -> dict[str, Any]:
    return {
        "name": "Old",
        "id": "old",
        "category": "Test",
        "initial_state": {"turns": [], "answer": "", "deep": {"n": [1]}},
        "nodes": [
            event("ask", "question", "ids", "files"),
            event("attach", "files"),
            event("rate", "stars"),
            event("flip", "on"),
        ],
        **ui,
    }


def imported(**ui: Any) -> Imported:
    return sound(source(**ui))


def notes(made: Imported) -> dict[str, str]:
    return {note.path: note.message for note in made.notes}


def hook(name: str, target: str, route: str, index: int = 1, *, store: bool = False) -> dict[str, Any]:
    return {"hook": name, "target_event": target, "fire_index": index, "store": store, "target_route": route}


def content(*mappings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"split": "none", "size": 50, "align": "left", "tailwind": "", "mappings": list(mappings), **more}


CHAT = {"display_route": ["turns"], "display_as": "chat"}


def test_sections_hooks_and_stored_values_of_the_first_format() -> None:
    send = {
        "display_as": "chat-input",
        "config": [],
        "tailwind": "",
        "hooks": [
            hook("on_submit", "ask", "question", 2),
            hook("on_upload", "ask", "files", 2),
            hook("selected_collections", "ask", "ids", store=True),
            hook("on_submit", "rate", "stars", 1),
        ],
    }
    switch = {
        "display_as": "switch",
        "hooks": [hook("value_map", "flip", "on")],
        "config": [{"name": "Label", "value": "Loud"}],
    }
    rating = {
        "display_as": "chat-with-rating",
        "hooks": [hook("on_rating", "rate", "stars")],
        "config": [{"name": "Type", "value": "Number"}],
    }
    made = imported(
        display_configuration={
            "split": "horizontal",
            "size": 100,
            "sections": [
                content(CHAT, footer={"align": "center", "tailwind": "p-4", "mappings": [send]}),
                content(
                    {"display_route": ["deep", "n", -1], "display_as": "text"},
                    {"type": "div", "align": "left", "tailwind": "", "mappings": [switch, rating]},
                    {"display_as": "file_upload", "hooks": [hook("on_upload", "attach", "files")], "config": []},
                    {"display_as": "current-event-display", "display_route": []},
                    {"display_as": "audio-recorder", "display_route": []},
                ),
            ],
        }
    )
    page = made.toolchain["page"]
    (row,) = page["elements"]
    assert (row["kind"], row["shares"]) == ("row", [50, 50])
    left, right = row["children"]
    upload, picker, chat = left["children"]
    assert (upload["kind"], upload["to"], upload["on_upload"]) == ("upload", "session.files", [])
    assert (picker["kind"], picker["to"]) == ("documents", "session.collections")
    assert chat["messages"] == {"ref": "state.turns"}
    # In the order of the indexes; the kept collections go with the event that they are kept for.
    assert chat["on_send"] == [
        {"do": "run", "input": {"stars": {"ref": "event.text"}, "event": "rate"}},
        {
            "do": "run",
            "input": {
                "ids": {"ref": "session.collections"},
                "question": {"ref": "event.text"},
                "files": {"ref": "session.files"},
                "event": "ask",
            },
        },
    ]
    assert [element["kind"] for element in right["children"]] == ["text", "switch", "select", "upload", "progress"]
    text, flip, stars, attach, _ = right["children"]
    assert text["value"] == {"ref": "state.deep.n.-1"}
    assert flip["label"] == "Loud"
    assert flip["on_change"] == [{"do": "run", "input": {"on": {"ref": "event.value"}, "event": "flip"}}]
    assert stars["options"] == [1, 2, 3, 4, 5]
    assert attach["multiple"] is False
    assert attach["on_upload"] == [{"do": "run", "input": {"files": {"ref": "event.document_ids"}, "event": "attach"}}]
    told = notes(made)
    assert "audio-recorder" in told["display_configuration.sections[1].mappings[4]"]
    assert "classes" in told["display_configuration.sections[0].footer"]


def test_a_page_that_shows_only_gets_a_form_and_one_for_files_an_upload() -> None:
    made = imported(display_configuration=content(CHAT))
    assert [element["kind"] for element in made.toolchain["page"]["elements"]] == ["chat", "form"]
    assert "form of the input" in notes(made)["display_configuration"]
    definition = source(display_configuration=content(CHAT))
    definition["nodes"].append(event("user_file_upload_event", "user_file", "file_name"))
    page = import_querylake(definition).toolchain["page"]
    assert page["elements"][1]["on_upload"][0]["input"]["user_file"] == {"ref": "event.document_ids.0"}


def test_what_fires_no_event_or_gives_no_parameter_is_told() -> None:
    entry = {
        "display_as": "chat-input",
        "hooks": [
            hook("on_submit", "nobody", "question"),
            hook("on_submit", "ask", "strange"),
            hook("on_wave", "ask", "x"),
        ],
    }
    made = imported(display_configuration=content({"display_route": ["nothing"], "display_as": "markdown"}, entry))
    words = " ".join(note.message for note in made.notes)
    assert "'nobody', which is no event" in words
    assert "no node takes the parameter 'strange'" in words
    assert "no such hook" in words
    assert "no such state" in words


def component(name: str, of: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "component", "componentId": of, **more}


def layout(name: str, node: str, *children: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "layout", "node": node, "children": list(children), **more}


def spec(root: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"version": 2, "root": root, "nodes": {node["id"]: node for node in nodes}}


def test_layouts_bindings_and_actions_of_the_second_format() -> None:
    emit: dict[str, Any] = {
        "type": "emitEvent",
        "nodeId": "ask",
        "inputs": {
            "question": {"kind": "payload", "path": "/text"},
            "ids": {"kind": "ui", "path": "/collections/selectedIds", "fallback": []},
            "files": {"kind": "pref", "key": "kept", "fallback": ["a"]},
        },
    }
    submit: dict[str, Any] = {
        "hook": "submit",
        "fires": [
            {"index": 2, "actions": [{"type": "toast", "message": "Sent", "variant": "success"}]},
            {"index": 1, "actions": [emit, {"type": "navigate", "to": "https://example.com"}]},
        ],
    }
    greeting = {
        "kind": "computed",
        "op": "join",
        "args": [
            {
                "kind": "literal",
                "value": [{"kind": "literal", "value": "Is "}, {"kind": "state", "path": "/deep/n/0"}],
            }
        ],
    }
    made = imported(
        ui_spec_v2=spec(
            "root",
            layout("root", "split", "left", "right", direction="horizontal", sizes=[70, 30]),
            layout("left", "box", "talk", footer="send", style={"gap": "sm"}),
            component("talk", "chat", bindings={"messages": {"kind": "state", "path": "/turns"}}),
            component("send", "chat-input", hooks=[submit], config={"allowUploads": False}),
            layout("right", "stack", "line", "words", "md", "again", direction="vertical"),
            layout("line", "divider"),
            {"id": "words", "kind": "layout", "node": "text", "text": "<b>Hello</b>"},
            component("md", "markdown", bindings={"value": greeting}),
            layout("again", "stack", "root", direction="vertical"),
        ),
        display_configuration=content(CHAT),
    )
    page = made.toolchain["page"]
    (row,) = page["elements"]
    assert row["shares"] == [70, 30]
    picker, chat = row["children"][0]["children"]
    assert picker["to"] == "session.collections"
    assert chat["on_send"] == [
        {
            "do": "run",
            "input": {
                "question": {"ref": "event.text"},
                "ids": {"ref": "session.collections"},
                "files": {"ref": "session.pref_kept"},
                "event": "ask",
            },
        },
        {"do": "notify", "message": "Sent"},
    ]
    line, words, md = row["children"][1]["children"]
    assert (line["kind"], words["value"]) == ("divider", "<b>Hello</b>")
    assert md["value"] == {"template": "Is {{ state.deep.n.0 }}"}
    assert page["session"]["pref_kept"] == {"type": "any", "default": ["a"]}
    told = notes(made)
    assert "navigate" in told["ui_spec_v2.nodes.send.hooks[0].actions[1]"]
    assert "twice" in told["ui_spec_v2.nodes.root"]
    assert "styles" in told["ui_spec_v2.nodes.left"]
    assert "not looked at" in told["display_configuration"]


def test_large_and_deep_uis_end() -> None:
    many = content(*[CHAT] * 3000)
    assert len(imported(display_configuration=many).toolchain["page"]["elements"]) == 100
    deep: dict[str, Any] = content(CHAT)
    for _ in range(20):
        deep = {"split": "horizontal", "size": 50, "sections": [deep, content(CHAT)]}
    assert any("too deep" in note.message for note in imported(display_configuration=deep).notes)
    chain = [layout(f"n{n}", "stack", f"n{n + 1}", direction="vertical") for n in range(5000)]
    assert any("too deep" in note.message for note in imported(ui_spec_v2=spec("n0", *chain)).notes)


STRANGE: list[Any] = [
    None, True, 0, -1, 1e9, "", "x", "/a/~2", "{{ state.x }}", "<script>", [], {}, [[]], {"ref": "state.secret"},
    {"expr": {"x": 1}}, {"kind": "state"}, {"kind": "ui", "path": "/ /"}, {"kind": "computed", "op": "join"}, "ask",
]  # fmt: skip
UIS: list[dict[str, Any]] = [
    {
        "display_configuration": {
            "split": "horizontal",
            "sections": [
                content(CHAT, {"display_as": "chat-input", "hooks": [hook("on_submit", "ask", "question")]}),
                content({"type": "div", "mappings": [CHAT, {"display_as": "switch", "hooks": []}]}),
            ],
        }
    },
    {
        "ui_spec_v2": spec(
            "root",
            layout("root", "split", "c", "i", direction="horizontal", sizes=[1, 2]),
            component("c", "chat", bindings={"messages": {"kind": "state", "path": "/turns"}}),
            component(
                "i",
                "chat-input",
                hooks=[
                    {
                        "hook": "submit",
                        "fires": [
                            {
                                "index": 1,
                                "actions": [
                                    {
                                        "type": "emitEvent",
                                        "nodeId": "ask",
                                        "inputs": {"question": {"kind": "payload", "path": "/text"}},
                                    },
                                    {"type": "setUI", "path": "/a/b", "value": {"kind": "literal", "value": 1}},
                                ],
                            }
                        ],
                    }
                ],
            ),
        )
    },
]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_ui_holds_the_page_has_no_fault(seed: int) -> None:
    chance = random.Random(seed)
    pages = 0
    for _ in range(60):
        ui = copy.deepcopy(chance.choice(UIS))
        for _ in range(chance.randint(1, 5)):
            container, key = chance.choice([place for place in places(ui) if place[0] is not ui])
            other, place = chance.choice(list(places(ui)))
            container[key] = copy.deepcopy(chance.choice([*STRANGE, other[place]]))
        pages += imported(**ui).toolchain["page"] is not None
    assert pages > 30
