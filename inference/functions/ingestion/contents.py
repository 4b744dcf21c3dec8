"""What documents leave outside of the database, and how it goes with them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from db import Objects, Storage, Traces, content_key, parsed_prefix
from inference.functions.context import Context

# PostgreSQL's table of locks has room for some thousands.
_LOCKED_AT_ONCE = 500


async def delete_unused_contents(ctx: Context, contents: Iterable[str]) -> None:
    """Deletes the originals among these (SHA-256 in hex) that no document refers to any more, with what was read of
    them."""
    await _delete_unused(ctx.storage, ctx.objects, contents)


async def delete_left_contents(storage: Storage, objects: Objects, document: int | None = None) -> None:
    """Does the same for contents that transactions gave up, those of one document or all: also where the process that
    was to do it has died, or the run was cancelled."""
    while left := await storage.documents.left_contents(document, _LOCKED_AT_ONCE):
        await _delete_unused(storage, objects, left.values())
        await storage.documents.forget_left(list(left))


async def _delete_unused(storage: Storage, objects: Objects, contents: Iterable[str]) -> None:
    different = sorted(set(contents))
    for begin in range(0, len(different), _LOCKED_AT_ONCE):
        some = different[begin : begin + _LOCKED_AT_ONCE]
        async with storage.transaction() as work:
            await work.documents.lock_contents(some)
            unused = set(some) - await work.documents.still_used(some)
            await objects.delete(*(content_key(content) for content in unused))
            for content in unused:
                await objects.delete_under(parsed_prefix(content))


async def stop_runs(ctx: Context, work: Storage, traces: list[Traces]) -> list[str]:
    """Asks for the end of the runs at work on deleted documents and forgets those that have ended; gives the ones whose
    scratch space nobody else will clean up."""
    ended: list[str] = []
    for run in sorted({trace.run_id for trace in traces if trace.run_id}):
        if await work.runs.cancel(ctx.user.key, UUID(run)) != "running":
            ended.append(run)
    await work.documents.forget_runs(ctx.user.key, sorted({trace.document_id for trace in traces}))
    return ended


async def clear_away(ctx: Context, traces: list[Traces], runs: list[str]) -> None:
    """Deletes what deleted documents have left in the object store."""
    for run in runs:
        await ctx.objects.delete_scratch(run)
    await delete_unused_contents(ctx, [trace.sha256 for trace in traces])
