"""BM25 stores for tests: the real one, and one that follows the definition and nothing else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from db import AllowedChunks, NewDocument, Query, Scored, Storage
from db.bm25 import Findable
from db.bm25.phrases import matches
from db.bm25.query import Clause
from db.bm25.words import normalised, split

K1, B = 1.2, 0.75
_INSERT = """
    INSERT INTO chunks (uid, document_id, collection_id, ordinal, page, start_offset, page_end, end_offset, token_count,
                        headings, text)
    SELECT uid, $1, $2, place, 1, 0, 1, 9, 1, $5, text
    FROM unnest($3::uuid[], $4::text[]) WITH ORDINALITY AS t (uid, text, place)
    RETURNING id, text
"""


class Store(Protocol):
    """What every BM25 store can do. Chunks have the ids that the database gave them."""

    async def search(
        self, collections: Sequence[int], query: Query, limit: int, allowed: AllowedChunks | None = None
    ) -> list[Scored]: ...


class Library:
    """Collections of one user with documents, in the real database."""

    def __init__(self, storage: Storage, user: int) -> None:
        self.storage, self.user = storage, user
        self._uids: dict[int, UUID] = {}

    @classmethod
    async def make(cls, storage: Storage) -> Library:
        owner = uuid7()
        await storage.accounts.create(owner, f"user-{owner}", "hash", is_admin=False)
        account = await storage.accounts.by_uid(owner)
        assert account
        return cls(storage, account.id)

    async def collection(self, language: str = "simple") -> int:
        uid = uuid7()
        await self.storage.collections.create(uid, self.user, "c", "", {}, language, "all-MiniLM-L6-v2")
        (found,) = await self.storage.collections.resolve(self.user, [uid])
        self._uids[found.id] = uid
        return found.id

    async def add(
        self,
        collection: int,
        texts: Sequence[str],
        *,
        name: str = "",
        metadata: Mapping[str, Any] | None = None,
        headings: Sequence[str] = (),
    ) -> UUID:
        """One document with these passages."""
        uid = uuid7()
        new = NewDocument(
            name=name, content_type="text/plain", size=1, sha256=(uid.bytes * 2).hex(), metadata=dict(metadata or {})
        )
        assert await self.storage.documents.create(uid, self.user, self._uids[collection], new)
        await self.replace(uid, texts, headings=headings)
        return uid

    async def replace(self, document: UUID, texts: Sequence[str], *, headings: Sequence[str] = ()) -> None:
        """The passages of a document anew."""
        work = await self.storage.ingestions.work(self.user, document)
        assert work
        uids = [uuid7() for _ in texts]
        async with self.storage.transaction() as transaction:
            connection = transaction.executor
            await connection.execute("DELETE FROM chunks WHERE document_id = $1", work.id)
            # Without vectors, which take the time.
            rows = await connection.fetch(_INSERT, work.id, work.collection_id, uids, list(texts), list(headings))
            await connection.execute("UPDATE documents SET indexed_at = now() WHERE id = $1", work.id)
            chunks = [Findable(row["id"], row["text"], headings, work.name) for row in rows]
            await transaction.bm25.add(work.collection_id, work.language, chunks)

    async def delete(self, document: UUID) -> None:
        assert await self.storage.documents.delete(self.user, document)

    async def delete_collection(self, collection: int) -> None:
        assert await self.storage.collections.delete(self.user, self._uids[collection])

    async def settle(self) -> None:
        """All the background work there is."""
        while await self.storage.merge_bm25(0):
            pass

    async def ids(self) -> dict[str, int]:
        """The chunks by their texts."""
        return {row["text"]: row["id"] for row in await self.storage.pool.fetch("SELECT id, text FROM chunks")}


@dataclass(frozen=True, slots=True)
class _Chunk:
    id: int
    metadata: dict[str, Any]
    # Of each field the stems, place by place.
    fields: dict[str, list[tuple[str, ...]]] = field(default_factory=dict[str, list[tuple[str, ...]]])

    @property
    def length(self) -> int:
        return sum(map(len, self.fields["text"]))


class Definition:
    """BM25 and the query language written down: every chunk is looked at. It stores nothing of its own; the chunks are
    read as they are now, stems are the database's."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._stems: dict[tuple[str, str], tuple[str, ...]] = {}

    async def search(
        self, collections: Sequence[int], query: Query, limit: int, allowed: AllowedChunks | None = None
    ) -> list[Scored]:
        by_language = await self._chunks(collections)
        every = [chunk for chunks in by_language.values() for chunk in chunks]
        average = sum(chunk.length for chunk in every) / len(every) if every else 0
        frequencies = await self._document_frequencies(query, by_language)
        found: list[Scored] = []
        for language, chunks in by_language.items():
            for chunk in chunks:
                if allowed is not None and chunk.id not in allowed.ids:
                    continue
                score = await self._score(query, chunk, language, len(every), average, frequencies)
                if score is not None:
                    found.append(Scored(chunk.id, score))
        return sorted(found, key=lambda one: (-round(one.score, 9), one.chunk_id))[:limit]

    async def _score(
        self, query: Query, chunk: _Chunk, language: str, count: int, average: float, frequencies: Mapping[str, int]
    ) -> float | None:
        """None when the chunk is not found."""
        required = [clause for clause in query.required if await self._asks(clause, language)]
        for clause in required:
            if not await self._often(clause, chunk, language):
                return None
        for clause in query.excluded:
            if await self._asks(clause, language) and await self._often(clause, chunk, language):
                return None
        score = 0.0
        norm = K1 * (1 - B + B * chunk.length / average) if average else 1.0
        for clause in query.scored:
            slots = await self._slots(clause, language)
            if len(slots) == 1:
                for term in slots[0][0]:
                    often = sum(place.count(term) for place in chunk.fields["text"])
                    score += clause.boost * idf(count, frequencies.get(term, 0)) * often / (often + norm)
            elif slots:
                often = await self._often(clause, chunk, language)
                together = sum(idf(count, frequencies.get(term, 0)) for terms, _ in slots for term in terms)
                score += clause.boost * together * often / (often + norm)
        return score if score or required else None

    async def _asks(self, clause: Clause, language: str) -> bool:
        return clause.field == "metadata" or bool(await self._slots(clause, language))

    async def _often(self, clause: Clause, chunk: _Chunk, language: str) -> float:
        if clause.field == "metadata":
            return float(_has(chunk.metadata, clause.path, clause.words))
        slots = await self._slots(clause, language)
        places = chunk.fields[clause.field]
        at = [[n for n, stems in enumerate(places) if set(stems) & set(terms)] for terms, _ in slots]
        if not at or not all(at):
            return 0.0
        return sum(1 / (1 + distance) for distance, _ in matches(at, [place for _, place in slots], clause.slop))

    async def _slots(self, clause: Clause, language: str) -> list[tuple[tuple[str, ...], int]]:
        stems = [await self._stem(word, language) for word in clause.words]
        return [(terms, place) for place, terms in enumerate(stems) if terms]

    async def _document_frequencies(
        self, query: Query, by_language: Mapping[str, Collection[_Chunk]]
    ) -> dict[str, int]:
        frequencies: Counter[str] = Counter()
        slots = [slot for language in by_language for c in query.scored for slot in await self._slots(c, language)]
        terms = {term for slot, _ in slots for term in slot}
        for chunk in (chunk for chunks in by_language.values() for chunk in chunks):
            frequencies.update(terms & {stem for stems in chunk.fields["text"] for stem in stems})
        return frequencies

    async def _chunks(self, collections: Sequence[int]) -> dict[str, list[_Chunk]]:
        rows = await self._storage.pool.fetch(
            """SELECT k.id, c.language, k.text, k.headings, d.name, d.metadata FROM chunks k
               JOIN documents d ON d.id = k.document_id JOIN collections c ON c.id = k.collection_id
               WHERE c.id = ANY($1)""",
            collections,
        )
        found: dict[str, list[_Chunk]] = {}
        for row in rows:
            texts = {"text": row["text"], "headings": "\n".join(row["headings"]), "document_name": row["name"]}
            fields = {name: [await self._stem(w, row["language"]) for w in split(text)] for name, text in texts.items()}
            found.setdefault(row["language"], []).append(_Chunk(row["id"], row["metadata"], fields))
        return found

    async def _stem(self, word: str, language: str) -> tuple[str, ...]:
        if language == "simple":
            return (normalised(word),)
        key = (language, word)
        if key not in self._stems:
            statement = "SELECT tsvector_to_array(to_tsvector($1::text::regconfig, $2))"
            self._stems[key] = tuple(await self._storage.pool.fetchval(statement, language, normalised(word)))
        return self._stems[key]


def idf(count: int, frequency: int) -> float:
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _has(metadata: dict[str, Any], path: Sequence[str], words: Sequence[str]) -> bool:
    value: Any = metadata
    for key in path:
        value = cast(dict[str, Any], value).get(key) if isinstance(value, dict) else None
    entries = cast(list[Any], value) if isinstance(value, list) else [value]
    wanted = [normalised(word) for word in words]
    for entry in entries:
        there = [normalised(w) for w in split(str(entry))] if isinstance(entry, (str, int, float)) else []
        if any(there[n : n + len(wanted)] == wanted for n in range(len(there))):
            return True
    return False


def assert_same(found: Sequence[Scored], expected: Sequence[Scored]) -> None:
    assert [one.chunk_id for one in found] == [one.chunk_id for one in expected]
    assert [one.score for one in found] == pytest.approx([one.score for one in expected], abs=1e-6)
