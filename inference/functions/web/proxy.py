"""A forward proxy on loopback for a library that opens its own connections: what it asks for, redirects and names that
change their address included, is checked where it is connected to."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

from yarl import URL

from inference.errors import ForbiddenAddress, InvalidInput, LimitReached, PenstockError
from inference.functions.web.guard import (
    CONNECT_SECONDS,
    SILENT_SECONDS,
    Allowance,
    GuardedResolver,
    check_address,
    read_url,
)

_HEAD_BYTES = 64 * 1024
_PART = 64 * 1024
_END = b"\r\n\r\n"
_REQUEST = re.compile(r"([A-Z]{1,20}) (\S+) HTTP/1\.[01]")
# Fields that are for the proxy (RFC 9110, 7.6.1); a connection to a server serves one request.
_OWN = re.compile(rb"\r\n(?:connection|proxy-[a-z-]+|keep-alive):[^\r]*", re.IGNORECASE)


@dataclass
class GuardedProxy:
    """A proxy at work. `refused`: why the last connection that was not made was not, which its client is told by a
    status alone."""

    allowance: Allowance
    most: int
    url: str = ""
    refused: PenstockError | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves a connection for as long as the proxy lives."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Closes what is open."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(SILENT_SECONDS):
                head = await reader.readuntil(_END)
            try:
                method, url = _asked(head)
                there, upstream = await self._connected(url)
            except (ForbiddenAddress, InvalidInput) as problem:
                self.refused = problem
                await _answer(writer, "403 Forbidden")
            except (OSError, TimeoutError):
                await _answer(writer, "502 Bad Gateway")
            else:
                with closing(upstream):
                    if method == "CONNECT":
                        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                    else:
                        upstream.write(_forwarded(head))
                    await self._both_ways(reader, upstream, there, writer)

    async def _connected(self, url: URL) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        check_address(url, self.allowance)
        resolver = GuardedResolver(self.allowance)
        async with asyncio.timeout(CONNECT_SECONDS):
            # Whatever the name resolves to later: these are the addresses that were checked.
            found = await resolver.resolve(url.raw_host or "", url.port or 0, socket.AF_UNSPEC)
            for result in found[:-1]:
                with suppress(OSError):
                    return await asyncio.open_connection(result["host"], result["port"])
            return await asyncio.open_connection(found[-1]["host"], found[-1]["port"])

    async def _both_ways(
        self,
        reader: asyncio.StreamReader,
        upstream: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        sending = asyncio.create_task(_pump(reader, upstream))
        try:
            async with asyncio.timeout(None) as silence:
                loop = asyncio.get_running_loop()
                while True:
                    silence.reschedule(loop.time() + SILENT_SECONDS)
                    part = await there.read(_PART)
                    if not part:
                        break
                    self.most -= len(part)
                    if self.most < 0:
                        self.refused = LimitReached(
                            "The server answers with more bytes than are taken. Ask for less of it."
                        )
                        break
                    writer.write(part)
                    await writer.drain()
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


@asynccontextmanager
async def guarded_proxy(allowance: Allowance, most: int) -> AsyncGenerator[GuardedProxy]:
    """A proxy for HTTP and, by CONNECT, HTTPS, at its `url` until the block ends. It gives at most `most` bytes in
    all."""
    proxy = GuardedProxy(allowance, most)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0, limit=_HEAD_BYTES)
    host, port = server.sockets[0].getsockname()
    proxy.url = f"http://{host}:{port}"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()


def _asked(head: bytes) -> tuple[str, URL]:
    line = head.partition(b"\r\n")[0].decode("latin-1")
    request = _REQUEST.fullmatch(line)
    if request is None:
        raise InvalidInput("What is asked of the proxy is no request.")
    method, target = request.groups()
    url = read_url(f"https://{target}" if method == "CONNECT" else target)
    if method != "CONNECT" and url.scheme != "http":
        raise InvalidInput("A proxy is asked for https:// by CONNECT.")
    return method, url


def _forwarded(head: bytes) -> bytes:
    """The request as a server is asked: by the path alone."""
    line, _, fields = head.partition(b"\r\n")
    method, target, version = line.split(b" ")
    path = target.removeprefix(b"http://").partition(b"/")[2]
    kept = _OWN.sub(b"", b"\r\n" + fields.removesuffix(_END))
    return b"%b /%b %b%b\r\nConnection: close%b" % (method, path, version, kept, _END)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(_PART):
            writer.write(part)
            await writer.drain()
        writer.write_eof()


async def _answer(writer: asyncio.StreamWriter, status: str) -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()
