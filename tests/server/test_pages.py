"""Pages over /api: which toolchains have one, the state that a page shows, and pages of strangers."""

from __future__ import annotations

from typing import Any

from tests.platform import Platform

PAUSING: dict[str, Any] = {
    "id": "shown",
    "title": "Shown",
    "input": {"type": "object", "required": ["word"], "properties": {"word": {"type": "string"}}},
    "state": {
        "words": {"type": "array", "reducer": "append", "scope": "thread"},
        "last": {"type": "string"},
        "hidden": {"type": "string", "default": "not asked for"},
    },
    "nodes": [
        {
            "id": "hear",
            "kind": "update",
            "changes": [{"op": "append", "path": "words", "value": {"ref": "input.word"}}],
        },
        {"id": "ask", "kind": "approval"},
        {
            "id": "say",
            "kind": "update",
            "changes": [{"op": "set", "path": "last", "value": {"template": "{{ input.word }} {{ state.hidden }}"}}],
        },
    ],
    "edges": [
        {"from": "start", "to": "hear"},
        {"from": "hear", "to": "ask"},
        {"from": "ask", "to": "say"},
        {"from": "say", "to": "end"},
    ],
    "output": {"last": {"ref": "state.last"}},
    "page": {"elements": [{"id": "form", "kind": "form", "on_submit": [{"do": "run"}]}]},
}


def state(platform: Platform, run: str, *keys: str) -> Any:
    return platform.result("fetch_run_state", {"run_id": run, "keys": list(keys) or None})


def test_the_state_of_a_run_as_it_goes_on(platform: Platform) -> None:
    platform.result("save_toolchain", {"toolchain": PAUSING})
    first = platform.result("run_toolchain", {"toolchain_id": "shown", "input": {"word": "lake"}, "wait": True})
    assert first["status"] == "waiting"
    waiting = state(platform, first["run_id"], "words", "last", "no_such")
    assert waiting["state"] == {"words": ["lake"], "last": ""}
    assert waiting["nodes"] == ["hear"]
    platform.result("resume_run", {"run_id": first["run_id"], "value": {"approved": True}, "wait": True})
    whole = state(platform, first["run_id"])
    assert whole["state"] == {"words": ["lake"], "last": "lake not asked for", "hidden": "not asked for"}
    assert "say" in whole["nodes"]
    again = {"toolchain_id": "shown", "input": {"word": "river"}, "thread_id": first["thread_id"], "wait": True}
    second = platform.result("run_toolchain", again)
    assert state(platform, second["run_id"], "words")["state"] == {"words": ["lake", "river"]}


def test_nobody_sees_the_state_of_anothers_run(platform: Platform, stranger: str) -> None:
    platform.result("save_toolchain", {"toolchain": PAUSING})
    run = platform.result("run_toolchain", {"toolchain_id": "shown", "input": {"word": "x"}, "wait": True})["run_id"]
    assert platform.call("fetch_run_state", {"run_id": run}, token=stranger).status_code == 404
    assert platform.call("fetch_run_state", {"run_id": "no"}).status_code == 404


def test_lists_tell_which_toolchains_have_a_page(platform: Platform) -> None:
    bare = {name: value for name, value in PAUSING.items() if name != "page"} | {"id": "bare"}
    platform.result("save_toolchain", {"toolchain": bare})
    platform.result("save_toolchain", {"toolchain": PAUSING | {"id": "with_page"}})
    listed = {each["id"]: each["page"] for each in platform.result("get_available_toolchains")["toolchains"]}
    assert (listed["bare"], listed["with_page"], listed["rag"], listed["chat"]) == (False, True, True, False)
    # What runs take counts, not the draft.
    platform.result("publish_toolchain", {"toolchain_id": "bare"})
    platform.result("save_toolchain", {"toolchain": PAUSING | {"id": "bare"}})
    listed = {each["id"]: each["page"] for each in platform.result("get_available_toolchains")["toolchains"]}
    assert listed["bare"] is False


def test_a_page_with_faults_is_not_saved(platform: Platform) -> None:
    broken = PAUSING | {"page": {"elements": [{"id": "t", "kind": "text", "value": {"ref": "state.gone"}}]}}
    refused = platform.call("save_toolchain", {"toolchain": broken})
    assert refused.status_code == 422
    assert [fault["path"] for fault in refused.json()["error"]["faults"]] == ["page.elements[0].value"]


def test_an_imported_page_is_served_or_left_out_with_its_faults(platform: Platform) -> None:
    chat = {"display_route": ["turns"], "display_as": "chat"}
    send = {"hook": "on_submit", "target_event": "ask", "fire_index": 1, "store": False, "target_route": "question"}
    ask: dict[str, Any] = {
        "id": "ask",
        "input_arguments": [{"key": "question", "from_user": True}],
        "feed_mappings": [
            {
                "destination": "<<STATE>>",
                "getFromInputs": {"route": ["question"]},
                "sequence": [{"type": "appendAction", "route": ["turns"]}],
            }
        ],
    }
    old: dict[str, Any] = {
        "id": "from_querylake",
        "name": "Old",
        "category": "Test",
        "initial_state": {"turns": []},
        "nodes": [ask],
        "display_configuration": {
            "split": "none",
            "mappings": [chat, {"display_as": "chat-input", "hooks": [send]}, {"display_as": "hologram"}],
        },
    }
    made = platform.result("import_toolchain", {"toolchain": old})
    assert "hologram" in " ".join(note["message"] for note in made["notes"])
    stored = platform.result("fetch_toolchain", {"toolchain_id": made["id"]})["toolchain"]
    (shown,) = stored["page"]["elements"]
    given = {
        name: "Why?" if value == {"ref": "event.text"} else value
        for name, value in shown["on_send"][0]["input"].items()
    }
    run = platform.result("run_toolchain", {"toolchain_id": made["id"], "input": given, "wait": True})
    assert state(platform, run["run_id"], "turns")["state"] == {"turns": ["Why?"]}
