"""Answers to pauses and forks that come too late, twice, wrong, or from somebody else; waits that end by themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from inference.composer.nodes import pauses
from inference.composer.running import cancel_run, fetch_run, resume_run
from inference.composer.travelling import fetch_run_checkpoints, fork_run
from inference.errors import Conflict, InvalidInput, NotFound, PenstockError
from inference.functions import Caller, Context
from inference.models.runs import CheckpointsRequest, ForkRunRequest, ResumeRunRequest, Run, RunReference
from tests.storage.bench import Bench, chain
from tests.storage.counting import Counting, count, kept, reached

FORM = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}, "additionalProperties": False}


@pytest.fixture
async def somebody(bench: Bench) -> Context:
    """The context of another user."""
    owner = uuid7()
    await bench.storage.accounts.create(owner, "bob", "hash", is_admin=False)
    account = await bench.storage.accounts.by_uid(owner)
    assert account
    return replace(bench.ctx, caller=Caller(account.id, account.user_id, account.username, is_admin=False))


def asking(**parts: Any) -> dict[str, Any]:
    return chain(
        count("before"),
        {"id": "ask", "kind": "approval", "form": FORM} | parts,
        count("after"),
        output={"value": {"ref": "nodes.ask.value"}, "timed_out": {"ref": "nodes.ask.timed_out"}},
    )


def waiting(**parts: Any) -> dict[str, Any]:
    return chain({"id": "pause", "kind": "wait"} | parts, output={"result": {"ref": "nodes.pause"}})


def answer(run: Run, value: Any, **parts: Any) -> ResumeRunRequest:
    return ResumeRunRequest(run_id=run.run_id, value=value, **parts)


class Clock(datetime):
    """The time of the nodes that wait, as far as `passed` from what it is."""

    passed = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        told = datetime.now(tz) + cls.passed
        return cls.fromtimestamp(told.timestamp(), tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(Clock, "passed", timedelta())
    monkeypatch.setattr(pauses, "datetime", Clock)
    return Clock


async def an_hour_later(bench: Bench, clock: type[Clock], run: Run) -> tuple[Run, dict[str, Any] | None]:
    """What a worker does when a run's time has come."""
    uid = UUID(run.run_id)
    assert run.status == "waiting", run
    assert await bench.storage.runs.wake_due() == [], "not yet"
    clock.passed += timedelta(hours=1)
    await bench.storage.pool.execute("UPDATE runs SET wake_at = wake_at - interval '1 hour'")
    assert await bench.storage.runs.wake_due() == [uid]
    await bench.engine.carry(uid)
    return await bench.end(uid)


async def test_of_two_answers_at_once_one_counts(bench: Bench, counting: Counting) -> None:
    run, _ = await bench.run(asking())
    answers = [resume_run(bench.ctx, answer(run, {"n": n}, wait=True)) for n in range(5)]
    told = await asyncio.gather(*answers, return_exceptions=True)
    refused = [each for each in told if isinstance(each, Conflict)]
    assert len(refused) == 4, told
    assert all(each.field == "run_id" for each in refused)
    (won,) = [each for each in told if not isinstance(each, BaseException)]
    assert won.status == "completed"
    assert counting.times == {"before": 1, "after": 1}
    steps = (await kept(bench, UUID(run.run_id)))["steps"]
    assert [step["key"] for step in steps] == ["before", "ask.answer", "ask", "after"]


async def test_an_answer_before_the_pause_is_done_with(
    bench: Bench, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pause is stored and told; the process still looks whose turn it is now."""
    looking, through = asyncio.Event(), asyncio.Event()

    async def look(*_: object) -> None:
        looking.set()
        await through.wait()

    monkeypatch.setattr("inference.composer.engine.offer_turns", look)
    await bench.queued(asking())
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await looking.wait()
    await resume_run(bench.ctx, ResumeRunRequest(run_id=str(uid), value={"n": 1}))
    through.set()
    async with asyncio.timeout(20):
        run, output = await bench.end(uid)
    assert (run.status, output) == ("completed", {"value": {"n": 1}, "timed_out": False})


@pytest.mark.parametrize("value", [None, {}, {"n": "1"}, {"n": 1, "m": 2}, [1], "n"])
async def test_a_wrong_value_changes_nothing(bench: Bench, counting: Counting, value: Any) -> None:
    run, _ = await bench.run(asking())
    before = await kept(bench, UUID(run.run_id))
    with pytest.raises(InvalidInput) as refused:
        await resume_run(bench.ctx, answer(run, value))
    assert (refused.value.field or "").startswith("value")
    with pytest.raises(InvalidInput, match="'ask'"):
        await resume_run(bench.ctx, answer(run, {"n": 1}, node="other"))
    assert await kept(bench, UUID(run.run_id)) == before
    done = await resume_run(bench.ctx, answer(run, {"n": 1}, wait=True))
    assert done.output == {"value": {"n": 1}, "timed_out": False}


async def test_an_answer_after_the_end(bench: Bench, counting: Counting, somebody: Context) -> None:
    run, _ = await bench.run(asking())
    with pytest.raises(NotFound):
        await resume_run(somebody, answer(run, {"n": 1}))
    with pytest.raises(NotFound):
        await cancel_run(somebody, RunReference(run_id=run.run_id))
    assert (await cancel_run(bench.ctx, RunReference(run_id=run.run_id))).status == "cancelled"
    with pytest.raises(Conflict, match="cancelled"):
        await resume_run(bench.ctx, answer(run, {"n": 1}))
    assert counting.times == {"before": 1}
    events = await bench.events(UUID(run.run_id))
    assert [event.event for event in events][-2:] == ["waiting", "run_cancelled"]
    running = await bench.queued(asking())
    with pytest.raises(Conflict, match="queued"):
        await resume_run(bench.ctx, ResumeRunRequest(run_id=str(running), value={"n": 1}))


async def test_a_pause_that_nobody_answers_in_time(bench: Bench, counting: Counting, clock: type[Clock]) -> None:
    run, _ = await bench.run(asking(wait_seconds=3599, default={"n": 0}))
    assert run.pauses[0].until
    done, output = await an_hour_later(bench, clock, run)
    assert (done.status, output) == ("completed", {"value": {"n": 0}, "timed_out": True})
    assert counting.times == {"before": 1, "after": 1}
    with pytest.raises(Conflict, match="completed"):
        await resume_run(bench.ctx, answer(run, {"n": 1}))


async def test_an_answer_in_time_keeps_the_default_away(bench: Bench, counting: Counting) -> None:
    run, _ = await bench.run(asking(wait_seconds=3600, default={"n": 0}))
    done = await resume_run(bench.ctx, answer(run, {"n": 7}, wait=True))
    assert done.output == {"value": {"n": 7}, "timed_out": False}
    assert await bench.storage.pool.fetchval("SELECT wake_at FROM runs") is None


async def test_waits_for_a_time(bench: Bench, clock: type[Clock]) -> None:
    for given in ({"seconds": 3599}, {"until": (datetime.now(UTC) + timedelta(minutes=59)).isoformat()}):
        clock.passed = timedelta()
        run, _ = await bench.run(waiting(**given))
        assert run.pauses[0].kind == "time"
        with pytest.raises(InvalidInput, match="only a time"):
            await resume_run(bench.ctx, answer(run, {}))
        done, output = await an_hour_later(bench, clock, run)
        assert (done.status, output) == ("completed", {"result": {"value": None, "timed_out": False}})
    past = await bench.output(waiting(until="2020-01-01T00:00:00+00:00"))
    assert past == {"result": {"value": None, "timed_out": False}}


@pytest.mark.parametrize(("field", "value"), [("seconds", -1), ("seconds", "x"), ("seconds", 1e12), ("until", "soon")])
async def test_a_time_that_is_none(bench: Bench, field: str, value: Any) -> None:
    given: dict[str, Any] = {"type": "object", "properties": {"value": {}}}
    run, _ = await bench.run(waiting(**{field: {"ref": "input.value"}}) | {"input": given}, value=value)
    assert run.error
    assert (run.status, run.error.type, run.error.node) == ("failed", "InvalidInput", "pause")


async def test_waits_for_an_event_or_a_time(bench: Bench, clock: type[Clock]) -> None:
    form = {"type": "integer"}
    run, _ = await bench.run(waiting(event="paid", form=form))
    assert (run.pauses[0].kind, run.pauses[0].event) == ("event", "paid")
    with pytest.raises(InvalidInput):
        await resume_run(bench.ctx, answer(run, "much"))
    done = await resume_run(bench.ctx, answer(run, 12, wait=True))
    assert done.output == {"result": {"value": 12, "timed_out": False}}
    run, _ = await bench.run(waiting(event="paid", form=form, seconds=3599, default=0))
    assert (await an_hour_later(bench, clock, run))[1] == {"result": {"value": 0, "timed_out": True}}


async def test_forks_that_cannot_be(bench: Bench, counting: Counting, somebody: Context) -> None:
    run, _ = await bench.run(asking())
    beginning = f"{run.run_id}.0"
    refused: list[tuple[Context, str, type[PenstockError]]] = [
        (somebody, beginning, NotFound),
        (bench.ctx, f"{run.run_id}.2", NotFound),
        (bench.ctx, f"{run.run_id}.-1", NotFound),
        (bench.ctx, f"{run.run_id}.99999999999999999999", NotFound),
        (bench.ctx, f"{run.run_id}.x", NotFound),
        (bench.ctx, f"{uuid7()}.0", NotFound),
        (bench.ctx, "nothing", PenstockError),
        (bench.ctx, "", PenstockError),
    ]
    for context, checkpoint, error in refused:
        with pytest.raises(error):
            await fork_run(context, ForkRunRequest(checkpoint_id=checkpoint))
    with pytest.raises(InvalidInput, match="another run"):
        await fork_run(bench.ctx, ForkRunRequest(run_id=str(uuid7()), checkpoint_id=beginning))
    with pytest.raises(InvalidInput, match="no state key"):
        await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=beginning, state={"nothing": 1}))
    with pytest.raises(NotFound):
        await fetch_run_checkpoints(somebody, CheckpointsRequest(run_id=run.run_id))
    assert await bench.storage.pool.fetchval("SELECT count(*) FROM runs") == 1
    assert counting.times == {"before": 1}


async def test_a_fork_of_a_run_at_work(bench: Bench, counting: Counting) -> None:
    """The fork takes what was recorded; neither disturbs the other."""
    definition = chain(
        count("a", n=1),
        count("b", n=10),
        state={"n": {"type": "integer", "reducer": "add"}},
        output={"n": {"ref": "state.n"}},
    )
    counting.hangs["b"] = 1
    await bench.save(definition)
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await counting.hung("b")
    listed = await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=str(uid)))
    assert [(c.node, c.state) for c in listed.checkpoints] == [(None, {"n": 0}), ("a", {"n": 1})]
    fork = await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=f"{uid}.1", state={"n": 500}, wait=True))
    assert (fork.status, fork.output) == ("completed", {"n": 510})
    counting.release()
    assert (await bench.end(uid))[1] == {"n": 11}
    assert counting.times == {"a": 1, "b": 2}
    detail = await fetch_run(bench.ctx, RunReference(run_id=fork.run_id))
    assert detail.forked_from == f"{uid}.1"
    ended = await fetch_run_checkpoints(bench.ctx, CheckpointsRequest(run_id=fork.run_id))
    assert [(c.kind, c.state) for c in ended.checkpoints] == [
        ("start", {"n": 0}),
        ("function", {"n": 1}),
        ("edit", {"n": 500}),
        ("function", {"n": 510}),
    ]


async def test_a_fork_from_the_beginning_does_all_again(bench: Bench, counting: Counting) -> None:
    run, _ = await bench.run(chain(count("a"), count("b"), output={"b": {"ref": "nodes.b.value"}}))
    fork = await fork_run(bench.ctx, ForkRunRequest(checkpoint_id=f"{run.run_id}.0", wait=True))
    assert (fork.status, fork.output) == ("completed", {"b": "b"})
    assert counting.times == {"a": 2, "b": 2}


async def test_the_time_of_a_run_adds_up(bench: Bench, counting: Counting) -> None:
    run, _ = await bench.run(asking())
    await asyncio.sleep(0.3)
    counting.hangs["after"] = 1
    await resume_run(bench.ctx, answer(run, {"n": 1}))
    await counting.hung("after")
    await asyncio.sleep(0.2)
    counting.release()
    assert (await bench.end(UUID(run.run_id)))[0].status == "completed"
    detail = await fetch_run(bench.ctx, RunReference(run_id=run.run_id))
    assert detail.time
    assert detail.finished_at
    account = detail.time.model_dump()
    total = account.pop("total_ms")
    assert sum(account.values()) == pytest.approx(total, abs=0.01)  # each is rounded to a microsecond
    lived = (detail.finished_at - detail.created_at).total_seconds() * 1000
    assert account["paused_ms"] >= 300
    assert account["nodes_ms"] >= 200
    assert account["checkpoint_ms"] > 0
    assert 500 <= total <= lived + 1
    await reached(lambda: bench.engine.busy == 0)
