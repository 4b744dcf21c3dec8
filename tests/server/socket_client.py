"""A client of the WebSocket /ws/runs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import Any, cast

import aiohttp

from inference.models.sockets import SocketEnd, SocketEvent, SocketProblem, SocketResult
from tests.platform import Platform

MESSAGES = {"event": SocketEvent, "end": SocketEnd, "result": SocketResult, "error": SocketProblem}


Socket = aiohttp.ClientWebSocketResponse[bool]


class Client:
    """A client that has said who it is."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket

    async def send(self, type: str, **fields: Any) -> None:
        await self.socket.send_json({"type": type} | fields)

    async def next(self) -> dict[str, Any]:
        """The next message, which is one of those that the schema knows."""
        message = await self.socket.receive_json(timeout=30)
        MESSAGES[message["type"]].model_validate(message)
        return message

    async def ask(self, type: str, **fields: Any) -> dict[str, Any]:
        """The result of a request, when nothing else comes."""
        await self.send(type, request_id="r", **fields)
        answer = await self.next()
        assert (answer["type"], answer["request_id"]) == ("result", "r"), answer
        return answer["result"]

    async def refused(self, type: str, **fields: Any) -> dict[str, Any]:
        await self.send(type, request_id="r", **fields)
        answer = await self.next()
        assert (answer["type"], answer["request_id"]) == ("error", "r"), answer
        return answer["error"]

    async def until(self, type: str, event: str | None = None) -> list[dict[str, Any]]:
        """The messages up to one of this type, and of this event."""
        seen = [await self.next()]
        while seen[-1]["type"] != type or (event and seen[-1]["event"] != event):
            seen.append(await self.next())
        return seen

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the end of the connection."""
        message = await self.socket.receive(timeout=30)
        assert message.type == aiohttp.WSMsgType.CLOSE, message
        return message.data, message.extra or ""


@contextlib.asynccontextmanager
async def connected(platform: Platform, token: str | None, **options: Any) -> AsyncGenerator[Client]:
    """A connection; with a token of one whom the header names."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session:
        connect = cast(Any, session.ws_connect)  # its options are many
        socket: Socket = await connect(f"{platform.url}/ws/runs", headers=headers, **options)
        async with socket:
            yield Client(socket)
