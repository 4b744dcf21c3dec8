"""The token path over a real connection to an upstream that behaves as each test needs it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from db import HourOfUse, Listener, Storage
from inference.functions import Caller, open_access
from inference.runner import CALLER_HEADER, Lease
from inference.server.metrics import Metrics
from inference.server.state import State
from inference.server.v1.gateway import Gateway, open_gateway
from inference.settings import Settings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PATH = "/v1/chat/completions"


class Runner:
    """Leases whatever is asked to one address, as a provider's what begins with openai/, and remembers what it was told
    of dead engines."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.forgotten: list[str] = []
        self.in_use = 0

    async def lease(self, model: str) -> Lease:
        self.in_use += 1
        name = model.removeprefix("openai/")
        return Lease(name, self.base_url, {"Authorization": "Bearer upstream"}, remote=name != model)

    def release(self, lease: Lease) -> None:
        self.in_use -= 1

    async def forget(self, lease: Lease) -> None:
        self.forgotten.append(lease.model)


class Auth:
    """Knows everybody."""

    async def caller(self, authorization: str | None) -> Caller:
        return Caller(1, "id", "ann", is_admin=False)


class Usage:
    """Remembers what was written down."""

    def __init__(self) -> None:
        self.rows: list[HourOfUse] = []
        self.broken = False

    async def add(self, used: Sequence[HourOfUse]) -> None:
        if self.broken:
            raise OSError("no database")
        self.rows += used


class Exchange:
    """One request to a gateway, as an ASGI server passes it on."""

    def __init__(self, gateway: Gateway, model: str = "openai/echo", *, stream: bool = False, **headers: str) -> None:
        self._gateway = gateway
        body = {"model": model} | ({"stream": True} if stream else {})
        self._messages = [{"type": "http.request", "body": orjson.dumps(body), "more_body": False}]
        self._headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self.gone = asyncio.Event()
        self.sent: list[dict[str, Any]] = []

    async def run(self) -> Exchange:
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": self._headers}
        await self._gateway(scope, self._receive, self._send)
        return self

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])

    async def _receive(self) -> Any:
        if self._messages:
            return self._messages.pop()
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


@asynccontextmanager
async def gateway(handler: Handler, usage: Usage | None = None) -> AsyncGenerator[tuple[Gateway, Runner, Metrics]]:
    """A gateway for which nothing is set, in front of an upstream."""

    async def nothing(*_: Any) -> list[Any]:
        return []

    async def nobody(*_: Any) -> None:
        return None

    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    metrics = Metrics()
    storage = SimpleNamespace(
        model_routes=SimpleNamespace(list=nothing),
        limits=SimpleNamespace(list=nothing),
        providers=SimpleNamespace(find=nobody),
        usage=usage or Usage(),
    )
    async with TestServer(app, handler_cancellation=True) as server:
        runner, settings = Runner(str(server.make_url("/v1"))), Settings()
        listener = SimpleNamespace(subscribe=lambda channel, callback: nullcontext())  # pyright: ignore[reportUnknownLambdaType] - a Listener's
        async with open_access(cast("Storage", storage), settings, cast("Listener", listener)) as access:
            parts = SimpleNamespace(
                auth=Auth(), settings=settings, metrics=metrics, storage=storage, access=access,
                base=SimpleNamespace(runner=runner),
            )  # fmt: skip
            async with open_gateway(cast("State", parts)) as opened:
                yield opened, runner, metrics
        assert runner.in_use == 0  # however a request ended, its lease was given back


def counted(metrics: Metrics, status: int) -> float | None:
    return metrics.registry.get_sample_value("penstock_http_requests_total", {"route": PATH, "status": str(status)})


async def test_an_answer_goes_through_as_it_is() -> None:
    seen: dict[str, Any] = {}

    async def upstream(request: web.Request) -> web.Response:
        seen.update(await request.json(), key=request.headers["Authorization"])
        return web.Response(
            status=201, body=b'{"said": 1}', headers={"X-Limit": "7", "Content-Type": "application/json"}
        )

    async with gateway(upstream) as (asked, _, metrics):
        answer = await Exchange(asked).run()
    assert (answer.status, answer.body) == (201, b'{"said": 1}')
    assert answer.headers["x-limit"] == "7"
    assert answer.headers["content-length"] == "11"
    assert "server" not in answer.headers
    assert seen == {"model": "echo", "key": "Bearer upstream"}
    assert counted(metrics, 201) == 1


async def test_no_packing_is_asked_for() -> None:
    seen: list[str] = []

    async def upstream(request: web.Request) -> web.Response:
        seen.append(request.headers["Accept-Encoding"])
        return web.json_response({"said": 1})

    async with gateway(upstream) as (asked, _, _):
        answer = await Exchange(asked, accept_encoding="br").run()
    assert seen == ["identity"], "what is packed cannot be looked at for its usage"
    assert answer.body == b'{"said": 1}'


@pytest.mark.parametrize(("model", "told"), [("echo", "id"), ("openai/echo", None)], ids=["here", "at a provider"])
async def test_engines_of_this_machine_alone_are_told_who_asks(model: str, told: str | None) -> None:
    seen: list[str | None] = []

    async def upstream(request: web.Request) -> web.Response:
        seen.append(request.headers.get(CALLER_HEADER))
        return web.json_response({"said": 1})

    async with gateway(upstream) as (asked, _, _):
        await Exchange(asked, model).run()
    assert seen == [told]


@pytest.mark.parametrize(
    ("model", "status", "forgotten"), [("echo", 200, ["echo"]), ("openai/echo", 502, [])], ids=["here", "at a provider"]
)
async def test_who_refuses_the_key_is_another_program_or_a_provider(
    model: str, status: int, forgotten: list[str]
) -> None:
    times: list[int] = []

    async def upstream(request: web.Request) -> web.Response:
        times.append(1)
        return web.json_response({"said": 1}, status=401 if len(times) == 1 else 200)

    async with gateway(upstream) as (asked, runner, _):
        answer = await Exchange(asked, model).run()
    assert (answer.status, runner.forgotten) == (status, forgotten)


@pytest.mark.parametrize("begun", [False, True], ids=["before the answer", "in its middle"])
async def test_a_client_that_goes_away_takes_its_request_with_it(*, begun: bool) -> None:
    working, ended = asyncio.Event(), asyncio.Event()

    async def upstream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        if begun:
            await response.prepare(request)
            await response.write(b"data: 1\n\n")
        working.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return response

    async with gateway(upstream) as (asked, _, metrics):
        exchange = Exchange(asked, stream=True)
        running = asyncio.create_task(exchange.run())
        await working.wait()
        exchange.gone.set()
        await asyncio.wait_for(running, 10)
        await asyncio.wait_for(ended.wait(), 10)
    assert len(exchange.sent) == (2 if begun else 0)
    assert counted(metrics, 200 if begun else 499) == 1


async def test_cancelling_the_gateway_itself_is_not_taken_for_a_client_that_left() -> None:
    working = asyncio.Event()

    async def upstream(request: web.Request) -> web.Response:
        working.set()
        await asyncio.sleep(0.3)
        return web.Response()

    async with gateway(upstream) as (asked, _, _):
        running = asyncio.create_task(Exchange(asked).run())
        await working.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_an_engine_that_died_is_asked_once_more() -> None:
    times: list[int] = []

    async def upstream(request: web.Request) -> web.StreamResponse:
        times.append(1)
        if len(times) == 2:
            return web.json_response("second")
        return await half_an_answer(request, length=100)

    async with gateway(upstream) as (asked, runner, _):
        answer = await Exchange(asked).run()
    assert (answer.status, answer.body) == (200, b'"second"')
    assert runner.forgotten == ["echo"]


async def test_an_engine_that_stays_dead_is_an_error_in_openais_shape() -> None:
    async with gateway(partial(half_an_answer, length=100)) as (asked, runner, metrics):
        answer = await Exchange(asked).run()
    error = orjson.loads(answer.body)["error"]
    assert (answer.status, error["type"]) == (503, "service_unavailable")
    assert "openai/echo" in error["message"]
    assert len(runner.forgotten) == 3
    assert counted(metrics, 503) == 1


async def test_an_engine_that_dies_in_a_stream_ends_it_with_an_error_event() -> None:
    async with gateway(partial(half_an_answer, length=None)) as (asked, _, _):
        answer = await Exchange(asked, stream=True).run()
    first, last = answer.body.strip().split(b"\n\n")
    assert (answer.status, first) == (200, b"data: half")
    assert "stopped in the middle" in orjson.loads(last.removeprefix(b"data: "))["error"]["message"]


async def half_an_answer(request: web.Request, length: int | None) -> web.StreamResponse:
    """Begins to answer, and closes the connection."""
    kind = "application/json" if length else "text/event-stream"
    response = web.StreamResponse(headers={"Content-Type": kind})
    response.content_length = length
    await response.prepare(request)
    await response.write(b"data: half\n\n")
    assert request.transport
    request.transport.close()
    return response


async def test_what_was_used_outlives_a_database_that_does_not_answer() -> None:
    async def upstream(request: web.Request) -> web.Response:
        return web.json_response({"usage": {"prompt_tokens": 3, "completion_tokens": 4}})

    usage = Usage()
    usage.broken = True
    async with gateway(upstream, usage) as (asked, _, _):
        await asyncio.gather(*(Exchange(asked).run() for _ in range(20)))
        await asyncio.sleep(1.1)
        usage.broken = False
    (row,) = usage.rows
    assert (row.model, row.requests, row.failed, row.estimated) == ("openai/echo", 20, 0, 0)
    assert (row.tokens_in, row.tokens_out) == (60, 80)
