"""The background work: merges segments, makes anew those of another language, and adds what is missing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import asyncpg
import numpy as np

from db.bm25.indexing import BATCH, Findable, Indexer
from db.bm25.memory import Memory
from db.bm25.pages import Integers, Inverted, Page, pages
from db.bm25.postings import Segment, places_of
from db.bm25.reading import Reader, SegmentGone
from db.bm25.segments import SideBySide, merged
from db.bm25.tending import Job, SegmentState, next_job
from db.errors import Deleted, translated

if TYPE_CHECKING:
    from db.pool import Borrowed, Pool

# Any constant will do, as long as every Penstock process uses the same.
LOCK = 7_364_091_251
# Bytes of pages of each segment that are in memory during a merge; postings take some ten times as much then.
_AT_A_TIME = 1 << 18
QUIET_SECONDS = 20.0
# The table of pages is packed when it takes more than so many times what is in it, and so many bytes.
TAKEN, ROOM = 1.5, 4 << 20
# What does not fit into the room at the beginning takes two.
_PASSES = 4

_log = logging.getLogger(__name__)


class _CollectionGone(Exception):
    """It was deleted while its segments were merged."""


class Merger:
    """One step of background work after the other. Any number of processes may try: one at a time does it, under a lock
    that ends with its connection. What is made is invisible until one short transaction puts it in place of what it was
    made from; whatever ends the process before leaves everything as it was."""

    def __init__(self, pool: Pool, memory: Memory) -> None:
        self._pool, self._memory = pool, memory

    async def step(self, quiet_seconds: float = QUIET_SECONDS) -> bool:
        """Does what is to be done next; False when there is nothing, or another process is at it. `quiet_seconds`:
        after how long without new chunks a collection's segments are merged although they are few."""
        with translated("bm25.merge"):
            async with self._pool.acquire() as connection:
                work = _Work(connection, self._memory)
                # Until it is known: one that is cancelled while it asks may have been given it.
                is_held = True
                try:
                    is_held = await work.lock()
                    if not is_held:
                        return False
                    states = await work.states()
                    if job := next_job(states, quiet_seconds, self._memory.tended):
                        self._memory.is_packed, self._memory.tended = False, job.collection_id
                        await work.do(job)
                        return True
                    if not self._memory.has_looked_for_missing:
                        await work.add_missing()
                        self._memory.has_looked_for_missing = True
                        return True
                    # Before, transactions that are open would keep what is written anew from being given back.
                    is_quiet = all(state.quiet_seconds >= quiet_seconds for state in states)
                    if is_quiet and not self._memory.is_packed:
                        await work.pack()
                        self._memory.is_packed = True
                    return False
                except (SegmentGone, _CollectionGone, Deleted, asyncpg.ForeignKeyViolationError):
                    _log.info("a collection was deleted while its segments were merged")
                    return True
                finally:
                    if is_held and not connection.is_closed():
                        await work.unlock()


class _Work(Indexer):
    """The work of one step, on one connection."""

    def __init__(self, connection: Borrowed, memory: Memory) -> None:
        super().__init__(connection, memory)
        self._connection = connection
        self._reader = Reader(connection, memory)

    async def lock(self) -> bool:
        return await self._value("bm25.lock", LOCK)

    async def unlock(self) -> None:
        await self._run("bm25.unlock", LOCK)

    async def states(self) -> list[SegmentState]:
        """Of all segments, without what an earlier process left unfinished."""
        await self._run("bm25.clear_unfinished")
        return [SegmentState(*row) for row in await self._rows("bm25.overview")]

    async def pack(self) -> None:
        """Gives back the room of segments that are gone, when it is much: a merge writes behind what it reads."""
        for _ in range(_PASSES):
            used, taken = await self._row("bm25_page.sizes") or (0, 0)
            if taken < ROOM + TAKEN * used:
                return
            await self._run("bm25_page.vacuum")
            # Into the room at the beginning; what finds none there goes behind all, and leaves it to the next pass.
            for row in await self._rows("bm25.large", BATCH):
                await self._run("bm25_page.rewrite", row["id"])
            await self._run("bm25_page.vacuum")

    async def do(self, job: Job) -> None:
        """Raises SegmentGone and _CollectionGone when the collection is deleted meanwhile."""
        segments = await self._reader.segments(job.segments)
        if job.kind == "merge":
            _, deletions = await self._reader.state([job.collection_id])
            made = await self._merge(segments, await self._dead(deletions))
        elif job.kind == "reindex":
            made = await self._reindex(segments[0].ids)
        else:
            made = []
        async with self._connection.transaction():
            # First of all: whoever deletes the collection locks it before what it holds.
            if await self._value("bm25.hold_collection", job.collection_id) is None:
                raise _CollectionGone
            if len(await self._rows("bm25.retire", job.segments)) < len(job.segments):
                raise SegmentGone
            await self._run("bm25.enliven", made)
            await self._tidy(job.collection_id)

    async def _dead(self, deletions: Sequence[int]) -> Integers:
        """The chunks that deletions name, ascending."""
        gone = await self._reader.deletions(deletions)
        return np.unique(np.concatenate([ids for _, ids in gone.values()])) if gone else np.empty(0, np.int64)

    async def _tidy(self, collection: int) -> None:
        """Makes one deletion of all that a collection has, and of no chunk that is in none of its live segments: such a
        one is gone for good, as a chunk is there before it is deleted. To be called in the transaction that brought the
        segments to live: what is deleted while they are made is deleted of them, or had not been read for them."""
        live, deletions = await self._reader.state([collection])
        dead = await self._dead(deletions)
        segments = await self._reader.segments(live) if len(dead) else []
        kept = np.sort(np.concatenate([dead[:0], *(one.ids[places_of(dead, [one])] for one in segments)]))
        if len(deletions) > 1 or len(kept) < len(dead) or not live:
            await self._run("bm25.join_deletions", collection, deletions, kept.tolist())

    async def _merge(self, segments: Sequence[Segment], dead: Integers) -> list[int]:
        """One segment of the chunks that are not dead. It is not live yet."""
        live = [np.delete(np.arange(len(one.ids)), places_of(dead, [one])) for one in segments]
        ids = np.concatenate([one.ids[kept] for one, kept in zip(segments, live, strict=True)])
        if not len(ids):
            return []
        lengths = np.concatenate([one.lengths[kept] for one, kept in zip(segments, live, strict=True)])
        order = np.argsort(ids)
        ids, lengths = ids[order], lengths[order].astype(np.int64)
        places: list[Integers] = []
        for one, kept in zip(segments, live, strict=True):
            become = np.full(len(one.ids), -1, np.int64)
            become[kept] = np.searchsorted(ids, one.ids[kept])
            places.append(become)
        first = segments[0]
        segment = await self.add_segment(first.collection_id, first.language, ids, lengths, live=False)
        side, is_first = SideBySide(len(segments)), True
        after: list[str | None] = [None] * len(segments)
        while True:
            while wanted := side.wanted():
                for number in wanted:
                    after[number] = await self._give(side, number, segments[number].id, after[number])
            if not (stretch := side.stretch()):
                break
            made = await asyncio.to_thread(_pages, stretch, places)
            if made:
                await self.add_pages(segment, made, is_first=is_first)
                is_first = False
        if is_first:
            await self.add_pages(segment, [], is_first=True)
        return [segment]

    async def _give(self, side: SideBySide, number: int, segment: int, after: str | None) -> str | None:
        """Gives the next postings of a segment, behind a page's first term; returns that of the last page read."""
        rows = await self._rows("bm25_page.read", segment, after, _AT_A_TIME)
        if not rows:
            side.give(number, None)
            return after
        read = ((Page(row["postings"]), row["positions"]) for row in rows)
        side.give(number, Inverted.joined([page.inverted(positions) for page, positions in read if page.terms]))
        return rows[-1]["first_term"]

    async def _reindex(self, ids: Integers) -> list[int]:
        """Segments of these chunks' texts as they are now. They are not live yet."""
        made: list[int] = []
        for start in range(0, len(ids), BATCH):
            made += await self._index(ids[start : start + BATCH], live=False)
        return made

    async def _index(self, ids: Integers, *, live: bool) -> list[int]:
        found: dict[tuple[int, str], list[Findable]] = {}
        for collection, language, *chunk in await self._rows("bm25.chunks", ids.tolist()):
            found.setdefault((collection, language), []).append(Findable(*chunk))
        return [made for key, chunks in found.items() for made in await self.add(*key, chunks, live=live)]

    async def add_missing(self) -> None:
        """Chunks that are in no segment: those of a home from before there were segments."""
        for row in await self._rows("bm25.uneven"):
            collection: int = row["collection_id"]
            # In this order: what is not among the segments now was missing then.
            wanted = np.array([one["id"] for one in await self._rows("bm25.chunk_ids", collection)], np.int64)
            there, _ = await self._reader.state([collection])
            missing = np.delete(np.arange(len(wanted)), _places_in(wanted, await self._reader.segments(there)))
            for start in range(0, len(missing), BATCH):
                async with self._connection.transaction():
                    await self._index(wanted[missing[start : start + BATCH]], live=True)
            async with self._connection.transaction():
                if await self._value("bm25.hold_collection", collection) is not None:
                    await self._tidy(collection)
            _log.info("made %d chunks of collection %d findable by words", len(missing), collection)


def _places_in(wanted: Integers, segments: Sequence[Segment]) -> Integers:
    """Which of the wanted ids are in a segment."""
    return np.flatnonzero(np.isin(wanted, np.concatenate([one.ids for one in segments]))) if segments else wanted[:0]


def _pages(stretch: Sequence[tuple[int, Inverted]], places: Sequence[Integers]) -> list[tuple[str, bytes, bytes]]:
    return list(pages(merged([(part, places[number]) for number, part in stretch])))
