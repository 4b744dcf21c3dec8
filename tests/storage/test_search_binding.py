"""What a query requires and excludes, questions that are no queries, documents that change while they are searched."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from db import NewChunk, NewPage
from db.bm25 import Bm25
from db.bm25.query import MOST_METADATA_CLAUSES
from db.search import Search
from inference.errors import InvalidInput
from inference.functions import search
from inference.runner import DEFAULT_EMBEDDER, embed
from tests.storage.bench import Bench
from tests.storage.shelf import shelve
from tests.storage.shelves import BOOKS, LANES, Shelves


@pytest.mark.parametrize("function", LANES)
class TestInEveryLane:
    async def test_metadata_can_be_excluded(self, shelves: Shelves, function: str) -> None:
        found = await shelves.find(function, "pump water -md.year:1990", limit=50)
        assert {hit.document_name for hit in found.hits} >= {"bees.txt"}
        assert "pumps.txt" not in {hit.document_name for hit in found.hits}
        found = await shelves.find(function, "pump water oil -md.year:1990 -tram", limit=50)
        assert {hit.document_name for hit in found.hits} <= {"bees.txt", "trams.txt"}
        assert not [hit for hit in found.hits if "tram" in hit.text]

    async def test_what_is_required_of_stop_words_alone_binds_nothing(self, shelves: Shelves, function: str) -> None:
        bare = await shelves.find(function, "pump", limit=50)
        found = await shelves.find(function, "pump text:the", limit=50)
        assert found.hits
        assert [hit.chunk_id for hit in found.hits] == [hit.chunk_id for hit in bare.hits]

    async def test_required_within_a_filter_that_lets_much_through(
        self, shelves: Shelves, function: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("db.search.FEW_CHUNKS", 1)
        where = {"field": "metadata.year", "op": "eq", "value": 1990}
        found = await shelves.find(function, "water text:oil", limit=50, filter={"where": where})
        assert {hit.text for hit in found.hits} == {BOOKS["pumps.txt"][1]}

    async def test_more_than_can_bind_is_said(self, shelves: Shelves, function: str) -> None:
        query = " ".join(["pump", *(f"md.a:b{n}" for n in range(MOST_METADATA_CLAUSES + 1)), "-valve"])
        with pytest.raises(InvalidInput, match="filter") as refused:
            await shelves.find(function, query)
        assert refused.value.field == "query"
        found = await shelves.find(function, "water " * 2000 + "-tram", limit=50)
        assert found.hits
        assert not [hit for hit in found.hits if "tram" in hit.text]

    async def test_in_a_text_signs_mean_nothing(self, shelves: Shelves, function: str) -> None:
        query = "Why -tram text:honey and -oil?"
        found = await shelves.find(function, query, syntax=False, limit=50)
        names = {hit.document_name for hit in found.hits}
        assert {"trams.txt", "bees.txt"} <= names


async def test_by_the_source(shelves: Shelves) -> None:
    pool = shelves.bench.storage.pool
    await pool.execute("UPDATE documents SET source = 'folder/a b.txt' WHERE name = 'bees.txt'")
    conditions: list[tuple[dict[str, Any], set[str]]] = [
        ({"op": "eq", "value": "folder/a b.txt"}, {"bees.txt"}),
        ({"op": "contains", "value": "FOLDER"}, {"bees.txt"}),
        ({"op": "missing"}, {"pumps.txt", "trams.txt"}),
    ]
    for condition, names in conditions:
        where = {"field": "document.source"} | condition
        assert await shelves.names("search_hybrid", "pump bees tram water", where) == names


@pytest.mark.parametrize("function", LANES)
async def test_one_long_document_does_not_hide_the_others(bench: Bench, function: str) -> None:
    long = {"long.txt": [f"The turbine blade turbine blade number {n}." for n in range(40)]}
    others = {f"{n}.txt": ["A turbine blade and much else that is of no concern to anybody here."] for n in range(3)}
    collection, documents = await shelve(bench, long | others)
    shelves = Shelves(bench, collection, documents)
    found = await shelves.find(function, "turbine blade", per_document=1, limit=10, candidates=5)
    assert {hit.document_name for hit in found.hits} == {*long, *others}


async def test_a_reranker_reads_what_is_looked_for(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def keep(runner: object, model: str, query: str, texts: list[str]) -> list[float]:
        asked.append(query)
        return [0.0] * len(texts)

    monkeypatch.setattr(search, "rerank", keep)
    await shelves.find("search_hybrid", "pump -tram md.year:1990", rerank={"model": "judge"})
    assert asked == ["pump"]


ANEW = [f"Anew. {text}" for text in BOOKS["pumps.txt"]]


async def cut_anew(shelves: Shelves) -> None:
    """The pumps have other passages, in one transaction, and background work has been at the former ones."""
    storage, ctx = shelves.bench.storage, shelves.bench.ctx
    work = await storage.ingestions.work(ctx.user.key, UUID(shelves.documents["pumps.txt"]))
    assert work
    vectors = await embed(ctx.runner, DEFAULT_EMBEDDER, ANEW)
    embedder = await storage.vectors.embedder(DEFAULT_EMBEDDER, vectors.shape[1], "")
    chunks = [
        NewChunk(uid=uuid7(), ordinal=at, page=1, start=0, page_end=1, end=9, token_count=1, headings=[], text=text)
        for at, text in enumerate(ANEW)
    ]
    async with storage.transaction() as transaction:
        await transaction.executor.execute(
            "UPDATE documents SET words_at = NULL, indexed_at = NULL WHERE id = $1", work.id
        )
        await transaction.executor.execute("DELETE FROM chunks WHERE document_id = $1", work.id)
        await transaction.executor.execute("DELETE FROM pages WHERE document_id = $1", work.id)
        ids = await transaction.ingestions.put_words(work, [NewPage(1, " ".join(ANEW))], chunks)
        assert ids
        await transaction.vectors.add(embedder, work.collection_id, ids, vectors)
        await transaction.ingestions.complete(work.id)
    while await storage.merge_bm25(0):
        pass


Change = Callable[[Shelves], Awaitable[None]]


def once(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, shelves: Shelves, change: Change, *, after: bool
) -> None:
    """Something changes before or after the first call of a function."""
    real, changes = getattr(where, name), [change]

    async def changing(*given: Any, **more: Any) -> Any:
        if changes and not after:
            await changes.pop()(shelves)
        result = await real(*given, **more)
        if changes:
            await changes.pop()(shelves)
        return result

    monkeypatch.setattr(where, name, changing)


@pytest.mark.parametrize("function", LANES)
async def test_a_document_that_is_cut_anew_meanwhile_is_found(
    shelves: Shelves, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its passages of before are gone when they are to be read."""
    once(monkeypatch, Search, "hits", shelves, cut_anew, after=False)
    found = await shelves.find(function, "pump", limit=50, filter={"document_ids": [shelves.documents["pumps.txt"]]})
    assert {hit.text for hit in found.hits} == ({t for t in ANEW if "pump" in t} if "bm25" in function else set(ANEW))


@pytest.mark.parametrize("function", LANES)
@pytest.mark.parametrize("rerank", [None, {"model": "judge"}])
async def test_a_filter_whose_passages_are_gone_when_they_are_looked_for(
    shelves: Shelves, function: str, rerank: dict[str, Any] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def judge(runner: object, model: str, query: str, texts: list[str]) -> list[float]:
        return [0.0] * len(texts)

    monkeypatch.setattr(search, "rerank", judge)
    once(monkeypatch, Search, "allowed", shelves, cut_anew, after=True)
    names = {"field": "document.name", "op": "in", "value": ["pumps.txt", "trams.txt"]}
    found = await shelves.find(function, "pump", limit=50, filter={"where": names}, rerank=rerank)
    assert {hit.text for hit in found.hits} >= {text for text in ANEW if "pump" in text}


@pytest.mark.parametrize(
    ("query", "last"), [("+water text:pump", ANEW[0]), ("water -md.year:2010 md.year:1990", ANEW[0])]
)
async def test_what_a_query_requires_is_cut_anew_when_it_is_looked_for(
    shelves: Shelves, query: str, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    once(monkeypatch, Bm25, "binding", shelves, cut_anew, after=True)
    assert last in {hit.text for hit in (await shelves.find("search_dense", query, limit=50)).hits}


@pytest.mark.parametrize("function", ["search_dense", "search_hybrid"])
async def test_another_embedder_while_a_query_is_embedded(
    shelves: Shelves, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = await shelves.find(function, "harbour", limit=50)

    async def change(shelves: Shelves) -> None:
        pool, vectors = shelves.bench.storage.pool, shelves.bench.storage.vectors
        former = await pool.fetchval("UPDATE embedders SET fingerprint = 'former' RETURNING id")
        embedder = await vectors.embedder(DEFAULT_EMBEDDER, 384, "latter")
        await pool.execute(
            "INSERT INTO embeddings (chunk_id, embedder_id, collection_id, vector) "
            "SELECT chunk_id, $1, collection_id, vector FROM embeddings",
            embedder,
        )
        collection = await pool.fetchval("SELECT id FROM collections")
        assert await vectors.switch(collection, embedder)
        await vectors.drop(collection, former)

    once(monkeypatch, search, "find_scope", shelves, change, after=True)
    assert await shelves.find(function, "harbour", limit=50) == expected


async def test_a_filter_that_is_asked_about_passages_that_are_gone(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.search.FEW_CHUNKS", 0)
    once(monkeypatch, Search, "among_documents", shelves, cut_anew, after=False)
    where = {"field": "metadata.year", "op": "eq", "value": 1990}
    found = await shelves.find("search_bm25", "pump", limit=50, filter={"where": where})
    assert {hit.text for hit in found.hits} == {text for text in ANEW if "pump" in text}


async def test_what_is_added_meanwhile_is_no_reason_to_search_again(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = 0
    real = search.find_scope

    async def count(*given: Any) -> Any:
        nonlocal searches
        searches += 1
        return await real(*given)

    async def add(shelves: Shelves) -> None:
        await shelve(shelves.bench, {"more.txt": ["A pump more."]})

    monkeypatch.setattr(search, "find_scope", count)
    once(monkeypatch, Search, "allowed", shelves, add, after=True)
    where = {"field": "metadata.year", "op": "eq", "value": 1990}
    found = await shelves.find("search_hybrid", "pump", filter={"where": where}, collection_ids=[])
    assert found.hits
    assert searches == 1
