"""The server's composition root: its parts, made in order; the layers that every request passes; the routes."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from uuid_utils import uuid7

from db import Listener, open_objects, open_storage
from inference.composer import Composer, check_stored
from inference.errors import NotFound, PenstockError
from inference.functions import Context, open_access
from inference.runner import connect
from inference.server.auth import Authenticator
from inference.server.guard import check_origin, check_setup
from inference.server.metrics import Metrics
from inference.server.problems import MethodNotAllowed, api_problem, openai_problem
from inference.server.routes import api, health, hooks, runs, sockets
from inference.server.routes import models as model_routes
from inference.server.routes.ui import make_ui
from inference.server.state import State, state_of
from inference.server.v1 import models, query
from inference.server.v1.gateway import PATHS, Gateway, open_gateway
from inference.server.v1.operations import OPERATIONS
from inference.settings import Settings, shipped

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
}
_SECURITY = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]


@asynccontextmanager
async def open_state(settings: Settings) -> AsyncGenerator[State]:
    """Makes the parts of a server and ends them in the opposite order."""
    storage = await open_storage(settings.database_url, check_stored)
    listener = Listener(settings.database_url)
    await listener.start()
    runner = connect(settings.runner_url, settings.runner_token, "server")
    composer = Composer(storage, listener)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    # One session serves all callers: what an upstream sets as a cookie for one is not for the next.
    jar = aiohttp.DummyCookieJar()
    metrics = Metrics()
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=jar, auto_decompress=False) as http,
        open_access(storage, settings, listener, metrics.count_tokens) as access,
    ):
        objects = open_objects(settings.object_store_url, settings.home_dir)
        base = Context(storage, runner, objects, http, settings, launch=composer, access=access)
        composer.open(base)
        auth = Authenticator(storage, listener, settings.signing_secret)
        yield State(settings, storage, listener, http, composer, base, access, auth, metrics)
        await composer.close()
    await runner.close()
    await listener.close()
    await storage.close()


class Application:
    """The token path in front, everything else behind it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._gateway: Gateway | None = None
        self.control = self._make_control()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in PATHS and self._gateway:
            await self._gateway(scope, receive, send)
        elif scope["type"] == "websocket" and scope["path"] != sockets.PATH:
            await WebSocketClose()(scope, receive, send)
        else:
            await self.control(scope, receive, send)

    def _make_control(self) -> FastAPI:
        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
            async with open_state(self._settings) as state, open_gateway(state) as gateway:
                app.state.penstock = state
                self._gateway = gateway
                yield

        app = FastAPI(title="Penstock", version="0.1.0", docs_url=None, redoc_url=None, lifespan=lifespan)
        app.add_middleware(EveryRequest)
        app.add_exception_handler(Exception, _answer_error)
        app.add_exception_handler(PenstockError, _answer_error)
        app.add_exception_handler(ValueError, _answer_error)
        app.add_exception_handler(HTTPException, _answer_http_error)
        routers = (
            health.router,
            api.make_router(),
            runs.router,
            model_routes.router,
            sockets.router,
            hooks.router,
            models.router,
            query.router,
        )
        for router in routers:
            app.include_router(router)
        app.mount("/api", _nothing_here)
        app.mount("/v1", _nothing_here)
        app.mount("/", make_ui(shipped("ui")))
        _describe_token_path(app)
        return app


def create_app(settings: Settings | None = None) -> ASGIApp:
    """The ASGI application; nothing is opened before its lifespan begins."""
    return Application(settings or Settings())


def _describe_token_path(app: FastAPI) -> None:
    describe = app.openapi

    def whole() -> dict[str, Any]:
        schema = describe()
        schema["paths"] |= OPERATIONS
        schema.setdefault("components", {})["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        return schema

    app.openapi = whole


class EveryRequest:
    """What every request passes: the guard, an id, the headers of safety, the metrics; and an answer to every error.

    Plain ASGI: Starlette's `BaseHTTPMiddleware` would run the application in a task of its own and hand on every part
    of an answer through a queue."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, begun, answering = Request(scope, receive), time.perf_counter(), False
        name = request.state.request_id = str(uuid7())

        async def send_on(message: Message) -> None:
            nonlocal answering
            if message["type"] == "http.response.start":
                answering = True
                own = [header for header in message.get("headers", []) if header[0] != b"x-request-id"]
                there = {key for key, _ in own}
                added = [header for header in _SECURITY if header[0] not in there]
                message["headers"] = [*own, *added, (b"x-request-id", name.encode())]
                route = getattr(scope.get("route"), "path", "other")
                metrics = state_of(request).metrics
                metrics.requests.labels(route, str(message["status"])).inc()
                metrics.seconds.labels(route).observe(time.perf_counter() - begun)
            await send(message)

        try:
            await _guard(request)
            await self._app(scope, receive, send_on)
        except Exception as error:
            if answering:
                raise
            await _answer_error(request, error)(scope, receive, send_on)


async def _guard(request: Request) -> None:
    """What holds for every route: no other site's pages, and before the first account nothing but making it."""
    if request.method == "POST":
        check_origin(request)
    path = request.url.path
    behind = path.startswith(("/api/", "/v1/")) or path in ("/openapi.json", "/metrics")
    if behind and path != "/api/add_user":
        await check_setup(request)


def _answer_error(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/v1/"):
        return openai_problem(error, request.state.request_id)
    return api_problem(error, request.state.request_id)


def _answer_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    path = request.url.path
    if not path.startswith(("/api", "/v1")):
        return JSONResponse({"detail": getattr(error, "detail", "")}, status)
    if status == 405:
        return _answer_error(request, MethodNotAllowed(f"{path[:200]} does not take {request.method}."))
    problem = PenstockError(f"{request.method} {path[:200]}: {getattr(error, 'detail', 'refused')}.")
    problem.status = status
    return _answer_error(request, problem)


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"]
    error = NotFound(
        f"There is nothing at {scope['method']} {path[:200]}. GET /api/help lists all functions; they take POST."
    )
    await _answer_error(Request(scope), error)(scope, receive, send)
