"""What a node of a run was done on, as the record tells it."""

from __future__ import annotations

from typing import Any

import pytest

from inference.composer.alone import run_node
from inference.composer.looking_back import fetch_run_step
from inference.composer.running import run_toolchain
from inference.composer.travelling import fetch_run_checkpoints
from inference.errors import NotFound
from inference.models.runs import (
    CheckpointsRequest,
    Round,
    RunNodeRequest,
    RunStep,
    RunStepRequest,
    RunToolchainRequest,
)
from tests.storage.bench import Bench, chain, note

WORDS = {"words": {"type": "array", "reducer": "append"}}


ASKED = {"type": "object", "properties": {"q": {"type": "string"}, "list": {"type": "array"}}}


async def ran(bench: Bench, toolchain: dict[str, Any], **given: Any) -> str:
    request = RunToolchainRequest(
        toolchain_id=toolchain["id"], draft=toolchain | {"input": ASKED}, input=given, wait=True
    )
    return (await run_toolchain(bench.ctx, request)).run_id


async def step(bench: Bench, run: str, node: str, *results: str) -> RunStep:
    request = RunStepRequest(run_id=run, node=node, results=list(results), state=["words", "no"])
    return await fetch_run_step(bench.ctx, request)


def saying(name: str, value: Any) -> dict[str, Any]:
    """A node that gives a text, and remembers it."""
    return note(name, value, words={"ref": "result.question"})


async def test_it_finds_what_stood_when_it_began(bench: Bench) -> None:
    draft = chain(saying("a", {"ref": "input.q"}), saying("b", "b"), saying("c", "c"), state=WORDS)
    run = await ran(bench, draft, q="?")
    found = await step(bench, run, "b", "a", "b", "c")
    assert (found.place, found.round, found.input) == ("b", None, {"q": "?"})
    assert (found.results, found.state) == ({"a": {"question": "?"}}, {"words": ["?"]})
    assert found.result == {"question": "b"}
    listed = await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=run))
    assert [each.node for each in listed.checkpoints if each.checkpoint_id == found.checkpoint_id] == ["a"]


async def test_of_what_the_run_has_not_come_to_it_tells_where_the_run_is(bench: Bench) -> None:
    run = await ran(bench, chain(saying("a", "a"), saying("b", {"ref": "input.q"}), saying("c", "c"), state=WORDS))
    found = await step(bench, run, "c", "a", "b")
    assert (found.place, found.result, found.results) == (None, None, {"a": {"question": "a"}})
    assert found.checkpoint_id == f"{run}.1"
    with pytest.raises(NotFound):
        await step(bench, "0190a0a0-0000-7000-8000-000000000000", "c")


async def test_an_element_of_a_map_sees_its_own_round(bench: Bench) -> None:
    body = {"nodes": [saying("b", {"ref": "item.n"}), saying("c", "c")]}
    each = {"id": "each", "kind": "map", "over": {"ref": "input.list"}, "concurrency": 1, "body": body}
    # What is passed on is whole, however long: events show it cut.
    listed = [{"n": "x" * 5000}, {"n": "second"}]
    run = await ran(bench, chain(note("a", "a"), each, state=WORDS), list=listed)
    last = await step(bench, run, "c", "a", "b")
    assert last.place == "each[1].c"
    assert last.round
    assert (last.round.item, last.round.index) == ({"n": "second"}, 1)
    assert last.results == {"a": {"question": "a"}, "b": {"question": "second"}}
    assert last.state == {"words": ["second"]}
    first = await step(bench, run, "each[0].c", "b")
    assert first.round
    assert (first.round.item, first.results) == (listed[0], {"b": {"question": "x" * 5000}})
    holder = await step(bench, run, "each", "a", "b")
    assert (holder.round, holder.results, holder.state) == (None, {"a": {"question": "a"}}, {"words": []})


async def test_a_round_of_a_loop_sees_the_one_before(bench: Bench) -> None:
    again = saying("b", {"template": "{{ index }}"}) | {"id": "b"}
    inner = {"id": "inner", "kind": "map", "over": ["7"], "body": {"nodes": [saying("c", {"ref": "item"})]}}
    loop: dict[str, Any] = {"id": "loop", "kind": "loop", "max_iterations": 3, "body": {"nodes": [inner, again]}}
    run = await ran(bench, chain(loop, state=WORDS))
    found = await step(bench, run, "b", "b", "inner")
    assert found.place == "loop[2].b"
    assert found.round
    assert (found.round.index, found.round.last) == (2, {"question": "1"})
    assert found.results == {"b": {"question": "1"}, "inner": [{"question": "7"}]}
    assert found.state == {"words": ["7", "0", "7", "1", "7"]}
    within = await step(bench, run, "loop[1].inner[0].c", "b")
    assert within.round
    assert within.round.model_dump() == {"item": "7", "index": 0, "last": {"question": "0"}}
    assert within.state == {"words": ["7", "0"]}
    shaped = chain(loop | {"result": {"ref": "nodes.b.question"}}, state=WORDS)
    told = await step(bench, await ran(bench, shaped), "b")
    assert told.round
    assert told.round.last == "1"


async def test_a_round_that_is_made_of_the_one_before_is_told_however_many_there_were(bench: Bench) -> None:
    rest: dict[str, Any] = {"max_iterations": 400, "body": {"nodes": [note("b", {"template": "{{ index }}"})]}}
    loop = {"id": "loop", "kind": "loop", **rest, "result": {"expr": {"+": [1, {"default": [{"ref": "last"}, 0]}]}}}
    run = await ran(bench, chain(loop))
    found = await step(bench, run, "b", "b")
    assert found.round
    assert (found.round.index, found.round.last) == (399, 399)
    assert found.results == {"b": {"question": "398"}}


async def test_a_place_that_no_run_could_come_to_is_one_that_it_has_not_come_to(bench: Bench) -> None:
    loop: dict[str, Any] = {"id": "loop", "kind": "loop", "max_iterations": 1, "body": {"nodes": [note("b", "b")]}}
    run = await ran(bench, chain(note("a", "a"), loop))
    for place in (f"loop[{'9' * 900}].b", "loop[0]." * 120 + "b", "loop[-1].b", "loop[²].b", "[", "a..b", ""):
        found = await step(bench, run, place, "a")
        assert (found.place, found.round, found.results) == (None, None, {"a": {"question": "a"}})


async def test_of_a_node_that_was_done_alone_it_tells_what_it_was_given(bench: Bench) -> None:
    body = {"nodes": [note("b", {"template": "{{ item }} {{ nodes.a.question }}"})]}
    draft = chain(note("a", "a"), {"id": "each", "kind": "map", "over": {"ref": "nodes.a.list"}, "body": body})
    results = {"a": {"question": "?", "list": ["x", "y"]}}
    given = RunNodeRequest(toolchain=draft, node="b", results=results, round=Round(item="z", index=7), wait=True)
    found = await step(bench, (await run_node(bench.ctx, given)).run_id, "b", "a")
    assert (found.place, found.results, found.result) == ("each[7].b", results, {"question": "z ?"})
    assert found.round == Round(item="z", index=7)
    whole = RunNodeRequest(toolchain=draft, node="each", results=results, wait=True)
    found = await step(bench, (await run_node(bench.ctx, whole)).run_id, "b", "a")
    assert (found.place, found.results) == ("each[1].b", results)
    assert found.round == Round(item="y", index=1)
