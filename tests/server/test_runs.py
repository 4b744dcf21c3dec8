"""Toolchains and their runs over /api."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.platform import Platform
from tests.server.streams import follow
from tests.server.waiting import at_once

ECHO: dict[str, Any] = {
    "id": "echo",
    "title": "Echo",
    "input": {
        "type": "object",
        "additionalProperties": False,
        "required": ["word"],
        "properties": {"word": {"type": "string", "maxLength": 20}, "times": {"type": "integer", "default": 2}},
    },
    "state": {"said": {"type": "string", "reducer": "append"}},
    "nodes": [
        {
            "id": "say",
            "kind": "function",
            "function": "isolate_question",
            "input": {"question": {"template": "{{ input.word }} × {{ input.times }}"}},
            "write": {"said": {"ref": "result.question"}},
        },
        {"id": "show", "kind": "emit", "event": "state", "data": {"said": {"ref": "state.said"}}},
    ],
    "edges": [{"from": "start", "to": "say"}, {"from": "say", "to": "show"}, {"from": "show", "to": "end"}],
    "output": {"said": {"ref": "state.said"}, "word": {"ref": "input.word"}},
}


def echo(name: str, **parts: Any) -> dict[str, Any]:
    """ECHO under another id."""
    return copy.deepcopy(ECHO) | {"id": name} | parts


def save(platform: Platform, definition: dict[str, Any]) -> dict[str, Any]:
    """Saves a toolchain."""
    return platform.result("save_toolchain", {"toolchain": definition})


STRANGE: list[dict[str, Any]] = [
    {"nodes": "x"},
    {"nodes": [5]},
    {"nodes": [{"id": "a", "kind": ["function"]}]},
    {"edges": [[]]},
    {"state": {"a": 5}},
    {"state": {"said": {"type": "integer", "reducer": "merge"}}},
    {"state": {"said": {"type": "string", "default": [1]}}},
    {"input": {"type": "object", "properties": {"a": {"$ref": "#/nowhere"}}}},
    {"input": {"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}},
    {"input": {"type": "object", "properties": {"a": {"pattern": "("}}}},
    {"input": {"type": "object", "$ref": "#"}},
    {"input": {"type": "object", "properties": []}},
    {"output": {"x": {"ref": 5}}},
    {"output": {"x": {"template": 5}}},
    {"output": {"x": {"expr": 5}}},
    {"output": {"x": {"expr": {"==": [1]}}}},
    {"output": {"x": {"expr": {"==": [{"expr": {"run": 1}}, {"template": 1}]}}}},
    {"output": {"x": [{"deep": {"expr": {"run": ["rm"]}}}]}},
    {"output": {"x": {"ref": "state.said.__class__"}}},
]


class TestToolchains:
    def test_shipped_ones_are_there_for_everybody(self, platform: Platform, stranger: str) -> None:
        told = platform.result("get_available_toolchains", token=stranger)["toolchains"]
        assert {entry["id"]: (entry["shipped"], entry["chat"]) for entry in told} == {
            "chat": (True, True),
            "crawl_site": (True, False),
            "extract": (True, False),
            "ingest_document": (True, False),
            "ingest_objects": (True, False),
            "rag": (True, True),
            "reindex_collection": (True, False),
            "research": (True, True),
            "self_guided_rag": (True, True),
            "summarize_document": (True, False),
            "test_toolchain": (True, False),
        }

    def test_versions(self, platform: Platform) -> None:
        assert save(platform, echo("versioned")) == {"id": "versioned", "version": 1}
        assert save(platform, echo("versioned"))["version"] == 1, "the same text is the same version"
        assert save(platform, echo("versioned", title="Second"))["version"] == 2
        assert save(platform, echo("versioned"))["version"] == 3, "a text from before is a version again"
        fetched = platform.result("fetch_toolchain", {"toolchain_id": "versioned", "version": 2})
        assert (fetched["toolchain"]["title"], fetched["shipped"]) == ("Second", False)
        assert platform.result("fetch_toolchain", {"toolchain_id": "versioned"})["version"] == 3
        assert platform.call("fetch_toolchain", {"toolchain_id": "versioned", "version": 9}).status_code == 404

    def test_versions_that_are_saved_at_once(self, platform: Platform) -> None:
        def save_one(number: int) -> int:
            return save(platform, echo("raced", title=f"Title {number}"))["version"]

        assert sorted(at_once(save_one, 6)) == [1, 2, 3, 4, 5, 6]

    def test_ones_own_takes_the_place_of_a_shipped_one(self, platform: Platform, someone: str) -> None:
        platform.result("save_toolchain", {"toolchain": echo("chat")}, token=someone)
        told = platform.result("get_available_toolchains", token=someone)["toolchains"]
        assert [entry["title"] for entry in told if entry["id"] == "chat"] == ["Echo"]
        assert platform.result("fetch_toolchain", {"toolchain_id": "chat"})["toolchain"]["title"] == "Chat"
        platform.result("delete_toolchain", {"toolchain_id": "chat"}, token=someone)
        assert platform.result("fetch_toolchain", {"toolchain_id": "chat"}, token=someone)["shipped"]

    def test_shipped_ones_cannot_be_deleted(self, platform: Platform) -> None:
        assert platform.call("delete_toolchain", {"toolchain_id": "rag"}).status_code == 404

    def test_import_takes_no_id_that_is_used(self, platform: Platform) -> None:
        exported = platform.result("fetch_toolchain", {"toolchain_id": "rag"})["toolchain"]
        assert platform.result("import_toolchain", {"toolchain": exported | {"id": "rag-copy"}})["version"] == 1
        again = platform.call("import_toolchain", {"toolchain": exported | {"id": "rag-copy"}})
        assert again.status_code == 409
        assert again.json()["error"]["field"] == "toolchain.id"

    def test_every_fault_at_once(self, platform: Platform) -> None:
        broken = echo("broken", colour="blue")
        broken["nodes"][0]["function"] = 5
        broken["edges"].append({"from": "show"})
        told = platform.result("validate_toolchain", {"toolchain": broken})
        assert told["valid"] is False
        assert {fault["path"] for fault in told["faults"]} == {"colour", "nodes[0].function", "edges[3].to"}
        for function in ("save_toolchain", "import_toolchain"):
            refused = platform.call(function, {"toolchain": broken})
            assert refused.status_code == 422
            assert refused.json()["error"]["faults"] == told["faults"]
        assert platform.call("fetch_toolchain", {"toolchain_id": "broken"}).status_code == 404

    def test_a_cycle_and_an_unknown_node(self, platform: Platform) -> None:
        broken = echo("broken")
        broken["edges"] += [{"from": "show", "to": "say"}, {"from": "say", "to": "nobody"}]
        told = platform.result("validate_toolchain", {"toolchain": broken})
        assert any("cycle" in fault["message"] for fault in told["faults"])
        assert "edges[4].to" in {fault["path"] for fault in told["faults"]}

    @pytest.mark.parametrize("parts", STRANGE, ids=str)
    def test_strange_toolchains_are_told_apart_or_run(self, platform: Platform, parts: dict[str, Any]) -> None:
        """What is wrong is a fault when it is saved, or an error of the run in words: never something unforeseen."""
        definition = echo("strange", **parts)
        told = platform.result("validate_toolchain", {"toolchain": definition})
        if told["valid"]:
            save(platform, definition)
            body = {"toolchain_id": "strange", "input": {"word": "hi", "a": "x"}, "wait": True}
            answer = platform.call("run_toolchain", body)
            assert answer.status_code in (200, 422), answer.text
            assert "unforeseen" not in answer.text
            assert "root:" not in answer.text

    def test_a_write_that_its_reducer_cannot_take(self, platform: Platform) -> None:
        merging = echo("merging", state={"said": {"type": "object", "reducer": "merge"}})
        save(platform, merging)
        run = platform.result("run_toolchain", {"toolchain_id": "merging", "input": {"word": "hi"}, "wait": True})
        assert run["status"] == "failed"
        assert "'said'" in run["error"]["message"]

    def test_many_nodes(self, platform: Platform) -> None:
        ids = [f"n{n}" for n in range(1000)]
        edges = [{"from": a, "to": b} for a, b in zip(["start", *ids], [*ids, "end"], strict=True)]
        nodes: list[dict[str, Any]] = [{"id": name, "kind": "emit", "event": "state", "data": 1} for name in ids]
        big = {"id": "big", "title": "Big", "nodes": nodes, "edges": edges}
        assert platform.result("validate_toolchain", {"toolchain": big})["faults"] == []
        nodes.append({"id": "more", "kind": "emit", "event": "state", "data": 1})
        assert platform.result("validate_toolchain", {"toolchain": big})["faults"][0]["path"] == "nodes"

    @pytest.mark.parametrize("depth", [30, 220])
    def test_deep_values(self, platform: Platform, depth: int) -> None:
        """Output that nests deeper than can be kept ends the run in words; a schema that does is refused."""
        value: Any = {"ref": "input.deep"}
        given: list[Any] = []
        for _ in range(depth):
            value, given = [value], [given]
        saved = platform.call(
            "save_toolchain", {"toolchain": echo("deep", output={"deep": value}, input=deep_input({}))}
        )
        assert saved.status_code == 200, saved.text
        assert platform.result("fetch_toolchain", {"toolchain_id": "deep"})["toolchain"]["output"] == {"deep": value}
        body = {"toolchain_id": "deep", "input": {"word": "hi", "deep": given}, "wait": True}
        run = platform.result("run_toolchain", body)
        if 2 * depth < 200:
            assert run["status"] == "completed"
        else:
            assert run["status"] == "failed"
            assert "cannot be kept" in run["error"]["message"]

    def test_a_deep_schema(self, platform: Platform) -> None:
        schema: dict[str, Any] = {"type": "string"}
        for _ in range(110):
            schema = {"type": "array", "items": schema}
        told = platform.call("validate_toolchain", {"toolchain": echo("deep", input=deep_input(schema))})
        assert told.status_code == 200, told.text


def deep_input(schema: dict[str, Any]) -> dict[str, Any]:
    """ECHO's input with one more field."""
    fields = {"word": {"type": "string"}, "times": {"default": 2}, "deep": schema}
    return {"type": "object", "properties": fields}


class TestRuns:
    def test_with_wait(self, platform: Platform) -> None:
        save(platform, echo("echo"))
        run = platform.result("run_toolchain", {"toolchain_id": "echo", "input": {"word": "hi"}, "wait": True})
        assert run["status"] == "completed"
        assert run["output"] == {"said": "hi × 2", "word": "hi"}

    def test_without_wait_its_events_tell_the_rest(self, platform: Platform) -> None:
        save(platform, echo("echo"))
        run = platform.result("run_toolchain", {"toolchain_id": "echo", "input": {"word": "hi", "times": 3}})
        path = f"/api/runs/{run['run_id']}/events"
        events = follow(platform, path)
        assert [event.id for event in events] == list(range(1, len(events) + 1))
        assert [event.name for event in events] == [
            "run_started", "node_started", "node_finished", "node_started", "state", "node_finished", "run_finished",
        ]  # fmt: skip
        assert events[4].data == {"node": "show", "path": "", "value": {"said": "hi × 3"}}
        assert events[-1].data["output"]["said"] == "hi × 3"
        assert follow(platform, path, after=3) == events[3:]
        assert follow(platform, path, after=events[-1].id) == []

    def test_a_run_keeps_what_it_ran(self, platform: Platform) -> None:
        save(platform, echo("kept"))
        run = platform.result("run_toolchain", {"toolchain_id": "kept", "input": {"word": "hi"}, "wait": True})
        save(platform, echo("kept", title="Changed"))
        platform.result("delete_toolchain", {"toolchain_id": "kept"})
        told = platform.result("fetch_run", {"run_id": run["run_id"]})
        assert told["toolchain"]["title"] == "Echo"
        assert told["input"] == {"word": "hi", "times": 2}
        assert told["output"] == run["output"]
        assert [(n["node"], n["kind"], n["status"]) for n in told["nodes"]] == [
            ("say", "function", "completed"),
            ("show", "emit", "completed"),
        ]
        assert told["nodes"][0]["input"] == {"question": "hi × 2"}
        assert told["nodes"][0]["output"] == {"question": "hi × 2"}
        assert all(node["duration_ms"] >= 0 for node in told["nodes"])

    def test_an_older_version(self, platform: Platform) -> None:
        save(platform, echo("two"))
        save(platform, echo("two", output={"said": "second"}))
        body = {"toolchain_id": "two", "input": {"word": "hi"}, "wait": True}
        assert platform.result("run_toolchain", body | {"version": 1})["output"]["word"] == "hi"
        assert platform.result("run_toolchain", body)["output"] == {"said": "second"}
        assert platform.call("run_toolchain", body | {"version": 3}).status_code == 404

    def test_threads_are_the_callers_to_name(self, platform: Platform) -> None:
        thread = "0196a4f2-0000-7000-8000-000000000001"
        save(platform, echo("echo"))
        body = {"toolchain_id": "echo", "input": {"word": "hi"}, "thread_id": thread}
        assert platform.result("run_toolchain", body)["thread_id"] == thread

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({}, "input"),
            ({"word": 5}, "input.word"),
            ({"word": "x" * 21}, "input.word"),
            ({"word": "x", "colour": 1}, "input"),
            ({"word": "x", "times": "many"}, "input.times"),
        ],
    )
    def test_input_is_checked_by_its_schema(self, platform: Platform, given: dict[str, Any], field: str) -> None:
        save(platform, echo("echo"))
        refused = platform.call("run_toolchain", {"toolchain_id": "echo", "input": given})
        assert refused.status_code == 422
        assert refused.json()["error"]["field"] == field

    def test_an_idempotency_key(self, platform: Platform) -> None:
        save(platform, echo("echo"))
        body = {"toolchain_id": "echo", "input": {"word": "once"}, "idempotency_key": "key-1", "wait": True}
        first = platform.result("run_toolchain", body)
        again = platform.result("run_toolchain", body)
        assert again == first
        other = platform.call("run_toolchain", body | {"input": {"word": "twice"}})
        assert other.status_code == 409
        assert other.json()["error"]["field"] == "idempotency_key"

    def test_an_idempotency_key_that_many_use_at_once(self, platform: Platform) -> None:
        save(platform, echo("echo"))
        body = {"toolchain_id": "echo", "input": {"word": "once"}, "idempotency_key": "key-2", "wait": True}

        def run(_: int) -> str:
            return platform.result("run_toolchain", body)["run_id"]

        assert len(set(at_once(run, 8))) == 1

    def test_a_failing_node_is_named(self, platform: Platform) -> None:
        broken = echo("fails")
        broken["nodes"][0] |= {"function": "fetch_document", "input": {"document_id": "no-such"}, "write": {}}
        save(platform, broken)
        run = platform.result("run_toolchain", {"toolchain_id": "fails", "input": {"word": "hi"}, "wait": True})
        assert run["status"] == "failed"
        assert (run["error"]["type"], run["error"]["node"]) == ("NotFound", "say")
        told = platform.result("fetch_run", {"run_id": run["run_id"]})
        assert [(n["node"], n["status"]) for n in told["nodes"]] == [("say", "failed")]
        assert "no-such" in told["nodes"][0]["error"]

    def test_a_run_that_has_ended_stays_as_it_is(self, platform: Platform) -> None:
        save(platform, echo("echo"))
        run = platform.result("run_toolchain", {"toolchain_id": "echo", "input": {"word": "hi"}, "wait": True})
        assert platform.result("cancel_run", {"run_id": run["run_id"]})["status"] == "completed"

    def test_lists(self, platform: Platform, someone: str) -> None:
        platform.result("save_toolchain", {"toolchain": echo("echo")}, token=someone)
        body = {"toolchain_id": "echo", "input": {"word": "hi"}, "wait": True}
        made = [platform.result("run_toolchain", body, token=someone)["run_id"] for _ in range(3)]
        chat = {"toolchain_id": "chat", "input": {"question": "hi"}, "wait": True}
        talk = platform.result("run_toolchain", chat, token=someone)["run_id"]
        first = platform.result("fetch_runs", {"limit": 3}, token=someone)
        rest = platform.result("fetch_runs", {"limit": 3, "before": first["next_before"]}, token=someone)
        assert [run["run_id"] for run in [*first["runs"], *rest["runs"]]] == [talk, *made[::-1]]
        assert rest["next_before"] is None
        by_name = platform.result("fetch_runs", {"toolchain_id": "chat"}, token=someone)["runs"]
        assert [run["run_id"] for run in by_name] == [talk]
        assert platform.result("fetch_runs", {"status": "failed"}, token=someone)["runs"] == []

    def test_unknown_ones(self, platform: Platform) -> None:
        missing = "0196a4f2-0000-7000-8000-00000000dead"
        for function in ("fetch_run", "cancel_run"):
            assert platform.call(function, {"run_id": missing}).status_code == 404
        assert platform.call("run_toolchain", {"toolchain_id": "no-such"}).status_code == 404
        url = f"{platform.url}/api/runs/{missing}/events"
        answer = platform.http.get(url, headers={"Authorization": f"Bearer {platform.token}"})
        assert answer.status_code == 404
        assert answer.json()["error"]["field"] == "run_id"
