"""What the language says, run by the real engine."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from inference.composer import check_toolchain
from inference.composer.running import resume_run
from inference.composer.travelling import fetch_run_checkpoints, fork_run
from inference.errors import Conflict, InvalidInput, NotFound
from inference.models.runs import CheckpointsRequest, ForkRunRequest, ResumeRunRequest
from tests.storage.bench import Bench, chain, note


def graph(nodes: list[dict[str, Any]], edges: list[tuple[str, str]], **parts: Any) -> dict[str, Any]:
    listed = [{"from": source, "to": target} for source, target in edges]
    return {"id": "probe", "title": "Probe", "nodes": nodes, "edges": listed} | parts


def ref(path: str) -> dict[str, Any]:
    return {"ref": path}


async def test_ways_side_by_side_meet_again(bench: Bench) -> None:
    definition = graph(
        [note("a", "a", seen="a"), note("b", "b", seen="b"), note("c", "c", seen="c"), note("d", "d", seen="d")],
        [("start", "a"), ("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "end")],
        state={"seen": {"type": "array", "reducer": "append"}},
        output={"seen": ref("state.seen"), "both": [ref("nodes.b.question"), ref("nodes.c.question")]},
    )
    output = await bench.output(definition)
    assert output["seen"][0] == "a"
    assert sorted(output["seen"][1:3]) == ["b", "c"]
    assert output["seen"][3:] == ["d"], "the node behind both runs once, after both"
    assert output["both"] == ["b", "c"]


@pytest.mark.parametrize(("n", "seen"), [(1, ["low", "after"]), (5, ["high", "higher", "after"])])
async def test_a_way_that_a_branch_leaves_out_is_not_waited_for(bench: Bench, n: int, seen: list[str]) -> None:
    branch = {
        "id": "which",
        "kind": "branch",
        "cases": [{"when": {">": [ref("input.n"), 3]}, "to": "high"}],
        "else": "low",
    }
    definition = graph(
        [branch, note("high", "h", seen="high"), note("higher", "hh", seen="higher"), note("low", "l", seen="low"),
         note("after", "x", seen="after")],
        [("start", "which"), ("high", "higher"), ("higher", "after"), ("low", "after"), ("after", "end")],
        input={"type": "object", "properties": {"n": {"type": "integer"}}},
        state={"seen": {"type": "array", "reducer": "append"}},
        output={"seen": ref("state.seen")},
    )  # fmt: skip
    assert (await bench.output(definition, n=n))["seen"] == seen


async def test_a_join_that_needs_all_is_skipped_with_what_follows(bench: Bench) -> None:
    branch = {
        "id": "which",
        "kind": "branch",
        "cases": [{"when": {"==": [ref("input.n"), 1]}, "to": "b"}],
        "else": "end",
    }
    definition = graph(
        [note("begin", "x"), note("a", "a", seen="a"), branch, note("b", "b", seen="b"),
         {"id": "both", "kind": "join", "need": "all"}, note("after", "x", seen="after")],
        [("start", "begin"), ("begin", "a"), ("begin", "which"), ("a", "both"), ("b", "both"), ("both", "after"),
         ("after", "end")],
        input={"type": "object", "properties": {"n": {"type": "integer"}}},
        state={"seen": {"type": "array", "reducer": "append"}},
        output={"seen": ref("state.seen")},
    )  # fmt: skip
    assert check_toolchain(definition)[1] == []
    assert sorted((await bench.output(definition, n=1))["seen"]) == ["a", "after", "b"]
    assert (await bench.output(definition, n=2))["seen"] == ["a"]


async def test_a_map_keeps_the_order_and_reduces_in_it(bench: Bench) -> None:
    body = {"nodes": [note("double", {"expr": {"cat": [ref("item"), ref("item")]}}, seen=ref("result.question"))]}
    definition = chain(
        {"id": "each", "kind": "map", "over": ref("input.words"), "body": body, "concurrency": 3,
         "result": {"expr": {"cat": [ref("index"), ":", ref("nodes.double.question")]}}},
        input={"type": "object", "properties": {"words": {"type": "array"}}},
        state={"seen": {"type": "array", "reducer": "append"}},
        output={"results": ref("nodes.each"), "seen": ref("state.seen")},
    )  # fmt: skip
    output = await bench.output(definition, words=["a", "b", "c", "d", "e"])
    assert output == {
        "results": ["0:aa", "1:bb", "2:cc", "3:dd", "4:ee"],
        "seen": ["aa", "bb", "cc", "dd", "ee"],
    }
    assert await bench.output(definition, words=[]) == {"results": [], "seen": []}


async def test_an_element_may_fail_alone(bench: Bench) -> None:
    body = {"nodes": [note("look", {"expr": {"get": [["good"], ref("item"), None]}})]}
    each = {"id": "each", "kind": "map", "over": [0, 1], "body": body, "result": ref("nodes.look.question")}
    run, _ = await bench.run(chain(each))
    assert run.status == "failed"
    assert run.error
    assert run.error.node == "each[1].look"
    output = await bench.output(chain(each | {"on_item_error": "null"}, output={"found": ref("nodes.each")}))
    assert output == {"found": ["good", None]}


async def test_a_loop_ends_when_it_is_done(bench: Bench) -> None:
    body = {"nodes": [note("again", "x", n=1, seen=ref("index"))]}
    loop = {"id": "count", "kind": "loop", "body": body, "max_iterations": 10, "until": {">=": [ref("state.n"), 3]},
            "result": ref("state.n")}  # fmt: skip
    definition = chain(
        loop,
        state={"n": {"type": "integer", "reducer": "add"}, "seen": {"type": "array", "reducer": "append"}},
        output={"count": ref("nodes.count"), "seen": ref("state.seen")},
    )
    assert await bench.output(definition) == {"count": {"iterations": 3, "last": 3, "done": True}, "seen": [0, 1, 2]}
    never = chain(loop | {"until": {"==": [1, 2]}}, state=definition["state"], output=definition["output"])
    assert (await bench.output(never))["count"] == {"iterations": 10, "last": 10, "done": False}


async def test_updates_change_what_is_deep_in_the_state(bench: Bench) -> None:
    definition = chain(
        {"id": "edit", "kind": "update", "changes": [
            {"op": "append", "path": "turns", "value": {"role": "user", "content": ref("input.text")}},
            {"op": "append", "path": "turns", "value": {"role": "assistant", "content": ""}},
            {"op": "append", "path": "turns.-1.content", "value": "so "},
            {"op": "append", "path": "turns.-1.content", "value": {"template": "{{ state.turns.0.content }}"}},
            {"op": "set", "path": ["turns", {"-": [{"length": ref("state.turns")}, 1]}, "sources"], "value": [1]},
            {"op": "add", "path": "n", "value": 2, "when": {"==": [ref("input.text"), "hi"]}},
            {"op": "subtract", "path": "n", "value": 5, "when": {"!=": [ref("input.text"), "hi"]}},
            {"op": "merge", "path": "facts", "value": {"a": 1, "b": 2}},
            {"op": "delete", "path": "facts.a"},
        ]},
        input={"type": "object", "properties": {"text": {"type": "string"}}},
        state={"turns": {"type": "array"}, "n": {"type": "integer"}, "facts": {"type": "object"}},
        output={"turns": ref("state.turns"), "n": ref("state.n"), "facts": ref("state.facts")},
    )  # fmt: skip
    assert await bench.output(definition, text="hi") == {
        "turns": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "so hi", "sources": [1]}],
        "n": 2,
        "facts": {"b": 2},
    }


async def test_a_skipped_node_leaves_nothing(bench: Bench) -> None:
    definition = chain(
        note("never", "x", seen="never") | {"when": {"==": [1, 2]}},
        note("after", "x", seen="after"),
        state={"seen": {"type": "array", "reducer": "append"}},
        output={"seen": ref("state.seen"), "never": {"expr": {"default": [ref("nodes.never.question"), "skipped"]}}},
    )
    assert await bench.output(definition) == {"seen": ["after"], "never": "skipped"}


async def test_an_error_takes_its_own_way(bench: Bench) -> None:
    failing = note("look", ref("input.missing")) | {"on_error": "sorry"}
    definition = graph(
        [
            failing,
            note("well", "x", seen="well"),
            note("sorry", ref("nodes.look.error.type"), seen=ref("result.question")),
        ],
        [("start", "look"), ("look", "well"), ("well", "end"), ("sorry", "end")],
        input={"type": "object", "properties": {"missing": {"type": "string"}}},
        state={"seen": {"type": "array", "reducer": "append"}},
        output={"seen": ref("state.seen")},
    )
    assert (await bench.output(definition))["seen"] == ["MissingReference"]
    assert (await bench.output(definition, missing="x"))["seen"] == ["well"]


async def test_a_toolchain_within_another(bench: Bench) -> None:
    inner = chain(note("in", ref("input.word"), text=ref("result.question")), id="inner",
                  input={"type": "object", "required": ["word"], "properties": {"word": {"type": "string"}}},
                  state={"text": {"type": "string"}}, output={"said": ref("state.text")})  # fmt: skip
    await bench.save(inner)
    outer = chain(
        {"id": "sub", "kind": "subchain", "toolchain": "inner", "input": {"word": "hello"}},
        output={"said": ref("nodes.sub.said")},
    )
    assert await bench.output(outer) == {"said": "hello"}
    run, _ = await bench.run(chain({"id": "sub", "kind": "subchain", "toolchain": "inner", "input": {}}))
    assert run.error
    assert "word" in run.error.message
    run, _ = await bench.run(chain({"id": "sub", "kind": "subchain", "toolchain": "probe"}))
    assert run.error
    assert run.error.type == "TooDeep"


def asking(**parts: Any) -> dict[str, Any]:
    """Does something, asks, and does something with the answer."""
    form = {
        "type": "object",
        "required": ["text"],
        "properties": {"text": {"type": "string"}},
        "additionalProperties": False,
    }
    return chain(
        note("before", "x", seen="before"),
        {"id": "ask", "kind": "approval", "message": {"template": "seen {{ state.seen }}"}, "form": form} | parts,
        note("after", {"expr": {"default": [ref("nodes.ask.value.text"), "nobody"]}}, seen=ref("result.question")),
        state={"seen": {"type": "array", "reducer": "append"}},
        output={"seen": ref("state.seen"), "timed_out": ref("nodes.ask.timed_out")},
    )


async def test_a_run_pauses_and_goes_on_with_what_it_is_given(bench: Bench) -> None:
    run, _ = await bench.run(asking())
    assert run.status == "waiting"
    assert [(pause.node, pause.kind, pause.message) for pause in run.pauses] == [("ask", "approval", 'seen ["before"]')]
    with pytest.raises(InvalidInput) as wrong:
        await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value={"text": 3}))
    assert wrong.value.field == "value.text"
    done = await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value={"text": "yes"}, wait=True))
    assert done.status == "completed", done.error
    assert done.output == {"seen": ["before", "yes"], "timed_out": False}
    with pytest.raises(Conflict):
        await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value={"text": "again"}))
    names = [event.event for event in await bench.events(UUID(run.run_id))]
    assert names.count("waiting") == 1
    assert names.count("node_finished") == 3, "what was done before the pause is not done again"


async def test_ways_side_by_side_pause_together(bench: Bench) -> None:
    ask = {"kind": "approval", "form": {"type": "integer"}}
    definition = graph(
        [note("begin", "x", n=1), ask | {"id": "one"}, ask | {"id": "two"}, note("three", "x", n=1),
         note("end_", "x", n={"expr": {"+": [ref("nodes.one.value"), ref("nodes.two.value")]}})],
        [("start", "begin"), ("begin", "one"), ("begin", "two"), ("begin", "three"), ("one", "end_"), ("two", "end_"),
         ("three", "end_"), ("end_", "end")],
        state={"n": {"type": "integer", "reducer": "add"}}, output={"n": ref("state.n")},
    )  # fmt: skip
    run, _ = await bench.run(definition)
    assert sorted(pause.node for pause in run.pauses) == ["one", "two"]
    with pytest.raises(InvalidInput) as unclear:
        await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value=1))
    assert unclear.value.field == "node"
    once = await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value=10, node="one", wait=True))
    assert [pause.node for pause in once.pauses] == ["two"]
    done = await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value=100, node="two", wait=True))
    assert done.output == {"n": 112}
    names = [event.data["node"] for event in await bench.events(UUID(run.run_id)) if event.event == "node_finished"]
    assert sorted(names) == ["begin", "end_", "one", "three", "two"]


async def test_checkpoints_tell_the_state_and_forks_begin_there(bench: Bench) -> None:
    run, _ = await bench.run(asking())
    done = await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value={"text": "yes"}, wait=True))
    assert done.status == "completed"
    found = (await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=run.run_id))).checkpoints
    assert [(c.node, (c.state or {})["seen"]) for c in found] == [
        (None, []),
        ("before", ["before"]),
        ("ask.answer", ["before"]),
        ("ask", ["before"]),
        ("after", ["before", "yes"]),
    ]
    fork = await fork_run(
        bench.ctx, ForkRunRequest(checkpoint_id=found[1].checkpoint_id, state={"seen": ["other"]}, wait=True)
    )
    assert fork.status == "waiting"
    assert fork.pauses[0].message == 'seen ["other"]'
    assert fork.thread_id != done.thread_id
    again = await resume_run(bench.ctx, ResumeRunRequest(run_id=fork.run_id, value={"text": "no"}, wait=True))
    assert again.output == {"seen": ["other", "no"], "timed_out": False}
    ended = await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=found[3].checkpoint_id, wait=True))
    assert ended.output == {"seen": ["before", "yes"], "timed_out": False}
    with pytest.raises(InvalidInput):
        await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=found[1].checkpoint_id, state={"nothing": 1}))
    with pytest.raises(NotFound):
        await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=f"{run.run_id}.99"))


async def test_threads_remember(bench: Bench) -> None:
    definition = chain(
        note("say", ref("input.text"), turns=[{"id": ref("input.text"), "content": ref("input.text")}], now="x"),
        input={"type": "object", "properties": {"text": {"type": "string"}}},
        state={"turns": {"type": "array", "reducer": "messages", "scope": "thread"}, "now": {"type": "string"}},
        output={"turns": ref("state.turns")},
    )
    await bench.save(definition)
    thread = UUID(int=7)
    for text in ("a", "b", "a", "c"):
        uid = await bench.composer.start(bench.ctx, "probe", {"text": text}, thread=thread)
        run, output = await bench.end(uid)
        assert run.status == "completed"
    assert output
    assert [turn["id"] for turn in output["turns"]] == ["a", "b", "c"]
    assert len((await bench.output(definition, text="z"))["turns"]) == 1, "another thread knows nothing of it"


async def test_the_second_run_of_a_thread_waits_its_turn(bench: Bench) -> None:
    slow = chain(
        {"id": "wait", "kind": "wait", "seconds": 0.2, "when": {"==": [ref("input.text"), "a"]}},
        note("say", ref("input.text"), turns=[ref("input.text")]),
        input={"type": "object", "properties": {"text": {"type": "string"}}},
        state={"turns": {"type": "array", "reducer": "append", "scope": "thread"}},
        output={"turns": ref("state.turns")},
    )
    await bench.save(slow)
    thread = UUID(int=8)
    first = await bench.composer.start(bench.ctx, "probe", {"text": "a"}, thread=thread)
    second = await bench.composer.start(bench.ctx, "probe", {"text": "b"}, thread=thread)
    assert await bench.engine.start(second) is None, "it is not its turn"
    run, _ = await bench.end(first)
    assert run.status == "waiting"
    await asyncio.sleep(0.25)
    assert first in await bench.storage.runs.wake_due()
    await bench.engine.start(first)
    await bench.engine.start(second)
    assert (await bench.end(second))[1] == {"turns": ["a", "b"]}


async def test_what_a_fork_changes_comes_once(bench: Bench) -> None:
    body = {"nodes": [note("again", "x", n=1)]}
    definition = graph(
        [note("never", "x", n=50) | {"when": {">": [ref("state.n"), 0]}}, note("a", "a", n=1),
         {"id": "count", "kind": "loop", "body": body, "max_iterations": 3},
         note("b", "b", n=1), note("c", "c", n=1), note("d", "d", n=1)],
        [("start", "never"), ("never", "a"), ("a", "count"), ("count", "b"), ("count", "c"), ("b", "d"), ("c", "d"),
         ("d", "end")],
        state={"n": {"type": "integer", "reducer": "add"}}, output={"n": ref("state.n")},
    )  # fmt: skip
    run, output = await bench.run(definition)
    assert output == {"n": 7}
    found = (await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=run.run_id))).checkpoints
    place = {checkpoint.node: checkpoint.checkpoint_id for checkpoint in found}
    for node, left in (("a", 6), ("count[0].again", 5), ("count", 3), ("d", 0)):
        forked = ForkRunRequest(checkpoint_id=place[node], state={"n": 100}, wait=True)
        assert (await fork_run(bench.ctx, forked)).output == {"n": 100 + left}, node
