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
from collections.abc import Awaitable, Callable

from db import Basis, FoundHit, Query, Ranked
from inference.functions.context import Context
from inference.functions.identifiers import model_from
from inference.functions.registry import function
from inference.functions.search.explaining import Account
from inference.functions.search.fusion import fuse, merged
from inference.functions.search.lanes import Found, by_meaning, by_words
from inference.functions.search.scope import Scope, find_scope
from inference.functions.search.snippets import snippet
from inference.functions.search.wording import Asked, understood
from inference.models.search import Fusion, Rerank, SearchHit, SearchRequest, SearchResult
from inference.runner import rerank

# Documents change while they are searched; more often in a row than this, what is still there is the answer.
_ATTEMPTS = 4
# When documents are missing, so many times the candidates, up to so many.
_FURTHER, _FURTHEST = 8, 20_000


@function(scope="search:read", read_only=True)
async def search_bm25(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by words: BM25 with stems and stop words of each collection's language."""

    async def rank(scope: Scope, asked: Asked, candidates: int, account: Account) -> list[Ranked]:
        found = await by_words(ctx, scope, asked.words, candidates, explain=request.explain)
        account.add(found)
        return [Ranked(chunk, score, bm25=score) for chunk, score in found.scores.items()]

    return await _search(ctx, request, rank, alone=True)


@function(scope="search:read", read_only=True)
async def search_dense(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by meaning: cosine of the query's vector and the chunks'. What the query requires or excludes in words
    holds here too. Where collections have different embedders, whose cosines cannot be compared, each one's are brought
    to 0…1."""

    async def rank(scope: Scope, asked: Asked, candidates: int, account: Account) -> list[Ranked]:
        lanes = await by_meaning(ctx, scope, asked, candidates)
        account.add(*lanes)
        cosines = _cosines(lanes)
        scores = cosines if len(lanes) == 1 else merged([lane.scores for lane in lanes])
        ordered = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))
        return [Ranked(chunk, scores[chunk], dense=cosines[chunk]) for chunk in ordered]

    return await _search(ctx, request, rank, alone=True)


@function(scope="search:read", read_only=True)
async def search_hybrid(ctx: Context, request: SearchRequest) -> SearchResult:
    """Search by words and by meaning at once. The scores of both lanes, brought to 0…1, count half each, or as `fusion`
    says."""

    async def rank(scope: Scope, asked: Asked, candidates: int, account: Account) -> list[Ranked]:
        words, lanes = await asyncio.gather(
            by_words(ctx, scope, asked.words, candidates, explain=request.explain),
            by_meaning(ctx, scope, asked, candidates),
        )
        account.add(words, *lanes)
        fused = fuse(words.scores, [lane.scores for lane in lanes], request.fusion or Fusion())
        account.fused(fused)
        cosines = _cosines(lanes)
        return [Ranked(f.chunk, f.score, words.scores.get(f.chunk), cosines.get(f.chunk)) for f in fused]

    return await _search(ctx, request, rank, alone=False)


# What orders the chunks: of a scope, for what is asked, so many of each lane.
_Rank = Callable[[Scope, Asked, int, Account], Awaitable[list[Ranked]]]


class _Changed(Exception):
    """Chunks that were found, or that the search was limited to, are gone: a newer content, or one that is cut anew,
    has taken their place. Or a collection has another embedder, and the vectors of the former are gone."""


async def _search(ctx: Context, request: SearchRequest, rank: _Rank, *, alone: bool) -> SearchResult:
    """An answer from what is there at one time: what has changed meanwhile is looked for again. `alone`: one kind of
    lane."""
    asked = understood(request.query, syntax=request.syntax)
    candidates = _candidates(request, alone=alone)
    for _ in range(_ATTEMPTS - 1):
        try:
            return await _attempt(ctx, request, asked, rank, candidates)
        except _Changed:
            continue
    return await _attempt(ctx, request, asked, rank, candidates, is_last=True)


async def _attempt(
    ctx: Context, request: SearchRequest, asked: Asked, rank: _Rank, candidates: int, *, is_last: bool = False
) -> SearchResult:
    account = Account()
    scope = await find_scope(ctx, request)
    account.begin(scope.keys)
    basis = scope.basis(asked.words)
    while True:
        ranked = await rank(scope, asked, candidates, account)
        account.stage("lanes")
        if request.rerank and ranked:
            ranked = await _reranked(ctx, asked, request.rerank, ranked, basis, is_last=is_last)
            # It was compared before what takes the time.
            basis = []
            account.stage("rerank")
        found, holds = await ctx.storage.search.hits(
            ctx.user.key, ranked, request.limit, basis, per_document=request.per_document, neighbours=request.neighbours
        )
        account.stage("hits")
        if not holds and not is_last:
            raise _Changed
        if not _leaves_out(request, len(found), len(ranked), candidates):
            break
        # The best are all of a few documents: the others come further down.
        candidates, account = min(candidates * _FURTHER, _FURTHEST), account.again()
    hits = [each.hit for each in found]
    if request.snippet_characters and hits:
        hits = await _with_snippets(ctx, asked.words, found, request.snippet_characters)
        account.stage("snippets")
    if not request.explain:
        return SearchResult(hits=hits)
    return await account.result(ctx, asked, found, hits)


def _candidates(request: SearchRequest, *, alone: bool) -> int:
    """How many a lane has to find: more than are shown where the order is still to change or hits are left out."""
    if alone and request.rerank is None and request.per_document is None:
        return request.limit
    return max(request.candidates, request.limit, request.rerank.candidates if request.rerank else 0)


def _leaves_out(request: SearchRequest, shown: int, ranked: int, candidates: int) -> bool:
    """Whether documents that match are missing, as a few others took all places among the candidates."""
    if request.per_document is None or request.rerank or shown >= request.limit:
        return False
    return candidates <= ranked and candidates < _FURTHEST


def _cosines(lanes: list[Found]) -> dict[int, float]:
    """By chunk; lanes have none in common."""
    return {chunk: score for lane in lanes for chunk, score in lane.scores.items()}


async def _reranked(
    ctx: Context, asked: Asked, wanted: Rerank, ranked: list[Ranked], basis: list[Basis], *, is_last: bool
) -> list[Ranked]:
    """The best candidates in the order of the reranker; the others are left out, as nobody has read them."""
    best = ranked[: wanted.candidates]
    texts, holds = await ctx.storage.search.passages(ctx.user.key, [each.chunk for each in best], basis)
    if not holds and not is_last:
        raise _Changed
    there = [each for each in best if each.chunk in texts]
    query = asked.meaning or asked.text
    with model_from("rerank.model"):
        scores = await rerank(ctx.runner, wanted.model, query, [texts[each.chunk] for each in there])
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
