"""The WebSocket /ws/runs, from outside."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import Any, cast

import aiohttp
import pytest
from starlette.websockets import WebSocket

from inference.server import run_socket
from inference.server.state import State
from tests.platform import Platform
from tests.server.socket_client import connected
from tests.server.streams import follow
from tests.server.waiting import until


def save(platform: Platform, name: str, nodes: list[dict[str, Any]], **parts: Any) -> str:
    ids = ["start", *(node["id"] for node in nodes), "end"]
    edges = [{"from": a, "to": b} for a, b in itertools.pairwise(ids)]
    toolchain = {"id": name, "title": name, "nodes": nodes, "edges": edges} | parts
    return platform.result("save_toolchain", {"toolchain": toolchain})["id"]


@pytest.fixture(scope="module")
def asking(platform: Platform) -> str:
    """A toolchain that asks for a number."""
    form = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    ask = {"id": "ask", "kind": "approval", "form": form}
    return save(platform, "socket-ask", [ask], output={"n": {"ref": "nodes.ask.value.n"}})


@pytest.fixture(scope="module")
def telling(platform: Platform) -> str:
    """A toolchain that tells so many events, each of some size."""
    tell = {"id": "tell", "kind": "emit", "event": "state", "data": {"ref": "input.text"}}
    loop = {"id": "again", "kind": "loop", "max_iterations": 3000, "body": {"nodes": [tell]},
            "until": {">=": [{"+": [{"ref": "index"}, 1]}, {"ref": "input.times"}]}}  # fmt: skip
    given = {"type": "object", "properties": {"times": {"type": "integer"}, "text": {"type": "string"}}}
    return save(platform, "socket-tell", [loop], input=given, output={"done": True})


async def test_a_run_and_its_events(platform: Platform, telling: str) -> None:
    async with connected(platform, platform.key) as client:
        run = await client.ask("run", toolchain_id=telling, input={"times": 3, "text": "hi"})
        seen = await client.until("end")
    events = [message for message in seen if message["type"] == "event"]
    assert seen[-1] == {"type": "end", "run_id": run["run_id"]}
    assert {message["run_id"] for message in seen} == {run["run_id"]}
    by_sse = follow(platform, f"/api/runs/{run['run_id']}/events")
    assert [(e["id"], e["event"], e["data"]) for e in events] == [(e.id, e.name, e.data) for e in by_sse]
    assert events[-1]["event"] == "run_finished"


async def test_a_log_in_as_browsers_make_it(platform: Platform, telling: str, stranger: str) -> None:
    """They cannot set headers, and send the page's origin."""
    async with connected(platform, None, origin=platform.url) as client:
        user = await client.ask("auth", token=stranger)
        assert user["username"] == "stranger"
        assert await client.ask("ping") == {}
        assert (await client.refused("auth", token=stranger))["field"] == "type"
        error = await client.refused("run", toolchain_id=telling)
        assert (error["type"], error["field"]) == ("NotFound", "toolchain_id"), "it is somebody else's"


async def test_many_runs_on_one_connection(platform: Platform, asking: str) -> None:
    async with connected(platform, platform.key) as client:
        for number in range(5):
            await client.send("run", request_id=str(number), toolchain_id=asking)
        runs: dict[str, str] = {}
        waiting: set[str] = set()
        while len(waiting) < 5:
            message = await client.next()
            if message["type"] == "result":
                runs[message["request_id"]] = message["result"]["run_id"]
            elif message["event"] == "waiting":
                waiting.add(message["run_id"])
        assert waiting == set(runs.values())
        for number, run in runs.items():
            await client.send("resume", request_id=f"answer {number}", run_id=run, value={"n": int(number)}, wait=True)
        outputs: dict[str, Any] = {}
        ended: set[str] = set()
        while len(outputs) < 5 or len(ended) < 5:
            message = await client.next()
            if message["type"] == "result":
                outputs[message["request_id"]] = message["result"]["output"]
            elif message["type"] == "end":
                ended.add(message["run_id"])
        assert outputs == {f"answer {number}": {"n": number} for number in range(5)}
        assert ended == waiting


async def test_following_from_where_one_was(platform: Platform, asking: str, telling: str) -> None:
    run = platform.result("run_toolchain", {"toolchain_id": asking, "wait": True})["run_id"]
    whole = platform.result("run_toolchain", {"toolchain_id": telling, "input": {"times": 2, "text": ""}, "wait": True})
    async with connected(platform, platform.key) as client:
        assert await client.ask("follow", run_id=run) == {}
        first = await client.until("event", "waiting")
        assert await client.ask("unfollow", run_id=run) == {}
        assert await client.ask("follow", run_id=run, after=first[-1]["id"]) == {}
        await client.send("cancel", request_id="c", run_id=run)
        rest = await client.until("end")
        events = [(m["id"], m["event"]) for m in rest if m["type"] == "event"]
        assert events == [(first[-1]["id"] + 1, "run_cancelled")]
        assert any(m.get("request_id") == "c" for m in rest) or (await client.next())["request_id"] == "c"
        # One that has ended long ago.
        await client.ask("follow", run_id=whole["run_id"])
        assert len(await client.until("end")) > 3
        await client.ask("follow", run_id=whole["run_id"], after=10_000)
        assert [m["type"] for m in await client.until("end")] == ["end"]


async def test_following_twice_begins_anew(platform: Platform, asking: str) -> None:
    run = platform.result("run_toolchain", {"toolchain_id": asking, "wait": True})["run_id"]
    async with connected(platform, platform.key) as client:
        await client.ask("follow", run_id=run)
        first = await client.until("event", "waiting")
        await client.ask("follow", run_id=run)
        assert await client.until("event", "waiting") == first
        await client.send("cancel", run_id=run)
        seen = await client.until("end")
        assert [m["event"] for m in seen if m["type"] == "event"] == ["run_cancelled"], "it is told once"


@pytest.mark.parametrize(
    ("message", "type", "field"),
    [
        ("{", "MalformedRequest", None),
        ("[]", "MalformedRequest", None),
        ("", "InvalidInput", "type"),
        ('{"type": "fly"}', "InvalidInput", "type"),
        ('{"type": 5}', "InvalidInput", "type"),
        ('{"type": "ping", "request_id": 5}', "InvalidInput", "request_id"),
        ('{"type": "run"}', "InvalidInput", "toolchain_id"),
        ('{"type": "run", "toolchain_id": "chat", "colour": "blue"}', "InvalidInput", "colour"),
        ('{"type": "run", "toolchain_id": "chat", "input": {"question": "\\u0000"}}', "InvalidInput", "input.question"),
        ('{"type": "run", "toolchain_id": "no-such"}', "NotFound", "toolchain_id"),
        ('{"type": "follow", "run_id": "no-such"}', "NotFound", "run_id"),
        ('{"type": "follow", "run_id": "0196a4f2-0000-7000-8000-00000000dead"}', "NotFound", "run_id"),
        ('{"type": "follow", "run_id": "x", "after": -1}', "InvalidInput", "after"),
        ('{"type": "resume", "run_id": "0196a4f2-0000-7000-8000-00000000dead"}', "NotFound", "run_id"),
        ("[" * 5000 + "]" * 5000, "MalformedRequest", None),
    ],
)
async def test_what_is_refused_leaves_the_connection(
    platform: Platform, message: str, type: str, field: str | None
) -> None:
    async with connected(platform, platform.key) as client:
        await client.socket.send_str(message)
        error = (await client.next())["error"]
        assert (error["type"], error.get("field")) == (type, field), error
        assert error["request_id"]
        assert await client.ask("ping") == {}


async def test_binary_messages_are_refused(platform: Platform) -> None:
    async with connected(platform, platform.key) as client:
        await client.socket.send_bytes(b"{}")
        assert (await client.next())["error"]["type"] == "InvalidInput"
        assert await client.ask("ping") == {}


async def test_a_message_that_is_too_long_ends_the_connection(platform: Platform) -> None:
    async with connected(platform, platform.key) as client:
        with contextlib.suppress(aiohttp.ClientError, ConnectionError):
            await client.socket.send_str('{"type": "ping", "more": "' + "x" * (17 << 20) + '"}')
        message = await client.socket.receive(timeout=30)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert platform.result("fetch_user")["username"]


@pytest.mark.parametrize("first", ['{"type": "ping"}', "{", '{"type": "auth"}', '{"type": "auth", "token": "sk-no"}'])
async def test_who_does_not_say_who_it_is_is_sent_away(platform: Platform, first: str) -> None:
    async with connected(platform, None) as client:
        await client.socket.send_str(first)
        error = (await client.next())["error"]
        assert error["type"] == "NotAuthenticated"
        code, reason = await client.closed()
        assert code == 1008
        assert reason


async def test_who_may_not_connect(platform: Platform) -> None:
    for options, status in [
        ({"headers": {"Authorization": "Bearer sk-unknown"}}, 401),
        ({"headers": {"Authorization": "Basic abc"}}, 401),
        ({"headers": {"Authorization": f"Bearer {platform.key}"}, "origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
    ]:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(f"{platform.url}/ws/runs", **cast(Any, options))
            assert refused.value.status == status
    async with aiohttp.ClientSession() as session:
        for path in ("/ws/other", "/api/runs", "/v1/models", "/"):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"{platform.url}{path}")


async def test_scopes_of_keys_hold(platform: Platform, telling: str) -> None:
    reads = platform.new_key("runs:read")
    run = platform.result("run_toolchain", {"toolchain_id": telling, "input": {"times": 1, "text": ""}, "wait": True})
    async with connected(platform, reads) as client:
        assert (await client.refused("run", toolchain_id=telling))["type"] == "NotAllowed"
        assert (await client.refused("cancel", run_id=run["run_id"]))["type"] == "NotAllowed"
        await client.ask("follow", run_id=run["run_id"])
        await client.until("end")
    writes = platform.new_key("search:read")
    async with connected(platform, writes) as client:
        assert (await client.refused("follow", run_id=run["run_id"]))["type"] == "NotAllowed"


async def test_other_peoples_runs(platform: Platform, asking: str, stranger: str) -> None:
    run = platform.result("run_toolchain", {"toolchain_id": asking, "wait": True})["run_id"]
    async with connected(platform, stranger) as client:
        for type in ("follow", "unfollow", "cancel", "resume"):
            assert (await client.refused(type, run_id=run))["type"] == "NotFound"
    platform.result("cancel_run", {"run_id": run})


async def test_a_deleted_key_ends_its_connections(platform: Platform, asking: str) -> None:
    made = platform.result("create_api_key", {"title": "short-lived"})
    async with connected(platform, made["api_key"]) as client, connected(platform, platform.key) as other:
        run = (await client.ask("run", toolchain_id=asking))["run_id"]
        await client.until("event", "waiting")
        platform.result("delete_api_key", {"api_key_id": made["id"]})
        error = await client.next()
        assert error["error"]["type"] == "NotAuthenticated"
        assert (await client.closed())[0] == 1008
        assert await other.ask("ping") == {}
    assert platform.result("cancel_run", {"run_id": run})["status"] == "cancelled", "the run stayed"


async def test_a_run_goes_on_when_its_client_is_gone(platform: Platform, asking: str) -> None:
    async with connected(platform, platform.key) as client:
        run = (await client.ask("run", toolchain_id=asking))["run_id"]
    await asyncio.to_thread(until, lambda: platform.result("fetch_run", {"run_id": run})["status"] == "waiting")
    async with connected(platform, platform.key) as client:
        done = await client.ask("resume", run_id=run, value={"n": 3}, wait=True)
        assert done["output"] == {"n": 3}


async def test_so_many_runs_may_be_followed(platform: Platform, asking: str) -> None:
    runs = [platform.result("run_toolchain", {"toolchain_id": asking})["run_id"] for _ in range(101)]
    async with connected(platform, platform.key) as client:
        for run in runs:
            await client.send("follow", request_id=run, run_id=run)
        answers: dict[str, str] = {}
        while len(answers) < len(runs):
            message = await client.next()
            if "request_id" in message:
                answers[message["request_id"]] = message["type"]
        assert sorted(answers.values()) == ["error", *["result"] * 100]
        (left_out,) = [run for run, type in answers.items() if type == "error"]
        taken = next(run for run in runs if run != left_out)
        await client.send("unfollow", request_id="room", run_id=taken)
        await client.send("follow", request_id="again", run_id=left_out)
        told: dict[str, str] = {}
        while "again" not in told:
            message = await client.next()
            told |= {message["request_id"]: message["type"]} if "request_id" in message else {}
        assert told == {"room": "result", "again": "result"}
    for run in runs:
        platform.call("cancel_run", {"run_id": run})


async def test_a_client_that_is_slow_is_told_all_in_order(platform: Platform, telling: str) -> None:
    """Far more than buffers hold, of which nothing is read until the run has ended."""
    async with connected(platform, platform.key) as client:
        given = {"times": 2000, "text": "x" * 3900}
        run = await client.ask("run", toolchain_id=telling, input=given)
        status = ""
        while status != "completed":
            await asyncio.sleep(0.1)
            status = platform.result("fetch_run", {"run_id": run["run_id"]})["status"]
            assert status in ("running", "completed"), status
        async with connected(platform, platform.key) as other:
            assert await other.ask("ping") == {}, "others are served in the meantime"
        seen = await client.until("end")
    events = [message for message in seen if message["type"] == "event"]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert sum(event["event"] == "state" for event in events) == 2000


class Silent:
    """A WebSocket whose client says nothing."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.code = 0

    async def receive(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send_text(self, text: str) -> None:
        self.told.append(text)

    async def close(self, code: int, reason: str) -> None:
        self.code = code


async def test_who_says_nothing_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_socket, "AUTHENTICATE_SECONDS", 0.01)
    silent = Silent()
    await run_socket.RunSocket(cast(WebSocket, silent), cast(State, None), "name", None).serve()
    assert silent.code == 1008
    assert len(silent.told) == 1
    assert "auth" in silent.told[0]
