"""A runner in a process of its own, as `penstock start` starts it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from inference.errors import Unavailable
from inference.runner import Runner, connect


@dataclass(frozen=True)
class Process:
    url: str
    token: str
    handle: asyncio.subprocess.Process
    runner: Runner

    def engines(self) -> list[psutil.Process]:
        return psutil.Process(self.handle.pid).children()

    def engine_of(self, model: str) -> psutil.Process:
        (found,) = [engine for engine in self.engines() if engine.cmdline()[-1:] == [model]]
        return found

    async def post(self, path: str, body: bytes, token: str | None = None) -> tuple[int, dict[str, dict[str, str]]]:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(self.url + path, data=body) as response,
        ):
            return response.status, await response.json()


@contextlib.asynccontextmanager
async def started(home: Path, **more: str) -> AsyncGenerator[Process]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    token = secrets.token_hex(8)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENAI_")}
    environment |= {"PENSTOCK_HOME": str(home), "PENSTOCK_RUNNER_URL": url, "PENSTOCK_RUNNER_TOKEN": token, **more}
    handle = await asyncio.create_subprocess_exec(sys.executable, "-m", "inference.runner", env=environment)
    runner = connect(url, token)
    try:
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(Unavailable):
                    await runner.models()
                    break
                await asyncio.sleep(0.05)
        yield Process(url, token, handle, runner)
    finally:
        await runner.close()
        with contextlib.suppress(ProcessLookupError):
            handle.kill()
        await handle.wait()
