"""Questions to a running engine beside the OpenAI protocol."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from inference.runner.kinds import Ask
    from inference.runner.process import EngineProcess

PROBE_SECONDS = 5.0  # an engine at work on both cores may take a while to say that it lives
ASK_SECONDS = 300.0  # falling asleep and waking move gigabytes


async def answers(engine: EngineProcess) -> bool:
    """Whether it says that it lives."""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
        timeout = aiohttp.ClientTimeout(total=PROBE_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=engine.lease.headers) as session,
            session.get(f"{engine.root}/health") as response,
        ):
            return response.status == 200
    return False


async def ask_of(engine: EngineProcess, ask: Ask) -> None:
    """Raises ValueError when the engine refuses."""
    timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout, headers=engine.lease.headers) as session,
        session.request(ask.method, engine.root + ask.path, json=ask.body) as response,
    ):
        if response.status != 200:
            raise ValueError(f"{ask.path} answered with status {response.status}")


def free_port() -> int:
    """A port of loopback that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
