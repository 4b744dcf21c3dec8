"""The guard before the http node: which addresses are asked at all."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import ResolveResult

from inference.errors import ForbiddenAddress, InvalidInput, NotAvailableHere, UpstreamFailed
from inference.functions.web.guard import Allowance, check_address, close_web, is_public, read_allowance, read_url
from inference.settings import Settings
from tests.unit.composer.web_servers import REFUSED, Server, ask


async def test_one_s_own_network_is_refused_unless_allowed(server: Server) -> None:
    for url in (f"{server.base}/echo", f"http://localhost:{server.port}/echo"):
        with pytest.raises(ForbiddenAddress, match="PENSTOCK_HTTP_ALLOW") as caught:
            await ask(url, REFUSED)
        assert caught.value.field == "url"
    named = Settings(http_allow="localhost")
    assert (await ask(f"http://localhost:{server.port}/echo", named))["status"] == 200
    assert (await ask(f"http://LOCALHOST:{server.port}/echo", named))["status"] == 200
    with pytest.raises(ForbiddenAddress):
        await ask(f"{server.base}/echo", named)


class FakeNames:
    """A name server that gives other addresses every time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in self.answers.pop(0)
        ]


async def test_a_name_is_connected_to_as_it_was_checked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    names = FakeNames(["127.0.0.1"], ["127.0.0.2"], ["93.184.215.14", "127.0.0.2"], ["169.254.169.254"])
    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", names.resolve)
    url = f"http://rebind.test:{server.port}"
    # One look at the name for the check and the connection: there is no second in which it may be another.
    assert (await ask(f"{url}/echo", headers={"accept": "a"}))["body"]["headers"]["host"].startswith("rebind.test")
    assert names.asked == ["rebind.test"]
    await close_web()
    for _ in range(3):
        with pytest.raises(ForbiddenAddress):
            await ask(f"{url}/echo")
    assert names.answers == []


async def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(resolver: object, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    with pytest.raises(UpstreamFailed, match=r"no host 'nowhere\.test'"):
        await ask("http://nowhere.test/")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1",
        "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "fd00:ec2::254",
        "2606:4700::1111%1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.0.0.1./", "http://127.1/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
        "http://2130706433/", "http://0x7f000001/", "http://0/", "http://①②⑦.⓪.⓪.①/", "http://%31%32%37.0.0.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://./", "http://a..b/",
        "http://1.1.1.1:22/", "http://1.1.1.1:25/", "http://example.com:6667/",
    ],
)  # fmt: skip
async def test_urls_that_are_forbidden(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_address(read_url(url), Allowance())
    with pytest.raises(ForbiddenAddress):
        await ask(url, REFUSED)


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "/path", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "javascript:1",
        "http://", "http:///path", "http://a:99999/", "http://a:0/", "http://user@example.com/", "http://:p@example.com/",
        "http://exam ple.com/", "http://example.com/a\r\nX: 1", "http://example.com/\ud800", "http://[::1",
        "http://example.com/" + "x" * 9000, 7, None, ["http://example.com/"],
    ],
)  # fmt: skip
async def test_urls_that_are_no_web_addresses(url: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        await ask({"literal": url})
    assert caught.value.field == "url"


def test_what_an_installation_allows() -> None:
    allowance = read_allowance("Wiki.Intern, 10.1.0.0/16,, fd00::/8 ,192.168.1.7")
    assert allowance.permits("wiki.intern", ip_address("10.2.0.1"))
    assert allowance.permits("x", ip_address("10.1.2.3"))
    assert allowance.permits("x", ip_address("fd00::1"))
    assert allowance.permits("x", ip_address("192.168.1.7"))
    assert not allowance.permits("x", ip_address("192.168.1.8"))
    assert not allowance.permits("sub.wiki.intern", ip_address("10.2.0.1"))
    for wrong in ("10.1.2.3/8", "http://x", "x:80", "a b", "10.1", "*"):
        with pytest.raises(NotAvailableHere, match="PENSTOCK_HTTP_ALLOW"):
            read_allowance(wrong)
