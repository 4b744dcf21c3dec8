"""A hub on this machine that speaks as huggingface.co does."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = bytes(range(256)) * 4000
CONFIG = b'{"model_type": "llama"}'

Answer = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@dataclass
class FakeHub:
    """Serves `files`; `instead` answers for a path in another way, or lets it be answered as usual."""

    files: dict[str, bytes] = field(default_factory=lambda: {"model.safetensors": WEIGHTS, "config.json": CONFIG})
    instead: dict[str, Answer] = field(default_factory=dict[str, Answer])
    told: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    tokens: list[str | None] = field(default_factory=list[str | None])
    listing: Answer | None = None
    commit: str = COMMIT
    url: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def let_go(self) -> None:
        """Ends the waiting of answers for `over`, from any thread."""
        self.loop.call_soon_threadsafe(self.over.set)

    async def tell(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append(request.headers.get("Authorization"))
        if self.listing and (answer := await self.listing(request)):
            return answer
        siblings = [self._entry(path, content) | self.told.get(path, {}) for path, content in self.files.items()]
        return web.json_response({"sha": self.commit, "siblings": siblings})

    async def give(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.asked.append((path, request.headers.get("Range", "")))
        if path in self.instead and (answer := await self.instead[path](request)):
            return answer
        return self.answer(request, self.files[path])

    def answer(self, request: web.Request, content: bytes) -> web.Response:
        if wanted := request.headers.get("Range"):
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                return web.Response(status=416)
            told = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            return web.Response(status=206, body=content[start:], headers=told)
        return web.Response(body=content)

    def _entry(self, path: str, content: bytes) -> dict[str, Any]:
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        entry: dict[str, Any] = {"rfilename": path, "size": len(content), "blobId": blob}
        if path.endswith((".safetensors", ".gguf", ".bin")):
            entry |= {"blobId": "0" * 40, "lfs": {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}}
        return entry


@asynccontextmanager
async def fake_hub() -> AsyncGenerator[FakeHub]:
    """At `url`, with one model, owner/model."""
    fake = FakeHub()
    app = web.Application()
    app.router.add_get("/api/models/{owner}/{name}/revision/{revision}", fake.tell)
    app.router.add_get("/owner/model/resolve/{commit}/{path:.*}", fake.give)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        fake.over.set()
        await runner.cleanup()


@contextmanager
def hub_beside() -> Generator[FakeHub]:
    """The same in a thread of its own, for tests without an event loop."""
    ready, over = threading.Event(), threading.Event()
    found: list[FakeHub] = []

    async def serve() -> None:
        async with fake_hub() as fake:
            found.append(fake)
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield found[0]
    finally:
        over.set()
        thread.join()
