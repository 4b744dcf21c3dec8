"""The pool's effects on real processes: every wait happens here, in tasks that report to the pool's inbox."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp

from inference.models.models import LoadRecord
from inference.runner.pool import Ended, Hung, Message, NotStarted, Started
from inference.runner.process import EngineProcess, StartFailed, start
from inference.runner.slots import MIB, Engine

if TYPE_CHECKING:
    from inference.runner.catalog import Spec

log = logging.getLogger(__name__)

KEPT_LOADS = 50
PROBE_SECONDS = 5.0  # an engine at work on both cores may take a while to say that it lives


class Launcher:
    """Starts, stops and watches engine processes. `environment(spec)` is what an engine's process is told."""

    def __init__(self, inbox: asyncio.Queue[Message], environment: Callable[[Spec], dict[str, str]]) -> None:
        self._inbox = inbox
        self._environment = environment
        self._tasks: set[asyncio.Task[None]] = set()
        self._starts: dict[str, asyncio.Task[None]] = {}
        self.loads: deque[LoadRecord] = deque(maxlen=KEPT_LOADS)  # newest first

    def start(self, spec: Spec) -> None:
        self._starts[spec.id] = self._spawn(self._start(spec))

    def abandon(self, spec: Spec) -> None:
        self._starts[spec.id].cancel()

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        self._spawn(_process(engine).stop(at_once=at_once))  # `_watch` reports the end

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        self._spawn(self._probe(spec, _process(engine), done))

    async def close(self) -> None:
        """Waits for the last tasks, after the pool has stopped every engine."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start(self, spec: Spec) -> None:
        log.info("loading %s", spec.id)
        begin = time.perf_counter()
        try:
            engine = await start(spec, self._environment(spec))
        except asyncio.CancelledError:
            self._inbox.put_nowait(NotStarted(spec.id, "it was unloaded while it was loading"))
            raise
        except (StartFailed, OSError) as error:
            log.error("%s cannot be loaded: %s", spec.id, error)
            self._inbox.put_nowait(NotStarted(spec.id, str(error)))
            return
        seconds = time.perf_counter() - begin
        self.loads.appendleft(
            LoadRecord(
                model=spec.id,
                at=datetime.now(UTC),
                seconds=round(seconds, 3),
                rss_before_mb=round(engine.rss_before / MIB, 1),
                rss_after_mb=round(engine.rss_after / MIB, 1),
            )
        )
        log.info("%s is ready after %.2f s, %.0f MiB", spec.id, seconds, engine.rss_after / MIB)
        self._inbox.put_nowait(Started(spec.id, engine, seconds))
        self._spawn(self._watch(spec, engine))

    async def _watch(self, spec: Spec, engine: EngineProcess) -> None:
        reason = await engine.ended()
        if not engine.stopping:
            log.error("the engine of %s %s", spec.id, reason)
        self._inbox.put_nowait(Ended(spec.id, engine, f"its process {reason}"))

    async def _probe(self, spec: Spec, engine: EngineProcess, done: asyncio.Future[None]) -> None:
        if not await _answers(engine):
            self._inbox.put_nowait(Hung(spec.id, engine, done))
        elif not done.done():
            done.set_result(None)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
        return task


async def _answers(engine: EngineProcess) -> bool:
    url = engine.lease.base_url.removesuffix("/v1") + "/health"
    try:
        timeout = aiohttp.ClientTimeout(total=PROBE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


def _process(engine: Engine) -> EngineProcess:
    assert isinstance(engine, EngineProcess)
    return engine
