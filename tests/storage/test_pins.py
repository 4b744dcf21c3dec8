"""Runs of drafts, and runs whose nodes are given results."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from db import SavedToolchain
from inference.composer.running import fetch_run, run_toolchain
from inference.composer.travelling import fetch_run_checkpoints, fork_run
from inference.errors import InvalidInput, NotAllowed
from inference.models.runs import CheckpointsRequest, ForkRunRequest, RunReference, RunToolchainRequest
from tests.storage.bench import Bench, chain
from tests.storage.counting import Counting, count, fall_silent

SUM = {"n": {"type": "integer", "reducer": "add"}, "text": {"type": "string"}}
OUTPUT = {"n": {"ref": "state.n"}, "text": {"ref": "state.text"}}


def asked(definition: dict[str, Any], **parts: Any) -> RunToolchainRequest:
    return RunToolchainRequest(toolchain_id=definition["id"], draft=definition, wait=True, **parts)


async def test_a_pinned_node_is_not_done_and_writes_all_the_same(bench: Bench, counting: Counting) -> None:
    definition = chain(count("a", n={"ref": "result.value"}), count("b", n=10), state=SUM, output=OUTPUT)
    done = await run_toolchain(bench.ctx, asked(definition, pinned={"a": {"value": 5}}))
    assert done.output == {"n": 15, "text": ""}
    assert counting.times == {"b": 1}
    run = await fetch_run(bench.ctx, RunReference(run_id=done.run_id))
    assert run.pinned == {"a": {"value": 5}}
    assert next((node.node, node.input) for node in run.nodes) == ("a", {"pinned": True})


async def test_a_pinned_node_is_skipped_where_it_would_be(bench: Bench, counting: Counting) -> None:
    node = count("a", n=1) | {"when": {"==": [1, 2]}}
    done = await run_toolchain(bench.ctx, asked(chain(node, state=SUM, output=OUTPUT), pinned={"a": {}}))
    assert (done.output, counting.times) == ({"n": 0, "text": ""}, {})


async def test_a_pinned_model_streams_its_text(bench: Bench) -> None:
    node = {"id": "say", "kind": "llm", "prompt": "Hi", "model": "nobody/nothing", "stream": "text"}
    done = await run_toolchain(bench.ctx, asked(chain(node, state=SUM, output=OUTPUT), pinned={"say": {"text": "Ho"}}))
    assert done.output == {"n": 0, "text": "Ho"}
    events = await bench.events(UUID(done.run_id))
    assert [event.data["text"] for event in events if event.event == "delta"] == ["Ho"]


async def test_a_node_within_others_is_pinned_in_every_round(bench: Bench, counting: Counting) -> None:
    body = {"nodes": [count("inner", n={"ref": "result.value"})]}
    node = {"id": "each", "kind": "map", "over": [1, 2, 3], "body": body}
    done = await run_toolchain(bench.ctx, asked(chain(node, state=SUM, output=OUTPUT), pinned={"inner": {"value": 7}}))
    assert (done.output, counting.times) == ({"n": 21, "text": ""}, {})


async def test_pins_do_not_reach_into_other_toolchains(bench: Bench, counting: Counting) -> None:
    await bench.save(chain(count("a", n=1), state=SUM, output=OUTPUT) | {"id": "within"})
    outer = chain(
        count("a"), {"id": "sub", "kind": "subchain", "toolchain": "within"}, output={"n": {"ref": "nodes.sub.n"}}
    )
    done = await run_toolchain(bench.ctx, asked(outer, pinned={"a": {"value": 100}}))
    assert (done.output, counting.times) == ({"n": 1}, {"a": 1})


async def test_a_pinned_pause_waits_for_nobody(bench: Bench) -> None:
    definition = chain({"id": "ask", "kind": "approval"}, output={"yes": {"ref": "nodes.ask.value.approved"}})
    given = {"ask": {"value": {"approved": True}, "timed_out": False}}
    done = await run_toolchain(bench.ctx, asked(definition, pinned=given))
    assert (done.status, done.output) == ("completed", {"yes": True})


async def test_pins_outlive_a_process_and_stay_with_forks(bench: Bench, other: Bench, counting: Counting) -> None:
    definition = chain(
        count("a", n={"ref": "result.value"}), count("b", n=10), count("c", n={"ref": "result.value"}),
        state=SUM, output=OUTPUT,
    )  # fmt: skip
    counting.hangs["b"] = 1
    pinned = {"a": {"value": 500}, "c": {"value": 1000}}
    uid = await bench.composer.start(
        bench.ctx, "probe", {}, toolchain=SavedToolchain("probe", 0, definition), pinned=pinned
    )
    await counting.hung("b")
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    done, output = await other.end(uid)
    assert (done.attempts, done.toolchain_version, output) == (2, 0, {"n": 1510, "text": ""})
    listed = await fetch_run_checkpoints(other.ctx, CheckpointsRequest(run_id=done.run_id))
    behind = next(each.checkpoint_id for each in listed.checkpoints if each.node == "a")
    forked = await fork_run(other.ctx, ForkRunRequest(checkpoint_id=behind, wait=True))
    assert forked.output == output
    assert counting.times["b"] == 3


@pytest.mark.parametrize(
    ("pinned", "field", "words"),
    [
        ({"nobody": 1}, "pinned.nobody", "there is no node 'nobody'"),
        ({"join": 1}, "pinned.join", "nodes of kind join cannot be pinned"),
        ({"<b>" * 100: 1}, f"pinned.{('<b>' * 100)[:80]}", "there is no node"),
    ],
)
async def test_what_cannot_be_pinned(bench: Bench, pinned: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        await run_toolchain(bench.ctx, asked(chain({"id": "join", "kind": "join"}), pinned=pinned))
    assert refused.value.field == field


async def test_a_draft_is_run_and_not_saved(bench: Bench) -> None:
    saved = chain({"id": "join", "kind": "join"}, output={"which": "saved"})
    await bench.save(saved)
    done = await run_toolchain(bench.ctx, asked(saved | {"output": {"which": "draft"}}))
    assert done.output == {"which": "draft"}
    assert [
        each.version for each in await bench.storage.toolchains.versions(bench.ctx.user.key, "probe", 10, None)
    ] == [1]


@pytest.mark.parametrize(
    ("parts", "field", "words"),
    [
        ({"toolchain_id": "other"}, "draft.id", "must be `toolchain_id`"),
        ({"version": 1}, "version", "A draft has no version"),
        ({"draft": {"id": "probe"}}, "draft", "this field is missing"),
    ],
)
async def test_drafts_that_are_refused(bench: Bench, parts: dict[str, Any], field: str, words: str) -> None:
    request = asked(chain({"id": "join", "kind": "join"})).model_copy(update=parts)
    with pytest.raises(InvalidInput, match=words) as refused:
        await run_toolchain(bench.ctx, request)
    assert refused.value.field == field


async def test_who_may_only_run_what_is_there_runs_no_drafts(bench: Bench) -> None:
    ctx = replace(bench.ctx, caller=replace(bench.ctx.user, scopes=frozenset({"runs"})))
    with pytest.raises(NotAllowed, match="toolchains:write"):
        await run_toolchain(ctx, asked(chain({"id": "join", "kind": "join"})))
