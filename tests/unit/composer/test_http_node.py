"""The http node: what it asks, and what it makes of answers."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from typing import Any

import pytest
from yarl import URL

from inference.composer.nodes.http import perform_http
from inference.errors import ForbiddenAddress, InvalidInput, LimitReached, NodeTimeout, UpstreamFailed
from inference.models.toolchain import HttpNode
from tests.unit.composer.steps import FakeStep
from tests.unit.composer.web_servers import ALLOWED, GZIP, Server, ask


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
