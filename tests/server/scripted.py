"""An upstream in a process of its own, for the gateway: what it does depends on the model that it is asked for. What it
was asked, and whether whoever asked hung up, can be read from it.

    with scripted() as upstream:          # python -m tests.server.scripted
        upstream.url                      # …/v1
        upstream.seen("talk")             # [Seen(body, headers)]
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any

import httpx
from aiohttp import web

KEY = "sk-scripted-secret-0123456789abcdef"
THOUGHT = "They greet me. I greet back."
LONG = 10 * 1024 * 1024
TORRENT = 64 * 1024 * 1024
Body = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    body: Body
    headers: dict[str, str]


@dataclass(frozen=True)
class Scripted:
    """A running upstream, from the side of a test."""

    url: str

    def seen(self, model: str) -> list[Seen]:
        """What was asked of a model, oldest first."""
        return [Seen(*entry) for entry in self._get("seen").get(model, [])]

    def hung_up(self, model: str, times: int = 1) -> bool:
        """Whether so many clients of a model have gone before its answer ended; waits for it for a while."""
        until = time.monotonic() + 10
        while self._get("hung_up").get(model, 0) < times:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def written(self, model: str) -> int:
        """Bytes that a model could send so far."""
        return self._get("written").get(model, 0)

    def set(self, **values: Any) -> None:
        """Changes what models do: `works`."""
        httpx.post(f"{self.url}/set", json=values).raise_for_status()

    def _get(self, what: str) -> Any:
        return httpx.get(f"{self.url}/{what}").json()


class Upstream:
    """The models."""

    def __init__(self) -> None:
        self.seen: defaultdict[str, list[tuple[Body, dict[str, str]]]] = defaultdict(list)
        self.hung_up: Counter[str] = Counter()
        self.written: Counter[str] = Counter()
        self.settings: dict[str, Any] = {"works": True}
        self._models: dict[str, Callable[[web.Request, Body], Awaitable[web.StreamResponse]]] = {
            "limited": self._limited, "broken": self._broken, "bad": self._bad, "flaky": self._flaky,
            "half": self._half, "garbage": self._garbage, "long-line": self._long_line, "html": self._html,
            "silent": self._silent, "reset": self._reset, "torrent": self._torrent, "endless": self._endless,
            "strict": self._strict, "switch": self._switch, "storm": self._storm, "large": self._large,
            "wrong-key": self._wrong_key, "redirect": self._redirect, "dying": self._dying,
        }  # fmt: skip

    def application(self) -> web.Application:
        async def read(request: web.Request) -> web.Response:
            return web.json_response(getattr(self, request.match_info["what"]))

        async def change(request: web.Request) -> web.Response:
            self.settings |= await request.json()
            return web.Response()

        async def models(_: web.Request) -> web.Response:
            return web.json_response({"object": "list", "data": [{"id": "talk"}, {"id": "think"}]})

        app = web.Application(client_max_size=64 << 20)
        app.router.add_get("/v1/models", models)
        app.router.add_post("/v1/set", change)
        app.router.add_get("/v1/{what:seen|hung_up|written}", read)
        for path in ("chat/completions", "completions", "embeddings"):
            app.router.add_post(f"/v1/{path}", self._post)
        return app

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body: Body = await request.json()
        model = body["model"]
        self.seen[model].append((body, dict(request.headers)))
        try:
            if request.path.endswith("/embeddings"):
                rows = [{"object": "embedding", "index": 0, "embedding": [0.5, 0.5]}]
                usage = {"prompt_tokens": 2, "total_tokens": 2}
                return web.json_response({"object": "list", "data": rows, "model": model, "usage": usage})
            if request.path.endswith("/v1/completions"):
                choice = {"index": 0, "text": " and on", "finish_reason": "stop", "logprobs": None}
                usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
                return web.json_response(
                    {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": model, "choices": [choice],
                     "usage": usage}
                )  # fmt: skip
            return await self._models.get(model, self._talk)(request, body)
        except (asyncio.CancelledError, ConnectionError):
            self.hung_up[model] += 1
            raise

    async def _talk(self, request: web.Request, body: Body) -> web.StreamResponse:
        if not body.get("stream"):
            return web.json_response(whole(body))
        events = list(chunks(body))
        if body["model"] != "mute" and (body.get("stream_options") or Body()).get("include_usage"):
            events.append(frame(body, []) | {"usage": usage_of(body)})
        async with self._stream(request, body["model"]) as write:
            for event in events:
                await write(b"data: %s\n\n" % json.dumps(event).encode())
            await write(b"data: [DONE]\n\n")
        return self._response

    @contextlib.asynccontextmanager
    async def _stream(self, request: web.Request, model: str) -> AsyncGenerator[Callable[[bytes], Awaitable[None]]]:
        self._response = response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)

        async def write(data: bytes) -> None:
            await response.write(data)
            self.written[model] += len(data)

        yield write
        await response.write_eof()
        self._response = response

    async def _limited(self, request: web.Request, body: Body) -> web.StreamResponse:
        error = {"error": {"message": "slow down", "type": "requests", "param": None, "code": "rate_limit_exceeded"}}
        return web.json_response(error, status=429, headers={"Retry-After": "30"})

    async def _storm(self, request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response({"error": {"message": "slow down"}}, status=429)

    async def _broken(self, request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response({"error": {"message": "it is broken"}}, status=500)

    async def _switch(self, request: web.Request, body: Body) -> web.StreamResponse:
        return await (self._talk if self.settings["works"] else self._broken)(request, body)

    async def _bad(self, request: web.Request, body: Body) -> web.StreamResponse:
        error = {"message": "temperature is too high", "type": "invalid_request_error", "param": "temperature"}
        return web.json_response({"error": error}, status=400)

    async def _wrong_key(self, request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response({"error": {"message": f"the key {KEY} is wrong"}}, status=401)

    async def _redirect(self, request: web.Request, body: Body) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": "http://127.0.0.1:1/"})

    async def _flaky(self, request: web.Request, body: Body) -> web.StreamResponse:
        times = len(self.seen["flaky"]) % 3
        if times == 1:
            return web.json_response({"error": {"message": "not yet"}}, status=503, headers={"Retry-After": "0"})
        if times == 2:
            return await self._reset(request, body)
        return await self._talk(request, body)

    async def _reset(self, request: web.Request, body: Body) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    async def _strict(self, request: web.Request, body: Body) -> web.StreamResponse:
        if "stream_options" in body:
            return web.json_response({"error": {"message": "stream_options: no such field"}}, status=400)
        return await self._talk(request, body)

    async def _silent(self, request: web.Request, body: Body) -> web.StreamResponse:
        await asyncio.sleep(3600)
        return web.Response()

    async def _half(self, request: web.Request, body: Body) -> web.StreamResponse:
        async with self._stream(request, "half") as write:
            await write(b"data: %s\n\n" % json.dumps(next(iter(chunks(body)))).encode())
            await write(b'data: {"choices": [{"index": 0, "delta": {"con')
            await asyncio.sleep(3600)
        return self._response

    async def _dying(self, request: web.Request, body: Body) -> web.StreamResponse:
        async with self._stream(request, "dying") as write:
            await write(b"data: %s\n\n" % json.dumps(next(iter(chunks(body)))).encode())
            await asyncio.sleep(0.05)
            assert request.transport
            request.transport.abort()
        return self._response

    async def _garbage(self, request: web.Request, body: Body) -> web.StreamResponse:
        async with self._stream(request, "garbage") as write:
            await write(b'data: {"choices": [{"index": 0, "delta": {"content": "\xff\xfe"}}]}\n\n')
            await write(b"data: [DONE]\n\n")
        return self._response

    async def _long_line(self, request: web.Request, body: Body) -> web.StreamResponse:
        async with self._stream(request, "long-line") as write:
            await write(b"data: %s\n\n" % json.dumps(chunk(body, {"content": "x" * LONG})).encode())
            await write(b"data: %s\n\n" % json.dumps(chunk(body, {}, "stop")).encode())
            await write(b"data: [DONE]\n\n")
        return self._response

    async def _html(self, request: web.Request, body: Body) -> web.StreamResponse:
        return web.Response(text="<h1>Log in to the hotel's network</h1>", content_type="text/html")

    async def _torrent(self, request: web.Request, body: Body) -> web.StreamResponse:
        event = b"data: %s\n\n" % json.dumps(chunk(body, {"content": "x" * 64_000})).encode()
        async with self._stream(request, "torrent") as write:
            for _ in range(TORRENT // len(event)):
                await write(event)
            await write(b"data: [DONE]\n\n")
        return self._response

    async def _endless(self, request: web.Request, body: Body) -> web.StreamResponse:
        async with self._stream(request, "endless") as write:
            while True:
                await write(b"data: %s\n\n" % json.dumps(chunk(body, {"content": "and on "})).encode())
                await asyncio.sleep(0.02)

    async def _large(self, request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response(whole(body) | {"x": "y" * (12 << 20), "usage": usage_of(body)})


def said(body: Body) -> str:
    """What the model answers: what the last message says, or what of it is to be seen."""
    last = body["messages"][-1]
    content = last["content"]
    if body.get("response_format", {}).get("type") == "json_schema":
        return '{"city":"Bern","degrees":21}'
    if last["role"] == "tool":
        return f"The tool said: {content}"
    if isinstance(content, list):
        parts: list[Any] = content  # pyright: ignore[reportUnknownVariableType] - JSON
        return ", ".join(f"{part['type']}:{str(part.get(part['type']))[:60]}" for part in parts)
    return f"You said: {content}"


def calls_of(body: Body) -> list[Body]:
    """Calls of all tools that are offered, unless one has answered."""
    if not body.get("tools") or body["messages"][-1]["role"] == "tool":
        return []
    names = [tool["function"]["name"] for tool in body["tools"]]
    arguments = '{"city": "Bern"}'
    return [
        {"id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for at, name in enumerate(names)
    ]


def usage_of(body: Body) -> Body:
    given, written = 100 + len(json.dumps(body["messages"])) // 4, 7
    return {
        "prompt_tokens": given,
        "completion_tokens": written,
        "total_tokens": given + written,
        "prompt_tokens_details": {"cached_tokens": 64},
        "completion_tokens_details": {"reasoning_tokens": 3 if body["model"] == "think" else 0},
    }


def frame(body: Body, choices: list[Body], kind: str = "chat.completion.chunk") -> Body:
    return {"id": "up-1", "object": kind, "created": 1, "model": body["model"], "choices": choices}


def chunk(body: Body, delta: Body, finish_reason: str | None = None, **more: Any) -> Body:
    return frame(body, [{"index": 0, "delta": delta, "finish_reason": finish_reason} | more])


def logprobs(body: Body, text: str) -> Body | None:
    if not body.get("logprobs"):
        return None
    return {"content": [{"token": text, "logprob": -0.5, "bytes": None, "top_logprobs": []}], "refusal": None}


def reason_of(body: Body) -> str:
    if calls_of(body):
        return "tool_calls"
    return "length" if body.get("max_tokens") == 1 else "stop"


def whole(body: Body) -> Body:
    calls = calls_of(body)
    message: Body = {"role": "assistant", "content": None if calls else said(body)}
    if calls:
        message["tool_calls"] = calls
    if body["model"] == "think":
        message["reasoning_content"] = THOUGHT
    choices = [
        {"index": at, "message": message, "finish_reason": reason_of(body), "logprobs": logprobs(body, said(body))}
        for at in range(body.get("n", 1))
    ]
    return frame(body, choices, "chat.completion") | {"usage": usage_of(body)}


def chunks(body: Body) -> Generator[Body]:
    yield chunk(body, {"role": "assistant", "content": ""})
    if body["model"] == "think":
        for piece in (THOUGHT[:10], THOUGHT[10:]):
            yield chunk(body, {"reasoning_content": piece})
    calls = calls_of(body)
    for at, call in enumerate(calls):
        function = call["function"]
        begun = {"index": at, "id": call["id"], "type": "function"}
        yield chunk(body, {"tool_calls": [begun | {"function": {"name": function["name"], "arguments": ""}}]})
        for piece in (function["arguments"][:5], function["arguments"][5:]):
            yield chunk(body, {"tool_calls": [{"index": at, "function": {"arguments": piece}}]})
    text = "" if calls else said(body)
    for piece in (text[:4], text[4:]):
        if piece:
            yield chunk(body, {"content": piece}, logprobs=logprobs(body, piece))
    yield chunk(body, {}, reason_of(body))


@contextlib.contextmanager
def scripted() -> Generator[Scripted]:
    """Runs while the context lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.server.scripted"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Scripted(f"http://127.0.0.1:{int(process.stdout.readline())}/v1")
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


async def _serve() -> None:
    runner = web.AppRunner(Upstream().application(), handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve())
