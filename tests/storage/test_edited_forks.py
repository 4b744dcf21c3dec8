"""What a fork changes comes into force once, at its place among the steps, whoever carries the fork on."""

from __future__ import annotations

from uuid import UUID

from inference.composer.travelling import fetch_run_checkpoints, fork_run
from inference.models.runs import CheckpointsRequest, ForkRunRequest
from tests.storage.bench import Bench, chain
from tests.storage.counting import Counting, count, fall_silent, stored

SUM = {"n": {"type": "integer", "reducer": "add"}}
OUTPUT = {"n": {"ref": "state.n"}}


async def checkpoint(bench: Bench, run: str, node: str) -> str:
    """The checkpoint behind a node."""
    listed = await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=run))
    return next(each.checkpoint_id for each in listed.checkpoints if each.node == node)


async def test_a_fork_whose_process_dies_behind_the_change(bench: Bench, other: Bench, counting: Counting) -> None:
    definition = chain(count("a", n=1), count("b", n=10), count("c", n=100), state=SUM, output=OUTPUT)
    run, _ = await bench.run(definition)
    counting.hangs["c"] = 1
    forked = ForkRunRequest(checkpoint_id=await checkpoint(bench, run.run_id, "a"), state={"n": 500})
    uid = UUID((await fork_run(bench.ctx, forked)).run_id)
    await counting.hung("c")
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    done, output = await other.end(uid)
    assert (done.attempts, output) == (2, {"n": 610})
    assert counting.times == {"a": 1, "b": 2, "c": 3}


async def test_a_fork_in_the_middle_of_ways_side_by_side(bench: Bench, other: Bench, counting: Counting) -> None:
    nodes = [count(name, n=10**place) for place, name in enumerate(("a", "left", "left2", "right", "right2", "c"))]
    ways = [("start", "a"), ("a", "left"), ("left", "left2"), ("left2", "c"), ("a", "right"), ("right", "right2"),
            ("right2", "c"), ("c", "end")]  # fmt: skip
    edges = [{"from": source, "to": target} for source, target in ways]
    run, output = await bench.run(
        {"id": "probe", "title": "Probe", "nodes": nodes, "edges": edges, "state": SUM, "output": OUTPUT}
    )
    assert output == {"n": 111_111}
    counting.hangs["right2"] = 1
    forked = ForkRunRequest(checkpoint_id=await checkpoint(bench, run.run_id, "left"), state={"n": 5})
    uid = UUID((await fork_run(bench.ctx, forked)).run_id)
    await counting.hung("right2")
    ended = "SELECT count(*) FROM run_steps s JOIN runs r ON r.id = s.run_id WHERE r.uid = $1 AND s.key = 'left2'"
    await stored(bench, 1, ended, uid)
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    assert (await other.end(uid))[1] == {"n": 5 + 111_100}


async def test_a_fork_of_a_fork(bench: Bench, counting: Counting) -> None:
    definition = chain(
        count("a"), count("b", m=7), count("c", n=100),
        state=SUM | {"m": {"type": "integer"}}, output=OUTPUT | {"m": {"ref": "state.m"}},
    )  # fmt: skip
    run, _ = await bench.run(definition)
    first = await fork_run(
        bench.ctx,
        ForkRunRequest(checkpoint_id=await checkpoint(bench, run.run_id, "a"), state={"m": 5, "n": 1}, wait=True),
    )
    assert first.output == {"m": 7, "n": 101}
    second = await fork_run(
        bench.ctx,
        ForkRunRequest(checkpoint_id=await checkpoint(bench, first.run_id, "b"), state={"n": 1000}, wait=True),
    )
    assert second.output == {"m": 7, "n": 1100}
