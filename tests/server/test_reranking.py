"""Passages put into order at /v1/rerank."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER
from tests.platform import Platform


def _ask(platform: Platform, **changes: Any) -> httpx.Response:
    documents = ["Herons eat fish.", {"text": "The tax office opens at nine."}, "A heron stands in the water."]
    body = {"model": DEFAULT_EMBEDDER, "query": "When does the tax office open?", "documents": documents}
    headers = {"Authorization": f"Bearer {platform.key}"}
    return platform.http.post(f"{platform.url}/v1/rerank", json=body | changes, headers=headers)


def test_the_best_first(platform: Platform) -> None:
    answer = _ask(platform, top_n=2, return_documents=True).json()
    assert answer["results"][0]["index"] == 1
    assert len(answer["results"]) == 2
    assert answer["results"][0]["document"] == {"text": "The tax office opens at nine."}
    assert answer["results"][0]["relevance_score"] > answer["results"][1]["relevance_score"]
    assert answer["usage"]["total_tokens"] > 0


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"model": "no-reranker"}, 404, "models.yaml"),
        ({"model": ""}, 400, "model"),
        ({"model": DEFAULT_CHAT_MODEL}, 404, "another kind"),
        ({"query": ""}, 400, "query"),
        ({"documents": []}, 400, "2048"),
        ({"documents": ["x"] * 10_000}, 400, "2048"),
        ({"top_n": -1}, 400, "top_n"),
    ],
)
def test_what_is_refused(platform: Platform, changes: dict[str, Any], status: int, words: str) -> None:
    response = _ask(platform, **changes)
    assert response.status_code == status
    assert words in response.json()["error"]["message"]


def test_nobody_without_a_key(platform: Platform) -> None:
    assert platform.http.post(f"{platform.url}/v1/rerank", json={}).status_code == 401
