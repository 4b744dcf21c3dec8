"""What documents leave outside of the database, and how it goes with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from db import Objects, Storage, Traces, content_key, parsed_prefix
from inference.functions.context import Context

# PostgreSQL's table of locks has room for some thousands.
_LOCKED_AT_ONCE = 500
# In the place of a document's key.
_GONE = 0


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


@dataclass(frozen=True, slots=True)
class Left:
    """What deleted documents have left in the object store: `noted` under these numbers, the contents; and the scratch
    space of runs."""

    contents: list[str]
    noted: list[int]
    runs: list[str]


async def let_go(ctx: Context, work: Storage, traces: list[Traces]) -> Left:
    """Does in the transaction that deletes documents what `stop_runs` does, and notes their contents, so that these go
    within seconds although this process may die."""
    runs = await stop_runs(ctx, work, traces)
    contents = sorted({trace.sha256 for trace in traces})
    return Left(contents, await work.documents.leave_contents(_GONE, contents), runs)


async def clear_away(ctx: Context, left: Left) -> None:
    """Deletes what deleted documents have left."""
    for run in left.runs:
        await ctx.objects.delete_scratch(run)
    await delete_unused_contents(ctx, left.contents)
    await ctx.storage.documents.forget_left(left.noted)
