"""An engine's process: started, listened to, watched and ended.

One of ours (`Program.speaks`) writes `{"starting": true}` as its first line on standard output, before it reads any
weights. It then waits for one byte on its standard input, so that its memory can be measured just then. The second line
is `{"port": n}` when it answers, or `{"error": "why not"}`. Any other program runs beneath `warden.py` and is ready
when it says so over HTTP. The standard input of both stays open as long as the runner lives: end of file there ends the
engine and all that it has started, also when the runner was killed with -9.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import orjson
import psutil

from inference.runner import Lease

if TYPE_CHECKING:
    from inference.runner.enginelog import EngineLog
    from inference.runner.kinds import Launch, Program

STOP_SECONDS = 5.0  # what a running request gets to finish before its engine is killed
POLL_SECONDS = 0.2
LINE_BYTES = 1 << 16  # of what an engine says on its standard output
# What the runner was told and an engine has no use for: keys of providers, stores and databases.
KEPT_BACK_PREFIXES = ("AWS_", "AZURE_", "GOOGLE_", "PGPASS")
KEPT_BACK = (
    "OPENAI_API_KEY", "OPENAI_BASE_URL", "DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "HF_TOKEN",
    "PENSTOCK_SECRET", "PENSTOCK_ENCRYPTION_KEY", "PENSTOCK_RUNNER_TOKEN", "PENSTOCK_RUNNER_URL",
)  # fmt: skip


class StartFailed(Exception):
    """The engine did not come to answer; the text says why, after its model's name."""


@dataclass(slots=True, eq=False)
class EngineProcess:
    """A running engine. `rss_before` and `rss_after`: its resident bytes before it read its weights and when loaded."""

    lease: Lease
    process: asyncio.subprocess.Process
    rss_before: int
    rss_after: int
    stopping: bool = field(default=False, init=False)

    @property
    def root(self) -> str:
        """The address below which everything is asked that is not the OpenAI protocol."""
        return self.lease.base_url.rpartition("/")[0]

    async def ended(self) -> str:
        """Waits for the process to end, ends what it has left running, and says how it did."""
        code = await self.process.wait()
        _kill_group(self.process)
        return describe_exit(code)

    async def stop(self, *, at_once: bool) -> None:
        """Asks the engine to finish what it is doing and end; kills it when it has not after 5 s, or `at_once`."""
        self.stopping = True
        await (kill if at_once else end)(self.process)


async def start(program: Program, launch: Launch, log: EngineLog, began: Callable[[int], None]) -> EngineProcess:
    """Starts the program and returns when it answers; `began` is told its process id. Raises StartFailed, leaving no
    process behind."""
    process = await _spawn(program, launch)
    began(process.pid)
    reading = [asyncio.create_task(log.read(_stream(process.stderr)))]
    if not program.speaks:
        reading.append(asyncio.create_task(log.read(_stream(process.stdout))))
    try:
        async with asyncio.timeout(launch.spec.load_timeout):
            port, before = await (_spoken(process) if program.speaks else _probed(process, program, launch))
    except TimeoutError:
        await _abort(process, reading)
        raise StartFailed(f"was not ready after {launch.spec.load_timeout:.0f} s") from None
    except BaseException:  # also when it is cancelled: nobody else knows of this process
        await _abort(process, reading)
        raise
    lease = Lease(
        program.model or launch.spec.id,
        f"http://127.0.0.1:{port}{program.base_path}",
        {"Authorization": f"Bearer {launch.token}"},
    )
    return EngineProcess(lease, process, before, resident(process.pid))


async def _spawn(program: Program, launch: Launch) -> asyncio.subprocess.Process:
    argv = (
        program.argv if program.speaks else (sys.executable, "-P", "-m", "inference.runner.warden", "--", *program.argv)
    )
    return await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LINE_BYTES,
        env=_without_secrets(os.environ)
        | {"PYTHONUNBUFFERED": "1"}
        | dict(program.environment)
        | {"PENSTOCK_ENGINE_TOKEN": launch.token},
        start_new_session=True,  # Ctrl-C in the terminal reaches the runner only, which ends its engines in order
    )


def _without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        key: value
        for key, value in environment.items()
        if key not in KEPT_BACK and not key.startswith(KEPT_BACK_PREFIXES)
    }


async def _spoken(process: asyncio.subprocess.Process) -> tuple[int, int]:
    """Port, and resident bytes before the weights were read."""
    await _line(process)
    before = resident(process.pid)
    assert process.stdin is not None
    process.stdin.write(b"\n")
    port = (await _line(process)).get("port")
    if not isinstance(port, int):
        raise StartFailed("did not tell its port")
    return port, before


async def _probed(process: asyncio.subprocess.Process, program: Program, launch: Launch) -> tuple[int, int]:
    url = f"http://127.0.0.1:{launch.port}{program.health}"
    ended = asyncio.create_task(process.wait())
    timeout = aiohttp.ClientTimeout(total=5)
    headers = {"Authorization": f"Bearer {launch.token}"}
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
                    async with session.get(url) as response:
                        if response.status == 200:
                            return launch.port, 0
                await asyncio.wait({ended}, timeout=POLL_SECONDS)
                if ended.done():
                    raise StartFailed(f"{describe_exit(ended.result())} while it was starting")
    finally:
        ended.cancel()


async def _abort(process: asyncio.subprocess.Process, reading: list[asyncio.Task[None]]) -> None:
    await kill(process)
    # What it wrote last says why; a child that inherited the pipe may keep it open.
    await asyncio.wait(reading, timeout=1)


async def end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        await kill(process)


async def kill(process: asyncio.subprocess.Process) -> None:
    _kill_group(process)
    await process.wait()


def _kill_group(process: asyncio.subprocess.Process) -> None:
    """All of its session: vLLM's workers, for one, outlive a warden that is killed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The next line that the engine says of itself. Raises StartFailed when it is an error, or none."""
    try:
        line = await _stream(process.stdout).readline()
    except ValueError:
        raise StartFailed(f"wrote more than {LINE_BYTES} bytes where it should tell its port") from None
    if not line:
        raise StartFailed(f"{describe_exit(await process.wait())} while it was starting")
    try:
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        message = None
    if not isinstance(message, dict):
        raise StartFailed(f"wrote {line[:200]!r} where it should tell its port")
    said = cast("dict[str, Any]", message)
    if "error" in said:
        raise StartFailed(str(said["error"]))
    return said


def _stream(stream: asyncio.StreamReader | None) -> asyncio.StreamReader:
    assert stream is not None
    return stream


def resident(pid: int) -> int:
    """Resident memory of a process in bytes; 0 when it is gone."""
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return 0


def describe_exit(code: int) -> str:
    """In words, what a return code means."""
    if code >= 0:
        return f"ended with status {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = "; the system does that when memory runs out" if -code == signal.SIGKILL else ""
    return f"was killed by {name}{hint}"
