"""Runs the whole platform in the foreground: database, runner, server, worker. What dies is started again; when the
supervisor ends, all of it ends."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

from db import DatabaseUnreachable, EmbeddedPostgres, apply_schema
from inference.errors import PenstockError
from inference.models.common import Fault
from inference.settings import Settings

_READY_SECONDS = 120.0
_STOP_SECONDS = 10.0
_SHORTEST_BACKOFF, _LONGEST_BACKOFF = 0.5, 30.0
_LONGEST_LOG = 20 * 1024 * 1024

PARTS = {"runner": "inference.runner", "server": "inference.server", "worker": "inference.composer"}
# What queued runs can wait for begins when people can already log in: two processes that start at once share the cores.
LATER = {"worker"}


class CannotStart(PenstockError):
    """Something in the way of a start; the message says what to do."""


def say(text: str) -> None:
    """A line for the person who started it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Child:
    """One part in a process of its own, started again with growing pauses when it ends by itself.

    It is told to end with SIGTERM; and it ends by itself when the pipe on its standard input closes, which happens
    whatever way this process goes.
    """

    def __init__(self, name: str, module: str, environment: dict[str, str], log: Path) -> None:
        self.name, self._module, self._environment, self._log = name, module, environment, log
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def run(self, may_start: asyncio.Event) -> None:
        """Keeps the part alive until `stop()`."""
        await may_start.wait()
        pause = _SHORTEST_BACKOFF
        while not self._stopping:
            begun = time.monotonic()
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", self._module,
                    stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log,
                    env=self._environment, start_new_session=True,
                )  # fmt: skip
            code = await self._process.wait()
            if self._stopping:
                return
            lived_long = time.monotonic() - begun > _LONGEST_BACKOFF
            pause = _SHORTEST_BACKOFF if lived_long else min(pause * 2, _LONGEST_BACKOFF)
            how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
            say(f"  {self.name:<9} {how}; starting it again (log: {self._log})")
            await asyncio.sleep(pause if code > 0 else 0)

    async def stop(self) -> None:
        """Ends the process: asked first, then by force."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "\n".join(lines[-15:])


async def supervise(settings: Settings) -> int:
    """Starts everything, waits for SIGINT or SIGTERM, stops everything. Returns the exit status."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    home = settings.home_dir
    say(f"Penstock · everything it keeps is in {home}")
    with _only_one(home):
        port = _free_port(settings.host, settings.port)
        ready_to_work = asyncio.Event()
        async with _database(settings) as url, _parts(settings, url, port, ready_to_work) as children:
            address = f"http://{_shown(settings.host)}:{port}"
            ready = asyncio.create_task(_wait_until_ready(settings.host, port))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({ready, stopped}, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            if not stopped.done() and not ready.result():
                say(f"It is not ready after {_READY_SECONDS:g} seconds. The end of the server's log:\n")
                say(next(child.last_words() for child in children if child.name == "server"))
                return 1
            if not stopped.done():
                say(f"Penstock is ready at {address}")
                ready_to_work.set()
                await stopped
            say("Stopping …")
    say("Stopped. Everything is kept.")
    return 0


@contextlib.contextmanager
def _only_one(home: Path) -> Generator[None]:
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another Penstock is running on {home}. Stop it, or set PENSTOCK_HOME to another folder."
            ) from None
        yield


def _free_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Cannot listen at {host}:{port}: {error.strerror}. Set PENSTOCK_PORT to a free port."
            ) from None
        return probe.getsockname()[1]


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


@contextlib.asynccontextmanager
async def _database(settings: Settings) -> AsyncGenerator[str]:
    if settings.database_url:
        await apply_schema(settings.database_url, _check_stored)
        yield settings.database_url
        return
    begun = time.perf_counter()
    first = not (settings.home_dir / "postgres").exists()
    postgres = EmbeddedPostgres(settings.home_dir)
    await postgres.start()
    made = "made and started" if first else "started"
    keeping: asyncio.Task[None] | None = None
    try:
        await apply_schema(postgres.url, _check_stored)
        say(f"  database  embedded PostgreSQL {made} in {time.perf_counter() - begun:.1f} s")
        keeping = asyncio.create_task(_keep(postgres))
        yield postgres.url
    finally:
        if keeping:
            keeping.cancel()
            await asyncio.wait([keeping])
        await postgres.stop()


async def _keep(postgres: EmbeddedPostgres) -> None:
    """Starts it again whenever it ends, and tries until it can be started: a full disk may have room again."""
    while True:
        await postgres.ended()
        say("  database  ended; starting it again")
        pause = _SHORTEST_BACKOFF
        while True:
            try:
                await postgres.start()
            except (DatabaseUnreachable, OSError) as error:
                say(f"  database  {error}")
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_BACKOFF)
            else:
                say("  database  started")
                break


def _check_stored(definition: dict[str, Any]) -> list[Fault]:
    # The composer takes a second to import, which only the first start of a new release has to wait for.
    from inference.composer import check_stored  # noqa: PLC0415

    return check_stored(definition)


@contextlib.asynccontextmanager
async def _parts(settings: Settings, url: str, port: int, ready_to_work: asyncio.Event) -> AsyncGenerator[list[Child]]:
    logs = settings.home_dir / "log"
    logs.mkdir(exist_ok=True, mode=0o700)
    environment = os.environ | {
        "DATABASE_URL": url,
        "PENSTOCK_HOME": str(settings.home_dir),
        "PENSTOCK_PORT": str(port),
        "PENSTOCK_RUNNER_URL": f"http://127.0.0.1:{_free_port('127.0.0.1', 0)}",
        "PENSTOCK_RUNNER_TOKEN": secrets.token_urlsafe(32),
        "PENSTOCK_PARENT_PIPE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    children: list[Child] = []
    for name, module in PARTS.items():
        log = logs / f"{name}.log"
        if log.exists() and log.stat().st_size > _LONGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        children.append(Child(name, module, environment, log))
    say(f"  parts     {', '.join(PARTS)} starting; logs in {logs}")
    at_once = asyncio.Event()
    at_once.set()
    tasks = [asyncio.create_task(child.run(ready_to_work if child.name in LATER else at_once)) for child in children]
    try:
        yield children
    finally:
        await asyncio.gather(*(child.stop() for child in children))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _wait_until_ready(host: str, port: int) -> bool:
    for _ in range(int(_READY_SECONDS / 0.05)):
        if await _answers_ready("127.0.0.1" if host == "0.0.0.0" else host, port):  # noqa: S104
            return True
        await asyncio.sleep(0.05)
    return False


async def _answers_ready(host: str, port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        writer.write(f"GET /readyz HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        return b" 200 " in await asyncio.wait_for(reader.readline(), 5)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
