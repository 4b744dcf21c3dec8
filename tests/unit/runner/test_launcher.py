"""Starts that are given up, at whatever moment, and starts that go wrong: the pool always hears how they ended."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from inference.runner import launcher as launching
from inference.runner.engines.extractive.kind import ExtractiveKind
from inference.runner.gauge import Gauge, Root
from inference.runner.kinds import Launch, Program, Spec
from inference.runner.launcher import Launcher, Site
from inference.runner.messages import Ended, Message, NotStarted, Started
from inference.runner.meter import Meter
from inference.runner.policy import Room, Share
from inference.runner.residuals import Residuals

SPEC = Spec("m", "chat", "extractive", load_timeout=20)
ROOM = Room({"cpu": 1}, ("cpu",), None)
READY = """
import sys
print('{"starting": true}', flush=True); sys.stdin.read(1)
print('{"port": 7}', flush=True); sys.stdin.read()
"""


class Kind(ExtractiveKind):
    """A small program in the engine's place; `fails`: there is none."""

    def __init__(self, text: str = READY, *, fails: bool = False) -> None:
        self._text, self._fails = text, fails

    def program(self, launch: Launch) -> Program:
        if self._fails:
            raise ZeroDivisionError("nobody has thought of this")
        return Program((sys.executable, "-c", self._text), speaks=True)


class HeldGauge(Gauge):
    """Its measurement of one engine lasts until `go`."""

    def __init__(self) -> None:
        super().__init__(None)
        self.asked, self.go = threading.Event(), threading.Event()

    def share(self, root: Root) -> Share:
        self.asked.set()
        assert self.go.wait(20)
        return super().share(root)


@dataclass
class Bench:
    launcher: Launcher
    inbox: asyncio.Queue[Message]
    gauge: HeldGauge
    patch: pytest.MonkeyPatch

    def start(self, kind: Kind) -> None:
        def kind_of(_engine: str) -> Kind:
            return kind

        self.patch.setattr(launching, "kind_of", kind_of)
        self.launcher.start(SPEC, ROOM, None)

    async def told(self) -> Message:
        async with asyncio.timeout(20):
            return await self.inbox.get()


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Bench]:
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    gauge = HeldGauge()
    meter = Meter(inbox, gauge)
    made = Launcher(inbox, Site(tmp_path, "http://127.0.0.1:1", "t"), meter, Residuals(tmp_path / "memory.json"))
    yield Bench(made, inbox, gauge, monkeypatch)
    gauge.go.set()
    await made.close()
    await meter.close()


async def test_one_given_up_before_its_first_step_tells(bench: Bench) -> None:
    bench.start(Kind())
    bench.launcher.abandon(SPEC)
    message = await bench.told()
    assert isinstance(message, NotStarted)
    assert "unloaded while it was loading" in message.failure.words


async def test_one_given_up_on_its_way_leaves_no_process(bench: Bench) -> None:
    bench.start(Kind("import sys; sys.stdin.read()"))
    async with asyncio.timeout(20):
        while not _children():  # noqa: ASYNC110 - a process of the system is no event
            await asyncio.sleep(0.01)
    bench.launcher.abandon(SPEC)
    assert isinstance(await bench.told(), NotStarted)
    assert _children() == []


async def test_one_given_up_when_it_has_just_answered_is_handed_over_to_be_stopped(bench: Bench) -> None:
    bench.start(Kind())
    assert await asyncio.to_thread(bench.gauge.asked.wait, 20)
    bench.launcher.abandon(SPEC)
    bench.gauge.go.set()
    started = await bench.told()
    assert isinstance(started, Started)
    bench.launcher.stop(SPEC, started.engine, at_once=True)
    assert isinstance(await bench.told(), Ended)
    assert _children() == []


async def test_one_that_goes_wrong_unforeseen_tells(bench: Bench) -> None:
    bench.start(Kind(fails=True))
    message = await bench.told()
    assert isinstance(message, NotStarted)
    assert message.failure.words == "nobody has thought of this"


async def test_an_engine_whose_memory_cannot_be_measured_counts_as_what_it_was_given(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(root: Root) -> Share:
        raise ZeroDivisionError("nobody has thought of this")

    monkeypatch.setattr(bench.gauge, "share", never)
    bench.start(Kind())
    started = await bench.told()
    assert isinstance(started, Started)
    assert started.share == ROOM.share
    bench.launcher.stop(SPEC, started.engine, at_once=True)
    assert isinstance(await bench.told(), Ended)


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "sys.stdin.read" in " ".join(child.cmdline())]
