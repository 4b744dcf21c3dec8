"""Searches in process: filters, lanes, grouping, neighbours, snippets, reranking, explanations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from uuid_utils.compat import uuid7

from db import Ranked
from inference.errors import Conflict, InvalidInput, NotFound, Unavailable
from inference.functions import Caller, Context, search
from inference.models.models import ModelEntry
from inference.models.search import SearchHit, SearchRequest
from inference.runner import DEFAULT_EMBEDDER, FakeRunner, embed, embedder_of
from tests.storage.bench import Bench
from tests.storage.shelf import shelve
from tests.storage.shelves import BOOKS, LANES, Shelves

EVERYTHING = "pump bees tram water honey stops winter valve"

CONDITIONS: list[tuple[dict[str, Any], set[str]]] = [
    ({"field": "metadata.year", "op": "eq", "value": 2010}, {"bees.txt"}),
    ({"field": "metadata.year", "op": "ne", "value": 2010}, {"pumps.txt", "trams.txt"}),
    ({"field": "metadata.year", "op": "between", "value": [1980, 2000]}, {"pumps.txt"}),
    ({"field": "metadata.tags", "op": "contains", "value": "honey"}, {"bees.txt"}),
    ({"field": "metadata", "op": "contains", "value": {"tags": ["oil"]}}, {"pumps.txt"}),
    ({"field": "metadata", "op": "contained_by", "value": {"year": "2010", "draft": True}}, {"trams.txt"}),
    ({"field": "metadata", "op": "has_key", "value": "draft"}, {"trams.txt"}),
    ({"field": "metadata", "op": "has_keys", "value": ["year", "note"]}, {"bees.txt"}),
    ({"field": "metadata", "op": "has_any_key", "value": ["draft", "note"]}, {"bees.txt", "trams.txt"}),
    ({"field": "metadata.maker", "op": "has_key", "value": "a b"}, {"pumps.txt"}),
    ({"field": "metadata.maker.name", "op": "contains", "value": "ebARA"}, {"pumps.txt"}),
    ({"field": "metadata.note", "op": "contains", "value": '% off; "'}, {"bees.txt"}),
    ({"field": "metadata.printed", "op": "gt", "value": "2010-05-01T11:59:59+02:00"}, {"bees.txt"}),
    ({"field": "metadata.printed", "op": "lt", "value": "2010-05-01"}, {"pumps.txt"}),
    ({"field": "metadata.printed", "op": "lt", "value": "2010-05-01T11:00+02:00"}, {"pumps.txt"}),
    ({"field": "metadata.printed", "op": "gte", "value": "2010-05-01 12:00+02"}, {"bees.txt"}),
    ({"field": "metadata.tags", "op": "missing"}, {"trams.txt"}),
    ({"field": "document.name", "op": "in", "value": ["bees.txt", "trams.txt"]}, {"bees.txt", "trams.txt"}),
    ({"field": "document.created_at", "op": "gt", "value": "2000-01-01"}, set(BOOKS)),
    ({"field": "document.created_at", "op": "lt", "value": "2000-01-01"}, set[str]()),
    ({"field": "chunk.page", "op": "gte", "value": 3}, {"pumps.txt"}),
    ({"not": {"any": [
        {"field": "metadata.year", "op": "gt", "value": 2000}, {"field": "metadata.draft", "op": "eq", "value": True},
    ]}}, {"pumps.txt"}),
    ({"all": [
        {"field": "metadata.tags", "op": "contains", "value": "oil"}, {"field": "chunk.page", "op": "eq", "value": 9},
    ]}, set[str]()),
    ({"field": "collection.id", "op": "eq", "value": "x"}, set[str]()),
]  # fmt: skip

# Some of it comes past no schema, but out of a toolchain's state.
HOSTILE = (
    "-pump", "the of and", "\ud800 pump \x00", "'; DROP TABLE chunks; --", "🐝" * 4000, '"' * 999, "(" * 999, "-" * 999,
    "pump " * 3000, "md.:x md.a.b..c:y", "text:", '"~5^2', "^9", "a^1e999", "[[{{$1%s\\", "\u202e\u200b",
    "日本語のポンプ",
)  # fmt: skip


class TestFilters:
    @pytest.mark.parametrize("function", LANES)
    async def test_conditions_hold_in_every_lane(self, shelves: Shelves, function: str) -> None:
        for where, names in CONDITIONS:
            assert await shelves.names(function, EVERYTHING, where) == names, where

    @pytest.mark.parametrize("function", LANES)
    async def test_of_chunks(self, shelves: Shelves, function: str) -> None:
        where = {
            "all": [
                {"field": "document.name", "op": "eq", "value": "pumps.txt"},
                {"field": "chunk.page", "op": "in", "value": [2, 4]},
            ]
        }
        found = await shelves.find(function, "pump valve oil", filter={"where": where})
        assert {hit.page for hit in found.hits} == {2, 4}

    @pytest.mark.parametrize("function", LANES)
    async def test_a_filter_that_lets_much_through(
        self, shelves: Shelves, function: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("db.search.FEW_CHUNKS", 1)
        assert await shelves.names(function, EVERYTHING, {"field": "metadata.year", "op": "eq", "value": 1990}) == {
            "pumps.txt"
        }

    async def test_the_collection_is_a_field(self, shelves: Shelves) -> None:
        where = {"field": "collection.id", "op": "eq", "value": shelves.collection}
        assert await shelves.names("search_bm25", EVERYTHING, where) == set(BOOKS)

    async def test_a_condition_that_is_none_names_the_place(self, shelves: Shelves) -> None:
        with pytest.raises(InvalidInput) as refused:
            await shelves.names("search_hybrid", "x", {"all": [{"field": "chunk.text", "op": "eq", "value": "x"}]})
        assert refused.value.field == "filter.where.all[0].field"

    async def test_the_index_answers(self, shelves: Shelves) -> None:
        """A condition that says what a field is, is looked up."""
        async with shelves.bench.storage.pool.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL enable_seqscan = off")
            plan = await connection.fetch(
                "EXPLAIN SELECT d.id FROM documents d WHERE document_facts(d.uid, d.name, d.content_type, d.size, "
                "d.page_count, d.created_at, d.source, d.metadata) @@ $1::jsonpath",
                'strict ($.metadata."year" == 2010)',
            )
        assert "documents_all_facts" in str(plan)


class TestQueries:
    @pytest.mark.parametrize("function", LANES)
    async def test_what_is_excluded_or_required_is_so_in_every_lane(self, shelves: Shelves, function: str) -> None:
        found = await shelves.find(function, 'pump water oil -tram -"relief valve"', limit=50)
        texts = [hit.text for hit in found.hits]
        assert texts
        assert not [text for text in texts if "tram" in text or "relief valve" in text]
        found = await shelves.find(function, "pump text:oil", limit=50)
        assert {hit.text for hit in found.hits} == {
            text for texts in BOOKS.values() for text in texts if "il the" in text or "oil" in text
        }
        found = await shelves.find(function, "stops md.year:1990", limit=50)
        assert {hit.document_name for hit in found.hits} == {"pumps.txt"}

    @pytest.mark.parametrize("function", LANES)
    async def test_anything_may_be_asked(self, shelves: Shelves, function: str) -> None:
        for query in HOSTILE:
            given = SearchRequest(query="x", collection_ids=[], snippet_characters=40, explain=True)
            await LANES[function](shelves.bench.ctx, given.model_copy(update={"query": query}))

    async def test_others_find_nothing_and_cannot_name_it(self, shelves: Shelves) -> None:
        owner = uuid7()
        await shelves.bench.storage.accounts.create(owner, "bob", "hash", is_admin=False)
        account = await shelves.bench.storage.accounts.by_uid(owner)
        assert account
        ctx: Context = replace(shelves.bench.ctx, caller=Caller(account.id, account.user_id, "bob", is_admin=False))
        for function in LANES.values():
            assert (await function(ctx, SearchRequest(query="pump", collection_ids=[]))).hits == []
            with pytest.raises(NotFound):
                await function(ctx, SearchRequest(query="pump", collection_ids=[shelves.collection]))


class TestShape:
    async def test_so_many_of_a_document(self, shelves: Shelves) -> None:
        whole = await shelves.find("search_hybrid", "pump water valve", limit=8)
        grouped = await shelves.find("search_hybrid", "pump water valve", limit=3, per_document=1)
        assert len({hit.document_id for hit in grouped.hits}) == len(grouped.hits) == 3
        first: dict[str, str] = {}
        for hit in whole.hits:
            first.setdefault(hit.document_id, hit.chunk_id)
        assert [hit.chunk_id for hit in grouped.hits] == list(first.values())[:3]

    async def test_neighbours_come_once(self, shelves: Shelves) -> None:
        found = await shelves.find("search_bm25", "well lifts", neighbours=2)
        pumps = BOOKS["pumps.txt"]
        assert [(hit.text, hit.before, hit.after) for hit in found.hits] == [(pumps[0], [], pumps[1:3])]
        found = await shelves.find("search_bm25", "lifts^9 thin^3 closes", neighbours=1)
        assert [(hit.text, hit.before, hit.after) for hit in found.hits] == [
            (pumps[0], [], []),
            (pumps[1], [], [pumps[2]]),
            (pumps[3], [], []),
        ]

    async def test_snippets_mark_the_words(self, shelves: Shelves) -> None:
        found = await shelves.find("search_hybrid", "pumps oiled yearly", snippet_characters=40, limit=8)
        (oil,) = [hit for hit in found.hits if "thin oil" in hit.text]
        assert oil.snippet
        marked = [oil.snippet.text[h.start : h.end] for h in oil.snippet.highlights]
        assert "pump" in marked
        assert oil.text[oil.snippet.start :].startswith(oil.snippet.text)
        assert len(oil.snippet.text) <= 40
        assert all(hit.snippet for hit in found.hits)

    async def test_an_explanation_says_how_it_came_to_be(self, shelves: Shelves) -> None:
        found = await shelves.find("search_hybrid", "pump oil -tram", explain=True, limit=8)
        told = found.explanation
        assert told
        assert told.lanes["bm25"].candidates > 0
        assert told.lanes["dense"].path == "exact"
        assert told.lanes["dense"].details["model"] == DEFAULT_EMBEDDER
        assert told.query == {"meaning": "pump oil", "optional": ["pump", "oil"], "required": [], "excluded": ["tram"]}
        assert {"scope", "lanes", "hits"} <= set(told.stages_ms)
        for hit in found.hits:
            made = hit.explanation
            assert made
            assert made.fused == hit.score
            assert (made.bm25_rank is None) == (hit.bm25_score is None)
            assert made.fused == pytest.approx(((made.bm25_normalised or 0) + (made.dense_normalised or 0)) / 2)
            assert sum(made.terms.values()) == pytest.approx(hit.bm25_score or 0, abs=1e-4)
        plain = await shelves.find("search_hybrid", "pump oil -tram", limit=8)
        assert plain.explanation is None
        assert [hit.chunk_id for hit in plain.hits] == [hit.chunk_id for hit in found.hits]

    async def test_an_explanation_counts_nothing_of_others(self, shelves: Shelves) -> None:
        async def told() -> dict[str, Any]:
            explanation = (await shelves.find("search_dense", "pump", explain=True)).explanation
            assert explanation
            details = explanation.lanes["dense"].details
            return {name: value for name, value in details.items() if name not in ("embed_ms", "vector_known")}

        alone, bench, owner = await told(), shelves.bench, uuid7()
        await bench.storage.accounts.create(owner, "bob", "hash", is_admin=False)
        account = await bench.storage.accounts.by_uid(owner)
        assert account
        ctx = replace(bench.ctx, caller=Caller(account.id, account.user_id, "bob", is_admin=False))
        await shelve(Bench(bench.composer, bench.engine, ctx, bench.storage), BOOKS)
        await bench.storage.pool.execute("UPDATE embeddings SET in_graph = true")
        await bench.storage.pool.execute("ANALYZE embeddings")
        assert await told() == alone

    async def test_fusion_as_asked(self, shelves: Shelves) -> None:
        async def order(**fusion: Any) -> list[str]:
            return [
                hit.text for hit in (await shelves.find("search_hybrid", "pump valve", fusion=fusion, limit=4)).hits
            ]

        words = [hit.text for hit in (await shelves.find("search_bm25", "pump valve", limit=4)).hits]
        meaning = [hit.text for hit in (await shelves.find("search_dense", "pump valve", limit=4)).hits]
        assert (await order(dense_weight=0))[: len(words)] == words
        assert await order(dense_weight=1) == meaning
        assert set(await order(method="rrf", rrf_k=1)) >= set(words[:2])

    @pytest.mark.parametrize("function", LANES)
    async def test_reranked(self, shelves: Shelves, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
        read: list[str] = []

        async def longest(runner: object, model: str, query: str, texts: list[str]) -> NDArray[np.float32]:
            read.extend(texts)
            return np.array([len(text) for text in texts], np.float32)

        monkeypatch.setattr(search, "rerank", longest)
        found = await shelves.find(function, "pump water", rerank={"model": "judge", "candidates": 4}, limit=2)
        assert len(read) == 4
        assert [hit.text for hit in found.hits] == sorted(read, key=len, reverse=True)[:2]
        assert [hit.score for hit in found.hits] == [hit.rerank_score for hit in found.hits]


class TestEmbedders:
    async def test_without_vectors_words_answer(self, shelves: Shelves) -> None:
        pool = shelves.bench.storage.pool
        await pool.execute("UPDATE collections SET embedder_id = NULL")
        assert (await shelves.find("search_dense", "pump")).hits == []
        found = await shelves.find("search_hybrid", "pump", explain=True)
        assert found.hits
        assert found.explanation
        assert set(found.explanation.lanes) == {"bm25"}

    async def test_an_embedder_that_does_not_answer_is_said(
        self, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def down(*given: object, **more: object) -> None:
            raise Unavailable("The model is away.")

        monkeypatch.setattr("inference.functions.search.vectors.embed", down)
        for function in ("search_dense", "search_hybrid"):
            with pytest.raises(Unavailable, match="away"):
                await shelves.find(function, "a query that nobody has asked")
        assert (await shelves.find("search_bm25", "pump")).hits

    async def test_collections_with_different_embedders_are_searched_together(self, shelves: Shelves) -> None:
        storage = shelves.bench.storage
        texts = ["The pump of the old well.", "A dry well."]
        other, _ = await shelve(shelves.bench, {"wells.txt": texts})
        another = ModelEntry(id="another", kind="embedding", engine="onnx", source="nowhere", dimensions=64)
        runner = FakeRunner(models=[another])
        key = await storage.pool.fetchval("SELECT id FROM collections WHERE uid = $1::uuid", other)
        chunks = [row["id"] for row in await storage.pool.fetch("SELECT id FROM chunks WHERE collection_id = $1", key)]
        embedder = await storage.vectors.embedder("another", 64, (await embedder_of(runner, "another")).fingerprint)
        await storage.vectors.add(embedder, key, chunks, await embed(runner, "another", texts))
        assert await storage.vectors.switch(key, embedder)
        request = SearchRequest(query="pump well", collection_ids=[shelves.collection, other], explain=True, limit=10)
        for function in (search.search_dense, search.search_hybrid):
            found = await function(replace(shelves.bench.ctx, runner=runner), request)
            assert {hit.collection_id for hit in found.hits} == {shelves.collection, other}
            assert found.explanation
            assert {"dense", "dense:another"} <= set(found.explanation.lanes)
            scores = [hit.score for hit in found.hits]
            assert scores == sorted(scores, reverse=True)
            assert all(-1 <= hit.dense_score <= 1.001 for hit in found.hits if hit.dense_score is not None)
        await runner.close()

    async def test_a_model_that_gives_other_vectors_now(self, shelves: Shelves) -> None:
        shorter = ModelEntry(id="short", kind="embedding", engine="onnx", source="nowhere", dimensions=8)
        runner = FakeRunner(models=[shorter])
        await shelves.bench.storage.pool.execute("UPDATE embedders SET name = 'short'")
        request = SearchRequest(query="pump", collection_ids=[shelves.collection])
        with pytest.raises(Conflict, match=r"8 dimensions now.* of 384.*reindex_collection"):
            await search.search_hybrid(replace(shelves.bench.ctx, runner=runner), request)
        await runner.close()


async def test_hits_are_the_callers_whatever_is_asked(bench: Bench) -> None:
    """The statement of hits itself knows whose they are."""
    await shelve(bench, BOOKS)
    keys = [row["id"] for row in await bench.storage.pool.fetch("SELECT id FROM chunks")]

    ranked = [Ranked(key, 1.0) for key in keys]
    mine, holds = await bench.storage.search.hits(bench.ctx.user.key, ranked, 100, [], per_document=None, neighbours=1)
    assert (len(mine), holds) == (len(keys), True)
    others = await bench.storage.search.hits(bench.ctx.user.key + 1, ranked, 100, [], per_document=None, neighbours=1)
    assert others == ([], False)
    assert await bench.storage.search.passages(bench.ctx.user.key + 1, keys, []) == ({}, False)
    assert isinstance(mine[0].hit, SearchHit)
