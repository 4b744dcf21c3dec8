"""Memory measured every few seconds, and when somebody asks: what was read last, and what each engine holds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from inference.runner.gauge import Root
from inference.runner.messages import Measured, Message

if TYPE_CHECKING:
    from inference.models.models import MemoryPoint
    from inference.runner.gauge import Gauge, Reading
    from inference.runner.policy import Share

log = logging.getLogger(__name__)

SAMPLE_SECONDS = 10.0
FRESH = 1.0


class Meter:
    """Reads the gauge in threads, for the engines that it was told of, and reports to the pool's inbox."""

    def __init__(self, inbox: asyncio.Queue[Message], gauge: Gauge) -> None:
        self._inbox = inbox
        self._gauge = gauge
        self._roots: dict[str, Root] = {}
        self.reading: Reading | None = None
        self.on_measured: Callable[[], None] = lambda: None
        self._read_at = float("-inf")
        self._unmeasured = False
        self._reading_now: asyncio.Task[None] | None = None

    @property
    def history(self) -> list[MemoryPoint]:
        return self._gauge.history

    def follow(self, model: str, pid: int, given: Share) -> None:
        """From now on this is a model's process, which was `given` so much."""
        self._roots[model] = Root(pid, given)

    def leave(self, model: str, pid: int | None = None) -> None:
        """A model has no process any more; with `pid`, unless it has another one by now."""
        if (root := self._roots.get(model)) and pid in (None, root.pid):
            del self._roots[model]

    async def measure(self) -> None:
        """Where it fails nothing is told: who waits for it is told by the next one, at most SAMPLE_SECONDS later."""
        try:
            self.reading = await asyncio.to_thread(self._gauge.read, dict(self._roots))
            self._read_at = time.monotonic()
            self._gauge.keep(self.reading)
            self._inbox.put_nowait(Measured(self.reading.places, self.reading.shares))
            self.on_measured()
        except Exception:  # drivers and the kernel's files may fail in ways that nobody has thought of
            if not self._unmeasured:
                log.exception(
                    "memory cannot be measured; it is tried every %g s, and nothing is loaded", SAMPLE_SECONDS
                )
            self._unmeasured = True
        else:
            self._unmeasured = False

    async def share(self, model: str, pid: int, given: Share) -> Share:
        """What a process that is followed from now on holds; where that cannot be told, what it was `given`: it runs,
        and somebody has to know of it."""
        self.follow(model, pid, given)
        try:
            return await asyncio.to_thread(self._gauge.share, self._roots[model])
        except Exception:  # as above
            log.exception("what %s holds cannot be measured", model)
            return given

    async def fresh_reading(self) -> None:
        """Returns when what was measured is at most FRESH seconds old. All who ask at once share one measurement."""
        if time.monotonic() - self._read_at <= FRESH:
            return
        if self._reading_now is None or self._reading_now.done():
            self._reading_now = asyncio.get_running_loop().create_task(self.measure())
        await asyncio.shield(self._reading_now)

    async def sample(self) -> None:
        """Measures every few seconds, until it is cancelled."""
        while True:
            await self.measure()
            await asyncio.sleep(SAMPLE_SECONDS)

    async def close(self) -> None:
        """Waits for the last measurement."""
        if self._reading_now:
            await asyncio.gather(self._reading_now, return_exceptions=True)
        self._gauge.close()
