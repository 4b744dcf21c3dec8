"""The http node, and the guard before it: real servers on loopback, which only an allowance opens."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from ipaddress import ip_address
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult
from yarl import URL

from inference.composer.nodes.http import perform_http
from inference.errors import ForbiddenAddress, InvalidInput, LimitReached, NodeTimeout, NotAvailableHere, UpstreamFailed
from inference.functions.web.guard import Allowance, check_address, close_web, is_public, read_allowance, read_url
from inference.models.toolchain import HttpNode
from inference.settings import Settings
from tests.unit.composer.steps import FakeStep

ALLOWED = Settings(http_allow="127.0.0.1, 10.9.0.0/16")
REFUSED = Settings(http_allow="")
GZIP = {"Content-Encoding": "gzip"}


async def echo(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "method": request.method,
            "query": list(request.query.items()),
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": await request.text(),
        }
    )


async def answer(request: web.Request) -> web.Response:
    """What the test put there under the path's name."""
    return request.app[ANSWERS][request.match_info["name"]]()


async def redirect(request: web.Request) -> web.Response:
    return web.Response(status=int(request.query.get("status", "302")), headers={"Location": request.query["to"]})


async def circle(request: web.Request) -> web.Response:
    left = int(request.match_info["left"])
    return web.Response(status=302, headers={"Location": f"/circle/{left - 1}"}) if left else web.Response(text="out")


async def silent(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65536)


async def hollow(request: web.Request) -> web.StreamResponse:
    """A gzip that goes on forever and holds nothing."""
    response = web.StreamResponse(headers={"Content-Type": "text/plain", "Content-Encoding": "gzip"})
    await response.prepare(request)
    while True:
        await response.write(gzip.compress(b"") * 1000)


ANSWERS: web.AppKey[dict[str, Any]] = web.AppKey("answers", dict[str, Any])


class Server:
    """A web server; `answers` are what it gives at /answer/<name>."""

    def __init__(self, port: int, app: web.Application) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.answers = app[ANSWERS]

    def put(self, **fields: Any) -> str:
        """The address of a new answer."""
        name = str(len(self.answers))
        self.answers[name] = lambda: web.Response(**fields)
        return f"{self.base}/answer/{name}"


async def start() -> tuple[web.AppRunner, Server]:
    app = web.Application()
    app[ANSWERS] = {}
    app.router.add_route("*", "/echo", echo)
    app.router.add_route("*", "/redirect", redirect)
    app.router.add_get("/circle/{left}", circle)
    app.router.add_get("/silent", silent)
    app.router.add_get("/endless", endless)
    app.router.add_get("/hollow", hollow)
    app.router.add_get("/answer/{name}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, Server(runner.addresses[0][1], app)


@pytest.fixture(scope="module")
async def servers() -> AsyncIterator[tuple[Server, Server]]:
    first, second = await start(), await start()
    yield first[1], second[1]
    await close_web()
    await first[0].cleanup()
    await second[0].cleanup()


@pytest.fixture(scope="module")
async def server(servers: tuple[Server, Server]) -> Server:
    return servers[0]


async def ask(url: Any, settings: Settings = ALLOWED, **fields: Any) -> dict[str, Any]:
    node = HttpNode.model_validate({"id": "http", "kind": "http", "url": url, **fields})
    return await perform_http(node, FakeStep(settings=settings, state={"word": "é &", "list": [1, True, None, "x"]}))


async def test_a_request_and_its_answer(server: Server) -> None:
    step = FakeStep(settings=ALLOWED, state={"word": "é &", "list": [1, True, None, "x"]})
    node = HttpNode.model_validate(
        {
            "id": "http",
            "kind": "http",
            "method": "POST",
            "url": {"template": server.base + "/echo?a=1"},
            "headers": {"Authorization": "Bearer secret", "X-Key": "k", "Accept": "*/*", "X-Not": None},
            "query": {"word": {"ref": "state.word"}, "n": {"ref": "state.list"}, "none": None},
            "body": {"word": {"ref": "state.word"}},
        }
    )
    result = await perform_http(node, step)
    assert result["status"] == 200
    assert result["headers"]["content-type"].startswith("application/json")
    sent = result["body"]
    assert sent["query"] == [["a", "1"], ["word", "é &"], ["n", "1"], ["n", "true"], ["n", "x"]]
    assert sent["body"] == '{"word":"é &"}'
    assert sent["headers"]["authorization"] == "Bearer secret"
    assert sent["headers"]["content-type"] == "application/json"
    assert sent["headers"]["host"] == f"127.0.0.1:{server.port}"
    assert "x-not" not in sent["headers"]
    (told,) = step.told
    assert told["headers"] == {
        "authorization": "…",
        "x-key": "…",
        "accept": "*/*",
        "content-type": "application/json",
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_methods(server: Server, method: str) -> None:
    sent = (await ask(f"{server.base}/echo", method=method, body="text ü"))["body"]
    assert (sent["method"], sent["body"]) == (method, "text ü")
    assert sent["headers"]["content-type"] == "text/plain; charset=utf-8"


async def test_head_has_no_body(server: Server) -> None:
    assert (await ask(f"{server.base}/echo", method="HEAD"))["body"] is None


@pytest.mark.parametrize(
    ("fields", "expect", "body"),
    [
        ({"text": '{"a": 1}', "content_type": "application/json"}, "auto", {"a": 1}),
        ({"text": "[1]", "content_type": "application/problem+json"}, "auto", [1]),
        ({"text": '{"a": 1}', "content_type": "text/plain"}, "auto", '{"a": 1}'),
        ({"text": '{"a": 1}', "content_type": "text/plain"}, "json", {"a": 1}),
        ({"text": '{"a": 1}', "content_type": "application/json"}, "text", '{"a": 1}'),
        ({"body": b"\xef\xbb\xbf[1]", "content_type": "application/json"}, "auto", [1]),
        ({"body": "<a>é</a>".encode(), "content_type": "application/xml"}, "auto", "<a>é</a>"),
        ({"body": b"\xe9", "headers": {"Content-Type": "text/plain; charset=latin-1"}}, "auto", "é"),
        ({"body": b"\xe9", "headers": {"Content-Type": "text/plain; charset=punycode"}}, "auto", "\ufffd"),
        ({"body": b"\xe9", "headers": {"Content-Type": "text/plain; charset=no-such"}}, "auto", "\ufffd"),
        ({"body": b"a\0b", "content_type": "text/plain"}, "auto", "a\ufffdb"),
        ({"body": b"\x89PNG\0", "content_type": "image/png"}, "text", "\ufffdPNG\ufffd"),
        ({"status": 204}, "json", None),
        ({"body": gzip.compress(b"is ") + gzip.compress(b"packed"), "headers": GZIP}, "auto", "is packed"),
        ({"body": gzip.compress(b"x" * 3_000_000), "headers": GZIP}, "text", "x" * 3_000_000),
    ],
)
async def test_bodies(server: Server, fields: dict[str, Any], expect: str, body: Any) -> None:
    assert (await ask(server.put(**fields), expect=expect))["body"] == body


@pytest.mark.parametrize(
    ("fields", "expect", "text"),
    [
        ({"text": "<html>", "content_type": "text/html"}, "json", "not JSON.*<html>"),
        ({"text": "{", "content_type": "application/json"}, "auto", "not JSON"),
        ({"text": "NaN", "content_type": "application/json"}, "auto", "not JSON"),
        ({"text": "[" * 100_000, "content_type": "application/json"}, "auto", "not JSON"),
        ({"body": b"\x89PNG\0", "content_type": "image/png"}, "auto", "image/png"),
        ({"body": b"x", "headers": {"Content-Encoding": "br"}}, "auto", "'br'"),
        ({"body": b"no gzip", "headers": GZIP}, "auto", "not gzip"),
        ({"body": gzip.compress(b"x" * 100)[:-12], "headers": GZIP}, "auto", "middle"),
    ],
)
async def test_answers_that_cannot_be_read(server: Server, fields: dict[str, Any], expect: str, text: str) -> None:
    with pytest.raises(UpstreamFailed, match=text):
        await ask(server.put(**fields), expect=expect)


async def test_statuses(server: Server) -> None:
    with pytest.raises(UpstreamFailed) as caught:
        await ask(server.put(status=503, text="é" * 5000))
    assert caught.value.message == "127.0.0.1 answered 503: " + "é" * 300
    with pytest.raises(UpstreamFailed, match="answered 404\\."):
        await ask(server.put(status=404), accept_status=[400])
    assert (await ask(server.put(status=404, text="no"), accept_status=[404]))["body"] == "no"
    assert (await ask(server.put(status=304)))["status"] == 304


async def test_repeated_headers_are_joined(server: Server) -> None:
    url = server.put(headers=[("X-A", "1"), ("X-A", "2")])
    assert (await ask(url))["headers"]["x-a"] == "1, 2"


async def test_limits_of_bodies(server: Server) -> None:
    assert (await ask(server.put(text="x" * 1000), max_bytes=1000))["body"] == "x" * 1000
    bomb = zlib.compressobj(9, wbits=31)
    packed = bomb.compress(b"\0" * 50_000_000) + bomb.flush()
    for url in (
        server.put(text="x" * 1001),
        server.put(body=gzip.compress(b"x" * 1001), headers=GZIP),
        server.put(body=packed, headers=GZIP),
        f"{server.base}/endless",
        f"{server.base}/hollow",
    ):
        with pytest.raises(LimitReached, match="`max_bytes`") as caught:
            await ask(url, max_bytes=1000)
        assert caught.value.field == "max_bytes"


async def test_a_silent_server_and_a_cancelled_node(server: Server) -> None:
    with pytest.raises(NodeTimeout) as caught:
        await ask(f"{server.base}/silent", timeout_seconds=0.2)
    assert caught.value.field == "timeout_seconds"
    task = asyncio.create_task(ask(f"{server.base}/silent"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_servers_that_are_not_there(server: Server) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UpstreamFailed, match="did not answer"):
        await ask(f"http://127.0.0.1:{port}/")


async def test_servers_that_speak_something_else() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    other = await asyncio.start_server(greet, "127.0.0.1", 0)
    with pytest.raises(UpstreamFailed, match="did not answer"):
        await ask(f"http://127.0.0.1:{other.sockets[0].getsockname()[1]}/")
    other.close()
    await other.wait_closed()


async def test_redirects_are_followed(server: Server) -> None:
    assert (await ask(f"{server.base}/circle/5"))["body"] == "out"
    with pytest.raises(UpstreamFailed, match="more than 5 times"):
        await ask(f"{server.base}/circle/6")
    for status in (301, 302, 303, 307, 308):
        method, kept = ("GET", "") if status < 304 else ("POST", "b")
        sent = (await ask(f"{server.base}/redirect?status={status}&to=/echo", method="POST", body="b"))["body"]
        assert (sent["method"], sent["body"]) == (method, kept)
        assert ("content-type" in sent["headers"]) == bool(kept)
    assert (await ask(f"{server.base}/redirect?status=302&to=/echo", method="PUT", body="b"))["body"]["method"] == "PUT"
    assert (await ask(server.put(status=302, text="nowhere")))["body"] == "nowhere"


async def test_secrets_stay_with_their_origin(servers: tuple[Server, Server]) -> None:
    here, there = servers
    headers = {"Authorization": "s", "Cookie": "c", "X-Api-Key": "k", "Accept-Language": "de"}
    near = (await ask(f"{here.base}/redirect?to=/echo", headers=headers))["body"]["headers"]
    assert (near["authorization"], near["cookie"], near["x-api-key"]) == ("s", "c", "k")
    far = (await ask(f"{here.base}/redirect?to={there.base}/echo", headers=headers))["body"]["headers"]
    assert not far.keys() & {"authorization", "cookie", "x-api-key"}
    assert far["accept-language"] == "de"


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        ("http://169.254.169.254/latest/meta-data/", ForbiddenAddress),
        ("http://127.0.0.2/", ForbiddenAddress),
        ("http://[::1]/", ForbiddenAddress),
        ("//10.0.0.1/", ForbiddenAddress),
        ("http://2130706433/", ForbiddenAddress),
        ("http://127.0.0.1:25/", ForbiddenAddress),
        ("file:///etc/passwd", UpstreamFailed),
        ("gopher://127.0.0.1/", UpstreamFailed),
        ("http://user:password@127.0.0.1/", UpstreamFailed),
        ("http://[", UpstreamFailed),
    ],
)
async def test_redirects_are_checked_again(server: Server, to: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await ask(URL(f"{server.base}/redirect").with_query(to=to).human_repr())


async def test_no_cookie_goes_from_one_user_to_another(server: Server) -> None:
    await ask(server.put(headers={"Set-Cookie": "session=1; Path=/"}))
    assert "cookie" not in (await ask(f"{server.base}/echo"))["body"]["headers"]


async def test_no_proxy_is_taken_from_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert (await ask(f"{server.base}/echo"))["status"] == 200


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "1\r\nX-B: 2"), ("X-A", "1\nHost: b"), ("X-A", "a\0"), ("X-A", "\ud800"), ("X-A", ["a"]),
        ("X-A", {"a": 1}), ("X-A", "x" * 20_000), ("X A", "1"), ("X-A\r\nX-B", "1"), ("X:A", "1"), ("", "1"),
        ("Host", "other"), ("host", "x"),
        ("Transfer-Encoding", "chunked"), ("Content-Length", "5"), ("Connection", "close"), ("TE", "trailers"),
        ("Upgrade", "websocket"), ("Proxy-Authorization", "x"), ("Accept-Encoding", "br"),
    ],
)  # fmt: skip
async def test_headers_that_cannot_be_sent(server: Server, name: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        await ask(f"{server.base}/echo", headers={name: value})
    assert (caught.value.field or "").startswith("headers")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"query": {"a": {"b": 1}}}, "query.a"), ({"body": [2**70]}, "body"), ({"body": "\ud800"}, "body")],
)
async def test_values_that_cannot_be_sent(server: Server, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await ask(f"{server.base}/echo", **fields)
    assert caught.value.field == field


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
