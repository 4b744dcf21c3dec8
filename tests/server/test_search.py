"""Search by words, by meaning and by both, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.manual import NAME
from tests.platform import Platform
from tests.server.conftest import Library

LANES = ("search_bm25", "search_dense", "search_hybrid")


def search(platform: Platform, library: Library, function: str, query: str, **more: Any) -> list[dict[str, Any]]:
    """The hits in the library."""
    body = {"query": query, "collection_ids": [library.collection]} | more
    return platform.result(function, body)["hits"]


class TestLanes:
    def test_words_are_found_by_their_stems(self, platform: Platform, library: Library) -> None:
        (best, *_) = search(platform, library, "search_bm25", "apple pick")
        assert best["document_name"] == "orchard.docx"
        assert best["score"] == best["bm25_score"] > 0
        assert best["dense_score"] is None

    def test_words_that_no_document_holds_are_not_found(self, platform: Platform, library: Library) -> None:
        assert search(platform, library, "search_bm25", "xylophone quux") == []

    def test_meaning_is_found_without_a_common_word(self, platform: Platform, library: Library) -> None:
        assert search(platform, library, "search_bm25", "beekeeping") == []
        (best, *_) = search(platform, library, "search_dense", "beekeeping")
        assert best["document_name"] == "bees.md"
        assert best["score"] == best["dense_score"]
        assert -1 <= best["dense_score"] <= 1
        assert best["bm25_score"] is None

    def test_hybrid_holds_both_scores(self, platform: Platform, library: Library) -> None:
        hits = search(platform, library, "search_hybrid", "alarm code A17 bearing temperature", limit=100)
        assert hits[0]["document_name"] == NAME
        assert "A17" in hits[0]["text"]
        assert hits[0]["score"] == pytest.approx(1)
        words = search(platform, library, "search_bm25", "alarm code A17 bearing temperature", limit=100)
        by_words = {h["chunk_id"]: h["score"] for h in words}
        assert {h["chunk_id"]: h["bm25_score"] for h in hits if h["bm25_score"] is not None} == pytest.approx(by_words)

    @pytest.mark.parametrize("function", LANES)
    def test_best_first_no_twins_and_no_more_than_asked(
        self, platform: Platform, library: Library, function: str
    ) -> None:
        hits = search(platform, library, function, "pump water pressure", limit=4)
        assert len(hits) == 4
        assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)
        assert len({h["chunk_id"] for h in hits}) == 4

    @pytest.mark.parametrize("function", LANES)
    def test_the_same_question_has_the_same_answer(self, platform: Platform, library: Library, function: str) -> None:
        first = search(platform, library, function, "which oil")
        assert search(platform, library, function, "which oil") == first

    def test_without_collections_all_of_the_callers_are_searched(self, platform: Platform, library: Library) -> None:
        hits = platform.result("search_bm25", {"query": "cider windfalls", "collection_ids": []})["hits"]
        assert library.collection in {hit["collection_id"] for hit in hits}

    def test_somebody_without_documents_finds_nothing(self, platform: Platform, stranger: str) -> None:
        for function in LANES:
            assert platform.result(function, {"query": "pump", "collection_ids": []}, token=stranger)["hits"] == []

    def test_stems_follow_the_collections_language(self, platform: Platform) -> None:
        made = platform.result("create_document_collection", {"name": "deutsch", "language": "german"})["id"]
        platform.ingest(made, "mühle.txt", "Die Mühlen mahlten das Korn der Bauern.".encode())
        for query in ("Mühle", "mahlten", "bauer"):
            assert platform.result("search_bm25", {"query": query, "collection_ids": [made]})["hits"], query
        assert platform.result("search_bm25", {"query": "die das der", "collection_ids": [made]})["hits"] == []


class TestFilter:
    @pytest.mark.parametrize("function", LANES)
    def test_by_document(self, platform: Platform, library: Library, function: str) -> None:
        bees = library.documents["bees.md"]["id"]
        hits = search(platform, library, function, "honey pump tram", filter={"document_ids": [bees]})
        assert {hit["document_id"] for hit in hits} == {bees}

    @pytest.mark.parametrize("function", LANES)
    def test_by_no_document(self, platform: Platform, library: Library, function: str) -> None:
        assert search(platform, library, function, "honey", filter={"document_ids": []}) == []

    @pytest.mark.parametrize("function", LANES)
    def test_by_time(self, platform: Platform, library: Library, function: str) -> None:
        assert search(platform, library, function, "honey", filter={"uploaded_before": "2001-01-01T00:00:00Z"}) == []
        assert search(platform, library, function, "honey", filter={"uploaded_after": "2999-01-01T00:00:00Z"}) == []
        assert search(platform, library, function, "honey", filter={"uploaded_after": "2001-01-01T00:00:00+02:00"})

    @pytest.mark.parametrize("begin", ["2001-01-01", "2001-01-01T00:00:00", "2001-01-01 00:00Z"])
    def test_by_a_date_in_utc(self, platform: Platform, library: Library, begin: str) -> None:
        assert search(platform, library, "search_bm25", "honey", filter={"uploaded_after": begin})
        assert search(platform, library, "search_bm25", "honey", filter={"uploaded_before": begin}) == []

    @pytest.mark.parametrize("when", ["2001-13-01", "yesterday", 5, "", "0001-01-01T00:00:00+23:59"])
    def test_times_that_are_none(self, platform: Platform, library: Library, when: object) -> None:
        body = {"query": "x", "collection_ids": [library.collection], "filter": {"uploaded_after": when}}
        response = platform.call("search_bm25", body)
        assert response.status_code == 422, response.text
        assert response.json()["error"]["field"] == "filter.uploaded_after"

    @pytest.mark.parametrize("function", LANES)
    def test_documents_that_are_not_there_or_somebody_elses(
        self, platform: Platform, library: Library, stranger: str, function: str
    ) -> None:
        theirs = library.documents["bees.md"]["id"]
        for document, token in (("x", None), (str(uuid7()), None), (theirs, stranger)):
            body: dict[str, Any] = {"query": "honey", "collection_ids": [], "filter": {"document_ids": [document]}}
            response = platform.call(function, body, token=token)
            assert response.status_code == 404, response.text
            assert response.json()["error"]["field"] == "filter.document_ids"

    @pytest.mark.parametrize("function", LANES)
    def test_by_conditions(self, platform: Platform, library: Library, function: str) -> None:
        where = {
            "any": [
                {"field": "document.name", "op": "contains", "value": "BEES"},
                {"field": "chunk.page", "op": "gt", "value": 99},
            ]
        }
        hits = search(platform, library, function, "honey pump tram", filter={"where": where})
        assert {hit["document_name"] for hit in hits} == {"bees.md"}

    @pytest.mark.parametrize(
        ("where", "field"),
        [
            ({"field": "document.secret", "op": "eq", "value": 1}, "filter.where.field"),
            ({"field": "metadata.a", "op": "like", "value": 1}, "filter.where.op"),
            ({"all": []}, "filter.where.all"),
            ({"all": [{"field": "metadata.a", "op": "in", "value": 1}]}, "filter.where.all[0].value"),
            (1, "filter.where"),
        ],
    )
    def test_conditions_that_are_none(self, platform: Platform, library: Library, where: object, field: str) -> None:
        body = {"query": "x", "collection_ids": [library.collection], "filter": {"where": where}}
        response = platform.call("search_hybrid", body)
        assert response.status_code == 422, response.text
        assert response.json()["error"]["field"].startswith(field)

    @pytest.mark.parametrize("levels", [11, 100, 900, 5000])
    def test_conditions_without_end(self, platform: Platform, library: Library, levels: int) -> None:
        where = '{"not":' * levels + '{"field":"metadata.a","op":"missing"}' + "}" * levels
        body = f'{{"query":"x","collection_ids":["{library.collection}"],"filter":{{"where":{where}}}}}'
        response = platform.http.post(
            f"{platform.url}/api/search_hybrid", content=body,
            headers={"Authorization": f"Bearer {platform.token}", "Content-Type": "application/json"},
        )  # fmt: skip
        assert response.status_code in (400, 422), response.text


class TestShape:
    def test_all_that_can_come_with_hits(self, platform: Platform, library: Library) -> None:
        body = {
            "query": "pump pressure -tram", "collection_ids": [library.collection], "per_document": 1, "neighbours": 1,
            "snippet_characters": 60, "explain": True, "fusion": {"method": "rrf"},
            "rerank": {"model": "all-MiniLM-L6-v2", "candidates": 20},
        }  # fmt: skip
        result = platform.result("search_hybrid", body)
        hits = result["hits"]
        assert len({hit["document_id"] for hit in hits}) == len(hits) > 1
        assert [hit["rerank_score"] for hit in hits] == sorted((hit["rerank_score"] for hit in hits), reverse=True)
        assert all(hit["snippet"]["text"] in hit["text"] for hit in hits)
        assert set(result["explanation"]["lanes"]) == {"bm25", "dense"}
        assert result["explanation"]["query"]["excluded"] == ["tram"]

    def test_a_reranker_that_is_not_there(self, platform: Platform, library: Library) -> None:
        body = {"query": "pump", "collection_ids": [library.collection], "rerank": {"model": "no/such"}}
        refused = platform.call("search_hybrid", body)
        assert refused.status_code == 404
        assert refused.json()["error"]["field"] == "rerank.model"


class TestBadQueries:
    @pytest.mark.parametrize("function", LANES)
    @pytest.mark.parametrize("query", ["", "   ", "\n\t"])
    def test_an_empty_one(self, platform: Platform, library: Library, function: str, query: str) -> None:
        response = platform.call(function, {"query": query, "collection_ids": [library.collection]})
        assert response.status_code == 422
        assert response.json()["error"]["field"] == "query"

    @pytest.mark.parametrize("function", LANES)
    def test_one_of_a_megabyte(self, platform: Platform, library: Library, function: str) -> None:
        response = platform.call(function, {"query": "pump " * 200_000, "collection_ids": [library.collection]})
        assert response.status_code in (413, 422)
        assert response.json()["error"]["field"] == "query"
        assert len(response.text) < 1000

    @pytest.mark.parametrize("function", LANES)
    def test_the_longest_that_is_taken(self, platform: Platform, library: Library, function: str) -> None:
        assert search(platform, library, function, ("pump " * 4000)[:16384])

    def test_stop_words_alone(self, platform: Platform, library: Library) -> None:
        assert search(platform, library, "search_bm25", "the of and is") == []
        assert search(platform, library, "search_hybrid", "the of and is")

    @pytest.mark.parametrize("function", LANES)
    @pytest.mark.parametrize(
        "query",
        [
            "'; DROP TABLE chunks; --", "%' OR '1'='1", "a & b | !c <-> (d", ":*", "\\", "$1 $2", "[[[(((", ".*+?^${}",
            "{{ input.secret }}", "\u202e\u200b\ufeff", "🐝🐝🐝", "ﷺ" * 50, "a" * 5000, "é" * 3000,
            "1e999 -0 NaN null", "<script>alert(1)</script>", "-", "…", "\r\n\r\n",
        ],
    )  # fmt: skip
    def test_characters_with_a_meaning_elsewhere(
        self, platform: Platform, library: Library, function: str, query: str
    ) -> None:
        response = platform.call(function, {"query": query, "collection_ids": [library.collection]})
        assert response.status_code == (422 if not query.strip() else 200), response.text

    def test_everything_is_still_there(self, platform: Platform, library: Library) -> None:
        assert search(platform, library, "search_bm25", "brood nest")
