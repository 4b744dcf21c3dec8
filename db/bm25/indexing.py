"""What makes chunks findable: their words, the stems of these, and a segment of both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from db.bm25.memory import Memory
from db.bm25.pages import NO_TERMS, Integers, numbers, pages
from db.bm25.segments import Words, ascending, inverted
from db.bm25.vocabulary import UNKNOWN, Vocabulary
from db.bm25.words import split
from db.table import Table

if TYPE_CHECKING:
    from db.table import Executor

# Chunks of one segment at most: what is in memory at a time while a large document is added.
BATCH = 8192
# From so many chunks on, turning them round leaves the event loop to others meanwhile.
_IN_A_THREAD = 64


class Findable(NamedTuple):
    """A chunk with all that it is found by."""

    id: int
    text: str
    headings: Sequence[str]
    name: str


class Indexer(Table):
    """Adds chunks to the store."""

    def __init__(self, executor: Executor, memory: Memory) -> None:
        super().__init__(executor)
        self._memory = memory

    async def add(self, collection: int, language: str, chunks: Sequence[Findable], *, live: bool = True) -> list[int]:
        """Makes chunks of a collection findable, when the transaction commits in which they were inserted and this is
        called. To be called once for every chunk, ascending by id. Returns the segments' ids; those that are not `live`
        are not searched yet."""
        starts = range(0, len(chunks), BATCH)
        return [await self._add(collection, language, chunks[start : start + BATCH], live) for start in starts]

    async def _add(self, collection: int, language: str, chunks: Sequence[Findable], live: bool) -> int:
        words = await self._words(language, chunks)
        is_long = len(chunks) >= _IN_A_THREAD
        found, lengths = await asyncio.to_thread(inverted, words) if is_long else inverted(words)
        ids = np.array([chunk.id for chunk in chunks], np.int64)
        segment = await self.add_segment(collection, language, ids, lengths, live=live)
        await self.add_pages(segment, list(pages(found)), is_first=True)
        return segment

    async def _words(self, language: str, chunks: Sequence[Findable]) -> Words:
        fields = [split(field) for c in chunks for field in ("\n".join(c.headings), c.name, c.text)]
        words = list(chain.from_iterable(fields))
        known = self._memory.words.of(language)
        meanings = known.meanings(words)
        if len(places := np.flatnonzero(meanings == UNKNOWN)):
            unknown = list(map(words.__getitem__, places.tolist()))
            await self._learn(language, known, unknown)
            meanings[places] = known.meanings(unknown)
        return Words(np.fromiter(map(len, fields), np.int64, len(fields)), meanings, known)

    async def add_segment(self, collection: int, language: str, ids: Integers, lengths: Integers, *, live: bool) -> int:
        """The row of a segment, before its pages."""
        values = (live, len(ids), ascending(ids), numbers(lengths))
        return await self._value("bm25.add_segment", collection, language, *values)

    async def add_pages(self, segment: int, made: Sequence[tuple[str, bytes, bytes]], *, is_first: bool) -> None:
        """The next pages of a segment. `is_first`: there are none before them."""
        records = [(segment, *page) for page in made]
        if is_first:
            # Whatever term is looked for, there is a page that it would be on.
            _, *first = made[0] if made else ("", *NO_TERMS)
            records[:1] = [(segment, "", first[0], first[1])]
        connection: Any = self._executor
        await connection.copy_records_to_table(
            "bm25_pages", columns=("segment_id", "first_term", "postings", "positions"), records=records
        )

    async def vocabulary(self, language: str, words: Iterable[str]) -> Vocabulary:
        """One that knows these words."""
        known = self._memory.words.of(language)
        await self._learn(language, known, words)
        return known

    async def _learn(self, language: str, known: Vocabulary, words: Iterable[str]) -> None:
        if missing := known.lacking(words):
            rows = await self._rows("bm25.stems", language, list(set(missing.values())))
            found = {row["word"]: row["stems"] for row in rows}
            for word, asked in missing.items():
                known.add(word, found[asked])
