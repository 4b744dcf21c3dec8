"""The runner's composition root: the catalogue, the pool with its effects, the clients and the control plane."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from inference.errors import InvalidInput
from inference.runner.additions import FILE_NAME as ADDED_FILE_NAME
from inference.runner.additions import Additions
from inference.runner.catalog import FILE_NAME, make_catalog, read_file
from inference.runner.clients import Clients
from inference.runner.control import Control
from inference.runner.gauge import Gauge
from inference.runner.launcher import Launcher, Site
from inference.runner.messages import Message
from inference.runner.meter import Meter
from inference.runner.plane import control_plane
from inference.runner.pool import Pool
from inference.runner.pulling import Hub, Puller, pull_routes
from inference.runner.residuals import Residuals
from inference.runner.slots import MIB
from inference.runner.upstream import PROVIDER, Upstream
from inference.telemetry import until_told_to_stop

if TYPE_CHECKING:
    from inference.settings import Settings

log = logging.getLogger(__name__)

RESIDUALS = "memory.json"


async def serve(settings: Settings) -> None:
    """Runs until it is told to stop, then ends every engine. Raises InvalidInput or OSError when it cannot start."""
    address = urlsplit(settings.runner_url)
    if address.scheme != "http" or not address.hostname or not address.port or not settings.runner_token:
        raise InvalidInput("Set PENSTOCK_RUNNER_URL, like http://127.0.0.1:8001, and PENSTOCK_RUNNER_TOKEN.")
    file, required = settings.models or settings.home_dir / FILE_NAME, settings.models is not None
    additions = Additions(settings.home_dir / ADDED_FILE_NAME)
    # Once: who edits it while a model is added shall not lose those whose lines are half written.
    written = read_file(file, required=required)
    catalog = make_catalog(written, additions)
    for fault in catalog.faults:
        log.error("%s: %s: %s", FILE_NAME, fault.path, fault.message)
    upstream = Upstream(settings.openai_base_url, settings.openai_api_key, catalog)
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    meter = Meter(inbox, Gauge(None if settings.memory_mb is None else int(settings.memory_mb * MIB)))
    site = Site(settings.home_dir, settings.runner_url, settings.runner_token)
    launcher = Launcher(inbox, site, meter, Residuals(settings.home_dir / RESIDUALS))

    def served_by(model: str) -> str | None:
        base = upstream.catalog.base(model)
        return base if base in pool else None

    clients = Clients(inbox.put_nowait, served_by, upstream.lease)
    pool = Pool(catalog.standings(), launcher, clients, inbox)
    control = Control(catalog, additions, pool, launcher, meter, clients, upstream, written)
    pool.on_change = control.events_of_models.changed
    hub = Hub(settings.hf_endpoint, settings.hf_token, offline=settings.hf_offline)
    puller = Puller(settings.home_dir / "models", hub)
    async with _owned(pool, launcher, meter) as owner, puller:
        plane = control_plane(control, clients, settings.runner_token)
        plane.add_routes(pull_routes(puller))
        app = web.AppRunner(plane, access_log=None, shutdown_timeout=1)
        await app.setup()
        try:
            await web.TCPSite(app, address.hostname, address.port).start()
            log.info(
                "The runner listens at %s; models of a provider are named %s/<model>", settings.runner_url, PROVIDER
            )
            await until_told_to_stop(owner)
        finally:
            control.events_of_models.close()
            if not owner.done():
                await pool.close()
            await app.cleanup()


@contextlib.asynccontextmanager
async def _owned(pool: Pool, launcher: Launcher, meter: Meter) -> AsyncGenerator[asyncio.Task[None]]:
    """The pool's one task, and the one that measures."""
    owner = asyncio.create_task(pool.run())
    sampling = asyncio.create_task(meter.sample())
    try:
        yield owner
    finally:
        for task in (sampling, owner):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await launcher.close()
        await meter.close()
