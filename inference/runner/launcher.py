"""The pool's effects on real processes: every wait happens here, in tasks that report to the pool's inbox."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from inference.models.models import LoadRecord
from inference.runner.asking import answers, ask_of, free_port
from inference.runner.enginelog import EngineLog
from inference.runner.kinds import Ask, Failure, Launch, Unusable, kind_of
from inference.runner.messages import (
    Assessed,
    Ended,
    Hung,
    Message,
    NotStarted,
    Slept,
    Started,
    Tick,
    Woken,
)
from inference.runner.policy import OFF
from inference.runner.process import EngineProcess, StartFailed, start
from inference.runner.slots import MIB, Engine

if TYPE_CHECKING:
    from inference.runner.kinds import Spec
    from inference.runner.meter import Meter
    from inference.runner.policy import Fall, Room, Share, Way
    from inference.runner.residuals import Residuals

log = logging.getLogger(__name__)

KEPT_LOADS = 50
WATCH_SECONDS = 15.0
MISSED = 3  # so many unanswered questions in a row, each WATCH_SECONDS after the other, and an engine hangs
EXPLAINED_LINES = 200
LAST_WORDS_SECONDS = 0.05  # until what an engine wrote last before its end has been read


@dataclass(frozen=True, slots=True)
class Site:
    """Where the runner is: what engines are told of it."""

    home: Path
    runner_url: str
    runner_token: str


class Launcher:
    """Starts, stops and watches engine processes."""

    def __init__(self, inbox: asyncio.Queue[Message], site: Site, meter: Meter, residuals: Residuals) -> None:
        self._inbox = inbox
        self._site = site
        self._meter = meter
        self._residuals = residuals
        self._tasks: set[asyncio.Task[None]] = set()
        self._starts: dict[str, asyncio.Task[None]] = {}
        self._rooms: dict[str, Share] = {}  # what each was given at its start
        self._alarm: asyncio.TimerHandle | None = None
        self.logs: dict[str, EngineLog] = defaultdict(EngineLog)
        self.loads: deque[LoadRecord] = deque(maxlen=KEPT_LOADS)  # newest first

    # What the pool asks for (messages.Effects).

    def assess(self, spec: Spec, context: int | None) -> None:
        self._spawn(self._assess(spec, context))

    def measure(self) -> None:
        self._spawn(self._meter.measure())

    def start(self, spec: Spec, room: Room, context: int | None) -> None:
        task = self._starts[spec.id] = self._spawn(self._start(spec, room, context))
        task.add_done_callback(partial(self._start_ended, spec.id))

    def abandon(self, spec: Spec) -> None:
        if task := self._starts.pop(spec.id, None):  # none once it has come to answer, which ends in Started
            task.cancel()

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        self._spawn(_process(engine).stop(at_once=at_once))  # `_watch` reports the end

    def sleep(self, spec: Spec, engine: Engine, fall: Fall) -> None:
        self._spawn(self._sleep(spec, _process(engine), fall))

    def wake(self, spec: Spec, engine: Engine, level: int) -> None:
        self._spawn(self._wake(spec, _process(engine), level))

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        self._spawn(self._probe(spec, _process(engine), done))

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        return kind_of(spec.engine).smaller(spec, context, room)

    def asleep(self, spec: Spec, share: Share, load_seconds: float, deepest: int) -> Sequence[tuple[int, Share, float]]:
        kind = kind_of(spec.engine)
        return [
            (level, kind.asleep(spec, level, share), kind.back_seconds(level, load_seconds))
            for level in kind.sleep_levels
            if level <= deepest
        ]

    def look_again(self, seconds: float) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(seconds, self._inbox.put_nowait, Tick())

    # Its own life.

    def forget(self, model: str) -> None:
        """A model that was taken away: what its engines wrote goes with it."""
        self.logs.pop(model, None)
        self._rooms.pop(model, None)

    async def close(self) -> None:
        """Waits for the last tasks, after the pool has stopped every engine."""
        if self._alarm:
            self._alarm.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _assess(self, spec: Spec, context: int | None) -> None:
        try:
            ways = await asyncio.to_thread(self._ways, spec, context)
        except Exception as error:  # files may hold anything, and who waits must be told
            log.warning("what %s needs cannot be told: %s", spec.id, error)
            self._inbox.put_nowait(Assessed(spec.id, (), str(error) or type(error).__name__))
            return
        self._inbox.put_nowait(Assessed(spec.id, ways))

    def _ways(self, spec: Spec, context: int | None) -> tuple[Way, ...]:
        return kind_of(spec.engine).ways(spec, context, self._residuals.of(spec.engine, spec.id))

    async def _start(self, spec: Spec, room: Room, context: int | None) -> None:
        log.info("loading %s", spec.id)
        begin = time.perf_counter()
        lines = self.logs[spec.id]
        lines.add(f"--- starting {spec.id}")
        try:
            launch = self._launch(spec, room, context)
            program = kind_of(spec.engine).program(launch)
            self._rooms[spec.id] = room.share
            engine = await start(program, launch, lines, lambda pid: self._meter.follow(spec.id, pid, room.share))
        except (StartFailed, OSError, Unusable) as error:
            self._meter.leave(spec.id)
            self._not_started(spec, str(error))
            return
        self._starts.pop(spec.id, None)  # whoever wants it gone now stops an engine, which nobody else could
        seconds = time.perf_counter() - begin
        share = await self._meter.share(spec.id, engine.process.pid, room.share)
        known = self._residuals.of(spec.engine, spec.id)
        estimated = sum(room.share.values()) - known
        await asyncio.to_thread(
            self._residuals.learn, spec.engine, spec.id, estimated=estimated, measured=sum(share.values())
        )
        self._record(spec, engine, seconds)
        log.info("%s is ready after %.2f s, %.0f MiB", spec.id, seconds, sum(share.values()) / MIB)
        self._inbox.put_nowait(Started(spec.id, engine, seconds, share))
        self._spawn(self._watch(spec, engine))

    def _start_ended(self, model: str, task: asyncio.Task[None]) -> None:
        """Tells of a start that could not tell of itself: given up, even before its first step, or gone wrong in a way
        that nobody has thought of. Whoever waits must hear of it."""
        if task.cancelled():
            words = "it was unloaded while it was loading"
        elif error := task.exception():
            log.error("loading %s went wrong", model, exc_info=error)
            words = str(error) or type(error).__name__
        else:
            return
        self._meter.leave(model)
        self._inbox.put_nowait(NotStarted(model, Failure(False, words)))

    def _not_started(self, spec: Spec, ending: str) -> None:
        failure = kind_of(spec.engine).explain(self.logs[spec.id].last(EXPLAINED_LINES), ending)
        log.error("%s cannot be loaded: %s", spec.id, failure.words)
        self._inbox.put_nowait(NotStarted(spec.id, failure))

    def _launch(self, spec: Spec, room: Room, context: int | None) -> Launch:
        return Launch(
            spec=spec,
            devices=room.devices,
            bytes_each=room.way.each if room.way else max(room.share.values(), default=0),
            context=context if context is not None else spec.context,
            port=free_port(),
            token=secrets.token_urlsafe(32),
            home=self._site.home,
            runner_url=self._site.runner_url,
            runner_token=self._site.runner_token,
        )

    def _record(self, spec: Spec, engine: EngineProcess, seconds: float) -> None:
        self.loads.appendleft(
            LoadRecord(
                model=spec.id,
                at=datetime.now(UTC),
                seconds=round(seconds, 3),
                rss_before_mb=round(engine.rss_before / MIB, 1),
                rss_after_mb=round(engine.rss_after / MIB, 1),
            )
        )

    async def _sleep(self, spec: Spec, engine: EngineProcess, fall: Fall) -> None:
        level = fall.to.level
        assert level != OFF
        if await self._asked(spec, engine, kind_of(spec.engine).sleep(level), "fell asleep"):
            share = await self._meter.share(spec.id, engine.process.pid, fall.to.share)
            self._inbox.put_nowait(Slept(spec.id, engine, level, share))

    async def _wake(self, spec: Spec, engine: EngineProcess, level: int) -> None:
        begin = time.perf_counter()
        if await self._asked(spec, engine, kind_of(spec.engine).wake(level), "woke"):
            share = await self._meter.share(spec.id, engine.process.pid, self._rooms[spec.id])
            self._inbox.put_nowait(Woken(spec.id, engine, time.perf_counter() - begin, share))

    async def _asked(self, spec: Spec, engine: EngineProcess, asks: Sequence[Ask], verb: str) -> bool:
        """Whether the engine did all of it; one that did not is reported as hung."""
        try:
            for ask in asks:
                await ask_of(engine, ask)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            why = f"it was ended because it did not do as told when it {verb}: {error or type(error).__name__}"
            self._inbox.put_nowait(Hung(spec.id, engine, None, why))
            return False
        return True

    async def _watch(self, spec: Spec, engine: EngineProcess) -> None:
        looking = asyncio.create_task(self._look_after(spec, engine))
        reason = await engine.ended()
        looking.cancel()
        self._meter.leave(spec.id, engine.process.pid)
        words = f"its process {reason}"
        if not engine.stopping:
            await asyncio.sleep(LAST_WORDS_SECONDS)
            words = kind_of(spec.engine).explain(self.logs[spec.id].last(EXPLAINED_LINES), reason).words
            log.error("the engine of %s: %s", spec.id, words)
        self._inbox.put_nowait(Ended(spec.id, engine, words))

    async def _look_after(self, spec: Spec, engine: EngineProcess) -> None:
        missed = 0
        while missed < MISSED:
            await asyncio.sleep(WATCH_SECONDS)
            missed = 0 if await answers(engine) else missed + 1
        self._inbox.put_nowait(Hung(spec.id, engine))

    async def _probe(self, spec: Spec, engine: EngineProcess, done: asyncio.Future[None]) -> None:
        if not await answers(engine) and engine.process.returncode is None:
            self._inbox.put_nowait(Hung(spec.id, engine, done))
            return
        if engine.process.returncode is not None:
            await asyncio.sleep(LAST_WORDS_SECONDS * 2)  # `_watch` tells the pool of its end meanwhile
        if not done.done():
            done.set_result(None)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
        return task


def _process(engine: Engine) -> EngineProcess:
    assert isinstance(engine, EngineProcess)
    return engine
