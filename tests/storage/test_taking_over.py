"""A process dies, or freezes and wakes up: another goes on, and what was recorded is not done again."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from inference.composer.running import resume_run, retry_run
from inference.errors import Conflict
from inference.models.runs import ResumeRunRequest, RunReference
from tests.storage.bench import Bench, chain
from tests.storage.counting import Counting, count, fall_silent, kept, reached, stored

STATE = {"seen": {"type": "array", "reducer": "append"}}
OUTPUT = {"seen": {"ref": "state.seen"}}


def seen(node: str, name: Any = None) -> dict[str, Any]:
    """A node that counts, and notes in the state what it was given back."""
    return count(node, name, seen={"ref": "result.value"})


def graph(nodes: list[dict[str, Any]], *edges: tuple[str, str]) -> dict[str, Any]:
    listed = [{"from": source, "to": target} for source, target in edges]
    return {"id": "probe", "title": "Probe", "nodes": nodes, "edges": listed}


LINE = chain(seen("a"), seen("b"), seen("c"))
WAYS = graph(
    [seen("a"), seen("left"), seen("b"), seen("c")],
    ("start", "a"), ("a", "left"), ("a", "b"), ("left", "c"), ("b", "c"), ("c", "end"),
)  # fmt: skip
MAP = chain(
    seen("a"),
    {"id": "each", "kind": "map", "over": ["x", "b", "y"], "concurrency": 1,
     "body": {"nodes": [seen("first", {"template": "{{ item }}1"}), seen("look", {"ref": "item"})]}},
    seen("c"),
)  # fmt: skip
LOOP = chain(
    seen("a"),
    {"id": "again", "kind": "loop", "max_iterations": 3,
     "body": {"nodes": [seen("round", {"expr": {"get": [["x", "b", "y"], {"ref": "index"}, None]}})]}},
    seen("c"),
)  # fmt: skip
WITHIN = chain(
    seen("a"),
    {"id": "sub", "kind": "subchain", "toolchain": "inner", "write": {"seen": {"ref": "result.seen"}}},
    seen("c"),
)
INNER = chain(seen("x"), seen("b"), seen("y"), id="inner", state=STATE, output=OUTPUT)
# A toolchain, and what it has seen in the end: `b` is where the process is silent.
SHAPES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a line": (LINE, ["a", "b", "c"]),
    "ways side by side": (WAYS, ["a", "left", "b", "c"]),
    "a map": (MAP, ["a", "x1", "x", "b1", "b", "y1", "y", "c"]),
    "a loop": (LOOP, ["a", "x", "b", "y", "c"]),
    "a toolchain within": (WITHIN, ["a", "x", "b", "y", "c"]),
}


async def stopped(bench: Bench, definition: dict[str, Any], counting: Counting) -> UUID:
    """A run of the bench's process, whose first call of `b` hangs."""
    counting.hangs["b"] = 1
    await bench.save(INNER)
    await bench.save(definition | {"state": STATE, "output": OUTPUT})
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await counting.hung("b")
    return uid


@pytest.mark.parametrize("shape", SHAPES)
async def test_another_process_goes_on_and_the_first_one_writes_nothing_more(
    bench: Bench, other: Bench, counting: Counting, shape: str
) -> None:
    definition, expected = SHAPES[shape]
    uid = await stopped(bench, definition, counting)
    if shape == "ways side by side":
        await stored(bench, 1, "SELECT count(*) FROM run_steps WHERE key = 'left'")
    zombie = bench.engine.find(uid)
    assert zombie
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    run, output = await other.end(uid)
    assert (run.status, run.attempts, output) == ("completed", 2, {"seen": expected})
    assert counting.times == dict.fromkeys(expected, 1) | {"b": 2}, "only what was under way is done again"

    before = await kept(bench, uid)
    counting.release()
    assert await zombie is None
    assert await kept(bench, uid) == before
    assert counting.times == dict.fromkeys(expected, 1) | {"b": 2}
    keys = [step["key"] for step in before["steps"]]
    assert len(keys) == len(set(keys))
    assert [event["sequence"] for event in before["events"]] == list(range(1, len(before["events"]) + 1))
    finished = [event["data"]["node"] for event in before["events"] if event["event"] == "node_finished"]
    assert len(finished) == len(set(finished))
    assert before["events"][-1]["event"] == "run_finished"


async def test_a_process_learns_from_its_heartbeat_that_its_run_is_gone(
    bench: Bench, other: Bench, counting: Counting
) -> None:
    """It may be in a node that takes hours."""
    uid = await stopped(bench, LINE, counting)
    zombie = bench.engine.find(uid)
    assert zombie
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    before = await kept(bench, uid)
    async with asyncio.timeout(10):
        assert await zombie is None
    assert counting.broken_off == ["b"]
    assert await kept(bench, uid) == before


async def test_a_silent_process_does_not_keep_alive_what_another_carries(
    bench: Bench, other: Bench, counting: Counting
) -> None:
    uid = await stopped(bench, LINE, counting)
    run = (await bench.storage.pool.fetch("SELECT id, epoch FROM runs WHERE uid = $1", uid))[0]
    await fall_silent(bench, uid)
    counting.hangs["b"] = 1
    taken = other.engine.start(uid)
    await reached(lambda: counting.calls.count("b") == 2)
    await fall_silent(bench, uid)
    assert await bench.storage.runs.heartbeat({run["id"]: run["epoch"]}) == {}, "it is carried by another"
    assert await bench.storage.runs.stale(10) == [uid]
    counting.release()
    await taken


async def test_a_process_that_dies_before_it_has_told_the_end(bench: Bench, other: Bench, counting: Counting) -> None:
    run, output = await bench.run(LINE | {"state": STATE, "output": OUTPUT})
    uid, before = UUID(run.run_id), list(counting.calls)
    await bench.storage.pool.execute("DELETE FROM run_events WHERE event = 'run_finished'")
    await bench.storage.pool.execute("UPDATE runs SET status = 'running', output = NULL, finished_at = NULL")
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    again, same = await other.end(uid)
    assert (again.status, same) == ("completed", output)
    assert counting.calls == before
    assert [event.event for event in await other.events(uid)][-1] == "run_finished"


async def test_a_node_that_kills_its_process_each_time(bench: Bench, other: Bench, counting: Counting) -> None:
    uid = await stopped(bench, LINE, counting)
    for attempt, (before, process) in enumerate([(bench, other), (other, bench)], 2):
        counting.hangs["b"] = 1
        await reached(lambda p=process: p.engine.find(uid) is None)
        await fall_silent(bench, uid)
        process.engine.start(uid)
        await reached(lambda n=attempt: counting.calls.count("b") == n)
        # The process before learns that the run is gone.
        await reached(lambda p=before: p.engine.find(uid) is None)
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    run, _ = await other.end(uid)
    assert (run.status, run.attempts) == ("dead", 4)
    assert run.error
    assert (run.error.type, run.error.node) == ("TooManyAttempts", "b")
    assert "'b'" in run.error.message
    assert (await other.events(uid))[-1].event == "run_failed"

    await reached(lambda: bench.engine.find(uid) is None)
    await retry_run(other.ctx, RunReference(run_id=str(uid)))
    run, output = await other.end(uid)
    assert (run.status, output, run.error) == ("completed", {"seen": ["a", "b", "c"]}, None)
    assert counting.times == {"a": 1, "b": 4, "c": 1}
    with pytest.raises(Conflict, match="completed"):
        await retry_run(other.ctx, RunReference(run_id=str(uid)))


async def test_a_pause_outlives_its_process_and_is_followed_from_another(
    bench: Bench, other: Bench, counting: Counting
) -> None:
    definition = chain(seen("a"), {"id": "ask", "kind": "approval"}, seen("c"), state=STATE, output=OUTPUT)
    run, _ = await bench.run(definition)
    uid = UUID(run.run_id)
    assert run.status == "waiting"
    await bench.composer.close()

    async def follow(after: int) -> list[int]:
        return [e.sequence async for e in other.composer.follow(other.ctx, uid, after) if e]

    first = (await kept(bench, uid))["events"]
    assert [event["event"] for event in first][-1] == "waiting"
    whole, rest = asyncio.create_task(follow(0)), asyncio.create_task(follow(first[-1]["sequence"]))
    done = await resume_run(other.ctx, ResumeRunRequest(run_id=str(uid), value={"approved": True}, wait=True))
    assert (done.status, done.output) == ("completed", {"seen": ["a", "c"]})
    assert counting.times == {"a": 1, "c": 1}
    numbers = [event["sequence"] for event in (await kept(bench, uid))["events"]]
    assert await whole == numbers == list(range(1, len(numbers) + 1))
    assert await rest == numbers[len(first) :]


async def test_a_map_of_a_thousand_goes_on_in_the_middle(bench: Bench, other: Bench, counting: Counting) -> None:
    each = {"id": "each", "kind": "map", "over": {"ref": "input.words"}, "concurrency": 16,
            "body": {"nodes": [seen("look", {"ref": "item"})]}, "result": {"ref": "nodes.look.value"}}  # fmt: skip
    words = [f"w{n}" for n in range(1000)]
    given = {"type": "object", "properties": {"words": {"type": "array"}}, "required": ["words"]}
    counting.hangs["w500"] = 1
    await bench.save(chain(each, input=given, state=STATE, output={"results": {"ref": "nodes.each"}} | OUTPUT))
    uid = await bench.composer.start(bench.ctx, "probe", {"words": words})
    await counting.hung("w500")
    await reached(lambda: len(counting.calls) == 1000)
    await stored(bench, 999, "SELECT count(*) FROM run_steps")
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    run, output = await other.end(uid)
    assert run.status == "completed", run.error
    assert output == {"results": words, "seen": words}
    assert counting.times == dict.fromkeys(words, 1) | {"w500": 2}
    assert len((await kept(bench, uid))["steps"]) == 1001


async def test_runs_that_have_lost_two_processes_are_carried_one_at_a_time(bench: Bench, counting: Counting) -> None:
    """They may have died of another's fault: only the one that is at work then can lose a third."""
    first, second = [await bench.queued(chain(count("b"))) for _ in range(2)]
    await bench.storage.pool.execute("UPDATE runs SET attempts = 2")
    counting.hangs["b"] = 1
    carrying = bench.engine.start(first)
    await counting.hung("b")
    assert await bench.engine.start(second) is None
    waiting = await bench.storage.pool.fetchrow("SELECT status, attempts FROM runs WHERE uid = $1", second)
    assert waiting
    assert tuple(waiting) == ("queued", 2)
    counting.release()
    await carrying
    await bench.engine.carry(second)
    for uid in (first, second):
        assert (await bench.end(uid))[0].status == "completed"
