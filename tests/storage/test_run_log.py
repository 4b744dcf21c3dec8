"""Runs that are written down together, and what is added to them: for whoever carries them, and nobody else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from uuid_utils.compat import uuid7

from db import Creation, Ending, EventRow, NewRun, RunEntry, StepRow, Storage

DEFINITION = b"\1" * 32


@pytest.fixture
async def user(storage: Storage) -> int:
    return await make_user(storage, "ann")


async def make_user(storage: Storage, name: str) -> int:
    await storage.toolchains.define(DEFINITION, {})
    uid = uuid7()
    await storage.accounts.create(uid, name, "hash", is_admin=False)
    account = await storage.accounts.by_uid(uid)
    assert account
    return account.id


def new(user: int, *, per_user: int = 3, key: str | None = None, started: bool = True) -> Creation:
    run = NewRun(
        uid=uuid7(), user=user, scopes=["runs:write"], thread=uuid7(), toolchain_id="probe", toolchain_version=1,
        definition_hash=DEFINITION, input={"text": "a\0b"}, idempotency_key=key, started=started,
        api_key=None,
    )  # fmt: skip
    return Creation(run, per_user)


def entry(creation: Creation, epoch: int, number: int, ending: Ending | None = None) -> RunEntry:
    assert creation.created
    now = datetime.now(UTC)
    return RunEntry(
        creation.created.id,
        epoch,
        [StepRow(number, f"node{number}", "function", True, b"{}", 1.0, now)],
        [EventRow(number, "node_finished", "{}", now)],
        ending,
    )


async def test_of_many_that_begin_at_once_no_more_than_a_user_may_have(storage: Storage, user: int) -> None:
    somebody = await make_user(storage, "bob")
    many = [new(user), new(somebody), new(user, started=False), *(new(user) for _ in range(4))]
    await storage.log.create_all(many)
    made = [creation.created for creation in many]
    assert [created and created.started for created in made] == [True, True, False, True, True, False, False]
    ids = [created.id for created in made if created]
    assert ids == sorted(ids)
    later = [new(user), new(somebody)]
    await storage.log.create_all(later)
    assert [creation.created and creation.created.started for creation in later] == [False, True]
    row = await storage.pool.fetchrow("SELECT scopes, input FROM runs WHERE uid = $1", many[0].run.uid)
    assert row
    assert (row["scopes"], row["input"]) == (["runs:write"], {"text": "ab"})


async def test_a_key_makes_one_run_also_within_a_batch(storage: Storage, user: int) -> None:
    many = [new(user, key="k"), new(user, key="k"), new(user, key="other")]
    await storage.log.create_all(many)
    assert [creation.created is not None for creation in many] == [True, False, True]
    again = new(user, key="other")
    await storage.log.create_all([again])
    assert again.created is None


async def test_each_run_of_a_batch_gets_its_own(storage: Storage, user: int) -> None:
    ends, waits, goes_on = many = [new(user, per_user=9) for _ in range(3)]
    await storage.log.create_all(many)
    finished = Ending(status="completed", output='{"n": 1}', time='{"total_ms": 1}')
    paused = Ending(status="waiting", pauses='[{"node": "ask", "kind": "approval"}]')
    entries = [entry(ends, 1, 1, finished), entry(waits, 1, 1, paused), entry(goes_on, 1, 1)]
    await storage.log.append(entries)
    assert [each.held for each in entries] == [True] * 3
    assert [each.ended is not None for each in entries] == [True, True, False]
    rows = await storage.pool.fetch("SELECT status, output, pauses, finished_at IS NOT NULL AS f FROM runs ORDER BY id")
    assert [(row["status"], row["output"], len(row["pauses"]), row["f"]) for row in rows] == [
        ("completed", {"n": 1}, 0, True), ("waiting", None, 1, False), ("running", None, 0, False),
    ]  # fmt: skip
    assert await storage.pool.fetchval("SELECT count(*) FROM run_steps") == 3
    # Once is enough.
    twice = [entry(ends, 1, 2, finished), entry(goes_on, 1, 1), entry(waits, 1, 2)]
    await storage.log.append(twice)
    assert [each.held for each in twice] == [False, True, False]
    assert await storage.pool.fetchval("SELECT count(*) FROM run_steps") == 3


async def test_whoever_has_lost_a_run_adds_nothing(storage: Storage, user: int) -> None:
    """Also when it is taken over at that moment: who comes second waits, and sees what the first has done."""
    run = new(user)
    await storage.log.create_all([run])
    old = entry(run, 1, 1, Ending(status="completed"))
    async with storage.pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE runs SET epoch = epoch + 1 WHERE uid = $1", run.run.uid)
        late = asyncio.create_task(storage.log.append([old]))
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '-- Adds to runs%'"
        )
        async with asyncio.timeout(20):
            while not await storage.pool.fetchval(waiting):  # noqa: ASYNC110 - what it waits for has no event
                await asyncio.sleep(0.01)
    await late
    assert (old.held, old.ended) == (False, None)
    assert await storage.pool.fetchval("SELECT count(*) FROM run_steps") == 0
    assert await storage.pool.fetchval("SELECT status FROM runs") == "running"


async def test_heartbeats_and_records_of_many_runs_do_not_lock_each_other_out(storage: Storage, user: int) -> None:
    many = [new(user, per_user=99) for _ in range(20)]
    await storage.log.create_all(many)
    keys = [creation.created.id for creation in many if creation.created]

    async def beat(order: int) -> None:
        for _ in range(20):
            assert len(await storage.runs.heartbeat(dict.fromkeys(keys[::order], 1))) == len(keys)

    async def record(order: int, first: int) -> None:
        for number in range(first, first + 20):
            await storage.runs.append([entry(creation, 1, number) for creation in many[::order]])

    await asyncio.gather(beat(1), beat(-1), record(1, 1), record(-1, 100))
    assert await storage.pool.fetchval("SELECT count(*) FROM run_steps") == 800
