"""The proxy before a library that opens its own connections: nothing comes through to what may not be asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator

import aiohttp
import pytest
from aiohttp.abc import ResolveResult

from inference.errors import ForbiddenAddress, LimitReached
from inference.functions.web import guarded_proxy, read_allowance
from tests.storage.website import Page, Website, serving

HERE = read_allowance("127.0.0.1")
PLENTY = 1 << 20


@pytest.fixture
async def site() -> AsyncGenerator[Website]:
    async with serving({"/a?b=c%2Bd": Page(b"words"), "/long": Page(b"x" * 5000)}) as running:
        yield running


async def connect(proxy: str, target: str) -> tuple[str, asyncio.StreamReader, asyncio.StreamWriter]:
    """The status of a CONNECT, and the connection."""
    host, _, port = proxy.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    status = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
    return status, reader, writer


async def test_what_may_be_asked_comes_through(site: Website) -> None:
    async with guarded_proxy(HERE, PLENTY) as proxy, aiohttp.ClientSession(proxy=proxy.url) as client:
        for _ in range(2):
            async with client.get(f"{site.url}/a?b=c%2Bd") as answer:
                assert await answer.read() == b"words"
        status, reader, writer = await connect(proxy.url, site.url.removeprefix("http://"))
        assert status == "200"
        writer.write(b"GET /a?b=c%2Bd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).endswith(b"words")
        writer.close()
        assert proxy.refused is None
    assert site.requests == ["/a?b=c%2Bd"] * 3


async def test_ones_own_network_does_not(site: Website) -> None:
    port = site.url.rpartition(":")[2]
    async with guarded_proxy(read_allowance(""), PLENTY) as proxy, aiohttp.ClientSession(proxy=proxy.url) as client:
        for target in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::ffff:127.0.0.1]:{port}", "169.254.169.254:80"):
            proxy.refused = None
            status, _, writer = await connect(proxy.url, target)
            writer.close()
            assert status == "403"
            assert isinstance(proxy.refused, ForbiddenAddress)
            async with client.get(f"http://{target}/") as answer:
                assert answer.status == 403
    assert not site.requests


async def test_a_name_is_connected_to_as_it_was_checked(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["127.0.0.1", "127.0.0.2"]

    async def resolve(_names: object, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        address = answers.pop(0)
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    target = f"rebind.test:{site.url.rpartition(':')[2]}"
    async with guarded_proxy(HERE, PLENTY) as proxy:
        statuses: list[str] = []
        for _ in range(2):
            status, _, writer = await connect(proxy.url, target)
            statuses.append(status)
            writer.close()
    assert (statuses, answers) == (["200", "403"], [])


async def test_no_more_than_is_wanted_comes(site: Website) -> None:
    async with guarded_proxy(HERE, 1000) as proxy, aiohttp.ClientSession(proxy=proxy.url) as client:
        with pytest.raises(aiohttp.ClientError):
            async with client.get(f"{site.url}/long") as answer:
                await answer.read()
        assert isinstance(proxy.refused, LimitReached)
