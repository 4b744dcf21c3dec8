"""The connection of one process to the runner over which its leases are given and asked back.

It is opened with the first lease and again whenever it was lost. While it is open the runner knows that this process
lives: where it ends, or a ping is not answered, its leases end too.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, cast

import aiohttp
import orjson

from inference.errors import Unavailable
from inference.runner.leasing import Leases

LOST = "The connection to the runner was lost. It is started again by itself; try again in a few seconds."

Open = Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]


class Channel:
    """`open_socket` connects, or raises Unavailable."""

    def __init__(self, open_socket: Open) -> None:
        self._open_socket = open_socket
        self._outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._running: asyncio.Task[None] | None = None
        self._opening: asyncio.Task[None] | None = None
        self.leases = Leases(self._send)

    async def ready(self) -> None:
        """Returns when it is open. All who wait share one attempt. Raises Unavailable."""
        if self._running and not self._running.done():
            return
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._open())
        await asyncio.shield(self._opening)

    async def close(self) -> None:
        for task in (self._opening, self._running):
            if task:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Unavailable):
                    await task

    def _send(self, message: dict[str, Any]) -> None:
        if self._running and not self._running.done():
            self._outbox.put_nowait(message)  # what was said to a connection that is gone means nothing to the next

    async def _open(self) -> None:
        socket = await self._open_socket()
        self._outbox = asyncio.Queue()
        self._running = asyncio.create_task(self._run(socket, self._outbox))

    async def _run(self, socket: aiohttp.ClientWebSocketResponse, outbox: asyncio.Queue[dict[str, Any]]) -> None:
        writing = asyncio.create_task(_write(socket, outbox))
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self.leases.receive(cast("dict[str, Any]", orjson.loads(message.data)))
        finally:
            writing.cancel()
            self.leases.lost(LOST)
            await socket.close()


async def _write(socket: aiohttp.ClientWebSocketResponse, outbox: asyncio.Queue[dict[str, Any]]) -> None:
    with contextlib.suppress(aiohttp.ClientError, ConnectionError):  # reading ends too, and tells
        while True:
            await socket.send_str(orjson.dumps(await outbox.get()).decode())
