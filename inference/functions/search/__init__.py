"""Search by words, by meaning, and by both.

    scope    the caller's collections, and what a filter lets through of them     (one round trip each)
    lanes    BM25 and, for every embedder, the nearest vectors, all at once       (one each)
    fusion   the lanes' scores become one order
    hits     their texts, grouped and with neighbours                             (one)

A reranker reads the texts of the best before that; snippets and the explanation are made of what is there by then.
A lane that fails fails the search: an answer from half of what was asked for would look like a whole one.
"""

from __future__ import annotations

import asyncio

from db import FoundHit, Query, Ranked, parse_query
from inference.functions.context import Context
from inference.functions.registry import function
from inference.functions.search.explaining import Account
from inference.functions.search.fusion import fuse, merged
from inference.functions.search.lanes import Found, by_meaning, by_words
from inference.functions.search.scope import Scope, find_scope
from inference.functions.search.snippets import snippet
from inference.functions.search.wording import plain
from inference.models.search import Fusion, Rerank, SearchHit, SearchRequest, SearchResult
from inference.runner import rerank


@function(scope="search:read", read_only=True)
async def search_bm25(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by words: BM25 with stems and stop words of each collection's language."""
    account = Account(request)
    scope, query = await _begin(ctx, request, account)
    found = await by_words(ctx, scope, query, _candidates(request, alone=True), explain=request.explain)
    account.add(found)
    ranked = [Ranked(chunk, score, bm25=score) for chunk, score in found.scores.items()]
    return await _finish(ctx, request, query, ranked, account)


@function(scope="search:read", read_only=True)
async def search_dense(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by meaning: cosine of the query's vector and the chunks'. What the query requires or excludes in words
    holds here too. Where collections have different embedders, whose cosines cannot be compared, each one's are brought
    to 0…1."""
    account = Account(request)
    scope, query = await _begin(ctx, request, account)
    lanes = await by_meaning(ctx, scope, plain(request.query), query, _candidates(request, alone=True))
    account.add(*lanes)
    cosines = _cosines(lanes)
    scores = cosines if len(lanes) == 1 else merged([lane.scores for lane in lanes])
    ordered = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))
    ranked = [Ranked(chunk, scores[chunk], dense=cosines[chunk]) for chunk in ordered]
    return await _finish(ctx, request, query, ranked, account)


@function(scope="search:read", read_only=True)
async def search_hybrid(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by words and by meaning at once. The scores of both lanes, brought to 0…1, count half each, or as `fusion`
    says."""
    account = Account(request)
    scope, query = await _begin(ctx, request, account)
    candidates = _candidates(request, alone=False)
    words, lanes = await asyncio.gather(
        by_words(ctx, scope, query, candidates, explain=request.explain),
        by_meaning(ctx, scope, plain(request.query), query, candidates),
    )
    account.add(words, *lanes)
    fused = fuse(words.scores, [lane.scores for lane in lanes], request.fusion or Fusion())
    account.fused(fused)
    cosines = _cosines(lanes)
    ranked = [Ranked(f.chunk, f.score, words.scores.get(f.chunk), cosines.get(f.chunk)) for f in fused]
    return await _finish(ctx, request, query, ranked, account)


async def _begin(ctx: Context, request: SearchRequest, account: Account) -> tuple[Scope, Query]:
    scope = await find_scope(ctx, request)
    account.begin(scope.keys)
    return scope, parse_query(plain(request.query))


def _candidates(request: SearchRequest, *, alone: bool) -> int:
    """How many a lane has to find: more than are shown where the order is still to change or hits are left out."""
    if alone and request.rerank is None and request.per_document is None:
        return request.limit
    return max(request.candidates, request.limit, request.rerank.candidates if request.rerank else 0)


def _cosines(lanes: list[Found]) -> dict[int, float]:
    """By chunk; lanes have none in common."""
    return {chunk: score for lane in lanes for chunk, score in lane.scores.items()}


async def _finish(
    ctx: Context, request: SearchRequest, query: Query, ranked: list[Ranked], account: Account
) -> SearchResult:
    account.stage("lanes")
    if request.rerank and ranked:
        ranked = await _reranked(ctx, request.query, request.rerank, ranked)
        account.stage("rerank")
    found: list[FoundHit] = []
    if ranked:
        found = await ctx.storage.search.hits(
            ctx.user.key, ranked, request.limit, per_document=request.per_document, neighbours=request.neighbours
        )
    account.stage("hits")
    hits = [each.hit for each in found]
    if request.snippet_characters and hits:
        hits = await _with_snippets(ctx, query, found, request.snippet_characters)
        account.stage("snippets")
    if not request.explain:
        return SearchResult(hits=hits)
    return await account.result(ctx, query, found, hits)


async def _reranked(ctx: Context, query: str, wanted: Rerank, ranked: list[Ranked]) -> list[Ranked]:
    """The best candidates in the order of the reranker; the others are left out, as nobody has read them."""
    best = ranked[: wanted.candidates]
    texts = await ctx.storage.search.passages(ctx.user.key, [each.chunk for each in best])
    there = [each for each in best if each.chunk in texts]
    scores = await rerank(ctx.runner, wanted.model, plain(query), [texts[each.chunk] for each in there])
    scored = [
        Ranked(each.chunk, float(score), each.bm25, each.dense, float(score))
        for each, score in zip(there, scores, strict=True)
    ]
    return sorted(scored, key=lambda each: (-each.score, each.chunk))


async def _with_snippets(ctx: Context, query: Query, found: list[FoundHit], length: int) -> list[SearchHit]:
    matches = await ctx.storage.bm25.highlight(query, [(each.language, each.hit.text) for each in found])
    return [
        each.hit.model_copy(update={"snippet": snippet(each.hit.text, [(s.start, s.end) for s in spans], length)})
        for each, spans in zip(found, matches, strict=True)
    ]
