"""An engine's process: started, listened to, watched and ended.

The first line that an engine writes on its standard output is `{"starting": true}`, before it reads any weights. It
then waits for one byte on its standard input, so that its memory can be measured just then. The second line is
`{"port": n}` when it answers, or `{"error": "why not"}`. Its standard input stays open as long as the runner lives:
end of file there ends the engine, also when the runner was killed with -9.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import orjson
import psutil

from inference.runner import Lease

if TYPE_CHECKING:
    from inference.runner.catalog import Spec

STOP_SECONDS = 5.0  # what a running request gets to finish before its engine is killed
# What the runner was told and an engine has no use for.
KEPT_BACK = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "PENSTOCK_SECRET")


class StartFailed(Exception):
    """The engine did not come to answer; the text says why."""


@dataclass(slots=True, eq=False)
class EngineProcess:
    """A running engine. `rss_before` and `rss_after`: its resident bytes before it read its weights and when loaded."""

    lease: Lease
    process: asyncio.subprocess.Process
    rss_before: int
    rss_after: int
    stopping: bool = field(default=False, init=False)

    def memory_bytes(self) -> int:
        return resident(self.process.pid) if self.process.returncode is None else 0

    async def ended(self) -> str:
        """Waits for the process to end and says how it did."""
        return describe_exit(await self.process.wait())

    async def stop(self, *, at_once: bool) -> None:
        """Asks the engine to finish what it is doing and end; kills it when it has not after 5 s, or `at_once`."""
        self.stopping = True
        await (kill if at_once else end)(self.process)


async def start(spec: Spec, environment: dict[str, str]) -> EngineProcess:
    """Starts the program of `spec` and returns when it answers. Raises StartFailed, leaving no process behind."""
    token = secrets.token_urlsafe(32)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # the folder that the platform was started in is nobody's library
        "-m",
        spec.module,
        spec.id,  # for whoever looks at the list of processes
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={key: value for key, value in os.environ.items() if key not in KEPT_BACK}
        | environment
        | {"PENSTOCK_ENGINE_TOKEN": token},
        start_new_session=True,  # Ctrl-C in the terminal reaches the runner only, which ends its engines in order
    )
    try:
        async with asyncio.timeout(spec.load_timeout):
            await _line(process)
            rss_before = resident(process.pid)
            _stdin(process).write(b"\n")
            port = int((await _line(process))["port"])
            rss_after = resident(process.pid)
    except TimeoutError:
        await kill(process)
        raise StartFailed(f"it was not ready after {spec.load_timeout:.0f} s") from None
    except BaseException:  # also when it is cancelled: nobody else knows of this process
        await kill(process)
        raise
    lease = Lease(spec.id, f"http://127.0.0.1:{port}/v1", {"Authorization": f"Bearer {token}"})
    return EngineProcess(lease, process, rss_before, rss_after)


async def end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        await kill(process)


async def kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The next line that the engine says of itself. Raises StartFailed when it is an error, or none."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise StartFailed(f"its process {describe_exit(await process.wait())} while it was starting")
    try:
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        message = None
    if not isinstance(message, dict):
        raise StartFailed(f"its process wrote {line[:200]!r} where it should tell its port")
    said = cast("dict[str, Any]", message)
    if "error" in said:
        raise StartFailed(str(said["error"]))
    return said


def _stdin(process: asyncio.subprocess.Process) -> asyncio.StreamWriter:
    assert process.stdin is not None
    return process.stdin


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
