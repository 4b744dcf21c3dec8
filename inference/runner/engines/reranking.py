"""`POST /v1/rerank` in the form that Cohere and Jina share, over anything that scores texts for a query.

{model, query, documents: [text | {text}], top_n?, return_documents?}
{id, model, results: [{index, relevance_score, document?: {text}}], usage: {total_tokens}}     best first
"""

from __future__ import annotations

import math
import secrets
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, Protocol, cast

import orjson
from aiohttp import web

from inference.runner.engines.embeddings import Embedder, check_text
from inference.runner.engines.serving import Refusal, caller_of, check_model, read_object

MAX_DOCUMENTS = 2048


class Reranker(Protocol):
    """`model` that says how well texts answer a query."""

    @property
    def model(self) -> str: ...

    async def rerank(self, query: str, texts: Sequence[str], caller: str) -> tuple[list[bytes], int]:
        """A score a text, in order, as one little-endian float32, and how many tokens were read for them."""
        ...


@dataclass(frozen=True, slots=True)
class RerankRequest:
    query: str
    texts: list[str]
    top_n: int
    return_documents: bool


class ByEmbedding:
    """`Reranker` by the cosine of an embedder's vectors: no better than its search, and always there."""

    def __init__(self, embedder: Embedder) -> None:
        self.model = embedder.model
        self._embedder = embedder

    async def rerank(self, query: str, texts: Sequence[str], caller: str) -> tuple[list[bytes], int]:
        (asked,), read = await self._embedder.embed([query], "query", caller)
        rows, tokens = await self._embedder.embed(texts, "passage", caller)
        return [array("f", [cosine(array("f", asked), array("f", row))]).tobytes() for row in rows], read + tokens


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    lengths = math.hypot(*one) * math.hypot(*other)
    return sum(map(mul, one, other)) / lengths if lengths else 0.0


def rerank_routes(reranker: Reranker) -> list[web.RouteDef]:
    async def rerank(request: web.Request) -> web.Response:
        asked = parse_request(await read_object(request), reranker.model)
        rows, tokens = await reranker.rerank(asked.query, asked.texts, caller_of(request))
        scores = array("f", b"".join(rows)).tolist()
        return web.Response(body=render(asked, scores, reranker.model, tokens), content_type="application/json")

    return [web.post("/v1/rerank", rerank)]


def parse_request(body: dict[str, Any], model: str) -> RerankRequest:
    """Raises Refusal, naming the field."""
    check_model(body, model)
    query = check_text(body.get("query"), "query", "query")
    given = body.get("documents")
    documents = cast("list[object]", given) if isinstance(given, list) else []
    if not 0 < len(documents) <= MAX_DOCUMENTS:
        raise Refusal(400, f"'documents' must be a list of 1 to {MAX_DOCUMENTS} texts.", param="documents")
    texts = [check_text(_text(item), f"documents[{place}]", "documents") for place, item in enumerate(documents)]
    top_n = body.get("top_n")
    if top_n is not None and (not isinstance(top_n, int) or isinstance(top_n, bool) or top_n < 1):
        raise Refusal(400, "'top_n' must be a positive number.", param="top_n")
    wanted = body.get("return_documents", False)
    if not isinstance(wanted, bool):
        raise Refusal(400, "'return_documents' must be true or false.", param="return_documents")
    return RerankRequest(query, texts, min(top_n or len(texts), len(texts)), wanted)


def _text(item: object) -> object:
    return cast("dict[str, object]", item).get("text") if isinstance(item, dict) else item


def render(asked: RerankRequest, scores: Sequence[float], model: str, tokens: int) -> bytes:
    """Equal scores keep the order of the request."""
    best = sorted(range(len(scores)), key=lambda place: -scores[place])[: asked.top_n]
    results: list[dict[str, Any]] = [{"index": place, "relevance_score": scores[place]} for place in best]
    if asked.return_documents:
        for result in results:
            result["document"] = {"text": asked.texts[result["index"]]}
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    name = f"rerank-{secrets.token_hex(12)}"
    return orjson.dumps({"id": name, "object": "list", "model": model, "results": results, "usage": usage})
