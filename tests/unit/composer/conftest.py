"""Web servers for the tests of what goes out to the web."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from inference.functions.web.guard import close_web
from tests.unit.composer.web_servers import Server, start


@pytest.fixture(scope="module")
async def servers() -> AsyncIterator[tuple[Server, Server]]:
    first, second = await start(), await start()
    yield first[1], second[1]
    await close_web()
    await first[0].cleanup()
    await second[0].cleanup()


@pytest.fixture(scope="module")
async def server(servers: tuple[Server, Server]) -> Server:
    return servers[0]
