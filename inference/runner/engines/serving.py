"""What every engine's process shares: its way to life, its door and its end. The other side is runner/process.py."""

from __future__ import annotations

import asyncio
import hmac
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

import orjson
import uvloop
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from inference.runner import CALLER_HEADER

MAX_BODY_BYTES = 32 * 1024 * 1024
# What runs at an unload gets so long; the runner kills after 5 s (STOP_SECONDS in process.py).
SHUTDOWN_SECONDS = 3.0


class Refusal(Exception):
    """A request that gets an error in OpenAI's shape. `param` names the field at fault."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code

    def body(self) -> bytes:
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        error = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        return orjson.dumps({"error": error})


class LoadFailed(Exception):
    """The model cannot be served; the text says why and what to do."""


def engine_app(token: str, routes: Iterable[web.RouteDef]) -> web.Application:
    """`routes` behind the bearer `token`, and /health, which asks for none."""
    app = web.Application(middlewares=[_guard(token)], client_max_size=MAX_BODY_BYTES)
    app.add_routes([web.get("/health", _health), *routes])
    return app


async def read_object(request: web.Request) -> dict[str, Any]:
    """The request's JSON object. Raises Refusal."""
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise Refusal(400, f"The body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object.")
    return cast("dict[str, Any]", body)


def caller_of(request: web.Request) -> str:
    """Whose request it is, for callers to take turns; empty where that was not said."""
    return request.headers.get(CALLER_HEADER, "")[:200]


def check_model(body: dict[str, Any], model: str) -> None:
    """Never another model in its place."""
    asked = body.get("model")
    if not isinstance(asked, str):
        raise Refusal(400, "'model' must be a text.", param="model")
    if asked != model:
        message = f"The model {asked[:200]!r} does not exist here; this engine serves {model!r}."
        raise Refusal(404, message, param="model", code="model_not_found")


def run_engine(load: Callable[[], Awaitable[Iterable[web.RouteDef]]]) -> None:
    """The life of an engine's process: it `load`s the model, tells its port, serves until told to end.

    Ends at once when standard input does, because then the runner is gone.
    """
    # Only this protocol goes to the runner; whatever a library prints goes to the log.
    runner = os.dup(1)
    os.dup2(2, 1)
    token = os.environ.get("PENSTOCK_ENGINE_TOKEN")
    if not token:
        sys.exit("An engine is started by the runner: python -m inference.runner")
    _say(runner, {"starting": True})
    os.read(0, 1)
    threading.Thread(target=_end_with_runner, daemon=True).start()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(_serve(load, token, runner))


async def _serve(load: Callable[[], Awaitable[Iterable[web.RouteDef]]], token: str, runner: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        routes = await load()
    except (LoadFailed, OSError) as error:
        _say(runner, {"error": str(error)})
        sys.exit(1)
    # A caller that goes away takes its work with it.
    app = web.AppRunner(
        engine_app(token, routes), access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS
    )
    await app.setup()
    site = web.TCPSite(app, "127.0.0.1", 0)
    await site.start()
    _say(runner, {"port": app.addresses[0][1]})
    await stop.wait()
    await app.cleanup()


def _say(runner: int, message: dict[str, object]) -> None:
    os.write(runner, orjson.dumps(message) + b"\n")


def _end_with_runner() -> None:
    # os.read and os._exit: a buffered reader's lock, or an orderly exit, could wait for a loop that is busy.
    while os.read(0, 64):
        pass
    os._exit(0)


async def _health(_: web.Request) -> web.Response:
    return web.Response(body=b'{"ok":true}', content_type="application/json")


def _guard(token: str) -> Middleware:
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
            if request.path != "/health" and not hmac.compare_digest(given, expected):
                raise Refusal(
                    401, "The engine's token is missing or wrong. Lease the model again.", code="invalid_api_key"
                )
            return await handler(request)
        except Refusal as refusal:
            return _refused(refusal)
        except web.HTTPRequestEntityTooLarge:
            return _refused(Refusal(413, f"The body is larger than {MAX_BODY_BYTES} bytes."))
        except web.HTTPNotFound:
            words = f"This model does not serve {request.path}: it is of another kind. GET /v1/models lists the others."
            return _refused(Refusal(404, words, param="model"))
        except web.HTTPException as error:
            return _refused(Refusal(error.status, f"{request.method} {request.path}: {error.reason}"))

    return guard


def _refused(refusal: Refusal) -> web.Response:
    return web.Response(status=refusal.status, body=refusal.body(), content_type="application/json")
