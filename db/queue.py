"""The queue that carries runs to workers: pgqueuer, whose jobs hold nothing but a run's id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

if TYPE_CHECKING:
    from pgqueuer.models import Job

    from db.table import Executor

_ENTRYPOINT = "run"
# A worker killed with -9 is noticed by the age of its jobs' heartbeats.
HEARTBEAT_TIMEOUT = timedelta(seconds=30)


class Queue:
    """Puts runs into the queue, in the transaction of the storage that it belongs to."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def put(self, run: UUID, *, priority: int = 0) -> None:
        """Asks for a worker. A run that is queued already stays where it is."""
        # pgqueuer takes a third of a second to import, which a start need not wait for.
        from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver  # noqa: PLC0415
        from pgqueuer.queries import Queries  # noqa: PLC0415

        if isinstance(self._executor, asyncpg.Pool):
            driver = AsyncpgPoolDriver(self._executor)
        else:
            driver = AsyncpgDriver(self._executor)  # pyright: ignore[reportArgumentType]  # a pool's proxy is a connection
        key = str(run)
        await Queries(driver).enqueue(_ENTRYPOINT, key.encode(), priority, dedupe_key=key, on_conflict="skip")


async def consume(
    pool: asyncpg.Pool[asyncpg.Record],
    carry: Callable[[UUID], Awaitable[None]],
    *,
    concurrency: int,
    stop: asyncio.Event,
) -> None:
    """Calls `carry` for every queued run until `stop` is set, then waits for those at work. `carry` must not raise."""
    from pgqueuer import PgQueuer  # noqa: PLC0415 - as above

    queuer = PgQueuer.from_asyncpg_pool(pool)
    queuer.shutdown = queuer.qm.shutdown = queuer.sm.shutdown = stop

    @queuer.entrypoint(_ENTRYPOINT)
    async def _(job: Job) -> None:  # pyright: ignore[reportUnusedFunction]  # registered by the decorator
        await carry(UUID((job.payload or b"").decode()))

    await queuer.run(
        dequeue_timeout=timedelta(seconds=5),
        batch_size=max(1, concurrency // 2),
        max_concurrent_tasks=max(2, concurrency),
        heartbeat_timeout=HEARTBEAT_TIMEOUT,
    )
