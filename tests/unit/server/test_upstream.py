"""The HTTP client of the token path against servers that say exactly what each test has them say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from inference.errors import ForbiddenAddress, InvalidInput
from inference.functions import Allowance
from inference.server.upstream import Answer, ConnectionLost, Deadlines, Garbled, Pool, Stalled, origin_of

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SHORT = Deadlines(connect=5, first_byte=0.3, idle=0.3)
LONG = Deadlines()
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@dataclass
class Server:
    """Where it listens, and how many connections it was asked for."""

    url: str = ""
    connections: int = 0


@asynccontextmanager
async def serving(handler: Handler) -> AsyncGenerator[Server]:
    found = Server()
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.connections += 1
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    yield found
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def pool() -> AsyncGenerator[Pool]:
    opened = Pool()
    yield opened
    await opened.close()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return head + await reader.readexactly(length)


def saying(*pieces: bytes, closes: bool = False) -> Handler:
    """Answers every request with these pieces, a moment apart."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            if closes:
                return

    return handle


async def ask(pool: Pool, server: Server, deadlines: Deadlines = LONG, body: bytes = b"{}") -> Answer:
    return await pool.post(origin_of(server.url), "/x", b"a: b\r\n", body, deadlines)


async def whole(answer: Answer) -> bytes:
    parts: list[bytes] = []
    while part := await answer.part():
        parts.append(part)
    return b"".join(parts)


async def test_a_request_as_it_arrives(pool: Pool) -> None:
    seen: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(OK)

    async with serving(handle) as server:
        assert await whole(await ask(pool, server, body=b"body")) == b"hello"
    host = server.url.removeprefix("http://").removesuffix("/v1").encode()
    assert seen == [b"POST /v1/x HTTP/1.1\r\nhost: %s\r\na: b\r\ncontent-length: 4\r\n\r\nbody" % host]


@pytest.mark.parametrize(
    "pieces",
    [
        (OK,),
        tuple(OK[at : at + 1] for at in range(len(OK))),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3\r\nhel\r\n", b"2\r\nlo\r\n0\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", OK),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK,),
    ],
    ids=["at once", "byte by byte", "chunked", "continue", "hints"],
)
async def test_answers_are_read_and_their_connection_kept(pool: Pool, pieces: tuple[bytes, ...]) -> None:
    async with serving(saying(*pieces)) as server:
        for _ in range(3):
            answer = await ask(pool, server)
            assert (answer.status, await whole(answer)) == (200, b"hello")
            assert answer.header(b"link") == b""
    assert server.connections == 1


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ((b"HTTP/1.1 200 OK\r\n\r\nhello",), b"hello"),
        ((b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",), b"hello"),
    ],
    ids=["until it ends", "told to close"],
)
async def test_connections_that_are_not_kept(pool: Pool, pieces: tuple[bytes, ...], body: bytes) -> None:
    async with serving(saying(*pieces, closes=True)) as server:
        for _ in range(2):
            assert await whole(await ask(pool, server)) == body
    assert server.connections == 2


async def test_a_kept_connection_that_was_closed_meanwhile_is_opened_again(pool: Pool) -> None:
    async with serving(saying(OK, closes=True)) as server:
        for _ in range(3):
            assert await whole(await ask(pool, server)) == b"hello"
            await asyncio.sleep(0.05)
    assert server.connections == 3


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ((b"",), ConnectionLost), ((b"HTTP/1.1 200 OK\r\nContent-Le",), ConnectionLost),
        ((b"SSH-2.0-OpenSSH_9\r\n\r\n",), Garbled), ((b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000,), Garbled),
    ],
    ids=["nothing", "half a head", "another protocol", "a head without an end"],
)  # fmt: skip
async def test_what_is_no_answer(pool: Pool, pieces: tuple[bytes, ...], error: type[Exception]) -> None:
    async with serving(saying(*pieces, closes=True)) as server:
        with pytest.raises(error):
            await ask(pool, server)


async def test_an_answer_that_breaks_off(pool: Pool) -> None:
    for head in (b"Content-Length: 50\r\n\r\nhel", b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n"):
        async with serving(saying(b"HTTP/1.1 200 OK\r\n" + head, closes=True)) as server:
            answer = await ask(pool, server)
            assert await answer.part() == b"hel"
            with pytest.raises(ConnectionLost):
                await answer.part()


async def test_bytes_behind_an_answer_are_nobodys(pool: Pool) -> None:
    async with serving(saying(OK + OK.replace(b"hello", b"other"))) as server:
        for _ in range(2):
            assert await whole(await ask(pool, server)) == b"hello"
    assert server.connections == 2, "a connection with an answer too many is not used again"


async def test_silence_before_and_within_an_answer(pool: Pool) -> None:
    async with serving(saying(b"")) as server:
        with pytest.raises(Stalled):
            await ask(pool, server, SHORT)
    async with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel")) as server:
        answer = await ask(pool, server, SHORT)
        assert await answer.part() == b"hel"
        with pytest.raises(Stalled):
            await answer.part()


async def test_nobody_listens(pool: Pool) -> None:
    async with serving(saying(OK)) as server:
        pass
    with pytest.raises(ConnectionLost, match="no connection"):
        await ask(pool, server)


async def test_who_does_not_read_is_not_read_for(pool: Pool) -> None:
    written = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while written < 256 << 20:
            writer.write(b"x" * 65_536)
            await writer.drain()
            written += 65_536

    async with serving(handle) as server:
        answer = await ask(pool, server)
        before = -1
        while written != before:
            before = written
            await asyncio.sleep(0.2)
        assert written < 64 << 20
        assert await answer.part()
        answer.close()


async def test_closing_in_the_middle_hangs_up(pool: Pool) -> None:
    gone = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel")
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await reader.readexactly(1)
        gone.set()

    async with serving(handle) as server:
        answer = await ask(pool, server)
        answer.close()
        await asyncio.wait_for(gone.wait(), 5)


async def test_a_cancelled_request_hangs_up(pool: Pool) -> None:
    came, gone = asyncio.Event(), asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        came.set()
        await reader.read()
        gone.set()

    async with serving(handle) as server:
        asking = asyncio.create_task(ask(pool, server))
        await came.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(gone.wait(), 5)


@pytest.mark.parametrize("url", ["", "x", "ftp://a/", "http://"])
def test_what_is_no_origin(url: str) -> None:
    with pytest.raises(InvalidInput):
        origin_of(url)


async def test_guarded_origins(pool: Pool) -> None:
    with pytest.raises(ForbiddenAddress):
        origin_of("http://127.0.0.1:1/v1", Allowance())
    # A name passes as text, and is refused where it becomes an address.
    guarded = origin_of("http://localhost:8080/v1", Allowance())
    with pytest.raises(ForbiddenAddress):
        await pool.post(guarded, "/x", b"", b"{}", LONG)
    assert origin_of("https://api.example.com/v1/").authority == "api.example.com"
    assert origin_of("http://[2001:db8::1]:8080/v1").authority == "[2001:db8::1]:8080"
