"""Due schedules, over a real database: what is started, once, and what is noted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from uuid_utils.compat import uuid7

from db import DatabaseUnreachable, Listener, NewSchedule, Storage, open_objects
from inference.composer import Composer
from inference.composer.deliveries import fetch_deliveries
from inference.composer.schedules import run_due
from inference.functions import Caller, Context, find, invoke
from inference.models.triggers import DeliveriesRequest, ModifyScheduleRequest, Schedule
from inference.runner import FakeRunner
from inference.settings import Settings

LONG_AGO = datetime(2026, 1, 1, 8, 30, tzinfo=UTC)
WORDY: dict[str, Any] = {
    "id": "wordy",
    "title": "Wordy",
    "input": {"type": "object", "required": ["word"], "properties": {"word": {"type": "string"}}},
    "nodes": [{"id": "only", "kind": "join"}],
    "edges": [{"from": "start", "to": "only"}, {"from": "only", "to": "end"}],
    "output": {"word": {"ref": "input.word"}},
}


class Clock:
    """Schedules of one user."""

    def __init__(self, ctx: Context) -> None:
        self.ctx, self.storage = ctx, ctx.storage

    async def save(self, **parts: Any) -> None:
        async with self.storage.transaction() as work:
            await work.toolchains.save(self.ctx.user.key, "wordy", uuid7().bytes * 2, WORDY | parts)

    async def due(self, toolchain_id: str = "wordy", scopes: list[str] | None = None, **given: Any) -> UUID:
        """A schedule that has been due since LONG_AGO."""
        uid = uuid7()
        await self.storage.schedules.create(
            NewSchedule(uid, self.ctx.user.key, toolchain_id, "", "30 8 * * *", "UTC", given, scopes, LONG_AGO)
        )
        return uid

    async def look(self) -> Schedule:
        """The only schedule."""
        (schedule,) = await self.storage.schedules.list(self.ctx.user.key, None)
        return schedule

    async def runs(self) -> list[Any]:
        return list(await self.storage.pool.fetch("SELECT * FROM runs ORDER BY id"))


@pytest.fixture
async def clock(storage: Storage, database: str, tmp_path: Path) -> AsyncGenerator[Clock]:
    owner = uuid7()
    await storage.accounts.create(owner, "ann", "hash", is_admin=False)
    account = await storage.accounts.by_uid(owner)
    assert account
    listener, runner = Listener(database), FakeRunner()
    composer = Composer(storage, listener)
    async with aiohttp.ClientSession() as http:
        base = Context(storage, runner, open_objects("", tmp_path), http, Settings(home=tmp_path), launch=composer)
        caller = Caller(account.id, account.user_id, account.username, is_admin=False)
        yield Clock(replace(base, caller=caller))
    await runner.close()


async def until_nothing_is_due(clock: Clock) -> None:
    while await run_due(replace(clock.ctx, caller=None)):
        pass


async def test_times_that_were_missed_are_made_up_once(clock: Clock) -> None:
    await clock.save()
    uid = await clock.due(word="a")
    await until_nothing_is_due(clock)
    (run,) = await clock.runs()
    assert (run["input"], run["status"], run["toolchain_version"]) == ({"word": "a"}, "queued", 1)
    assert run["idempotency_key"] == f"schedule:{uid}:{LONG_AGO.isoformat()}"
    schedule = await clock.look()
    assert schedule.last_run_id == str(run["uid"])
    assert (schedule.last_at, schedule.last_error) == (LONG_AGO, None)
    assert schedule.next_at
    assert timedelta() < schedule.next_at - datetime.now(UTC) <= timedelta(days=1)
    queued = await clock.storage.pool.fetchval("SELECT count(*) FROM pgqueuer WHERE dedupe_key = $1", str(run["uid"]))
    assert queued == 1, "a worker is asked for in the same transaction"


async def test_processes_that_look_at_once_start_each_once(clock: Clock) -> None:
    await clock.save()
    for number in range(12):
        await clock.due(word=str(number))
    await asyncio.gather(*(until_nothing_is_due(clock) for _ in range(5)))
    assert sorted(run["input"]["word"] for run in await clock.runs()) == sorted(str(n) for n in range(12))


async def test_what_dies_before_it_is_committed_is_done_again(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    await clock.save()
    await clock.due(word="a")

    async def lost(*_: Any) -> None:
        raise DatabaseUnreachable("gone")

    with monkeypatch.context() as patched:
        patched.setattr("db.schedules.Schedules.report", lost)
        with pytest.raises(DatabaseUnreachable):
            await until_nothing_is_due(clock)
    assert await clock.runs() == [], "the run goes with the transaction"
    assert (await clock.look()).next_at == LONG_AGO
    await until_nothing_is_due(clock)
    assert len(await clock.runs()) == 1


async def test_a_due_time_whose_run_is_there_is_not_run_again(clock: Clock) -> None:
    await clock.save()
    await clock.due(word="a")
    await until_nothing_is_due(clock)
    await clock.storage.pool.execute("UPDATE schedules SET next_at = $1, last_run = NULL", LONG_AGO)
    await until_nothing_is_due(clock)
    (run,) = await clock.runs()
    assert (await clock.look()).last_run_id == str(run["uid"])


async def test_an_input_that_no_longer_fits_is_noted_and_goes_on(clock: Clock) -> None:
    await clock.save()
    await clock.due(word=5)
    await until_nothing_is_due(clock)
    schedule = await clock.look()
    assert await clock.runs() == []
    assert schedule.last_error
    assert schedule.last_error.type == "InvalidInput"
    assert "input.word" in schedule.last_error.message
    assert schedule.enabled
    assert schedule.next_at
    await clock.save(input={"type": "object", "properties": {"word": {"type": "integer"}}})
    await clock.storage.pool.execute("UPDATE schedules SET next_at = $1", LONG_AGO)
    await until_nothing_is_due(clock)
    assert (await clock.look()).last_error is None
    assert len(await clock.runs()) == 1


async def test_a_toolchain_that_is_not_there_is_noted(clock: Clock) -> None:
    await clock.due("nowhere")
    await until_nothing_is_due(clock)
    error = (await clock.look()).last_error
    assert error
    assert error.type == "NotFound"


async def test_something_unforeseen_does_not_hold_up_the_others(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    await clock.save()
    await clock.due(word="poison")
    await clock.storage.pool.execute("UPDATE schedules SET next_at = next_at - interval '1 hour'")
    await clock.due(word="a")
    start = Composer.start

    async def poisoned(composer: Composer, ctx: Context, toolchain_id: str, input: dict[str, Any], **more: Any) -> UUID:
        if input["word"] == "poison":
            await more["work"].pool.execute("SELECT 1")
            raise ZeroDivisionError
        return await start(composer, ctx, toolchain_id, input, **more)

    monkeypatch.setattr(Composer, "start", poisoned)
    await until_nothing_is_due(clock)
    assert [run["input"] for run in await clock.runs()] == [{"word": "a"}]
    errors = [schedule.last_error for schedule in await clock.storage.schedules.list(clock.ctx.user.key, None)]
    assert errors[0] is None
    assert errors[1]
    assert "ZeroDivisionError" in errors[1].message


async def test_runs_have_the_scopes_of_the_schedule(clock: Clock) -> None:
    await clock.save()
    await clock.due(scopes=["runs:write"], word="a")
    await until_nothing_is_due(clock)
    assert [run["scopes"] for run in await clock.runs()] == [["runs:write"]]


async def test_who_changes_a_schedule_gives_it_no_more_than_their_own_rights(clock: Clock) -> None:
    await clock.save()
    uid = await clock.due(word="a")
    with_key = replace(clock.ctx, caller=replace(clock.ctx.user, scopes=frozenset({"runs:write"})))
    change = ModifyScheduleRequest(schedule_id=str(uid), input={"word": "from a key"})
    changed = await invoke(find("modify_schedule"), with_key, change)
    assert changed.next_at == LONG_AGO, "what was due stays due"
    await until_nothing_is_due(clock)
    assert [(run["input"], run["scopes"]) for run in await clock.runs()] == [({"word": "from a key"}, ["runs:write"])]


async def test_runs_take_the_published_version(clock: Clock) -> None:
    await clock.save()
    await clock.save(title="Draft")
    await clock.storage.toolchains.publish(clock.ctx.user.key, "wordy", 1)
    await clock.due(word="a")
    await until_nothing_is_due(clock)
    assert [run["toolchain_version"] for run in await clock.runs()] == [1]


async def test_what_is_not_due_or_not_enabled_waits(clock: Clock) -> None:
    await clock.save()
    await clock.due(word="a")
    await clock.storage.pool.execute("UPDATE schedules SET next_at = now() + interval '1 minute'")
    await until_nothing_is_due(clock)
    await clock.storage.pool.execute("UPDATE schedules SET enabled = false, next_at = NULL")
    await until_nothing_is_due(clock)
    assert await clock.runs() == []


async def test_schedules_and_webhooks_go_with_their_owner(clock: Clock) -> None:
    await clock.save()
    await clock.due(word="a")
    await clock.storage.webhooks.create(uuid7(), clock.ctx.user.key, "wordy", "", b"hash", None)
    await clock.storage.pool.execute("DELETE FROM users WHERE id = $1", clock.ctx.user.key)
    assert await clock.storage.pool.fetchval("SELECT count(*) FROM schedules") == 0
    assert await clock.storage.pool.fetchval("SELECT count(*) FROM webhooks") == 0
    await until_nothing_is_due(clock)
    assert await clock.runs() == []


async def test_what_came_of_the_last_times_is_kept(clock: Clock) -> None:
    await clock.save()
    uid = await clock.due(word="a")
    for number in range(53):
        moment = LONG_AGO + timedelta(days=number)
        await clock.storage.pool.execute("UPDATE schedules SET next_at = $1", moment)
        await until_nothing_is_due(clock)
    await clock.storage.pool.execute("UPDATE schedules SET next_at = $1, input = '{}'", LONG_AGO + timedelta(days=60))
    await until_nothing_is_due(clock)
    found = (await fetch_deliveries(clock.ctx, DeliveriesRequest(schedule_id=str(uid), limit=50))).deliveries
    runs = [str(run["uid"]) for run in await clock.runs()]
    assert [delivery.run_id for delivery in found] == [None, *reversed(runs[-49:])]
    assert found[0].error
    assert found[0].error.type == "InvalidInput"
    assert (found[1].status, found[1].at) == ("queued", LONG_AGO + timedelta(days=52))
    assert await clock.storage.pool.fetchval("SELECT count(*) FROM deliveries") == 50
