"""One connection to an upstream, and the one answer that is under way on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

# Bytes of an answer that are held for a reader who is slower than the upstream; beyond that the upstream waits.
HIGH_WATER = 64 * 1024
MOST_HEADER_BYTES = 64 * 1024


class UpstreamError(Exception):
    """An upstream gave no answer that can be used."""


class ConnectionLost(UpstreamError):
    """There is no connection, or it ended before the answer did."""


class Stalled(UpstreamError):
    """Nothing came for longer than is waited."""


class Garbled(UpstreamError):
    """What came is not HTTP/1.1."""


class Connection(asyncio.Protocol):
    """Parses what comes and holds it until it is read. `on_idle` is told when the next exchange may begin, `on_lost`
    when none may any more."""

    def __init__(self, on_idle: Callable[[Connection], None], on_lost: Callable[[Connection], None]) -> None:
        self._on_idle, self._on_lost = on_idle, on_lost
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self.deadline = float("inf")
        self.idle_since = 0.0
        self.closed = False
        self._busy = False
        self._reset()

    def _reset(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.has_head = False
        self._head_bytes = 0
        self._parts: list[bytes] = []
        self._held = 0
        self._paused = False
        self._ended = False
        self._keeps = False
        self._surplus = False  # a message came behind the answer: nobody asked for it
        self._error: UpstreamError | None = None
        self._sized = False

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's does not inherit from it

    def data_received(self, data: bytes) -> None:
        if not self._busy or self._ended:
            self.abort()  # bytes that belong to no answer
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self.fail(Garbled(f"its answer is not HTTP/1.1 ({type(error).__name__})"))
        if not self.has_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEADER_BYTES:
                self.fail(Garbled("its headers do not end"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._on_lost(self)
        if self.has_head and not self._sized and exc is None and not self._ended:
            self._ended = True  # RFC 9112, 6.3: a body without a length ends with its connection
            self._wake()
        elif not self._ended:
            self.fail(ConnectionLost(str(exc) if exc else "it closed the connection"))

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._surplus = self._ended

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._surplus:
            return
        name = name.lower()
        if name in (b"content-length", b"transfer-encoding"):
            self._sized = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if self._surplus:
            return
        if status < 200:  # 100 Continue, 103 Early Hints: the answer itself comes behind it
            self.headers = []
            return
        self._sized = self._sized or status in (204, 304)
        self.status = status
        self.has_head = True
        self._wake()

    def on_body(self, body: bytes) -> None:
        if self._surplus:
            return
        self._parts.append(body)
        self._held += len(body)
        if self._held > HIGH_WATER and not self._paused and self._transport and not self.closed:
            self._paused = True
            self._transport.pause_reading()
        if self.has_head:
            self._wake()

    def on_message_complete(self) -> None:
        if self.has_head and not self._surplus:
            self._ended = True
            self._keeps = self._parser.should_keep_alive()  # told of this message only until the next one begins
            self._wake()

    # What the pool and an answer call.

    def begin(self, request: bytes) -> None:
        """Sends a request; nothing else is under way."""
        assert self._transport
        self._busy = True
        self._transport.write(request)

    async def head(self) -> None:
        """Returns when status and headers are there. Raises UpstreamError."""
        while not self.has_head:
            if self._error:
                raise self._error
            await self._wait()

    async def part(self) -> bytes:
        """What of the body has come and not been read; b"" at its end. Raises UpstreamError."""
        while True:
            if parts := self._parts:
                data = parts[0] if len(parts) == 1 else b"".join(parts)
                self._parts, self._held = [], 0
                if self._paused and self._transport and not self.closed:
                    self._paused = False
                    self._transport.resume_reading()
                return data
            if self._error:
                raise self._error
            if self._ended:
                return b""
            await self._wait()

    @property
    def all_here(self) -> bool:
        """Whether the answer has come to its end, read or not."""
        return self._ended

    def release(self) -> None:
        """Ends the exchange: the connection is used again if its answer was read to the end, else closed."""
        keep = self._ended and not self._error and not self.closed and self._keeps and not self._surplus
        if not keep:
            self.abort()
            return
        if self._paused and self._transport:
            self._transport.resume_reading()
        self._busy = False
        self.deadline = float("inf")
        self._reset()
        self._on_idle(self)

    def fail(self, error: UpstreamError) -> None:
        """Ends the answer with an error, unless one has ended it before."""
        if self._error is None:
            self._error = error
        self.abort()
        self._wake()

    def abort(self) -> None:
        """Hangs up."""
        if not self.closed and self._transport:
            self.closed = True
            self._transport.abort()

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)


class Answer:
    """The answer to one request. `headers`: names in lower case, in the order in which they came."""

    __slots__ = ("_connection", "_idle", "headers", "status")

    def __init__(self, connection: Connection, idle: float) -> None:
        self._connection: Connection | None = connection
        self._idle = idle
        self.status = connection.status
        self.headers = connection.headers

    async def part(self) -> bytes:
        """The next bytes of the body; b"" at its end. Raises UpstreamError."""
        connection = self._connection
        if connection is None:
            return b""
        connection.deadline = asyncio.get_running_loop().time() + self._idle
        data = await connection.part()
        connection.deadline = float("inf")  # while the data is passed on, nobody waits for the upstream
        if not data:
            self.close()
        return data

    @property
    def all_here(self) -> bool:
        """Whether what is still to be read has come already."""
        return self._connection is None or self._connection.all_here

    def close(self) -> None:
        """Gives the connection back, or hangs up when the answer has not come to its end."""
        if connection := self._connection:
            self._connection = None
            connection.release()

    async def aclose(self) -> None:
        """The same, for those who treat it as one of several sources."""
        self.close()

    def header(self, name: bytes) -> bytes:
        """A header's value; b"" when it is not there."""
        return next((value for key, value in self.headers if key == name), b"")
