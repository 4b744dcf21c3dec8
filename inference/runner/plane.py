"""The runner's HTTP control plane on loopback.

    GET  /health                                         200, without a token
    GET  /channel?holder&engine_of                       a WebSocket: leases, see leasing.py
    GET  /models, /memory, /metrics                      {"text"} of /metrics is Prometheus's
    GET  /events                                         a ModelEvent a line; empty lines say that the runner lives
    POST /load, /unload, /remove, /embedder              {"model"}
    POST /add, /modify, /log                             ModelEntry, ModelChange, ModelLogRequest
    POST /forget                                         {"base_url"}
    /pulls                                               see pulling/routes.py

Every request but /health needs `Authorization: Bearer <PENSTOCK_RUNNER_TOKEN>`. Errors: see wire.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from typing import TYPE_CHECKING, Any, cast

import orjson
from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler, Middleware

from inference.errors import InvalidInput, NotAuthenticated, PenstockError
from inference.models.models import ModelChange, ModelEntry, ModelLogRequest
from inference.runner.bodies import answer, answer_typed, read_name, read_typed
from inference.runner.wire import problem

if TYPE_CHECKING:
    from inference.runner.clients import Client, Clients
    from inference.runner.control import Control

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 256 * 1024
MAX_MODEL_NAME = 200  # as ModelReference in schemas/models.yaml
# A process whose connection is there and which does not answer for so long has no leases any more.
HEARTBEAT_SECONDS = 20.0


def control_plane(  # noqa: C901 - a table of routes
    control: Control, clients: Clients, token: str
) -> web.Application:
    """The HTTP application; `token` is asked of every request but /health."""

    async def health(_: web.Request) -> web.Response:
        return answer(b'{"ok":true}')

    async def models(_: web.Request) -> web.Response:
        return answer_typed(await control.models())

    async def memory(_: web.Request) -> web.Response:
        return answer_typed(await control.memory())

    async def metrics(_: web.Request) -> web.Response:
        return answer(orjson.dumps({"text": control.metrics()}))

    async def embedder(request: web.Request) -> web.Response:
        return answer(orjson.dumps(control.embedder(await read_name(request, "model", MAX_MODEL_NAME))))

    async def load(request: web.Request) -> web.Response:
        return answer_typed(await control.load(await read_name(request, "model", MAX_MODEL_NAME)))

    async def unload(request: web.Request) -> web.Response:
        return answer_typed(await control.unload(await read_name(request, "model", MAX_MODEL_NAME)))

    async def add(request: web.Request) -> web.Response:
        return answer_typed(await control.add(await read_typed(request, ModelEntry)))

    async def remove(request: web.Request) -> web.Response:
        await control.remove(await read_name(request, "model", MAX_MODEL_NAME))
        return answer(b"{}")

    async def modify(request: web.Request) -> web.Response:
        return answer_typed(await control.modify(await read_typed(request, ModelChange)))

    async def lines(request: web.Request) -> web.Response:
        wanted = await read_typed(request, ModelLogRequest)
        return answer_typed(control.log(wanted.model, wanted.lines))

    async def forget(request: web.Request) -> web.Response:
        await control.forget(await read_name(request, "base_url", 2000))
        return answer(b"{}")

    async def channel(request: web.Request) -> web.StreamResponse:
        return await _serve_channel(request, clients)

    async def events(request: web.Request) -> web.StreamResponse:
        return await _serve_events(request, control)

    app = web.Application(middlewares=[_guard(token)], client_max_size=MAX_BODY_BYTES)
    app.add_routes(
        [
            web.get("/health", health),
            web.get("/channel", channel),
            web.get("/models", models),
            web.get("/memory", memory),
            web.get("/metrics", metrics),
            web.get("/events", events),
            web.post("/embedder", embedder),
            web.post("/load", load),
            web.post("/unload", unload),
            web.post("/add", add),
            web.post("/remove", remove),
            web.post("/modify", modify),
            web.post("/log", lines),
            web.post("/forget", forget),
        ]
    )
    return app


async def _serve_channel(request: web.Request, clients: Clients) -> web.StreamResponse:
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_BODY_BYTES)
    await socket.prepare(request)
    outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    holder = request.query.get("holder", "")[:MAX_MODEL_NAME] or "penstock"
    client = clients.connect(holder, request.query.get("engine_of", "")[:MAX_MODEL_NAME], outbox.put_nowait)
    writing = asyncio.create_task(_write(socket, outbox))
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                _hear(clients, client, message.data)
    except InvalidInput as error:
        log.warning("the connection to %s ends: %s", holder, error)
    finally:
        writing.cancel()
        clients.disconnect(client)
        await socket.close()
    return socket


def _hear(clients: Clients, client: Client, text: str) -> None:
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise InvalidInput("A message about leases must be a JSON object.")
    clients.receive(client, cast("dict[str, Any]", said))


async def _write(socket: web.WebSocketResponse, outbox: asyncio.Queue[dict[str, Any]]) -> None:
    with contextlib.suppress(ConnectionError):  # reading ends too, and tells
        while True:
            await socket.send_str(orjson.dumps(await outbox.get()).decode())


async def _serve_events(request: web.Request, control: Control) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    stream = control.events()
    following: asyncio.Task[Any] | None = None
    try:
        while True:
            following = following or asyncio.ensure_future(anext(stream, None))
            done, _ = await asyncio.wait({following}, timeout=HEARTBEAT_SECONDS)
            if not done:
                await response.write(b"\n")
                continue
            event, following = following.result(), None
            if event is None:
                return response
            await response.write(event.model_dump_json().encode() + b"\n")
    except ConnectionError:
        return response
    finally:
        if following:
            following.cancel()
            await asyncio.wait({following})
        await stream.aclose()


def _guard(token: str) -> Middleware:
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
            if request.path != "/health" and not hmac.compare_digest(given, expected):
                raise NotAuthenticated("The runner's token is missing or wrong. Both sides read PENSTOCK_RUNNER_TOKEN.")
            return await handler(request)
        except PenstockError as error:
            return web.Response(status=error.status, body=orjson.dumps(problem(error)), content_type="application/json")

    return guard
