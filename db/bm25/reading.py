"""Reads what a search needs from the database, as far as it is not in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from db.bm25.memory import Memory, Scope
from db.bm25.pages import Integers, Ordinals, Page, read_numbers
from db.bm25.patterns import Pattern
from db.bm25.phrases import exactly, loosely
from db.bm25.postings import Part, Postings, Segment
from db.bm25.segments import read_ascending
from db.table import Table

if TYPE_CHECKING:
    from db.table import Executor

# Segments of so many chunks are read whole, and those of a collection are scored as one up to the other number.
WHOLE_UP_TO = 512
_TOGETHER_UP_TO = 4096
# Pages of one round trip.
_AT_ONCE = 512


class SegmentGone(Exception):
    """A merge has taken a segment away since its collection was looked at: look again."""


class Reader(Table):
    """Scopes, postings and phrases, each from memory if it is there."""

    def __init__(self, executor: Executor, memory: Memory) -> None:
        super().__init__(executor)
        self._memory = memory
        self._cache = memory.cache
        self.has_read = False

    async def scope(self, collections: Sequence[int]) -> Scope:
        """What can be found in collections now. One round trip when nothing has changed."""
        key = await self.state(collections)
        found: Scope | None = self._cache.get(key)
        if found is None:
            found = await self._new_scope(key)
            self._cache.put(key, found, 13 * sum(len(part.ids) for part in found.parts if len(part.segments) > 1))
        return found

    async def state(self, collections: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The ids of their live segments and of their deletions, ascending."""
        segments: list[int] = []
        deletions: list[int] = []
        for row_id, deletion in await self._rows("bm25.state", collections):
            (deletions if deletion else segments).append(row_id)
        return tuple(sorted(segments)), tuple(sorted(deletions))

    async def _new_scope(self, key: tuple[tuple[int, ...], tuple[int, ...]]) -> Scope:
        segments = await self.segments(key[0])
        dead: dict[int, list[Integers]] = {}
        for collection, ids in (await self.deletions(key[1])).values():
            dead.setdefault(collection, []).append(ids)
        groups: dict[tuple[int, str, int], list[Segment]] = {}
        for segment in segments:
            alone = segment.id if len(segment.ids) > _TOGETHER_UP_TO else 0
            groups.setdefault((segment.collection_id, segment.language, alone), []).append(segment)
        parts = [self._part(group, dead.get(collection, [])) for (collection, _, _), group in groups.items()]
        count, length = sum(part.live_count for part in parts), sum(part.live_length for part in parts)
        languages = tuple(dict.fromkeys(part.language for part in parts))
        return Scope(key, parts, count, length / count if length else 1.0, languages)

    def _part(self, segments: Sequence[Segment], dead: list[Integers]) -> Part:
        ids = np.unique(np.concatenate(dead)) if dead else np.empty(0, np.int64)
        key = ("part", tuple(segment.id for segment in segments), blake2b(ids.tobytes(), digest_size=16).digest())
        found = self._cache.get(key)
        if found is None:
            found = Part.of(segments, ids, key[2])
            self._cache.put(key, found, 0)
        return found

    async def segments(self, ids: Sequence[int]) -> list[Segment]:
        """In the order of their ids. Raises SegmentGone."""
        found: dict[int, Segment] = {one: kept for one in ids if (kept := self._cache.get(("segment", one)))}
        missing = [one for one in ids if one not in found]
        for row in await self._missing("bm25.segments", missing):
            chunks = read_ascending(row["ids"])
            lengths, _ = read_numbers(row["lengths"], 0, len(chunks))
            segment = Segment(row["id"], row["collection_id"], row["language"], chunks, lengths.astype(np.int32))
            found[segment.id] = segment
            self._cache.put(("segment", segment.id), segment, segment.size)
        if len(found) < len(ids):
            raise SegmentGone
        return [found[one] for one in ids]

    async def deletions(self, ids: Sequence[int]) -> dict[int, tuple[int, Integers]]:
        """Collection and chunks of each. Raises SegmentGone."""
        found: dict[int, tuple[int, Integers]] = {
            one: kept for one in ids if (kept := self._cache.get(("deletion", one)))
        }
        for row in await self._missing("bm25.deletions", [one for one in ids if one not in found]):
            chunks = np.array(row["chunk_ids"], np.int64)
            found[row["id"]] = row["collection_id"], chunks
            self._cache.put(("deletion", row["id"]), found[row["id"]], chunks.nbytes)
        if len(found) < len(ids):
            raise SegmentGone
        return found

    async def _missing(self, key: str, ids: Sequence[int]) -> list[Any]:
        if not ids:
            return []
        self.has_read = True
        return await self._rows(key, ids)

    async def postings(self, wanted: Iterable[tuple[Part, Collection[str]]]) -> list[dict[str, Postings]]:
        """For each part the postings of live chunks of those terms that it has. Raises SegmentGone."""
        wanted = list(wanted)
        found: list[dict[str, Postings]] = []
        open_terms: list[list[str]] = []
        for part, terms in wanted:
            here: dict[str, Postings] = {}
            missing: list[str] = []
            for term in terms:
                kept = self._cache.get((part.key, term))
                if kept is None:
                    missing.append(term)
                elif len(kept.chunks):
                    here[term] = kept
            found.append(here)
            open_terms.append(missing)
        if any(open_terms):
            asked = [
                (segment, term)
                for (part, _), terms in zip(wanted, open_terms, strict=True)
                for segment in part.segments
                for term in terms
            ]
            raw = await self._raw(asked)
            for (part, _), terms, here in zip(wanted, open_terms, found, strict=True):
                for term in terms:
                    made = _joined(part, [raw[segment.id, term] for segment in part.segments])
                    self._cache.put((part.key, term), made, made.size(len(part.ids)))
                    if len(made.chunks):
                        here[term] = made
        return found

    async def _raw(self, asked: Sequence[tuple[Segment, str]]) -> dict[tuple[int, str], Postings]:
        """Postings of terms in segments, deleted chunks among them."""
        found: dict[tuple[int, str], Postings] = {}
        await self._read_whole({segment.id for segment, _ in asked if len(segment.ids) <= WHOLE_UP_TO})
        lookups: list[tuple[int, str]] = []
        sizes = {segment.id: len(segment.ids) for segment, _ in asked}
        for segment, term in asked:
            key = (segment.id, term)
            # As the part has it that is this segment alone, with nothing deleted.
            kept = self._cache.get((((segment.id,), b""), term))
            pages: list[Page] | None = self._cache.get(("pages", segment.id))
            if kept is not None:
                found[key] = kept
            elif pages is not None:
                found[key] = next((made for page in pages if (made := _on(page, term))), _NONE)
            else:
                lookups.append(key)
        for start in range(0, len(lookups), _AT_ONCE):
            batch = lookups[start : start + _AT_ONCE]
            rows = await self._missing_pages("bm25_page.find", batch)
            read: dict[tuple[int, str], Page] = {}
            for row in rows:
                place: int = row["place"] - 1
                key = batch[place]
                name = (key[0], str(row["first_term"]))
                page = read.get(name) or read.setdefault(name, Page(row["postings"]))
                found[key] = _on(page, key[1]) or _NONE
                self._cache.put((((key[0],), b""), key[1]), found[key], found[key].size(sizes[key[0]]))
        return found

    async def _read_whole(self, ids: Collection[int]) -> None:
        missing = [one for one in ids if self._cache.get(("pages", one)) is None]
        pages: dict[int, list[Page]] = {one: [] for one in missing}
        for row in await self._missing("bm25_page.whole", missing):
            pages[row["segment_id"]].append(Page(row["postings"]))
        if not all(pages.values()):
            raise SegmentGone
        for one, read in pages.items():
            self._cache.put(("pages", one), read, sum(3 * page.size for page in read))

    async def _missing_pages(self, key: str, asked: Sequence[tuple[int, str]]) -> list[Any]:
        self.has_read = True
        rows = await self._rows(key, [segment for segment, _ in asked], [term for _, term in asked])
        if len(rows) < len(asked):
            raise SegmentGone
        return rows

    async def phrase(self, part: Part, pattern: Pattern, there: dict[str, Postings]) -> Postings:
        """Live chunks with a phrase; frequencies are real numbers as it may be loose. `there`: of the part's terms."""
        slots = [([term for term in terms if term in there], place) for terms, place in pattern.slots]
        if not all(terms for terms, _ in slots):
            return _NONE
        key = (part.key, pattern.slots, pattern.slop)
        found: Postings | None = self._cache.get(key)
        if found is None:
            at = await self._positions(part, list({term for terms, _ in slots for term in terms}))
            stretched = [
                (
                    np.concatenate([at[term][0] for term in terms]),
                    np.concatenate([at[term][1] for term in terms]),
                    place,
                )
                for terms, place in slots
            ]
            chunks, often = loosely(stretched, pattern.slop) if pattern.slop else exactly(stretched)
            found = Postings(chunks.astype(np.int32), often.astype(np.float64))
            if len(part.dead):
                found = found.among(part.live())
            self._cache.put(key, found, found.size(len(part.ids)))
        return found

    async def _positions(self, part: Part, terms: Sequence[str]) -> dict[str, tuple[Integers, Integers]]:
        """For each term the chunk (ordinal within the part) and the position of every occurrence."""
        asked = [(segment.id, term) for segment in part.segments for term in terms]
        begins = {segment.id: 0 for segment in part.segments}
        behind = 0
        for segment in part.segments:
            begins[segment.id] = behind
            behind += len(segment.ids)
        chunks: dict[str, list[Integers]] = {term: [] for term in terms}
        positions: dict[str, list[Integers]] = {term: [] for term in terms}
        for start in range(0, len(asked), _AT_ONCE):
            batch = asked[start : start + _AT_ONCE]
            for row in await self._missing_pages("bm25_page.find_positions", batch):
                place: int = row["place"] - 1
                segment, term = batch[place]
                page = Page(row["postings"])
                number = page.find(term)
                if number is not None:
                    here = page.chunks(number).astype(np.int64) + begins[segment]
                    chunks[term].append(np.repeat(here, page.frequencies(number)))
                    positions[term].append(page.positions(number, row["positions"]).astype(np.int64))
        return {term: (np.concatenate(chunks[term]), np.concatenate(positions[term])) for term in terms}


_NONE = Postings(np.empty(0, np.int32), np.empty(0, np.uint8))


def _on(page: Page, term: str) -> Postings | None:
    number = page.find(term)
    return None if number is None else Postings(page.chunks(number), page.frequencies(number))


def _joined(part: Part, pieces: Sequence[Postings]) -> Postings:
    """The pieces of a part's segments as one list without deleted chunks."""
    if len(pieces) == 1:
        whole = pieces[0]
    else:
        behind = 0
        chunks: list[Ordinals] = [_NONE.chunks]
        often: list[NDArray[Any]] = [_NONE.frequencies]
        for segment, piece in zip(part.segments, pieces, strict=True):
            if len(piece.chunks):
                chunks.append(piece.chunks + np.int32(behind))
                often.append(piece.frequencies)
            behind += len(segment.ids)
        whole = Postings(np.concatenate(chunks), np.concatenate(often))
    return whole.among(part.live()) if len(part.dead) and len(whole.chunks) else whole
