"""The warden over small programs: nothing that they have started outlives it, whichever of them dies first."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import psutil
import pytest

from inference.runner import Lease
from inference.runner.process import EngineProcess, kill

# A program with a child, and a grandchild whose parent has ended. Each writes its pid.
FAMILY = """
import os, pathlib, signal, sys, time
home = pathlib.Path(sys.argv[1])
def tell(name):
    (home / (name + ".new")).write_text(str(os.getpid()))
    (home / (name + ".new")).rename(home / name)
if os.fork() == 0:
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        tell("orphan")
        time.sleep(60)
    os._exit(0)
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell("child")
    time.sleep(60)
os.wait()
exec(sys.argv[2])
tell("program")
time.sleep(60)
"""
NAMES = ("program", "child", "orphan")


@contextlib.asynccontextmanager
async def _warden(*command: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "inference.runner.warden", "--", *command,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def _family(home: Path) -> dict[str, psutil.Process]:
    async with asyncio.timeout(20):
        while not all((home / name).exists() for name in NAMES):  # noqa: ASYNC110 - another process makes them
            await asyncio.sleep(0.02)
    return {name: psutil.Process(int((home / name).read_text())) for name in NAMES}


async def _all_end(family: dict[str, psutil.Process]) -> None:
    async with asyncio.timeout(15):
        while any(map(_runs, family.values())):  # noqa: ASYNC110 - they are no children of this process
            await asyncio.sleep(0.02)


def _runs(process: psutil.Process) -> bool:
    """Whoever adopts a dead process may take a while to notice."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_all_end_when_the_runner_is_gone(tmp_path: Path) -> None:
    async with _warden(sys.executable, "-c", FAMILY, str(tmp_path), "") as warden:
        family = await _family(tmp_path)
        assert warden.stdin is not None
        warden.stdin.close()
        await _all_end(family)
        await warden.wait()


async def test_sigterm_is_passed_on_and_the_rest_is_killed(tmp_path: Path) -> None:
    orderly = "signal.signal(signal.SIGTERM, lambda *_: (tell('farewell'), os._exit(7)))"
    async with _warden(sys.executable, "-c", FAMILY, str(tmp_path), orderly) as warden:
        family = await _family(tmp_path)
        warden.send_signal(signal.SIGTERM)
        assert await warden.wait() == 7
        assert (tmp_path / "farewell").exists()
        await _all_end(family)


async def test_a_program_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    async with _warden(
        sys.executable, "-c", FAMILY, str(tmp_path), "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    ) as warden:
        family = await _family(tmp_path)
        warden.send_signal(signal.SIGTERM)
        assert await warden.wait() == -signal.SIGKILL  # after GRACE_SECONDS
        await _all_end(family)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_program_that_is_killed_takes_all_along_and_the_warden_tells_how(tmp_path: Path, number: int) -> None:
    async with _warden(sys.executable, "-c", FAMILY, str(tmp_path), "") as warden:
        family = await _family(tmp_path)
        family["program"].send_signal(number)
        assert await warden.wait() == -number
        await _all_end(family)


async def test_a_program_does_not_outlive_a_killed_warden(tmp_path: Path) -> None:
    async with _warden(sys.executable, "-c", FAMILY, str(tmp_path), "") as warden:
        family = await _family(tmp_path)
        warden.kill()
        await _all_end({"program": family["program"]})
        for name in ("child", "orphan"):  # the runner ends them: see the next
            family[name].kill()


@pytest.mark.parametrize("killed_by", ["the runner", "somebody"])
async def test_the_runner_ends_what_a_killed_warden_leaves(tmp_path: Path, killed_by: str) -> None:
    async with _warden(sys.executable, "-c", FAMILY, str(tmp_path), "") as warden:
        family = await _family(tmp_path)
        if killed_by == "the runner":
            await kill(warden)
        else:
            warden.kill()
            await EngineProcess(Lease("m", ""), warden, 0, 0).ended()
        await _all_end(family)


async def test_what_a_program_writes_and_how_it_ends_passes_through() -> None:
    program = "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)"
    async with _warden(sys.executable, "-c", program) as warden:
        assert warden.stdout is not None
        assert warden.stderr is not None
        assert await warden.stdout.read() == b"out\n"
        assert await warden.stderr.read() == b"err"
        assert await warden.wait() == 3


@pytest.mark.parametrize(("command", "status"), [("/nowhere/vllm", 127), ("/etc/passwd", 126)])
async def test_a_command_that_cannot_be_started_is_told(command: str, status: int) -> None:
    async with _warden(command) as warden:
        _, err = await warden.communicate()
        assert warden.returncode == status
        assert f"{command} cannot be started" in err.decode()


async def test_a_command_must_be_given() -> None:
    async with _warden() as warden:
        _, err = await warden.communicate(b"")
        assert (warden.returncode, err) == (2, b"usage: python -m inference.runner.warden -- COMMAND\xe2\x80\xa6\n")
