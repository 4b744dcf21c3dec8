"""Starting a process as an engine, with small programs in the engine's place."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import pytest

from inference.runner.asking import free_port
from inference.runner.enginelog import KEPT_BYTES, EngineLog
from inference.runner.kinds import Launch, Program, Spec
from inference.runner.process import EngineProcess, StartFailed, describe_exit, start

SPEC = Spec(id="m", kind="chat", engine="extractive", load_timeout=10)
READY = (
    "print('{\"starting\": true}', flush=True); sys.stdin.read(1); print('{\"port\": 7}', flush=True); sys.stdin.read()"
)


@dataclass(frozen=True)
class Pretended:
    """A small program in an engine's place, and where what it writes goes."""

    program: Program
    log: EngineLog = field(default_factory=EngineLog)
    seconds: float = 10

    async def start(self) -> EngineProcess:
        launch = Launch(replace(SPEC, load_timeout=self.seconds), ("cpu",), 0, None, free_port(), "key", Path(), "", "")
        return await start(self.program, launch, self.log, lambda pid: None)


def _program(folder: Path, text: str, *, speaks: bool = True) -> Pretended:
    file = folder / "pretended_engine.py"
    file.write_text(f"import os, sys, signal, time\n{text}\n")
    return Pretended(Program((sys.executable, str(file)), {"TOLD": "yes"}, speaks=speaks))


def _children() -> list[psutil.Process]:
    """Engines that this file has started and that still run; other tests have children of their own."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if any("pretended_engine" in part for part in child.cmdline()):
                found.append(child)
    return found


def _wait_for_child() -> None:
    while not _children():
        time.sleep(0.01)


async def test_an_engine_that_is_ready_is_leased_and_measured(tmp_path: Path) -> None:
    engine = await _program(tmp_path, READY).start()
    assert engine.lease.base_url == "http://127.0.0.1:7/v1"
    assert engine.lease.headers == {"Authorization": "Bearer key"}
    assert 0 < engine.rss_before <= engine.rss_after
    await engine.stop(at_once=False)
    assert await engine.ended() == "was killed by SIGTERM"


async def test_an_engine_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.runner.process.STOP_SECONDS", 0.2)
    engine = await _program(tmp_path, f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{READY}").start()
    await engine.stop(at_once=False)
    assert "SIGKILL" in await engine.ended()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ('print(\'{"error": "no weights here"}\', flush=True)', "no weights here"),
        ("sys.exit(3)", "ended with status 3"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("print('hello', flush=True); time.sleep(60)", "hello"),
        ("print('[1]', flush=True); time.sleep(60)", "tell its port"),
        ("print('x' * 100_000, flush=True); time.sleep(60)", "more than 65536 bytes"),
        ("print('{}', flush=True); print('{\"port\": \"7\"}', flush=True); time.sleep(60)", "did not tell its port"),
    ],
)
async def test_a_failed_start_says_why_and_leaves_nothing(tmp_path: Path, program: str, words: str) -> None:
    with pytest.raises(StartFailed, match=words):
        await _program(tmp_path, program).start()
    assert _children() == []


async def test_a_start_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    pretended = replace(_program(tmp_path, "time.sleep(60)"), seconds=0.3)
    with pytest.raises(StartFailed, match="not ready after"):
        await pretended.start()
    assert _children() == []


async def test_a_cancelled_start_leaves_nothing(tmp_path: Path) -> None:
    task = asyncio.create_task(_program(tmp_path, "time.sleep(60)").start())
    await asyncio.to_thread(_wait_for_child)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _children() == []


async def test_secrets_of_the_platform_are_kept_from_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, "secret")
    program = "print('{\"error\": \"%s\"}' % sorted(k for k, v in os.environ.items() if v == 'secret'), flush=True)"
    with pytest.raises(StartFailed, match=r"^\[\]$"):
        await _program(tmp_path, program).start()


def test_exits_in_words() -> None:
    assert describe_exit(1) == "ended with status 1"
    assert "memory" in describe_exit(-9)
    assert describe_exit(-200) == "was killed by signal 200"


async def test_what_an_engine_writes_is_in_its_log(tmp_path: Path) -> None:
    text = "sys.stderr.buffer.write(b'no weights ' + os.environb[b'TOLD'] + b'\\n' + b'\\xff'); sys.exit(1)"
    pretended = _program(tmp_path, text)
    with pytest.raises(StartFailed):
        await pretended.start()
    assert pretended.log.last(5) == ["no weights yes", "\\xff"]


async def test_a_log_keeps_the_last_of_a_flood() -> None:
    log = EngineLog()
    stream = asyncio.StreamReader()
    stream.feed_data(b"".join(b"line %d\n" % number for number in range(100_000)) + b"x" * 1_000_000)
    stream.feed_eof()
    await log.read(stream)
    lines = log.last(5000)
    assert len(lines) + log.dropped > 100_000
    assert sum(map(len, lines)) <= KEPT_BYTES
