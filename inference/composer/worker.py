"""The worker process: takes queued runs and carries them, and looks after those that nobody carries."""

from __future__ import annotations

import asyncio
import contextlib

import aiohttp

from db import Listener, Objects, consume, open_objects, open_storage
from inference.composer.launching import Composer
from inference.composer.schedules import look_for_due
from inference.composer.sweeping import look_after_runs, look_after_search
from inference.composer.upgrade import check_stored
from inference.functions import Context, open_access
from inference.garbage import look_less_for_garbage
from inference.runner import connect
from inference.settings import Settings
from inference.telemetry import until_told_to_stop


async def work(settings: Settings) -> None:
    """Works until told to stop; runs under way are then given back."""
    stop = asyncio.Event()
    look_less_for_garbage()
    storage = await open_storage(settings.database_url, check_stored)
    # Nobody follows events here: being woken by every one of them would be work for nothing.
    listener = Listener(settings.database_url, ["run_cancel", "gateway_changed"])
    await listener.start()
    objects: Objects = open_objects(settings.object_store_url, settings.home_dir)
    runner = connect(settings.runner_url, settings.runner_token, "worker")
    composer = Composer(storage, listener)
    async with aiohttp.ClientSession() as http, open_access(storage, settings, listener) as access:
        ctx = Context(storage, runner, objects, http, settings, launch=composer, access=access)
        engine = composer.open(ctx)
        looking = asyncio.gather(
            look_after_runs(storage, objects, engine, settings), look_for_due(ctx), look_after_search(storage)
        )
        working = asyncio.create_task(
            consume(storage.pool, engine.carry, concurrency=settings.worker_concurrency, stop=stop)
        )
        await until_told_to_stop(working)
        looking.cancel()
        stop.set()
        await composer.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(working, looking, return_exceptions=True), 5)
        await runner.close()
    await listener.close()
    await storage.close()
