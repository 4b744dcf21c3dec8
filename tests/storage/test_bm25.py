"""The BM25 store against its definition and against bm25s, whatever was added, deleted, replaced and merged before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import bm25s
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import AllowedChunks, AllowedWhere, Storage, parse_query
from tests.bm25_library import Definition, Library, assert_same

# Few words, so that chunks share them and scores are equal now and then.
WORDS = [f"{a}{b}" for a in ("ka", "mo", "ti", "pu") for b in ("lop", "dug", "rim")]
words = st.integers(0, 99).map(lambda n: WORDS[min(n * n // 800, len(WORDS) - 1)])
texts = st.lists(words, max_size=40).map(" ".join)
documents = st.lists(texts, min_size=1, max_size=6)
places = st.integers(0, 30)
actions = st.lists(
    st.one_of(
        st.tuples(st.just("add"), places, documents),
        st.tuples(st.just("replace"), places, documents),
        st.tuples(st.just("delete"), places, st.just([])),
        st.tuples(st.just("merge"), places, st.just([])),
    ),
    min_size=1,
    max_size=8,
)
asked = st.lists(
    st.one_of(words, st.sampled_from(['"kalop kadug"', '"kalop kadug"~3^2', "-katirim", "text:kalop"])),
    min_size=1,
    max_size=5,
)


class TestProperty:
    """Each example has collections of its own, so that the database can be one."""

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(actions=actions, queries=st.lists(asked.map(" ".join), min_size=1, max_size=4), limit=st.integers(1, 12))
    async def test_same_as_the_definition(
        self, storage: Storage, actions: list[tuple[str, int, list[str]]], queries: list[str], limit: int
    ) -> None:
        library, definition = await Library.make(storage), Definition(storage)
        collections = [await library.collection(), await library.collection("english"), await library.collection()]
        there: list[UUID] = []
        for action, place, passages in actions:
            if action == "add":
                there.append(await library.add(collections[place % 3], passages))
            elif action == "merge":
                await storage.merge_bm25(0)
            elif there and action == "replace":
                await library.replace(there[place % len(there)], passages)
            elif there:
                await library.delete(there.pop(place % len(there)))
            for query in queries:
                for chosen in (collections, collections[:1]):
                    expected = await definition.search(chosen, parse_query(query), limit)
                    found = await storage.bm25.search(chosen, parse_query(query), limit)
                    assert_same(found, expected)

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        passages=st.lists(texts, min_size=11, max_size=60), gone=st.integers(0, 10), query=st.lists(words, min_size=1)
    )
    async def test_same_as_bm25s(self, storage: Storage, passages: list[str], gone: int, query: list[str]) -> None:
        library = await Library.make(storage)
        collection = await library.collection()
        await library.add(collection, passages[gone:])
        await library.delete(await library.add(collection, passages[:gone] or ["more"]))
        peer: Any = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        tokens = [text.split() for text in passages[gone:]]
        if not any(tokens):
            return
        peer.index(tokens, show_progress=False)
        known = [word for word in query if word in peer.vocab_dict]
        expected = sorted(map(float, peer.get_scores(known)), reverse=True) if known else []
        found = await storage.bm25.search([collection], parse_query(" ".join(query)), len(tokens))
        positive = [score for score in expected if score > 0]
        assert [one.score for one in found] == pytest.approx(positive, abs=1e-4)


async def test_exact_across_segments_of_every_size(storage: Storage) -> None:
    """Enough chunks that terms have tables, floors are raised and parts are scored one by one."""
    library, definition = await Library.make(storage), Definition(storage)
    collection = await library.collection()
    random = np.random.default_rng(1)
    vocabulary = [f"w{n}" for n in range(3000)]
    weights = 1 / (np.arange(3000) + 3)
    weights /= weights.sum()
    for size in (9000, 4500, 700, 30, 1):
        drawn = random.choice(3000, (size, 20), p=weights)
        rows: list[list[int]] = [row[: random.integers(5, 21)].tolist() for row in drawn]
        await library.add(collection, [" ".join(vocabulary[n] for n in row) for row in rows])
    ids = sorted((await library.ids()).values())
    some, most = np.array(ids[::700]), np.array([one for one in ids if one % 10])
    for query in ("w2999 w5 w40 w700", "w0 w1 w2 w3", "w0", '"w0 w1" w900', "w1 -w0 text:w2", "w2500 w2600 w2700 w1"):
        whole = await definition.search([collection], parse_query(query), len(ids))
        for allowed in (None, AllowedChunks(some), AllowedChunks(most)):
            chosen = set(ids if allowed is None else allowed.ids.tolist())
            expected = [one for one in whole if one.chunk_id in chosen]
            for limit in (10, 300):
                found = await storage.bm25.search([collection], parse_query(query), limit, allowed)
                assert_same(found, expected[:limit])
    await library.settle()
    assert_same(
        await storage.bm25.search([collection], parse_query("w0 w7 w70 w1700"), 20),
        await definition.search([collection], parse_query("w0 w7 w70 w1700"), 20),
    )


async def test_a_query_as_long_as_a_text(storage: Storage) -> None:
    """More terms than are compared with each other."""
    library, definition = await Library.make(storage), Definition(storage)
    collection = await library.collection()
    random = np.random.default_rng(2)
    for size in (5000, 60, 3):
        await library.add(collection, [" ".join(f"w{n}" for n in random.integers(0, 400, 6)) for _ in range(size)])
    ids = sorted((await library.ids()).values())
    query = parse_query(" ".join(f"w{n}" for n in range(0, 400, 3)) + ' w3^4 "w6 w9" -w12')
    whole = await definition.search([collection], query, len(ids))
    for allowed in (None, AllowedChunks(np.array(ids[::9]))):
        chosen = set(ids if allowed is None else allowed.ids.tolist())
        expected = [one for one in whole if one.chunk_id in chosen]
        for limit in (1, 10):
            assert_same(await storage.bm25.search([collection], query, limit, allowed), expected[:limit])
        assert dict(await storage.bm25.search([collection], query, len(ids), allowed)) == pytest.approx(dict(expected))


async def test_a_filter_that_is_asked_walks_down_the_exact_order(storage: Storage) -> None:
    library = await Library.make(storage)
    collection = await library.collection()
    await library.add(collection, [f"pump {'valve ' * (n % 7)}n{n}" for n in range(200)])
    whole = await storage.bm25.search([collection], parse_query("pump valve"), 200)
    for modulus in (2, 50, 1000):
        calls: list[int] = []

        async def check(chunks: list[int], modulus: int = modulus, calls: list[int] = calls) -> set[int]:
            calls.append(len(chunks))
            return {chunk for chunk in chunks if chunk % modulus == 0}

        found = await storage.bm25.search([collection], parse_query("pump valve"), 5, AllowedWhere(check))
        assert found == [one for one in whole if one.chunk_id % modulus == 0][:5]
        assert sum(calls) <= 200, "no chunk is asked about twice"


async def test_findable_in_the_transaction_and_gone_with_it(storage: Storage) -> None:
    library = await Library.make(storage)
    collection = await library.collection()
    await library.add(collection, ["one two"])

    async def broken_off() -> None:
        async with storage.transaction() as work:
            await work.executor.execute("DELETE FROM chunks")
            assert await work.bm25.search([collection], parse_query("one"), 5) == []
            assert len(await storage.bm25.search([collection], parse_query("one"), 5)) == 1
            raise RuntimeError("broken off")

    with pytest.raises(RuntimeError, match="broken off"):
        await broken_off()
    assert len(await storage.bm25.search([collection], parse_query("one"), 5)) == 1


async def test_deleting_a_collection_or_its_user_leaves_nothing(storage: Storage) -> None:
    library = await Library.make(storage)
    first, second = await library.collection(), await library.collection()
    for collection in (first, second):
        document = await library.add(collection, ["one two", "three"])
        await library.add(collection, ["one"])
        await library.delete(document)
    await library.delete_collection(first)
    assert await storage.bm25.search([first], parse_query("one"), 5) == []
    assert len(await storage.bm25.search([first, second], parse_query("one"), 5)) == 1
    await storage.pool.execute("DELETE FROM users")
    for table in ("bm25_segments", "bm25_pages", "bm25_deletions"):
        assert await storage.pool.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_explains_what_it_did(storage: Storage) -> None:
    library = await Library.make(storage)
    collection = await library.collection()
    await library.add(collection, ["pump valve", "pump", "water"])
    first = await storage.bm25.explain([collection], parse_query("pump pump nothing"), 5)
    again = await storage.bm25.explain([collection], parse_query("pump pump nothing"), 5)
    assert (first.path, again.path) == ("loaded", "memory")
    assert first.hits == again.hits == await storage.bm25.search([collection], parse_query("pump pump nothing"), 5)
    assert (again.chunk_count, again.average_length, again.segments, again.postings) == (3, 4 / 3, 1, 2)
    assert [(term.term, term.df, term.weight) for term in again.terms] == [("pump", 2, 2.0), ("nothing", 0, 1.0)]


@pytest.mark.parametrize(
    ("language", "query", "text", "marked"),
    [
        ("english", "pumps running -water", "Pumps run; the pump ran in water.", ["Pumps", "run", "pump"]),
        ("english", '"relief valve" spring', "valve, relief valves and a spring", ["relief", "valves", "spring"]),
        ("english", '"relief valve"~1', "relief of a valve", []),
        ("english", "text:pump headings:water", "A pump in water", ["pump"]),
        ("simple", "水轮机", "压力水轮机", ["水轮机"]),
        ("german", "Ventil", "Die Ventile sind e\u0301tanche", ["Ventile"]),
        ("english", "the of", "the of", []),
    ],
)
async def test_highlights(storage: Storage, language: str, query: str, text: str, marked: list[str]) -> None:
    (spans, none) = await storage.bm25.highlight(parse_query(query), [(language, text), (language, "")])
    assert [text[start:end] for start, end in spans] == marked
    assert none == []
