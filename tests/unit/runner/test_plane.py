"""The connection over which leases are given, and a process at its other end that hangs."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web

from inference.errors import NotFound
from inference.runner import Lease, plane
from inference.runner.clients import Clients
from inference.runner.control import Control
from inference.runner.messages import ClientGone, LeaseWanted, Message


def _elsewhere(model: str) -> Lease:
    raise NotFound(model)


async def test_a_process_that_hangs_without_dying_holds_nothing_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection stays, and nobody answers there: as of one that is stopped, or whose event loop is blocked."""
    monkeypatch.setattr(plane, "HEARTBEAT_SECONDS", 0.1)
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    clients = Clients(inbox.put_nowait, lambda model: model, _elsewhere)
    server = web.AppRunner(plane.control_plane(cast("Control", None), clients, "t"))
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{server.addresses[0][1]}/channel?holder=hung"
    try:
        async with (
            asyncio.timeout(20),
            aiohttp.ClientSession(headers={"Authorization": "Bearer t"}) as session,
            session.ws_connect(url, autoping=False) as socket,
        ):
            await socket.send_json({"lease": 1, "model": "m"})
            wanted = await _next(inbox, LeaseWanted)
            assert clients.holder(wanted.client) == "hung"
            gone = await _next(inbox, ClientGone)  # though the socket is open, and nothing was said
            assert gone.client == wanted.client
            assert wanted.answer.cancelled()
            assert clients.holder(wanted.client) == "gone"
    finally:
        await server.cleanup()


async def _next(inbox: asyncio.Queue[Message], kind: type[Any]) -> Any:
    message = await inbox.get()
    assert isinstance(message, kind)
    return message
