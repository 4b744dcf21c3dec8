"""What was used, as it is stored: sums of many processes, and what is left of those who have gone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from db import HourOfUse, Storage
from inference.functions import Caller, new_id
from inference.functions.gateway.counting import Counted, Refused
from inference.functions.gateway.known import Known
from inference.functions.gateway.limits import Limits
from inference.functions.gateway.metering import Meter
from inference.functions.gateway.tokens import Tokens
from inference.models.gateway import UsageLimit, UsageRow
from inference.server.metrics import Metrics

HOUR = datetime(2026, 11, 27, 10, tzinfo=UTC)
ALL = (HOUR - timedelta(days=1), HOUR + timedelta(days=1))


@pytest.fixture
async def ann(storage: Storage) -> Caller:
    assert await storage.accounts.create(new_id(), "Ann", "hash", is_admin=False)
    found = await storage.accounts.credentials("Ann")
    assert found
    return Caller(found[0].id, found[0].user_id, "Ann", is_admin=False)


def used(user: int, model: str = "m", key: UUID | None = None, hour: datetime = HOUR) -> HourOfUse:
    return HourOfUse(hour, user, key, model, 1, 0, 0, 10, 5, 2)


async def test_sums_of_processes_that_write_at_once(storage: Storage, ann: Caller) -> None:
    models = [f"m{n}" for n in range(20)]
    batches = [[used(ann.key, model) for model in (models if n % 2 else models[::-1])] for n in range(10)]
    await asyncio.gather(*(storage.usage.add(batch) for batch in batches))
    rows = await storage.usage.fetch(ann.key, *ALL, ["model"])
    assert {(row.model, row.requests, row.tokens_in) for row in rows} == {(model, 10, 100) for model in models}
    (total,) = await storage.usage.fetch(None, *ALL, [])
    assert (total.requests, total.tokens_out, total.tokens_cached) == (200, 1000, 400)


async def test_by_day_and_hour(storage: Storage, ann: Caller) -> None:
    await storage.usage.add([used(ann.key, hour=HOUR + timedelta(hours=n)) for n in (0, 1, 20)])
    assert len(await storage.usage.fetch(ann.key, *ALL, ["hour"])) == 3
    days = await storage.usage.fetch(ann.key, *ALL, ["day"])
    assert [row.requests for row in days] == [2, 1]
    assert await storage.usage.fetch(ann.key, HOUR + timedelta(hours=1), HOUR + timedelta(hours=2), []) != []


async def test_those_who_have_gone_hold_up_nobody(storage: Storage, ann: Caller) -> None:
    await storage.usage.add([used(ann.key), used(ann.key + 1000)])
    (row,) = await storage.usage.fetch(None, *ALL, ["user"])
    assert (row.username, row.requests) == ("Ann", 1)


async def test_a_budget_holds_over_a_new_start(storage: Storage, ann: Caller) -> None:
    now = datetime.now(UTC)
    await storage.usage.add([used(ann.key, hour=now.replace(minute=0, second=0, microsecond=0))])
    assert await storage.usage.tokens_since(now - timedelta(hours=2), username="ann") == 15
    known = object.__new__(Known)
    known.limits = {("user", "ann"): UsageLimit(kind="user", subject="ann", tokens_per_day=1_000_000)}
    known.version = 1
    limits = Limits(known, storage, "")
    rules = limits.rules(ann, "m")
    counted = await limits.admit(rules, 1)
    assert isinstance(counted, Counted)
    left = counted.standings[0].left
    assert left <= 1_000_000 - 15


async def test_limits_hold_in_each_process_while_redis_is_gone(storage: Storage, ann: Caller) -> None:
    known = object.__new__(Known)
    known.limits = {("user", "ann"): UsageLimit(kind="user", subject="ann", requests_per_minute=5)}
    known.version = 1
    limits = Limits(known, storage, "redis://127.0.0.1:1/0")
    rules = limits.rules(ann, "m")
    for left in range(4, -1, -1):
        counted = await limits.admit(rules, 1)
        assert isinstance(counted, Counted)
        assert counted.standings[0].left == left
        limits.settle(counted, 10)
    assert isinstance(await limits.admit(rules, 1), Refused)
    assert not limits._alone  # pyright: ignore[reportPrivateUsage] - it would grow with every refusal
    await limits.close()


async def test_the_meter_writes_about_once_a_second(storage: Storage, ann: Caller) -> None:
    metrics = Metrics()
    meter = Meter(storage, metrics.count_tokens)
    for _ in range(100):
        meter.add(ann, "m", Tokens(3, 4, 1, estimated=True), failed=True)
    (row,) = await _written(storage, ann)
    assert (row.requests, row.failed, row.estimated, row.tokens_in) == (100, 100, 100, 300)
    assert metrics.registry.get_sample_value("penstock_tokens_total", {"model": "m", "way": "out"}) == 400
    meter.add(ann, "m", Tokens(3, 4), failed=False)
    await meter.close()
    (row,) = await storage.usage.fetch(ann.key, *_now(), ["model"])
    assert row.requests == 101, "what there is at the end is written too"


async def _written(storage: Storage, ann: Caller) -> list[UsageRow]:
    """What was used, as soon as there is something."""
    async with asyncio.timeout(10):
        while True:
            if rows := await storage.usage.fetch(ann.key, *_now(), ["model"]):
                return rows
            await asyncio.sleep(0.1)


def _now() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(hours=2), now + timedelta(hours=1)
