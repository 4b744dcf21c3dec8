"""Files that nobody refers to: what a process left that died between a transaction and what follows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from db import Objects, Storage, content_key, parsed_prefix

# Longer than an upload takes, so that none is taken for what was left behind.
_OLD = timedelta(hours=24)
_LOOKED_AT_ONCE = 500


async def sweep_objects(storage: Storage, objects: Objects, old: timedelta = _OLD) -> int:
    """Deletes uploads that were never kept, contents that no document has, with what was read of them, scratch space of
    runs that have ended, and files that were never whole, when they are old enough; how many it were."""
    before = datetime.now(UTC) - old
    halves = await objects.delete_halves(before)
    incoming = [key async for key in objects.keys("incoming", before)]
    await objects.delete(*incoming)
    kept: set[str] = set()
    for prefix in ("contents", "parsed"):
        kept |= {key.split("/")[1] async for key in objects.keys(prefix, before)}
    deleted, contents = halves + len(incoming), sorted(kept)
    for begin in range(0, len(contents), _LOOKED_AT_ONCE):
        some = contents[begin : begin + _LOOKED_AT_ONCE]
        async with storage.transaction() as work:
            await work.documents.lock_contents(some)
            unused = set(some) - await work.documents.still_used(some)
            for content in unused:
                await objects.delete(content_key(content))
                await objects.delete_under(parsed_prefix(content))
        deleted += len(unused)
    scratched = sorted(await objects.scratched(before))
    for begin in range(0, len(scratched), _LOOKED_AT_ONCE):
        async with storage.transaction() as work:
            for run in (ended := await work.runs.forget_ended(scratched[begin : begin + _LOOKED_AT_ONCE])):
                await objects.delete_scratch(run)
        deleted += len(ended)
    return deleted
