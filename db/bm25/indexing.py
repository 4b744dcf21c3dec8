"""What makes chunks findable: their words, the stems of these, and a segment of both."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from db.bm25.memory import Memory, unknown
from db.bm25.pages import NO_TERMS, Integers, Inverted, numbers, pages
from db.bm25.segments import HEADINGS, NAME, Inverter, ascending
from db.bm25.words import split
from db.table import Table

if TYPE_CHECKING:
    from db.table import Executor

# Chunks of one segment at most: what is in memory at a time while a large document is added.
BATCH = 8192
# From so many chunks on, turning them round leaves the event loop to others meanwhile.
_IN_A_THREAD = 64


class Indexer(Table):
    """Adds chunks to the store."""

    def __init__(self, executor: Executor, memory: Memory) -> None:
        super().__init__(executor)
        self._memory = memory

    async def add(self, documents: Sequence[int]) -> None:
        """Makes the chunks of documents findable, when the transaction commits in which they were inserted and this is
        called. To be called once for every chunk."""
        after = 0
        more = True
        while more:
            rows = await self._rows("bm25.chunks_of_documents", documents, after, BATCH)
            await self.index(rows, live=True)
            if more := len(rows) == BATCH:
                after = rows[-1]["id"]

    async def index(self, rows: Sequence[Any], *, live: bool) -> list[int]:
        """Segments of chunks (rows of chunks.sql, ascending by id), one for each collection; returns their ids."""
        groups: dict[tuple[int, str], list[Any]] = {}
        for row in rows:
            groups.setdefault((row["collection_id"], row["language"]), []).append(row)
        made: list[int] = []
        for (collection, language), group in groups.items():
            fields = [
                {"": split(row["text"]), HEADINGS: split("\n".join(row["headings"])), NAME: split(row["name"])}
                for row in group
            ]
            stems = await self.stems(language, {w for each in fields for words in each.values() for w in words})
            work = (_inverted, fields, stems)
            inverted, lengths = await asyncio.to_thread(*work) if len(group) >= _IN_A_THREAD else _inverted(*work[1:])
            ids = np.array([row["id"] for row in group], np.int64)
            segment = await self.add_segment(collection, language, ids, lengths, live=live)
            await self.add_pages(segment, list(pages(inverted)), is_first=True)
            made.append(segment)
        return made

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

    async def stems(self, language: str, words: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Stems of words, as they are written, and of others; none of a stop word."""
        known = self._memory.stems_of(language).known()
        if missing := unknown(known, words):
            rows = await self._rows("bm25.stems", language, list(set(missing.values())))
            found = {row["word"]: tuple(row["stems"]) for row in rows}
            known.update((word, found[asked]) for word, asked in missing.items())
        return known

    @staticmethod
    def words(texts: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """The words of texts by language."""
        return {language: {word for text in each for word in split(text)} for language, each in texts.items()}


def _inverted(
    fields: Sequence[Mapping[str, Sequence[str]]], stems: Mapping[str, tuple[str, ...]]
) -> tuple[Inverted, Integers]:
    inverter = Inverter(stems)
    for each in fields:
        inverter.add(each)
    return inverter.inverted()
