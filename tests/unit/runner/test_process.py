"""Starting a process as an engine, with small programs in the engine's place."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from inference.runner.catalog import Spec
from inference.runner.process import StartFailed, describe_exit, start

SPEC = Spec(id="m", kind="chat", engine="extractive", module="", description="", load_timeout=10)
READY = (
    "print('{\"starting\": true}', flush=True); sys.stdin.read(1); print('{\"port\": 7}', flush=True); sys.stdin.read()"
)


def _program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Spec:
    (folder / "pretended_engine.py").write_text(f"import os, sys, signal, time\n{text}\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return replace(SPEC, module="pretended_engine")


def _children() -> list[psutil.Process]:
    """Engines that this file has started and that still run; other tests have children of their own."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "pretended_engine" in child.cmdline():
                found.append(child)
    return found


def _wait_for_child() -> None:
    while not _children():
        time.sleep(0.01)


async def test_an_engine_that_is_ready_is_leased_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = await start(_program(tmp_path, monkeypatch, READY), {})
    assert engine.lease.base_url == "http://127.0.0.1:7/v1"
    assert engine.lease.headers["Authorization"].startswith("Bearer ")
    assert 0 < engine.rss_before <= engine.rss_after
    assert engine.memory_bytes() > 0
    await engine.stop(at_once=False)
    assert await engine.ended() == "was killed by SIGTERM"
    assert engine.memory_bytes() == 0


async def test_an_engine_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.runner.process.STOP_SECONDS", 0.2)
    engine = await start(_program(tmp_path, monkeypatch, f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{READY}"), {})
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
    ],
)
async def test_a_failed_start_says_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    with pytest.raises(StartFailed, match=words):
        await start(_program(tmp_path, monkeypatch, program), {})
    assert _children() == []


async def test_a_start_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = replace(_program(tmp_path, monkeypatch, "time.sleep(60)"), load_timeout=0.3)
    with pytest.raises(StartFailed, match="not ready after"):
        await start(spec, {})
    assert _children() == []


async def test_a_cancelled_start_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = _program(tmp_path, monkeypatch, "time.sleep(60)")
    task = asyncio.create_task(start(spec, {}))
    await asyncio.to_thread(_wait_for_child)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _children() == []


async def test_secrets_of_the_platform_are_kept_from_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "secret")
    program = "print('{\"error\": \"%s\"}' % sorted(k for k, v in os.environ.items() if v == 'secret'), flush=True)"
    with pytest.raises(StartFailed, match=r"^\[\]$"):
        await start(_program(tmp_path, monkeypatch, program), {})


def test_exits_in_words() -> None:
    assert describe_exit(1) == "ended with status 1"
    assert "memory" in describe_exit(-9)
    assert describe_exit(-200) == "was killed by signal 200"
