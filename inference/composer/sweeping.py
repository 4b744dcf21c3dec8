"""What a worker does besides the queue: it finds runs whose process has died, wakes those whose time has come, forgets
what nobody needs any more, and keeps the search by words fast."""

from __future__ import annotations

import asyncio
import logging
import time

from db import Objects, Storage
from inference.composer.engine import STALE_SECONDS, Engine
from inference.functions import delete_left_contents, sweep_objects
from inference.settings import Settings

_LOOK_SECONDS = 2.0
_PRUNE_SECONDS = 600.0

_log = logging.getLogger(__name__)


async def look_after_search(storage: Storage) -> None:
    """Merges what makes chunks findable by words, until it is cancelled. Any number of processes may look."""
    while True:
        try:
            while await storage.merge_bm25():
                pass
        except Exception:
            _log.exception("the work behind the search failed; the next look follows")
        await asyncio.sleep(_LOOK_SECONDS)


async def look_after_runs(storage: Storage, objects: Objects, engine: Engine, settings: Settings) -> None:
    """Goes on until it is cancelled."""
    pruned = time.monotonic()
    while True:
        try:
            found = [*await storage.runs.wake_due(), *await storage.runs.stale(STALE_SECONDS)]
            for uid in found:
                # Whoever takes a run finds out whether its process has died. In the queue it would wait for the job
                # of the dead process to be given up, which takes longer.
                if engine.busy < settings.worker_concurrency:
                    engine.start(uid)
                else:
                    await storage.queue.put(uid)
            if time.monotonic() - pruned > _PRUNE_SECONDS:
                pruned = time.monotonic()
                await storage.runs.prune(settings.checkpoint_days)
                await storage.steps.prune_cache()
                await sweep_objects(storage, objects)
            await delete_left_contents(storage, objects)
        except Exception:
            _log.exception("looking after runs failed; the next look follows")
        await asyncio.sleep(_LOOK_SECONDS)
