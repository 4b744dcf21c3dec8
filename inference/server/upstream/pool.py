"""The connections of one process, kept open between requests."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from inference.errors import InvalidInput
from inference.functions import Allowance, GuardedResolver, check_address, read_url
from inference.server.upstream.connection import Answer, Connection, ConnectionLost, Stalled

# How often it is looked which answers are overdue, and how long an unused connection is kept.
_LOOK_SECONDS = 0.25
_IDLE_SECONDS = 50.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an upstream is. `allowance`: its address is checked when it is connected to; None: it is not."""

    scheme: str
    host: str
    port: int
    path: str
    allowance: Allowance | None = None

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


@lru_cache(maxsize=4096)
def origin_of(base_url: str, allowance: Allowance | None = None) -> Origin:
    """Raises InvalidInput for what is no web address, ForbiddenAddress for one that the allowance does not permit."""
    if allowance is not None:
        check_address(read_url(base_url), allowance)
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInput(f"{base_url!r} is not a web address.", field="base_url")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Origin(parts.scheme, parts.hostname, port, parts.path.rstrip("/"), allowance)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds until there is a connection, until an answer's head is there, and between two parts of its body."""

    connect: float = 10.0
    first_byte: float = 600.0
    idle: float = 120.0


class Pool:
    """Opens, keeps and closes connections. Belongs to the event loop that it is made in."""

    def __init__(self) -> None:
        self._idle: defaultdict[Origin, list[Connection]] = defaultdict(list)
        self._all: dict[Connection, Origin] = {}
        self._tls: ssl.SSLContext | None = None
        self._resolvers: dict[Allowance, GuardedResolver] = {}
        self._watching = asyncio.create_task(self._watch())

    async def post(self, origin: Origin, path: str, headers: bytes, body: bytes, deadlines: Deadlines) -> Answer:
        """Sends a request and returns with the answer's head. `path` follows the origin's own; `headers` are lines that
        end in CRLF. Raises UpstreamError and ForbiddenAddress."""
        head = f"POST {origin.path}{path} HTTP/1.1\r\nhost: {origin.authority}\r\n".encode("latin-1")
        request = b"%s%scontent-length: %d\r\n\r\n%s" % (head, headers, len(body), body)
        while True:
            kept = self._take(origin)
            connection = kept or await self._connect(origin, deadlines.connect)
            try:
                connection.deadline = asyncio.get_running_loop().time() + deadlines.first_byte
                connection.begin(request)
                await connection.head()
            except ConnectionLost:
                if kept is None:
                    raise
                continue  # it had been closed while nobody used it: the request has not been read
            except BaseException:
                connection.abort()
                raise
            return Answer(connection, deadlines.idle)

    async def close(self) -> None:
        """Closes every connection."""
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watching
        for connection in list(self._all):
            connection.abort()
        for resolver in self._resolvers.values():
            await resolver.close()

    def _take(self, origin: Origin) -> Connection | None:
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop()
            if not connection.closed:
                return connection
        return None

    async def _connect(self, origin: Origin, seconds: float) -> Connection:
        def make() -> Connection:
            return Connection(self._keep, self._forget)

        secure = self._context() if origin.scheme == "https" else None
        name = origin.host if secure else None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                host, port = await self._address(origin)
                _, connection = await loop.create_connection(make, host, port, ssl=secure, server_hostname=name)
        except TimeoutError:
            raise Stalled(f"no connection within {seconds:g} s") from None
        except OSError as error:
            raise ConnectionLost(f"no connection: {error.strerror or type(error).__name__}") from error
        self._all[connection] = origin
        return connection

    async def _address(self, origin: Origin) -> tuple[str, int]:
        """Where to connect to: an address that was checked, where the origin is guarded."""
        if origin.allowance is None:
            return origin.host, origin.port
        resolver = self._resolvers.setdefault(origin.allowance, GuardedResolver(origin.allowance))
        found = await resolver.resolve(origin.host, origin.port, socket.AF_UNSPEC)
        return found[0]["host"], origin.port

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls

    def _keep(self, connection: Connection) -> None:
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle[self._all[connection]].append(connection)

    def _forget(self, connection: Connection) -> None:
        origin = self._all.pop(connection, None)
        if origin is not None and connection in (idle := self._idle.get(origin, [])):
            idle.remove(connection)

    async def _watch(self) -> None:
        """Ends the answers that are overdue, all by one clock: a timer for each part would cost as much as passing it
        on."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = asyncio.get_running_loop().time()
            for connection in [held for held in self._all if held.deadline < now]:
                connection.fail(Stalled("it has been silent for too long"))
            for idle in self._idle.values():
                for connection in [held for held in idle if held.idle_since < now - _IDLE_SECONDS]:
                    connection.abort()
