"""The runner's own process: an HTTP control plane on loopback over the pool, the upstream and what was measured.

    GET  /health                                         200, without a token
    GET  /models, /memory
    POST /lease, /load, /unload        {"model"}
    POST /embedder                     {"model"}
    POST /forget                       {"model", "base_url"}

Every other request needs `Authorization: Bearer <PENSTOCK_RUNNER_TOKEN>`. Errors: see wire.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from inference.errors import InvalidInput, NotAuthenticated, PenstockError
from inference.models.models import Device, Memory, Model, ModelList
from inference.runner.catalog import FILE_NAME, Catalog, Spec, read_catalog
from inference.runner.launcher import Launcher
from inference.runner.machine import memory_use
from inference.runner.pool import Message, Pool
from inference.runner.slots import MIB, describe
from inference.runner.upstream import PROVIDER, Upstream
from inference.runner.wire import problem

if TYPE_CHECKING:
    from pydantic import BaseModel

    from inference.runner import Embedder, Lease
    from inference.settings import Settings
from inference.telemetry import until_told_to_stop

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
MAX_MODEL_NAME = 200  # as ModelReference in schemas/models.yaml


class Control:
    """What the control plane can be asked, over models of this machine and of the provider alike."""

    def __init__(self, catalog: Catalog, pool: Pool, launcher: Launcher, upstream: Upstream) -> None:
        self._catalog = catalog
        self._pool = pool
        self._launcher = launcher
        self._upstream = upstream

    async def lease(self, model: str) -> Lease:
        return await self._pool.lease(model) if model in self._pool else self._upstream.lease(model)

    async def load(self, model: str) -> Model:
        if model not in self._pool:
            return self._upstream.model(model)
        await self._pool.lease(model)
        return describe(self._pool.slot(model))

    async def unload(self, model: str) -> Model:
        if model not in self._pool:
            self._upstream.model(model)
            raise InvalidInput(f"{model} runs at its provider: nothing is loaded here to unload.", field="model")
        await self._pool.unload(model)
        return describe(self._pool.slot(model))

    async def forget(self, model: str, base_url: str) -> None:
        await self._pool.suspect(model, base_url)

    def embedder(self, model: str) -> Embedder:
        return self._catalog.embedder(model)

    async def models(self) -> ModelList:
        models = [*map(describe, self._pool.slots()), *await self._upstream.models()]
        return ModelList(models=models, faults=list(self._catalog.faults))

    def memory(self) -> Memory:
        use = memory_use()
        models = [describe(slot) for slot in self._pool.slots()]
        cpu = Device(
            id="cpu",
            kind="cpu",
            total_mb=round(use.total / MIB, 1),
            used_mb=round(use.used / MIB, 1),
            free_mb=round(use.free / MIB, 1),
            models_mb=round(sum(model.memory_mb for model in models), 1),
        )
        return Memory(devices=[cpu], models=models, loads=list(self._launcher.loads))


def control_plane(control: Control, token: str) -> web.Application:
    """The HTTP application; `token` is asked of every request but /health."""

    async def health(_: web.Request) -> web.Response:
        return _json(b'{"ok":true}')

    async def models(_: web.Request) -> web.Response:
        return _model(await control.models())

    async def memory(_: web.Request) -> web.Response:
        return _model(control.memory())

    async def lease(request: web.Request) -> web.Response:
        granted = await control.lease(_name(await _body(request), "model", MAX_MODEL_NAME))
        return _json(orjson.dumps(granted))

    async def embedder(request: web.Request) -> web.Response:
        return _json(orjson.dumps(control.embedder(_name(await _body(request), "model", MAX_MODEL_NAME))))

    async def load(request: web.Request) -> web.Response:
        return _model(await control.load(_name(await _body(request), "model", MAX_MODEL_NAME)))

    async def unload(request: web.Request) -> web.Response:
        return _model(await control.unload(_name(await _body(request), "model", MAX_MODEL_NAME)))

    async def forget(request: web.Request) -> web.Response:
        body = await _body(request)
        await control.forget(_name(body, "model", MAX_MODEL_NAME), _name(body, "base_url", 2000))
        return _json(b"{}")

    app = web.Application(middlewares=[_guard(token)], client_max_size=MAX_BODY_BYTES)
    app.add_routes(
        [
            web.get("/health", health),
            web.get("/models", models),
            web.get("/memory", memory),
            web.post("/lease", lease),
            web.post("/embedder", embedder),
            web.post("/load", load),
            web.post("/unload", unload),
            web.post("/forget", forget),
        ]
    )
    return app


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


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise InvalidInput("The body must be a JSON object.")
    return cast("dict[str, Any]", body)


def _name(body: dict[str, Any], field: str, longest: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise InvalidInput(f"{field!r} must be a text of 1 to {longest} characters.", field=field)
    return value


def _json(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


def _model(value: BaseModel) -> web.Response:
    return _json(value.model_dump_json().encode())


async def serve(settings: Settings) -> None:
    """Runs until it is told to stop, then ends every engine. Raises InvalidInput or OSError when it cannot start."""
    address = urlsplit(settings.runner_url)
    if address.scheme != "http" or not address.hostname or not address.port or not settings.runner_token:
        raise InvalidInput("Set PENSTOCK_RUNNER_URL, like http://127.0.0.1:8001, and PENSTOCK_RUNNER_TOKEN.")

    def environment(spec: Spec) -> dict[str, str]:
        told = {"PENSTOCK_HOME": str(settings.home_dir), **spec.told}
        if spec.engine == "extractive":  # it leases the embedder
            told |= {"PENSTOCK_RUNNER_URL": settings.runner_url, "PENSTOCK_RUNNER_TOKEN": settings.runner_token}
        return told

    catalog = read_catalog(settings.models or settings.home_dir / FILE_NAME, required=settings.models is not None)
    for fault in catalog.faults:
        log.error("%s: %s: %s", FILE_NAME, fault.path, fault.message)
    upstream = Upstream(settings.openai_base_url, settings.openai_api_key, catalog)
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    launcher = Launcher(inbox, environment)
    pool = Pool(catalog.local.values(), launcher, inbox)
    owner = asyncio.create_task(pool.run())
    app = web.AppRunner(
        control_plane(Control(catalog, pool, launcher, upstream), settings.runner_token),
        access_log=None,
        shutdown_timeout=1,
    )
    await app.setup()
    try:
        await web.TCPSite(app, address.hostname, address.port).start()
        log.info("The runner listens at %s; models of a provider are named %s/<model>", settings.runner_url, PROVIDER)
        await until_told_to_stop(owner)
    finally:
        if not owner.done():
            await pool.close()
        owner.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await owner
        await launcher.close()
        await app.cleanup()
