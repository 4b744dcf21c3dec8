"""One connection per process that hears what PostgreSQL's NOTIFY tells, and hands it on."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from typing import Any

import asyncpg

CHANNELS = ("run_events", "run_cancel", "api_key_deleted", "gateway_changed")


class Listener:
    """Calls subscribers with the payloads of a channel. After a lost connection it connects again, and calls every
    subscriber once with an empty payload, which says: something may have been missed, look for yourself."""

    def __init__(self, url: str, channels: Sequence[str] = CHANNELS) -> None:
        self._url, self._channels = url, channels
        self._subscribers: dict[str, set[Callable[[str], None]]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        connection = await asyncpg.connect(self._url)
        self._task = asyncio.create_task(self._listen(connection))

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @contextlib.contextmanager
    def subscribe(self, channel: str, callback: Callable[[str], None]) -> Generator[None]:
        """Calls `callback` with every payload on `channel` while the context lasts."""
        self._subscribers[channel].add(callback)
        try:
            yield
        finally:
            self._subscribers[channel].discard(callback)

    def _tell(self, channel: str, payload: str) -> None:
        for callback in tuple(self._subscribers[channel]):
            callback(payload)

    async def _listen(self, connection: asyncpg.Connection[asyncpg.Record] | None) -> None:
        while True:
            try:
                connection = connection or await asyncpg.connect(self._url)
                await self._hear(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(0.5)
            connection = None

    async def _hear(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        def hear(_: Any, __: int, channel: str, payload: object) -> None:
            self._tell(channel, str(payload))

        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            for channel in self._channels:
                await connection.add_listener(channel, hear)
                self._tell(channel, "")
            await lost.wait()
        finally:
            await connection.close(timeout=2)
