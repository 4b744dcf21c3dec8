"""A step that acts begins when all before it is on record; those that only read go on, and may be done again."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from inference.composer import journal
from inference.composer.running import fetch_run, retry_run
from inference.errors import UpstreamFailed
from inference.functions import Context, functions
from inference.models.runs import RunReference
from tests.storage.bench import Bench, chain
from tests.storage.counting import Counting, count, fall_silent, kept, reached, register_count
from tests.storage.tracing import Trace, act, look
from tests.unit.composer.agents import AskedFor, Given, register


class Watching:
    """`act` and `look`: what each was called with, and which steps were on record when it began, as others see them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.acted: list[tuple[str, list[str]]] = []
        self.looked: list[tuple[str, list[str]]] = []
        register(monkeypatch, "act", self._act)
        register(monkeypatch, "look", self._look, read_only=True)

    async def _act(self, ctx: Context, request: AskedFor) -> Given:
        self.acted.append((request.query, await self._on_record(ctx)))
        return Given(value=request.query)

    async def _look(self, ctx: Context, request: AskedFor) -> Given:
        self.looked.append((request.query, await self._on_record(ctx)))
        if request.query == "slow":
            await asyncio.sleep(journal.UNRECORDED_SECONDS)
        return Given(value=request.query)

    async def _on_record(self, ctx: Context) -> list[str]:
        events = await ctx.storage.pool.fetch("SELECT sequence, event, data FROM run_events ORDER BY sequence")
        steps = await ctx.storage.pool.fetch("SELECT sequence, key FROM run_steps ORDER BY sequence")
        assert [step["sequence"] for step in steps] == list(range(1, len(steps) + 1))
        assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
        # Nobody is told of the end of a step that is not on record; one that failed has no record.
        told = [event["data"] for event in events if event["event"] == "node_finished"]
        keys = [step["key"] for step in steps]
        assert {data["node"] for data in told if "error" not in data} <= set(keys)
        return keys


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Watching:
    return Watching(monkeypatch)


async def test_a_step_that_acts_begins_when_all_before_it_is_on_record(bench: Bench, watching: Watching) -> None:
    put = {"id": "put", "kind": "update", "changes": [{"op": "set", "path": "n", "value": 1}]}
    say = {"id": "say", "kind": "emit", "event": "state", "data": 1}
    await bench.output(
        chain(look("a"), look("b"), put, say, act("one"), look("c"), act("two"), state={"n": {"type": "integer"}})
    )
    before = ["a", "b", "put", "say"]
    assert watching.acted == [("one", before), ("two", [*before, "one", "c"])]


async def test_within_others_too(bench: Bench, watching: Watching) -> None:
    await bench.save(chain(look("x"), act("acts"), id="inner"))
    each = {"id": "each", "kind": "map", "over": [1, 2, 3, 4], "concurrency": 4,
            "body": {"nodes": [look("look"), act("act")]}}  # fmt: skip
    again = {"id": "again", "kind": "loop", "max_iterations": 2, "body": {"nodes": [look("see"), act("do")]}}
    await bench.output(chain(each, again, {"id": "sub", "kind": "subchain", "toolchain": "inner"}))
    *mapped, first, second, inner = [set(keys) for _, keys in watching.acted]
    assert len(mapped) == 4
    assert all(len({f"each[{n}].look" for n in range(4)} & keys) >= place for place, keys in enumerate(mapped, 1))
    assert first >= {"each", *(f"each[{n}].act" for n in range(4)), "again[0].see"}
    assert second >= first | {"again[0].do", "again[1].see"}
    assert inner == second | {"again[1].do", "again", "sub.x"}


async def test_on_ways_side_by_side_and_behind_them(bench: Bench, watching: Watching) -> None:
    nodes = [look("a"), look("left"), act("right"), act("end_of_both")]
    ways = [("start", "a"), ("a", "left"), ("a", "right"), ("left", "end_of_both"), ("right", "end_of_both"),
            ("end_of_both", "end")]  # fmt: skip
    edges = [{"from": source, "to": target} for source, target in ways]
    await bench.output({"id": "probe", "title": "Probe", "nodes": nodes, "edges": edges})
    (_, first), (_, last) = watching.acted
    assert first[0] == "a"
    assert set(last) == {"a", "left", "right"}


async def test_work_that_took_its_time_is_waited_for(bench: Bench, watching: Watching) -> None:
    await bench.output(chain(look("slow"), look("then")))
    assert watching.looked[-1] == ("then", ["slow"])


@contextlib.asynccontextmanager
async def recording_held_up(bench: Bench, uid: UUID) -> AsyncGenerator[None]:
    """Nothing of the run can be stored for as long as this lasts."""
    async with bench.storage.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM runs WHERE uid = $1 FOR UPDATE", uid)
        yield


async def held_up(bench: Bench) -> None:
    """Returns when a process waits for its record to be stored."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '-- Adds to runs%'"
    async with asyncio.timeout(20):
        while not await bench.storage.pool.fetchval(query):  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


async def test_steps_that_only_read_go_on_before_they_are_on_record(
    bench: Bench, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Here the work takes as long as it takes to hold the record up.
    monkeypatch.setattr(journal, "UNRECORDED_SECONDS", 60.0)
    reading = register_count(monkeypatch, "look", read_only=True)
    reading.hangs["a"] = 1
    await bench.save(chain(look("a"), look("b"), look("c"), count("d"), look("e")))
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await reading.hung("a")
    async with recording_held_up(bench, uid):
        reading.release()
        await reached(lambda: reading.calls == ["a", "b", "c"])
        await held_up(bench)
        assert counting.calls == [], "what acts waits"
        assert (await kept(bench, uid))["steps"] == []
    run, _ = await bench.end(uid)
    assert run.status == "completed"
    assert (counting.calls, reading.calls) == (["d"], ["a", "b", "c", "e"])
    steps = (await kept(bench, uid))["steps"]
    assert [(step["sequence"], step["key"]) for step in steps] == list(enumerate("abcde", 1))
    account = (await fetch_run(bench.ctx, RunReference(run_id=str(uid)))).time
    assert account
    parts = account.model_dump()
    assert sum(parts.values()) - parts["total_ms"] == pytest.approx(parts["total_ms"], abs=0.01)


MAP = {"id": "it", "kind": "map", "over": [1], "body": {"nodes": [act("acts")]}, "on_item_error": "null"}
SUBCHAIN = {"id": "it", "kind": "subchain", "toolchain": "inner", "on_error": "then"}


@pytest.mark.parametrize("node", [MAP, SUBCHAIN], ids=["an element of a map", "what another way follows"])
async def test_what_has_failed_is_on_record_with_what_came_of_it_before_anything_follows(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, node: dict[str, Any]
) -> None:
    """It has no record of its own, and acted."""
    monkeypatch.setattr(journal, "UNRECORDED_SECONDS", 60.0)
    acts, fails = asyncio.Event(), asyncio.Event()

    async def call(_: Context, request: AskedFor) -> Given:
        acts.set()
        await fails.wait()
        raise UpstreamFailed(f"{request.query} does not work.")

    register(monkeypatch, "act", call)
    reading = register_count(monkeypatch, "look", read_only=True)
    await bench.save(chain(act("acts"), id="inner"))
    # Where ways part in a run's own toolchain, LangGraph's saver waits for the record anyway.
    await bench.save(chain(node, look("then"), id="middle"))
    await bench.save(chain({"id": "sub", "kind": "subchain", "toolchain": "middle"}))
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await acts.wait()
    async with recording_held_up(bench, uid):
        fails.set()
        await held_up(bench)
        assert reading.calls == []
    assert (await bench.end(uid))[0].status == "completed"
    assert reading.calls == ["then"]


async def test_a_process_that_is_killed_costs_what_only_read_since_the_last_step_that_acted(
    bench: Bench, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = Trace(tmp_path)
    trace.register(monkeypatch)
    uid = await bench.queued(
        chain(
            act("one"), look("a"), look("b"), act("two"), look("c", seen=["c"]), look("d"), look("die"), act("three"),
            state={"seen": {"type": "array", "reducer": "append"}}, output={"seen": {"ref": "state.seen"}},
        )
    )  # fmt: skip
    arguments = ("-m", "tests.storage.dying_process", database, str(tmp_path), str(uid))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    assert await process.wait() == -signal.SIGKILL
    assert trace.calls == ["one", "a", "b", "two", "c", "d", "die"]
    assert [step["key"] for step in (await kept(bench, uid))["steps"]] == ["one", "a", "b", "two"]
    await fall_silent(bench, uid)
    await bench.engine.carry(uid)
    run, output = await bench.end(uid)
    assert (run.status, run.attempts, output) == ("completed", 2, {"seen": ["c"]})
    assert trace.calls[7:] == ["c", "d", "die", "three"]
    stored = await kept(bench, uid)
    assert [step["key"] for step in stored["steps"]] == ["one", "a", "b", "two", "c", "d", "die", "three"]
    assert [event["sequence"] for event in stored["events"]] == list(range(1, len(stored["events"]) + 1))
    entered = [e["data"]["node"] for e in stored["events"] if e["data"].get("path") == "attempt"]
    assert entered == ["c", "d", "die", "three"], "a run that has lost a process says where it is, step by step"


@pytest.mark.parametrize(("nodes", "begun", "recorded", "named"), [
    pytest.param([look("a"), look("bad"), look("c"), act("one")], ["a", "bad", "c"], [], None, id="before it acts"),
    pytest.param([act("one"), act("bad"), act("two")], ["one", "bad"], ["one"], "bad", id="that acted"),
    pytest.param([act("one"), look("a"), look("bad")], ["one", "a", "bad"], ["one"], None, id="at the end"),
])  # fmt: skip
async def test_what_cannot_be_stored_ends_the_run(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    nodes: list[dict[str, Any]], begun: list[str], recorded: list[str], named: str | None,
) -> None:  # fmt: skip
    """However late it is found out: nothing behind it is on record, and nothing more acts."""
    trace = Trace(tmp_path)
    trace.register(monkeypatch)
    await bench.storage.pool.execute("""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'no' USING ERRCODE = 'data_exception'; END $$
    """)
    await bench.storage.pool.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON run_steps FOR EACH ROW WHEN (NEW.key = 'bad') EXECUTE FUNCTION refuse()"
    )
    run, _ = await bench.run(chain(*nodes))
    uid = UUID(run.run_id)
    assert run.status == "failed"
    assert run.error
    assert (run.error.type, run.error.node) == ("InvalidInput", named)
    assert trace.calls == begun
    stored = await kept(bench, uid)
    assert [step["key"] for step in stored["steps"]] == recorded
    assert [event["sequence"] for event in stored["events"]] == list(range(1, len(stored["events"]) + 1))
    assert stored["events"][-1]["event"] == "run_failed"

    await bench.storage.pool.execute("DROP TRIGGER refuse ON run_steps")
    await retry_run(bench.ctx, RunReference(run_id=run.run_id))
    again, _ = await bench.end(uid)
    assert again.status == "completed"
    everything = [node["id"] for node in nodes]
    assert trace.calls[len(begun) :] == everything[len(recorded) :]
    assert [step["key"] for step in (await kept(bench, uid))["steps"]] == everything


async def test_a_process_that_wakes_up_does_not_act(
    bench: Bench, other: Bench, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "UNRECORDED_SECONDS", 60.0)
    reading = register_count(monkeypatch, "look", read_only=True)
    reading.hangs["a"] = 1
    await bench.save(chain(look("a"), look("b"), count("c")))
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await reading.hung("a")
    zombie = bench.engine.find(uid)
    assert zombie
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    assert (await other.end(uid))[0].status == "completed"
    before = await kept(bench, uid)
    reading.release()
    assert await zombie is None
    assert counting.times == {"c": 1}
    assert await kept(bench, uid) == before


async def test_nor_does_it_try_again(bench: Bench, other: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it waited for has failed in the meantime."""
    frozen, calls = asyncio.Event(), list[str]()

    async def call(_: Context, request: AskedFor) -> Given:
        calls.append(request.query)
        if len(calls) == 1:
            await frozen.wait()
            raise UpstreamFailed("The connection was lost.")
        return Given(value=1)

    register(monkeypatch, "act", call)
    await bench.save(chain(act("one") | {"retry": {"attempts": 5, "backoff_seconds": 0.01}}))
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await reached(lambda: calls)
    zombie = bench.engine.find(uid)
    assert zombie
    await fall_silent(bench, uid)
    await other.engine.carry(uid)
    frozen.set()
    assert await zombie is None
    assert calls == ["one", "one"], "once by each"


def test_what_only_reads_needs_no_right_to_write() -> None:
    reading = {name for name, target in functions().items() if target.read_only}
    assert {"search_hybrid", "cite_sources", "isolate_question", "fetch_chunk"} <= reading
    assert not [name for name in reading if (functions()[name].scope or "").endswith(":write")]
