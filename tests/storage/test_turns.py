"""Who goes first: runs on one thread, limits, priorities and keys."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from inference.composer.launching import ThreadBusy
from inference.composer.running import cancel_run, resume_run, run_toolchain
from inference.errors import Conflict
from inference.models.runs import ResumeRunRequest, RunReference, RunToolchainRequest
from tests.storage.bench import Bench, chain
from tests.storage.counting import Counting, count, stored

TURNS = {"turns": {"type": "array", "reducer": "append", "scope": "thread"}}


def talking(on_busy: str = "enqueue", **parts: Any) -> dict[str, Any]:
    """Notes its word on the thread, and then that it is done."""
    return chain(
        count("say", {"ref": "input.word"}, turns=[{"ref": "input.word"}]),
        *parts.pop("between", []),
        count("end_", {"template": "end of {{ input.word }}"}, turns=[{"template": "end of {{ input.word }}"}]),
        input={"type": "object", "properties": {"word": {"type": "string"}}},
        state=TURNS,
        output={"turns": {"ref": "state.turns"}},
        on_busy=on_busy,
        **parts,
    )


async def ask(bench: Bench, word: str, thread: UUID | None = None, **parts: Any) -> UUID:
    return await bench.composer.start(bench.ctx, "probe", {"word": word}, thread=thread, **parts)


async def busy(bench: Bench, counting: Counting, on_busy: str) -> tuple[UUID, UUID]:
    """A thread, and a run that has it in hand: it has noted its word."""
    counting.hangs["end of a"] = 1
    await bench.save(talking(on_busy))
    thread = uuid7()
    uid = await ask(bench, "a", thread)
    await counting.hung("end of a")
    return thread, uid


async def jobs(bench: Bench) -> list[UUID]:
    """The runs that workers are asked to carry, in their order."""
    rows = await bench.storage.pool.fetch("SELECT payload FROM pgqueuer ORDER BY priority DESC, id")
    return [UUID(row["payload"].decode()) for row in rows]


async def status(bench: Bench, uid: UUID) -> str:
    run = await bench.storage.runs.get(bench.ctx.user.key, uid)
    assert run
    return run.status


async def test_reject(bench: Bench, counting: Counting) -> None:
    thread, first = await busy(bench, counting, "reject")
    with pytest.raises(ThreadBusy) as refused:
        await ask(bench, "b", thread)
    assert refused.value.field == "thread_id"
    assert str(first) in refused.value.message
    assert await bench.storage.pool.fetchval("SELECT count(*) FROM runs") == 1
    assert (await bench.end(await ask(bench, "c", uuid7())))[1] == {"turns": ["c", "end of c"]}
    counting.release()
    assert (await bench.end(first))[1] == {"turns": ["a", "end of a"]}
    third = await ask(bench, "d", thread)
    assert (await bench.end(third))[1] == {"turns": ["a", "end of a", "d", "end of d"]}


async def test_enqueue(bench: Bench, counting: Counting) -> None:
    thread, first = await busy(bench, counting, "enqueue")
    second, third = await ask(bench, "b", thread), await ask(bench, "c", thread)
    assert await bench.engine.start(second) is None
    assert await bench.engine.start(third) is None
    assert [await status(bench, uid) for uid in (first, second, third)] == ["running", "queued", "queued"]
    counting.release()
    assert (await bench.end(first))[1] == {"turns": ["a", "end of a"]}
    assert await bench.engine.start(third) is None, "the one before it is not done"
    assert await bench.engine.start(second)
    assert await bench.engine.start(third)
    assert (await bench.end(second))[1] == {"turns": ["a", "end of a", "b", "end of b"]}
    assert (await bench.end(third))[1] == {"turns": ["a", "end of a", "b", "end of b", "c", "end of c"]}


@pytest.mark.parametrize(("on_busy", "left"), [("interrupt", ["a", "b", "end of b"]), ("rollback", ["b", "end of b"])])
async def test_the_newer_one_goes_first(bench: Bench, counting: Counting, on_busy: str, left: list[str]) -> None:
    thread, first = await busy(bench, counting, on_busy)
    second = await ask(bench, "b", thread)
    run, _ = await bench.end(first)
    assert run.status == "cancelled"
    assert counting.broken_off == ["end of a"]
    await bench.engine.start(second)
    assert (await bench.end(second))[1] == {"turns": left}
    third = await ask(bench, "c", thread)
    assert (await bench.end(third))[1] == {"turns": [*left, "c", "end of c"]}


@pytest.mark.parametrize(("on_busy", "left"), [("interrupt", ["a", "b", "end of b"]), ("rollback", ["b", "end of b"])])
async def test_the_newer_one_goes_before_one_that_waits(
    bench: Bench, counting: Counting, on_busy: str, left: list[str]
) -> None:
    pause = {"id": "ask", "kind": "approval", "when": {"==": [{"ref": "input.word"}, "a"]}}
    await bench.save(talking(on_busy, between=[pause]))
    thread = uuid7()
    first = await ask(bench, "a", thread)
    run, _ = await bench.end(first)
    assert run.status == "waiting"
    second = await ask(bench, "b", thread)
    assert await status(bench, first) == "cancelled"
    with pytest.raises(Conflict, match="cancelled"):
        await resume_run(bench.ctx, ResumeRunRequest(run_id=str(first), value={"approved": True}))
    await bench.engine.start(second)
    assert (await bench.end(second))[1] == {"turns": left}


async def test_a_turn_comes_when_the_one_before_is_cancelled(bench: Bench, counting: Counting) -> None:
    pause = {"id": "ask", "kind": "approval", "when": {"==": [{"ref": "input.word"}, "a"]}}
    await bench.save(talking("enqueue", between=[pause]))
    thread = uuid7()
    first = await ask(bench, "a", thread)
    assert (await bench.end(first))[0].status == "waiting"
    second = await ask(bench, "b", thread)
    assert await bench.engine.start(second) is None
    await bench.storage.pool.execute("DELETE FROM pgqueuer")
    await cancel_run(bench.ctx, RunReference(run_id=str(first)))
    assert await jobs(bench) == [second], "a worker is asked at once"
    await bench.engine.start(second)
    assert (await bench.end(second))[0].status == "completed"


async def test_so_many_of_a_toolchain_at_once(bench: Bench, counting: Counting) -> None:
    counting.hangs["word"] = 2
    await bench.save(talking(concurrency=2))
    runs = [await ask(bench, "word") for _ in range(4)]
    await counting.hung("word", 2)
    assert [await status(bench, uid) for uid in runs] == ["running", "running", "queued", "queued"]
    for uid in runs[2:]:
        assert await bench.engine.start(uid) is None
    await bench.save(chain(count("other"), id="another"))
    other = await bench.composer.start(bench.ctx, "another", {})
    assert (await bench.end(other))[0].status == "completed", "the limit is that of one toolchain"
    assert counting.times["word"] == 2
    counting.release()
    for uid in runs[:2]:
        await bench.end(uid)
    for uid in runs[2:]:
        await bench.engine.start(uid)
        assert (await bench.end(uid))[0].status == "completed"


async def test_many_processes_that_look_at_once_keep_to_the_limit(bench: Bench, counting: Counting) -> None:
    """Each asks whether there is room for one more; the answers must not all be yes."""
    counting.hangs["word"] = 99
    await bench.save(talking(concurrency=2))
    runs = [await bench.queued(talking(concurrency=2), word="word") for _ in range(8)]
    taken = await asyncio.gather(*(bench.storage.runs.start(uid, 10, 200) for uid in runs))
    assert sum(run is not None for run in taken) == 2


async def test_so_many_of_a_user_at_once(bench: Bench, counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.ctx.settings, "runs_per_user", 1)
    counting.hangs["a"] = 1
    await bench.save(talking())
    first, second = await ask(bench, "a"), await ask(bench, "b")
    await counting.hung("a")
    assert await status(bench, second) == "queued"
    assert await bench.engine.start(second) is None
    counting.release()
    await bench.end(first)
    await stored(bench, 1, "SELECT count(*) FROM pgqueuer")
    await bench.engine.start(second)
    assert (await bench.end(second))[0].status == "completed"


async def test_the_more_urgent_is_offered_first(bench: Bench, counting: Counting) -> None:
    counting.hangs["a"] = 1
    await bench.save(talking(concurrency=1))
    first = await ask(bench, "a")
    await counting.hung("a")
    low, high = await ask(bench, "low", priority=-5), await ask(bench, "high", priority=5)
    middle = await ask(bench, "middle")
    expected = [high, middle, low]
    assert await jobs(bench) == expected
    # What workers take too early is offered again: as many as may begin.
    await bench.storage.pool.execute("DELETE FROM pgqueuer")
    for uid in expected:
        assert await bench.engine.start(uid) is None
    counting.release()
    await bench.end(first)
    for uid in expected:
        await stored(bench, 1, "SELECT count(*) FROM pgqueuer")
        assert await jobs(bench) == [uid]
        await bench.storage.pool.execute("DELETE FROM pgqueuer")
        await bench.engine.start(uid)
        assert (await bench.end(uid))[0].status == "completed"
    assert counting.calls[-6::2] == ["high", "middle", "low"]


async def test_a_user_with_many_runs_does_not_hold_up_the_others(bench: Bench, counting: Counting) -> None:
    """Workers look for what was forgotten; of each user they find the first ones."""
    counting.hangs["a"] = 1
    await bench.save(talking(concurrency=1))
    await ask(bench, "a")
    await counting.hung("a")
    thread = uuid7()
    blocked = [await ask(bench, "b") for _ in range(30)]
    many = [await ask(bench, "c", thread) for _ in range(3)]
    await bench.save(chain(count("free"), id="free"))
    async with bench.storage.transaction() as work:
        free = [await bench.composer.start(bench.ctx, "free", {}, work=work) for _ in range(30)]
    await bench.storage.pool.execute(
        "UPDATE runs SET created_at = created_at - interval '1 minute', heartbeat_at = heartbeat_at"
    )
    found = await bench.storage.runs.stale(10)
    assert found == free[:20]
    assert not set(found) & {*blocked, *many}
    counting.release()


async def test_a_key_stands_for_one_run(bench: Bench, counting: Counting) -> None:
    await bench.save(talking())

    async def call(word: str = "a") -> str:
        request = RunToolchainRequest(toolchain_id="probe", input={"word": word}, idempotency_key="k", wait=True)
        return (await run_toolchain(bench.ctx, request)).run_id

    assert len(set(await asyncio.gather(*(call() for _ in range(5))))) == 1
    with pytest.raises(Conflict) as refused:
        await call("b")
    assert refused.value.field == "idempotency_key"
    assert counting.times == {"a": 1, "end of a": 1}
