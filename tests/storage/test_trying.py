"""What editors try: drafts, pinned branches, nodes alone, and forks that go on with another text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from inference.composer import travelling
from inference.composer.alone import run_node
from inference.composer.running import fetch_run, resume_run, run_toolchain
from inference.composer.travelling import fetch_run_checkpoints, fork_run
from inference.errors import Conflict, InvalidInput, NotAllowed
from inference.models.runs import (
    CheckpointsRequest,
    ForkRunRequest,
    ResumeRunRequest,
    RunNodeRequest,
    RunReference,
    RunStateRequest,
    RunToolchainRequest,
    RunToolchainResult,
)
from tests.storage.bench import Bench, chain, note
from tests.storage.counting import Counting, count

WORDS = {"words": {"type": "array", "reducer": "append"}}
ASKED = {"type": "object", "properties": {"q": {"type": "string"}}}
SAID = {"words": {"ref": "state.words"}}


async def tried(bench: Bench, toolchain: dict[str, Any], **parts: Any) -> RunToolchainResult:
    request = RunToolchainRequest(toolchain_id=toolchain["id"], draft=toolchain, wait=True, **parts)
    return await run_toolchain(bench.ctx, request)


async def alone(bench: Bench, toolchain: dict[str, Any], node: str, **parts: Any) -> RunToolchainResult:
    return await run_node(bench.ctx, RunNodeRequest(toolchain=toolchain, node=node, wait=True, **parts))


def saying(*names: str) -> dict[str, Any]:
    """Nodes that each add their own name to the state."""
    return chain(*(note(name, name, words={"ref": "result.question"}) for name in names), state=WORDS, output=SAID)


def parting() -> dict[str, Any]:
    """A branch that goes left."""
    which: dict[str, Any] = {"id": "which", "kind": "branch", "else": "right"}
    which["cases"] = [{"when": {"==": [1, 1]}, "to": "left"}]
    ways = [("start", "which"), ("left", "end"), ("right", "end")]
    return {
        "id": "probe",
        "title": "Probe",
        "nodes": [which, *(note(name, name, words=name) for name in ("left", "right"))],
        "edges": [{"from": source, "to": target} for source, target in ways],
        "state": WORDS,
        "output": SAID,
    }


async def checkpoint(bench: Bench, run: str, node: str | None) -> str:
    """The checkpoint behind a node."""
    listed = await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=run))
    return next(each.checkpoint_id for each in listed.checkpoints if each.node == node)


class TestDrafts:
    async def test_a_draft_runs_and_is_saved_nowhere(self, bench: Bench) -> None:
        result = await tried(bench, saying("a", "b"))
        assert (result.status, result.output) == ("completed", {"words": ["a", "b"]})
        run = await fetch_run(bench.ctx, RunReference(run_id=result.run_id))
        assert (run.toolchain_id, run.toolchain_version, run.pinned, run.only_node) == ("probe", 0, {}, None)
        assert await bench.storage.toolchains.list(bench.ctx.user.key) == []

    async def test_a_key_that_may_only_run_saved_ones_runs_no_draft(self, bench: Bench) -> None:
        caller = replace(bench.ctx.user, scopes=frozenset({"runs:write", "toolchains:read"}))
        ctx = replace(bench.ctx, caller=caller)
        with pytest.raises(NotAllowed, match="toolchains:write"):
            await run_node(ctx, RunNodeRequest(toolchain=saying("a"), node="a"))
        run, _ = await bench.run(saying("a"))
        request = ForkRunRequest(checkpoint_id=f"{run.run_id}.0", draft=saying("b"))
        with pytest.raises(NotAllowed, match="toolchains:write"):
            await fork_run(ctx, request)

    async def test_what_it_asks_for_afterwards_is_not_begun_of_what_was_pinned(self, bench: Bench) -> None:
        talk: dict[str, Any] = saying("a") | {"follow_up": {}}
        plain, pinned = await tried(bench, talk), await tried(bench, talk, pinned={"a": {"question": "x"}})
        user = bench.ctx.user.key
        assert await bench.storage.runs.count_of_thread(user, UUID(plain.thread_id)) == 2
        assert await bench.storage.runs.count_of_thread(user, UUID(pinned.thread_id)) == 1


class TestPins:
    async def test_a_branch_goes_the_pinned_way(self, bench: Bench) -> None:
        draft = parting()
        assert (await tried(bench, draft)).output == {"words": ["left"]}
        assert (await tried(bench, draft, pinned={"which": {"to": "right"}})).output == {"words": ["right"]}
        for wrong in ({"to": "end"}, {"to": ["left"]}, {}, "left", None):
            with pytest.raises(InvalidInput, match="is a branch"):
                await tried(bench, draft, pinned={"which": wrong})

    async def test_they_hold_when_the_run_goes_on_after_a_pause(self, bench: Bench, counting: Counting) -> None:
        ask: dict[str, Any] = {"id": "ask", "kind": "approval", "form": {"type": "object"}}
        draft = chain(ask, count("a"), output={"a": {"ref": "nodes.a"}})
        waiting = await tried(bench, draft, pinned={"a": 7})
        done = await resume_run(bench.ctx, ResumeRunRequest(run_id=waiting.run_id, value={}, wait=True))
        assert (done.output, counting.times) == ({"a": 7}, {})

    async def test_a_pin_that_means_nothing_to_who_reads_it(self, bench: Bench) -> None:
        draft = chain(note("a", "a"), output={"x": {"ref": "nodes.a.question"}})
        result = await tried(bench, draft, pinned={"a": [1]})
        assert result.status == "failed"
        assert result.error
        assert result.error.type == "MissingReference"


class TestOneNode:
    async def test_a_branch_within_it_is_given_one_of_its_ways(self, bench: Bench) -> None:
        for way in ("right", {"to": "nowhere"}, None):
            with pytest.raises(InvalidInput, match="is a branch") as raised:
                await alone(bench, parting(), "which", results={"which": way})
            assert raised.value.field == "results.which"
        assert (await alone(bench, parting(), "which", results={"which": {"to": "right"}})).status == "completed"

    async def test_only_this_node_is_done_on_what_it_is_given(self, bench: Bench, counting: Counting) -> None:
        said = note("c", {"template": "{{ nodes.b.said }} {{ state.words.0 }} {{ input.q }}"}, words="c")
        draft = chain(count("a"), count("b"), said, count("d"), state=WORDS, output=SAID, input=ASKED)
        parts = {"results": {"b": {"said": "hello"}}, "state": {"words": ["you"]}, "input": {"q": "?"}}
        result = await alone(bench, draft, "c", **parts)
        assert (result.status, counting.times) == ("completed", {})
        assert result.output
        assert result.output["c"]["question"] == "hello you ?"
        listed = await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=result.run_id))
        assert listed.checkpoints[-1].state == {"words": ["you", "c"]}
        run = await fetch_run(bench.ctx, RunReference(run_id=result.run_id))
        assert (run.only_node, run.pinned, run.toolchain_version) == ("c", {"b": {"said": "hello"}}, 0)

    async def test_what_it_lacks_is_named(self, bench: Bench) -> None:
        result = await alone(bench, chain(note("a", "a"), note("b", {"ref": "nodes.a.question"})), "b")
        assert result.error
        assert (result.error.type, result.error.node) == ("MissingReference", "b")
        assert "nodes.a" in result.error.message

    async def test_it_is_asked_and_goes_on(self, bench: Bench) -> None:
        ask: dict[str, Any] = {"id": "ask", "kind": "approval", "form": {"type": "object"}}
        waiting = await alone(bench, chain(note("a", "a"), ask), "ask")
        assert waiting.status == "waiting"
        done = await resume_run(bench.ctx, ResumeRunRequest(run_id=waiting.run_id, value={"ok": True}, wait=True))
        assert done.output
        assert done.output["ask"]["value"] == {"ok": True}

    async def test_a_branch_alone_goes_nowhere(self, bench: Bench) -> None:
        assert (await alone(bench, parting(), "which")).output == {"which": {"to": "left"}}

    async def test_a_map_is_done_with_what_it_holds(self, bench: Bench) -> None:
        draft = chain({"id": "each", "kind": "map", "over": [1, 2], "body": {"nodes": [note("a", "a")]}})
        result = await alone(bench, draft, "each")
        assert result.output
        assert len(result.output["each"]) == 2
        for node in ("no", "start", "x" * 80):
            with pytest.raises(InvalidInput, match="has no node"):
                await alone(bench, draft, node)

    async def test_a_node_within_a_map_is_done_in_the_round_that_it_is_given(self, bench: Bench) -> None:
        said = note("b", {"template": "{{ nodes.a }} {{ item }} {{ index }}"}, words={"ref": "item"})
        body = {"nodes": [note("a", "a"), said]}
        draft = chain({"id": "each", "kind": "map", "over": [1], "body": body}, state=WORDS, output=SAID)
        round = {"item": "you", "index": 3}
        result = await alone(bench, draft, "b", results={"a": "hello"}, round=round)
        assert result.output
        assert result.output["b"]["question"] == "hello you 3"
        listed = await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=result.run_id))
        assert [(each.node, each.state) for each in listed.checkpoints[1:]] == [("each[3].b", {"words": ["you"]})]
        again = ForkRunRequest(checkpoint_id=f"{result.run_id}.0", wait=True)
        assert (await fork_run(bench.ctx, again)).output == result.output
        with pytest.raises(InvalidInput, match="no map or loop") as raised:
            await alone(bench, draft, "each", round=round)
        assert raised.value.field == "round"

    async def test_within_a_loop_it_is_asked_and_goes_on_in_its_round(self, bench: Bench) -> None:
        ask: dict[str, Any] = {"id": "ask", "kind": "approval", "form": {"type": "object"}}
        ask["message"] = {"template": "{{ last }} {{ index }} {{ item }}"}
        loop = {"id": "again", "kind": "loop", "max_iterations": 5, "body": {"nodes": [ask]}}
        draft = chain({"id": "each", "kind": "map", "over": [], "body": {"nodes": [loop]}})
        round = {"item": "x", "last": "before", "index": 2}
        waiting = await alone(bench, draft, "ask", round=round)
        assert [(pause.node, pause.message) for pause in waiting.pauses] == [("each[0].again[2].ask", "before 2 x")]
        done = await resume_run(bench.ctx, ResumeRunRequest(run_id=waiting.run_id, value={"ok": True}, wait=True))
        assert done.output
        assert done.output["ask"]["value"] == {"ok": True}

    async def test_it_can_be_forked_with_other_results(self, bench: Bench) -> None:
        draft = chain(note("a", "a"), note("b", {"ref": "nodes.a"}))
        first = await alone(bench, draft, "b", results={"a": "one"})
        request = ForkRunRequest(checkpoint_id=f"{first.run_id}.0", pinned={"a": "two"}, wait=True)
        output = (await fork_run(bench.ctx, request)).output
        assert output
        assert output["b"]["question"] == "two"
        gone = ForkRunRequest(checkpoint_id=f"{first.run_id}.0", draft=chain(note("a", "a")))
        with pytest.raises(Conflict, match="alone"):
            await fork_run(bench.ctx, gone)


async def test_the_state_is_read_some_steps_at_a_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(travelling, "_READ_AT_ONCE", 2)
    for names in ("ab", "abc"):
        run = await tried(bench, saying(*names))
        known = await travelling.fetch_run_state(bench.ctx, RunStateRequest(run_id=run.run_id))
        assert (known.state, known.nodes) == ({"words": list(names)}, list(names))


class TestForksWithAnotherText:
    async def test_what_was_done_stays_and_the_rest_is_new(self, bench: Bench, counting: Counting) -> None:
        state, output = {"n": {"type": "integer", "reducer": "add"}}, {"n": {"ref": "state.n"}}
        first = await tried(bench, chain(count("a", n=1), count("b", n=10), state=state, output=output))
        draft = chain(count("a", n=5), count("b", n=20), count("c", n=100), state=state, output=output)
        request = ForkRunRequest(checkpoint_id=await checkpoint(bench, first.run_id, "a"), draft=draft, wait=True)
        forked = await fork_run(bench.ctx, request)
        assert forked.output == {"n": 1 + 20 + 100}
        assert counting.times == {"a": 1, "b": 2, "c": 1}

    async def test_pins_go_along_unless_others_are_given(self, bench: Bench, counting: Counting) -> None:
        draft = chain(count("a"), count("b"), output={"b": {"ref": "nodes.b"}})
        first = await tried(bench, draft, pinned={"b": 1})
        start = f"{first.run_id}.0"
        same = await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=start, wait=True))
        other = await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=start, pinned={"b": 2}, wait=True))
        assert (same.output, other.output) == ({"b": 1}, {"b": 2})
        await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=start, pinned={}, wait=True))
        assert counting.times == {"a": 4, "b": 1}

    async def test_a_node_that_is_another_by_now(self, bench: Bench) -> None:
        first = await tried(bench, saying("a", "b"))
        place = await checkpoint(bench, first.run_id, "a")
        which: dict[str, Any] = {
            "id": "a",
            "kind": "branch",
            "cases": [{"when": {"==": [1, 1]}, "to": "b"}],
            "else": "b",
        }
        draft: dict[str, Any] = saying("a", "b") | {"nodes": [which, note("b", "b", words="b")], "edges": [
            {"from": "start", "to": "a"}, {"from": "b", "to": "end"}]}  # fmt: skip
        with pytest.raises(Conflict, match="another one"):
            await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=place, draft=draft))
        again = await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=f"{first.run_id}.0", draft=draft, wait=True))
        assert again.output == {"words": ["b"]}

    async def test_an_input_that_does_not_fit_the_draft(self, bench: Bench) -> None:
        first = await tried(bench, saying("a"))
        draft = saying("a") | {"input": {"type": "object", "required": ["q"], "properties": {"q": {"type": "string"}}}}
        with pytest.raises(InvalidInput, match="input"):
            await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=f"{first.run_id}.0", draft=draft))
