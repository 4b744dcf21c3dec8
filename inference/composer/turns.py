"""Runs that end without having been carried to their end, and those whose turn comes then."""

from __future__ import annotations

import logging
from uuid import UUID

from db import RunRecord, Storage
from inference.composer.history import left_on_thread
from inference.composer.programs import Programs
from inference.functions import Context

_log = logging.getLogger(__name__)


async def end_uncarried(work: Storage, programs: Programs, user: int, uid: UUID, *, keep: bool) -> RunRecord | None:
    """Does for a run that was cancelled while nobody carried it what its process would have done: tells its watchers,
    and with `keep` leaves to its thread what its recorded steps had written."""
    record = await work.runs.detail(user, uid)
    if record is None:
        return None
    await work.steps.add_event(record.id, "run_cancelled", {})
    if keep:
        toolchain = programs.get(record.definition_hash, record.definition).toolchain
        await work.steps.leave(user, record.thread_id, await left_on_thread(work, toolchain, record))
    return record


async def offer_turns(ctx: Context, user: int, thread: UUID, toolchain_id: str) -> None:
    """Offers to the workers the runs whose turn it may be now that one of this thread and toolchain has ended; they
    find out whether it is."""
    try:
        most = ctx.settings.runs_per_user
        for uid, priority in await ctx.storage.runs.next_turns(user, thread, toolchain_id, most):
            await ctx.storage.queue.put(uid, priority=priority)
    except Exception:
        _log.exception("runs that wait for their turn could not be queued; workers find them by themselves")
