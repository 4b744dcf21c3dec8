"""The rerank format, both ways, and scores by an embedder."""

from __future__ import annotations

from array import array
from typing import Any

import orjson
import pytest

from inference.errors import UpstreamFailed
from inference.runner.engines.reranking import ByEmbedding, RerankRequest, cosine, parse_request, render
from inference.runner.engines.serving import Refusal
from inference.runner.fake_engines import WordVectors
from inference.runner.reranking import scores_of

BODY: dict[str, Any] = {"model": "m", "query": "What?", "documents": ["one", {"text": "two"}, "three"]}


def test_texts_and_objects() -> None:
    asked = parse_request(BODY, "m")
    assert (asked.query, asked.texts, asked.top_n, asked.return_documents) == (
        "What?",
        ["one", "two", "three"],
        3,
        False,
    )
    assert parse_request(BODY | {"top_n": 2}, "m").top_n == 2
    assert parse_request(BODY | {"top_n": 900}, "m").top_n == 3


@pytest.mark.parametrize(
    ("changes", "status", "param", "words"),
    [
        ({"model": "another"}, 404, "model", "does not exist"),
        ({"query": ""}, 400, "query", "empty"),
        ({"query": None}, 400, "query", "must be a text"),
        ({"query": "x" * 2_000_001}, 413, "query", "2000000"),
        ({"documents": []}, 400, "documents", "1 to 2048"),
        ({"documents": ["x"] * 2049}, 400, "documents", "1 to 2048"),
        ({"documents": "one"}, 400, "documents", "list"),
        ({"documents": ["one", ""]}, 400, "documents", r"documents\[1\]"),
        ({"documents": [{"title": "one"}]}, 400, "documents", "must be a text"),
        ({"documents": [[1, 2]]}, 400, "documents", "token ids"),
        ({"top_n": 0}, 400, "top_n", "positive"),
        ({"top_n": True}, 400, "top_n", "positive"),
        ({"return_documents": "yes"}, 400, "return_documents", "true or false"),
    ],
)
def test_bad_requests_name_their_field(changes: dict[str, Any], status: int, param: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as caught:
        parse_request(BODY | changes, "m")
    assert (caught.value.status, caught.value.param) == (status, param)


def test_the_best_come_first_and_equals_in_their_order() -> None:
    asked = RerankRequest("What?", ["a", "b", "c", "d"], 3, True)
    answer = orjson.loads(render(asked, [0.5, 0.25, 0.75, 0.5], "m", 12))
    assert [(one["index"], one["relevance_score"]) for one in answer["results"]] == [(2, 0.75), (0, 0.5), (3, 0.5)]
    assert answer["results"][0]["document"] == {"text": "c"}
    assert answer["usage"]["total_tokens"] == 12
    assert answer["id"]


async def test_an_embedder_scores_by_its_cosine() -> None:
    rows, _ = await ByEmbedding(WordVectors("m", 48)).rerank("pump valve", ["valve pump", "heron"], "")
    same, other = (array("f", row)[0] for row in rows)
    assert same == pytest.approx(1)
    assert other < 0.5
    assert cosine([0, 0], [1, 1]) == 0


def test_scores_are_read_by_their_index() -> None:
    results = [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]
    assert scores_of(orjson.dumps({"results": results}), 2) == [0.1, 0.9]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"results": [{"index": 0}]}', b'{"results": []}'])
def test_other_answers_are_the_upstream_s_fault(content: bytes) -> None:
    with pytest.raises(UpstreamFailed):
        scores_of(content, 1)
