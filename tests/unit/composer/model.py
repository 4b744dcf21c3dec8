"""A model behind real HTTP that says what a test wrote down, and a step that asks it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import aiohttp
import orjson
from aiohttp import web

from db import SavedToolchain
from inference.composer.scope import RunContext
from inference.functions import Caller
from inference.runner import Lease
from inference.settings import Settings
from tests.unit.composer.steps import ALICE, FakeStep

USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
Chunk = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the model does when it is asked: refuses, says chunks one after the other, or nothing for ever."""

    chunks: list[Chunk] = field(default_factory=list[Chunk])
    refusal: tuple[int, str] | None = None
    hangs: bool = False


def chunk(delta: dict[str, Any] | None = None, **rest: Any) -> Chunk:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta or {}, **rest}]}


def says(*pieces: str, finish: str = "stop") -> Reply:
    """A text in pieces."""
    return Reply([*(chunk({"content": piece}) for piece in pieces), *_end(finish)])


def calls(*wanted: tuple[str, str], text: str = "") -> Reply:
    """Tool calls by name and arguments; the arguments come in pieces of three characters, all calls mixed."""
    begun = [
        {"index": at, "id": f"id-{at}", "type": "function", "function": {"name": name, "arguments": ""}}
        for at, (name, _) in enumerate(wanted)
    ]
    pieces = [
        {"index": at, "function": {"arguments": arguments[start : start + 3]}}
        for start in range(0, max((len(arguments) for _, arguments in wanted), default=0), 3)
        for at, (_, arguments) in enumerate(wanted)
        if start < len(arguments)
    ]
    said = [chunk({"content": text})] if text else []
    return Reply([*said, *(chunk({"tool_calls": [part]}) for part in [*begun, *pieces]), *_end("tool_calls")])


def refuses(message: str, status: int = 400) -> Reply:
    return Reply(refusal=(status, message))


HANGS = Reply(hangs=True)


def _end(finish: str) -> list[Chunk]:
    return [chunk(finish_reason=finish), {"choices": [], "usage": USAGE}]


class ScriptedModel:
    """Gives its replies in order; `bodies` is what it was asked. It is the runner of a ChatStep, too."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.bodies: list[dict[str, Any]] = []
        self.hanging, self.hung_up = asyncio.Event(), asyncio.Event()
        self.url = ""

    def will(self, *replies: Reply) -> None:
        self.replies += replies

    async def lease(self, model: str) -> Lease:
        return Lease(model, self.url)

    def release(self, lease: Lease) -> None:
        """It is always there."""

    def announce(self, models: Sequence[str]) -> None:
        """It is always there."""

    async def forget(self, lease: Lease) -> None:
        """Its engine is always the same."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(orjson.loads(await request.read()))
        if not self.replies:
            return web.json_response({"error": {"message": "the script has no more replies"}}, status=500)
        reply = self.replies.pop(0)
        if reply.refusal:
            return web.json_response({"error": {"message": reply.refusal[1]}}, status=reply.refusal[0])
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            if reply.hangs:
                self.hanging.set()
                await asyncio.Event().wait()
            for each in reply.chunks:
                await response.write(b"data: " + orjson.dumps(each) + b"\n\n")
            await response.write(b"data: [DONE]\n\n")
        except (asyncio.CancelledError, ConnectionError):
            self.hung_up.set()
            raise
        return response


@asynccontextmanager
async def serving_model() -> AsyncGenerator[ScriptedModel]:
    model = ScriptedModel()
    app = web.Application(client_max_size=64 << 20)
    app.router.add_post("/v1/chat/completions", model.answer)
    server = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    model.url = f"http://127.0.0.1:{server.addresses[0][1]}/v1"
    yield model
    await server.cleanup()


class ChatStep(FakeStep):
    """A step with a model. `recorded` is what `once` knows from an earlier attempt; `done` what it ran in this one."""

    def __init__(
        self, model: ScriptedModel, http: aiohttp.ClientSession, *, caller: Caller = ALICE, **scope: Any
    ) -> None:
        super().__init__(caller=caller, **scope)
        self.recorded: dict[str, Any] = {}
        self.done: dict[str, tuple[str, Any]] = {}
        self.toolchains: dict[str, SavedToolchain] = {}
        self.runs: list[tuple[str, str, Mapping[str, Any]]] = []
        self.outputs: dict[str, Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]] = {}
        storage = SimpleNamespace(toolchains=SimpleNamespace(get=self._get))
        ctx = SimpleNamespace(
            caller=caller, user=caller, settings=Settings(), http=http, runner=model, storage=storage, access=None
        )
        self._context = SimpleNamespace(ctx=ctx, emit=self._emit, run={"id": str(uuid4())})

    @property
    def run(self) -> RunContext:
        return cast(RunContext, self._context)

    def text(self, path: str) -> str:
        """What is at a state path in the end."""
        return "".join(text for at, text in self.texts if at == path)

    def told_of(self, event: str) -> list[dict[str, Any]]:
        return [data for name, data in self.events if name == event]

    async def once(
        self,
        name: str,
        work: Callable[[], Awaitable[Any]],
        *,
        kind: str = "step",
        input: Any = None,
        acts: bool = True,
    ) -> Any:
        assert name not in self.done, f"{name} is not unique"
        if name not in self.recorded:
            self.done[name] = (kind, orjson.loads(orjson.dumps(input)))
            self.recorded[name] = orjson.dumps(await work())
        return orjson.loads(self.recorded[name])

    async def run_toolchain(
        self, name: str, toolchain_id: str, version: int | None, given: Mapping[str, Any], stream: str | None = None
    ) -> dict[str, Any]:
        self.runs.append((name, toolchain_id, given))
        return await self.outputs[toolchain_id](given)

    def _emit(self, event: str, data: dict[str, Any]) -> None:
        self.events.append((event, data))

    async def _get(self, user: int, toolchain_id: str, version: int | None) -> SavedToolchain | None:
        return self.toolchains.get(toolchain_id)


@asynccontextmanager
async def model_and_step(**scope: Any) -> AsyncGenerator[tuple[ScriptedModel, ChatStep]]:
    async with serving_model() as model, aiohttp.ClientSession() as http:
        yield model, ChatStep(model, http, **scope)
