"""The two ways to find chunks: by words, and by meaning, which has a lane for every embedder."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from db import Admitted, Bounds, CollectionKey, Query, Scored
from inference.functions.context import Context
from inference.functions.search.paths import choose_path
from inference.functions.search.scope import Scope, allowed_to_words
from inference.functions.search.vectors import QueryVectors
from inference.functions.search.wording import Asked

_query_vectors = QueryVectors()


@dataclass(frozen=True, slots=True)
class Found:
    """What a lane found, best first, which way, and in how many milliseconds."""

    name: str
    scores: dict[int, float]
    path: str
    ms: float
    details: dict[str, Any] = field(default_factory=dict[str, Any])


async def by_words(ctx: Context, scope: Scope, query: Query, limit: int, *, explain: bool) -> Found:
    """The best by BM25, with stems and stop words of each collection's language."""
    begun = time.perf_counter()
    allowed = allowed_to_words(ctx.storage, scope.allowed)
    path, details = "segments", dict[str, Any]()
    if scope.is_empty or query.is_empty:
        return Found("bm25", {}, "none", _since(begun))
    if explain:
        told = await ctx.storage.bm25.explain(scope.keys, query, limit, allowed)
        hits, path = told.hits, told.path
        details = {
            "chunk_count": told.chunk_count,
            "average_length": round(told.average_length, 3),
            "segments": told.segments,
            "postings": told.postings,
            "terms": [{"term": t.term, "df": t.df, "idf": t.idf, "weight": t.weight} for t in told.terms],
        }
    else:
        hits = await ctx.storage.bm25.search(scope.keys, query, limit, allowed)
    return Found("bm25", _scores(hits), path, _since(begun), details)


async def by_meaning(ctx: Context, scope: Scope, asked: Asked, limit: int) -> list[Found]:
    """The nearest by cosine, a lane an embedder. Collections without vectors have none."""
    lanes: defaultdict[tuple[int, int, str], list[CollectionKey]] = defaultdict(list)
    for collection in scope.collections:
        if collection.embedder_id is not None and collection.dimensions is not None and collection.chunk_count:
            lanes[collection.embedder_id, collection.dimensions, collection.embedder].append(collection)
    if not lanes or not asked.meaning or scope.is_empty:
        return []
    bounds = asyncio.ensure_future(_bounds(ctx, scope, asked.words))
    try:
        text = asked.meaning
        return list(
            await asyncio.gather(*(_nearest(ctx, scope, *lane, of, text, bounds, limit) for lane, of in lanes.items()))
        )
    finally:
        bounds.cancel()


async def _nearest(
    ctx: Context, scope: Scope, embedder: int, dimensions: int, model: str, collections: list[CollectionKey],
    text: str, bounding: asyncio.Future[Bounds], limit: int,
) -> Found:  # fmt: skip
    begun = time.perf_counter()
    vector, known = await _query_vectors.get(ctx, model, dimensions, text)
    embedded = _since(begun)
    bounds = await bounding
    keys = [collection.id for collection in collections]
    candidates = _candidates(collections, scope.allowed, bounds)
    in_graph = max(sum(c.chunk_count for c in collections), collections[0].in_graph)
    path = choose_path(candidates, in_graph, limit, dimensions)
    if path == "exact":
        rows = await ctx.storage.vectors.nearest_exact(embedder, keys, vector, limit, bounds)
    else:
        rows = await ctx.storage.vectors.nearest_in_graph(embedder, dimensions, keys, vector, limit, bounds)
    details = {
        "model": model,
        "embed_ms": round(embedded, 3),
        "vector_known": known,
        "compared_at_most": candidates,
    }
    return Found("dense", dict(rows), path, _since(begun), details)


def _candidates(collections: list[CollectionKey], allowed: Admitted | None, bounds: Bounds) -> int:
    whole = sum(collection.chunk_count for collection in collections)
    if bounds.chunks is not None:
        return min(whole, len(bounds.chunks))
    return whole if allowed is None else min(whole, allowed.most)


async def _bounds(ctx: Context, scope: Scope, query: Query) -> Bounds:
    """The filter, and what the query requires and excludes in so many words, as the lanes of meaning take it."""
    allowed = scope.allowed
    documents, chunks = (allowed.documents, allowed.chunks) if allowed else (None, None)
    binding = await ctx.storage.bm25.binding(scope.keys, query, allowed_to_words(ctx.storage, allowed))
    if binding.chunks is not None:
        chunks = binding.chunks.tolist()
    barred = None if binding.barred is None else binding.barred.tolist()
    return Bounds(documents if chunks is None else None, chunks, barred)


def _scores(hits: list[Scored]) -> dict[int, float]:
    return {hit.chunk_id: hit.score for hit in hits}


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
