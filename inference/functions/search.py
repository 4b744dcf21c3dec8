"""Search by words, by meaning, and by both."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import numpy as np

from db import CollectionKey
from inference.errors import InvalidInput
from inference.functions.context import Context
from inference.functions.fusion import convex
from inference.functions.identifiers import no_such, parse_id
from inference.functions.registry import function
from inference.models.search import SearchFilter, SearchHit, SearchRequest, SearchResult
from inference.runner import embed

# How many of each lane enter the fusion.
_CANDIDATES = 100
# Up to so many chunks every vector is compared, which is exact; beyond, walking the graph is faster.
_EXACT_UP_TO = 2_000
_CACHED_QUERIES = 2048

_query_vectors: OrderedDict[tuple[str, str], bytes] = OrderedDict()


@function(scope="search:read", read_only=True)
async def search_bm25(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by words: BM25 with stems and stop words of each collection's language."""
    scope = await _scope(ctx, request)
    found = await ctx.storage.search.bm25(scope.collections, request.query, request.limit, scope.documents)
    return await _result(ctx, [(chunk, score, score, None) for chunk, score in found])


@function(scope="search:read", read_only=True)
async def search_dense(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by meaning: cosine of the query's vector and the chunks'."""
    scope = await _scope(ctx, request)
    found = await _dense(ctx, scope, request.query, request.limit)
    return await _result(ctx, [(chunk, score, None, score) for chunk, score in found])


@function(scope="search:read", read_only=True)
async def search_hybrid(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by words and by meaning at once; the scores of both lanes, brought to 0…1, count half each."""
    scope = await _scope(ctx, request)
    candidates = max(_CANDIDATES, request.limit)
    words, meaning = await asyncio.gather(
        ctx.storage.search.bm25(scope.collections, request.query, candidates, scope.documents),
        _dense(ctx, scope, request.query, candidates),
    )
    bm25, dense = dict(words), dict(meaning)
    fused = convex(bm25, dense)[: request.limit]
    return await _result(ctx, [(chunk, score, bm25.get(chunk), dense.get(chunk)) for chunk, score in fused])


class _Scope:
    """What a caller searches: collections of theirs, and documents when a filter narrows them."""

    def __init__(self, collections: list[CollectionKey], documents: list[int] | None) -> None:
        self.collections = [collection.id for collection in collections]
        self.documents = documents
        self.embedders = sorted({collection.embedder for collection in collections})
        self.chunk_count = sum(collection.chunk_count for collection in collections)


async def _scope(ctx: Context, request: SearchRequest) -> _Scope:
    """Raises NotFound for a collection or document that is not the caller's."""
    if not request.query.strip():
        raise InvalidInput("The query is empty: say what to look for.", field="query")
    asked = [parse_id(collection, "collection", "collection_ids") for collection in request.collection_ids]
    collections = await ctx.storage.collections.resolve(ctx.user.key, asked or None)
    known = {collection.uid for collection in collections}
    for uid in asked:
        if uid not in known:
            raise no_such("collection", str(uid), "collection_ids")
    return _Scope(collections, await _filtered(ctx, [collection.id for collection in collections], request.filter))


async def _filtered(ctx: Context, collections: list[int], given: SearchFilter | None) -> list[int] | None:
    if given is None or not given.model_dump(exclude_none=True):
        return None
    uids = (
        None
        if given.document_ids is None
        else [parse_id(d, "document", "filter.document_ids") for d in given.document_ids]
    )
    return await ctx.storage.documents.resolve(
        ctx.user.key, collections, uids, given.uploaded_after, given.uploaded_before
    )


async def _dense(ctx: Context, scope: _Scope, query: str, limit: int) -> list[tuple[int, float]]:
    if not scope.chunk_count:
        return []
    vector = await query_vector(ctx, scope.embedders[0], query)
    if scope.documents is not None or scope.chunk_count <= _EXACT_UP_TO:
        return await ctx.storage.search.dense_exact(scope.collections, vector, limit, scope.documents)
    return await ctx.storage.search.dense(scope.collections, vector, limit)


async def query_vector(ctx: Context, model: str, query: str) -> bytes:
    """The query's vector as big-endian float16; the last ones are remembered."""
    key = (model, query)
    vector = _query_vectors.get(key)
    if vector is None:
        vector = (await embed(ctx.runner, model, [query]))[0].astype(np.dtype(">f2")).tobytes()
        _query_vectors[key] = vector
        if len(_query_vectors) > _CACHED_QUERIES:
            _query_vectors.popitem(last=False)
    else:
        _query_vectors.move_to_end(key)
    return vector


async def _result(ctx: Context, ranked: list[tuple[int, float, float | None, float | None]]) -> SearchResult:
    if not ranked:
        return SearchResult(hits=[])
    chunks, scores, bm25, dense = zip(*ranked, strict=True)
    hits: list[SearchHit] = await ctx.storage.search.hits(ctx.user.key, chunks, scores, bm25, dense)
    return SearchResult(hits=hits)
