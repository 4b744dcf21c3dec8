"""The load generator, in a process of its own: `python -m inference.evaluation.load` reads a Load as JSON from stdin
and writes a Result to stdout. Raw sockets that are kept open; every answer is checked."""

from __future__ import annotations

import asyncio
import base64
import sys
import time
from dataclasses import dataclass, field
from typing import cast

import orjson
import psutil
import uvloop

from inference.evaluation import wire
from inference.evaluation.figures import percentile
from inference.evaluation.processes import cpu_seconds, pss_mb


@dataclass(frozen=True, slots=True)
class Load:
    """What to send where. `request`: the bytes in base64; `says`: what every answer must hold; `pid`: whose CPU time
    counts. `events` None: the answer is one message, and requests follow one another for `seconds` after
    `warm_seconds`. Else it is a stream of at least so many events, and each connection asks once."""

    port: int
    request: str
    says: str
    pid: int
    connections: int
    seconds: float = 3.0
    warm_seconds: float = 1.0
    events: int | None = None


@dataclass(slots=True)
class Result:
    """What came of it, over the time that was measured. `p50_us`, `p99_us`: an answer's first to last byte; for streams
    their first byte. `open_mb`: by how much memory (PSS) of the process grew until all streams had begun."""

    answers: int
    seconds: float
    cpu_seconds: float
    p50_us: float
    p99_us: float
    open_mb: float = 0.0


class LoadFailed(Exception):
    """An answer was not what it should be."""


@dataclass(slots=True)
class _Tally:
    """What the connections of one process have seen."""

    load: Load
    request: bytes
    says: bytes
    done: asyncio.Future[None]
    answers: int = 0
    open: int = 0
    begun: int = 0
    memory_mb: float = 0.0
    open_mb: float = 0.0
    took: list[float] = field(default_factory=list[float])

    def stream_began(self) -> None:
        """Looks at the memory when the last stream has begun and none has ended."""
        self.begun += 1
        if self.load.events is not None and self.begun == self.load.connections:
            self.open_mb = pss_mb(psutil.Process(self.load.pid)) - self.memory_mb

    def fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(LoadFailed(why))


class Connection(asyncio.Protocol):
    """Sends, checks the answer, sends again."""

    def __init__(self, tally: _Tally) -> None:
        self._tally = tally
        self._buffer = bytearray()
        self._begun = self._first = 0.0
        self._over = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's does not inherit from it
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._over:
            self._tally.fail(f"the connection was closed ({exc or 'by the other side'})")

    def data_received(self, data: bytes) -> None:
        if not self._buffer:
            self._first = time.perf_counter()
            self._tally.stream_began()
        self._buffer += data
        if (whole := wire.message(self._buffer)) is None:
            return
        head, body, _ = whole
        self._buffer.clear()
        tally = self._tally
        if wire.status(head) != 200 or tally.says not in body:
            tally.fail(f"{head[:80].decode(errors='replace')}: {body[:300].decode(errors='replace')}")
        elif tally.load.events is None:
            tally.answers += 1
            tally.took.append(time.perf_counter() - self._begun)
            self._send()
        else:
            self._stream_ended(body.count(b"data: "))

    def _stream_ended(self, events: int) -> None:
        tally = self._tally
        if events < (tally.load.events or 0):
            tally.fail(f"a stream of {events} events ended too soon")
            return
        tally.answers += 1
        tally.took.append(self._first - self._begun)
        self.close()
        tally.open -= 1
        if not tally.open and not tally.done.done():
            tally.done.set_result(None)

    def close(self) -> None:
        """Asks no more."""
        self._over = True
        if self._transport:
            self._transport.abort()

    def _send(self) -> None:
        assert self._transport
        self._begun = time.perf_counter()
        self._transport.write(self._tally.request)


async def run(load: Load) -> Result:
    """Raises LoadFailed at the first answer that is not as it should be."""
    loop = asyncio.get_running_loop()
    tally = _Tally(load, base64.b64decode(load.request), load.says.encode(), loop.create_future())
    tally.open = load.connections
    begun, used = time.perf_counter(), cpu_seconds(load.pid)
    if load.events is not None:
        tally.memory_mb = pss_mb(psutil.Process(load.pid))
    connections = [Connection(tally) for _ in range(load.connections)]
    try:
        for connection in connections:
            await loop.create_connection(lambda made=connection: made, "127.0.0.1", load.port)
        if load.events is None:
            await _for(load.warm_seconds, tally)
            tally.answers, tally.took = 0, []
            begun, used = time.perf_counter(), cpu_seconds(load.pid)
            await _for(load.seconds, tally)
        else:
            await tally.done
        seconds, cpu = time.perf_counter() - begun, cpu_seconds(load.pid) - used
    finally:
        for connection in connections:
            connection.close()
    if not tally.took:
        raise LoadFailed(f"no answer came within {load.seconds:g} s")
    p50, p99 = (percentile(tally.took, share) * 1e6 for share in (0.5, 0.99))
    return Result(tally.answers, seconds, cpu, p50, p99, tally.open_mb)


async def _for(seconds: float, tally: _Tally) -> None:
    """Lets the connections work; returns early, with the error, when one fails."""
    await asyncio.wait({tally.done}, timeout=seconds)
    if tally.done.done():
        tally.done.result()


if __name__ == "__main__":
    try:
        result = uvloop.run(run(Load(**orjson.loads(sys.stdin.buffer.read()))))
    except LoadFailed as error:
        sys.exit(f"the load failed: {error}")
    sys.stdout.buffer.write(orjson.dumps(result))
