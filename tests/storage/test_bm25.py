"""The BM25 store against BM25 written down: the same order and scores, whatever was added and deleted before."""

from __future__ import annotations

import math
import random
from collections import Counter
from uuid import UUID

import numpy as np
import pytest
from uuid_utils.compat import uuid7

from db import NewChunk, Storage

WORDS = [f"{a}{b}{c}" for a in "kmpt" for b in "aeiou" for c in ("lop", "dug", "rim")]


def passage(rng: random.Random) -> str:
    """Zipf-like text, so that some terms are common and most are rare."""
    return " ".join(WORDS[min(int(rng.paretovariate(0.7)) - 1, len(WORDS) - 1)] for _ in range(rng.randint(1, 60)))


def lucene_bm25(passages: dict[int, str], query: str, k1: float = 1.2, b: float = 0.75) -> list[tuple[int, float]]:
    """BM25 as Lucene computes it, over all passages: the definition, without any index."""
    terms = {key: Counter(text.split()) for key, text in passages.items()}
    average = sum(sum(counts.values()) for counts in terms.values()) / len(terms)
    scores: dict[int, float] = {}
    for word, times in Counter(query.split()).items():
        holding = [key for key, counts in terms.items() if counts[word]]
        idf = math.log(1 + (len(terms) - len(holding) + 0.5) / (len(holding) + 0.5))
        for key in holding:
            tf = terms[key][word]
            norm = k1 * (1 - b + b * sum(terms[key].values()) / average)
            scores[key] = scores.get(key, 0) + times * idf * tf / (tf + norm)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


class Library:
    """A user with one collection in language `simple`, where terms are words."""

    def __init__(self, storage: Storage, user: int, collection: UUID, key: int) -> None:
        self.storage, self.user, self.collection, self.key = storage, user, collection, key

    @classmethod
    async def make(cls, storage: Storage, language: str = "simple") -> Library:
        owner = uuid7()
        await storage.accounts.create(owner, f"user-{owner}", "hash", is_admin=False)
        account = await storage.accounts.by_uid(owner)
        assert account
        collection = uuid7()
        await storage.collections.create(collection, account.id, "c", "", {}, language, "all-MiniLM-L6-v2")
        (found,) = await storage.collections.resolve(account.id, [collection])
        return cls(storage, account.id, collection, found.id)

    async def add(self, texts: list[str]) -> UUID:
        """One document with these passages."""
        uid = uuid7()
        assert await self.storage.documents.create(
            uid, self.user, self.collection, name="d", content_type="text/plain", size=1, sha256=uid.bytes * 2,
            metadata={}, idempotency_key=None,
        )  # fmt: skip
        work = await self.storage.documents.work(self.user, uid)
        assert work
        vector = np.ones(384, dtype=">f2").tobytes()
        chunks = [NewChunk(uuid7(), n, 1, 0, 1, len(t), 1, [], t, vector) for n, t in enumerate(texts)]
        async with self.storage.transaction() as transaction:
            assert await transaction.documents.store(work, [(1, "")], chunks)
            await transaction.bm25.add([work.id])
        return uid

    async def passages(self) -> dict[int, str]:
        return {r["id"]: r["text"] for r in await self.storage.pool.fetch("SELECT id, text FROM chunks")}


@pytest.mark.parametrize("seed", range(4))
async def test_same_order_and_scores_as_the_definition(storage: Storage, seed: int) -> None:
    rng = random.Random(seed)
    library = await Library.make(storage)
    documents: list[UUID] = []
    for _ in range(12):
        documents.append(await library.add([passage(rng) for _ in range(rng.randint(1, 9))]))
        if rng.random() < 0.3:
            gone = documents.pop(rng.randrange(len(documents)))
            assert await storage.documents.delete(library.user, gone)
    passages = await library.passages()
    for _ in range(10):
        query = passage(rng)
        expected = lucene_bm25(passages, query)[:10]
        found = await storage.search.bm25([library.key], query, 10, None)
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-9)
        assert dict(found) == pytest.approx(dict(expected), abs=1e-9)


async def test_statistics_follow_deletes(storage: Storage) -> None:
    library = await Library.make(storage)
    document = await library.add(["one two three", "four"])
    row = await storage.pool.fetchrow("SELECT chunk_count, term_count FROM bm25_statistics")
    assert row
    assert tuple(row) == (2, 4)
    await storage.documents.delete(library.user, document)
    row = await storage.pool.fetchrow("SELECT chunk_count, term_count FROM bm25_statistics")
    assert row
    assert tuple(row) == (0, 0)
    assert await storage.pool.fetchval("SELECT count(*) FROM bm25_postings") == 0


async def test_stems_and_stop_words_of_the_language(storage: Storage) -> None:
    library = await Library.make(storage, "english")
    await library.add(["The pumps were running.", "A valve, state-of-the-art and/or new", "the of and"])
    passages = {text: key for key, text in (await library.passages()).items()}

    async def found(query: str) -> list[int]:
        return [key for key, _ in await storage.search.bm25([library.key], query, 10, None)]

    assert await found("pump runs") == [passages["The pumps were running."]]
    assert await found("art") == await found("new") == [passages["A valve, state-of-the-art and/or new"]]
    assert await found("the") == []
    assert await found("!!! '\"; DROP TABLE chunks; -- \\ (.*) % _") == []


async def test_filter_keeps_the_scores(storage: Storage) -> None:
    library = await Library.make(storage)
    first, second = await library.add(["one two", "three"]), await library.add(["one three three"])
    keys = await storage.documents.resolve(library.user, [library.key], [second], None, None)
    whole = dict(await storage.search.bm25([library.key], "one three", 10, None))
    narrowed = dict(await storage.search.bm25([library.key], "one three", 10, keys))
    assert narrowed
    assert narrowed.items() <= whole.items()
    assert first != second
