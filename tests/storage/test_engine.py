"""Runs carried by the real engine over a real database, with the runner's fake."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from inference.composer import STALE_SECONDS
from inference.errors import Conflict, InvalidInput, NotFound
from tests.storage.bench import Bench, chain, note


async def test_state_is_reduced_and_output_read(bench: Bench) -> None:
    definition = chain(
        note("one", {"ref": "input.word"}, text={"ref": "result.question"}, words={"ref": "result.question"}, n=1),
        note("two", {"template": "{{ state.text }}!"}, text={"ref": "result.question"}, words=["b", "c"], n=2),
        state={
            "text": {"type": "string", "reducer": "append", "default": ">"},
            "words": {"type": "array", "reducer": "append"},
            "n": {"type": "number", "reducer": "add"},
        },
        output={"text": {"ref": "state.text"}, "words": {"ref": "state.words"}, "n": {"ref": "state.n"}},
        input={"type": "object", "properties": {"word": {"type": "string", "default": "a"}}},
    )
    run, output = await bench.run(definition)
    assert run.status == "completed"
    assert output == {"text": ">a>a!", "words": ["a", "b", "c"], "n": 3}


async def test_a_branch_goes_one_way(bench: Bench) -> None:
    definition = {
        "id": "probe",
        "title": "Probe",
        "input": {"type": "object", "properties": {"n": {"type": "integer"}}},
        "state": {"way": {"type": "string"}},
        "nodes": [
            {
                "id": "which",
                "kind": "branch",
                "cases": [{"when": {">": [{"ref": "input.n"}, 3]}, "to": "high"}],
                "else": "low",
            },
            note("high", "high", way={"ref": "result.question"}),
            note("low", "low", way={"ref": "result.question"}),
        ],
        "edges": [{"from": "start", "to": "which"}, {"from": "high", "to": "end"}, {"from": "low", "to": "end"}],
        "output": {"way": {"ref": "state.way"}},
    }
    assert (await bench.run(definition, n=5))[1] == {"way": "high"}
    assert (await bench.run(definition, n=1))[1] == {"way": "low"}


async def test_events_come_in_order_and_again(bench: Bench) -> None:
    talk = {
        "id": "say",
        "kind": "llm",
        "model": "extractive",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": "answer",
    }
    definition = chain(
        talk, state={"answer": {"type": "string"}}, output={"answer": {"ref": "state.answer"}}, stream="answer"
    )
    await bench.save(definition)
    uid = await bench.composer.start(bench.ctx, "probe", {})
    events = await bench.events(uid)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    names = [event.event for event in events]
    assert names[:2] == ["run_started", "node_started"]
    assert names[-2:] == ["node_finished", "run_finished"]
    assert set(names[2:-2]) == {"delta"}
    streamed = "".join(event.data["text"] for event in events if event.event == "delta")
    assert streamed == events[-1].data["output"]["answer"]
    assert await bench.events(uid, after=2) == events[2:]
    assert await bench.events(uid, after=len(events)) == []


async def test_a_failing_node_is_named(bench: Bench) -> None:
    definition = chain(
        note("fine", "x"),
        {
            "id": "missing",
            "kind": "function",
            "function": "search_bm25",
            "input": {"query": "x", "collection_ids": [str(uuid7())]},
        },
        note("never", "y"),
    )
    run, output = await bench.run(definition)
    assert run.status == "failed"
    assert run.error
    assert (run.error.type, run.error.node) == ("NotFound", "missing")
    assert output is None
    events = await bench.events(UUID(run.run_id))
    assert [e.data["node"] for e in events if e.event == "node_started"] == ["fine", "missing"]
    assert events[-1].event == "run_failed"


async def test_a_missing_reference_names_its_path(bench: Bench) -> None:
    definition = chain(
        note("one", {"ref": "input.maybe.deep"}),
        input={"type": "object", "properties": {"maybe": {"type": "object"}}},
    )
    run, _ = await bench.run(definition, maybe={})
    assert run.error
    assert run.error.type == "MissingReference"
    assert "input.maybe.deep" in run.error.message


SLOW: dict[str, Any] = {
    "id": "slow",
    "kind": "llm",
    "model": "openai/never",
    "messages": [{"role": "user", "content": "hello"}],
}


@pytest.fixture
async def stalled(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """A runner that never leases a model; the event says that it was asked."""
    asked = asyncio.Event()

    async def never(_: str) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(bench.ctx.runner, "lease", never)
    return asked


async def test_a_node_has_a_time_limit(bench: Bench, stalled: asyncio.Event) -> None:
    run, _ = await bench.run(chain(SLOW | {"timeout_seconds": 0.05}))
    assert stalled.is_set()
    assert run.error
    assert (run.error.type, run.error.node) == ("NodeTimeout", "slow")


async def test_cancel_ends_a_run_at_work_and_one_that_waits(bench: Bench, stalled: asyncio.Event) -> None:
    await bench.save(chain(SLOW))
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await stalled.wait()
    assert await bench.storage.runs.cancel(bench.ctx.user.key, uid)
    run, _ = await bench.end(uid)
    assert run.status == "cancelled"
    assert (await bench.events(uid))[-1].event == "run_cancelled"

    waiting = await bench.queued(chain(SLOW))
    assert await bench.storage.runs.cancel(bench.ctx.user.key, waiting)
    bench.composer.carry(waiting)
    assert (await bench.end(waiting))[0].status == "cancelled"
    assert await bench.storage.runs.cancel(bench.ctx.user.key, waiting) is None, "it has ended"


async def test_a_run_is_taken_over_when_its_process_is_silent(bench: Bench) -> None:
    uid = await bench.queued(chain(note("one", "x"), output={"q": {"ref": "nodes.one.question"}}))
    assert await bench.storage.runs.start(uid, STALE_SECONDS, 100), "some process takes it"
    assert await bench.storage.runs.start(uid, STALE_SECONDS, 100) is None, "and no other while that one lives"
    await bench.storage.pool.execute("UPDATE runs SET heartbeat_at = now() - interval '1 minute'")
    assert await bench.storage.runs.stale(STALE_SECONDS) == [uid]
    bench.composer.carry(uid)
    run, output = await bench.end(uid)
    assert (run.status, run.attempts, output) == ("completed", 2, {"q": "x"})


async def test_a_run_that_kills_its_processes_is_dead(bench: Bench) -> None:
    uid = await bench.queued(chain(note("one", "x")))
    await bench.storage.pool.execute("UPDATE runs SET attempts = 3")
    bench.composer.carry(uid)
    run, _ = await bench.end(uid)
    assert run.status == "dead"
    assert run.error
    assert run.error.type == "TooManyAttempts"


async def test_closing_gives_a_run_back(bench: Bench, stalled: asyncio.Event) -> None:
    await bench.save(chain(SLOW))
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await stalled.wait()
    await bench.composer.close()
    run = await bench.storage.runs.get(bench.ctx.user.key, uid)
    assert run
    assert run.status == "queued"
    assert await bench.storage.pool.fetchval("SELECT count(*) FROM pgqueuer") == 1


async def test_an_idempotency_key_makes_one_run(bench: Bench) -> None:
    await bench.save(chain(note("one", "x")))
    uid = await bench.composer.start(bench.ctx, "probe", {}, idempotency_key="k")
    with pytest.raises(Conflict):
        await bench.composer.start(bench.ctx, "probe", {}, idempotency_key="k")
    assert (await bench.end(uid))[0].status == "completed"


async def test_input_is_checked_before_anything_is_written(bench: Bench) -> None:
    definition = chain(
        note("one", "x"), input={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    )
    await bench.save(definition)
    with pytest.raises(InvalidInput, match=r"input\.n"):
        await bench.composer.start(bench.ctx, "probe", {"n": "three"})
    with pytest.raises(NotFound):
        await bench.composer.start(bench.ctx, "nothing", {})
    assert await bench.storage.pool.fetchval("SELECT count(*) FROM runs") == 0
