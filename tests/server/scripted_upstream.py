"""The process of `scripted`, python -m tests.server.scripted_upstream: it writes its port, and ends with its standard
input. What it does depends on the model that it is asked for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.server.answers import Body, chunk, chunks, frame, usage_of, whole

KEY = "sk-scripted-secret-0123456789abcdef"
LONG = 10 * 1024 * 1024
TORRENT = 64 * 1024 * 1024


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


async def _serve() -> None:
    runner = web.AppRunner(Upstream().application(), handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve())
