"""The worker process: takes queued runs and carries them, and finds those whose process has died."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import aiohttp

from db import Listener, Objects, Storage, consume, open_objects, open_storage
from inference.composer.engine import STALE_SECONDS
from inference.composer.launching import Composer
from inference.functions import Context
from inference.runner import connect
from inference.settings import Settings
from inference.telemetry import until_told_to_stop

_LOOK_SECONDS = 5.0

_log = logging.getLogger(__name__)


async def work(settings: Settings) -> None:
    """Works until told to stop; runs under way are then given back."""
    stop = asyncio.Event()
    storage = await open_storage(settings.database_url)
    listener = Listener(settings.database_url)
    await listener.start()
    objects: Objects = open_objects(settings.object_store_url, settings.home_dir)
    runner = connect(settings.runner_url, settings.runner_token)
    composer = Composer(storage, listener)
    async with aiohttp.ClientSession() as http:
        engine = composer.open(Context(storage, runner, objects, http, settings, launch=composer))
        looking = asyncio.create_task(_look_for_stale(storage))
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


async def _look_for_stale(storage: Storage) -> None:
    """Queues the runs whose process has died; whoever takes one finds out whether it really has."""
    while True:
        try:
            for uid in await storage.runs.stale(STALE_SECONDS):
                await storage.queue.put(uid)
        except Exception:
            _log.exception("looking for runs of dead processes failed; the next look follows")
        await asyncio.sleep(_LOOK_SECONDS)
