"""How a search came to its answer: scores of every lane and stage, times, and which way answered."""

from __future__ import annotations

import time

import numpy as np

from db import AllowedChunks, Clause, FoundHit, Query
from inference.functions.context import Context
from inference.functions.search.fusion import Fused, merged, ranks
from inference.functions.search.lanes import Found
from inference.functions.search.wording import Asked
from inference.models.search import (
    HitExplanation,
    LaneExplanation,
    SearchExplanation,
    SearchHit,
    SearchResult,
)

# Each term of a query is asked for alone to tell what it gave to the hits.
_MOST_TERMS = 20


class Account:
    """Kept while a search goes on."""

    def __init__(self) -> None:
        self._stages: dict[str, float] = {}
        self._begun = time.perf_counter()
        self._lanes: list[Found] = []
        self._fused: dict[int, Fused] = {}
        self._collections: list[int] = []

    def begin(self, collections: list[int]) -> None:
        """Which collections are searched is known."""
        self._collections = collections
        self.stage("scope")

    def again(self) -> Account:
        """One of the same search that looks further: what the lanes found by now does not count."""
        account = Account()
        account._stages, account._collections = self._stages, self._collections
        return account

    def stage(self, name: str) -> None:
        """What has been done since the last stage was this one."""
        now = time.perf_counter()
        self._stages[name] = round((now - self._begun) * 1000, 3)
        self._begun = now

    def add(self, *lanes: Found) -> None:
        self._lanes += lanes

    def fused(self, fused: list[Fused]) -> None:
        self._fused = {each.chunk: each for each in fused}

    async def result(self, ctx: Context, asked: Asked, found: list[FoundHit], hits: list[SearchHit]) -> SearchResult:
        """The hits, each with its explanation, and the search's own."""
        terms = await _shares(ctx, self._collections, asked.words, found)
        words = next((lane.scores for lane in self._lanes if lane.name == "bm25"), dict[int, float]())
        dense = merged([lane.scores for lane in self._lanes if lane.name == "dense"])
        places = ranks(words), ranks(dense)
        explained = [
            hit.model_copy(
                update={
                    "explanation": self._explain(each.chunk, hit, places).model_copy(
                        update={"terms": terms[each.chunk]}
                    )
                }
            )
            for each, hit in zip(found, hits, strict=True)
        ]
        self.stage("explain")
        return SearchResult(hits=explained, explanation=self._whole(asked))

    def _explain(self, chunk: int, hit: SearchHit, places: tuple[dict[int, int], dict[int, int]]) -> HitExplanation:
        fused = self._fused.get(chunk)
        return HitExplanation(
            bm25_rank=places[0].get(chunk),
            dense_rank=places[1].get(chunk),
            bm25_normalised=fused.bm25_normalised if fused else None,
            dense_normalised=fused.dense_normalised if fused else None,
            fused=fused.score if fused else None,
            reranked=hit.rerank_score,
        )

    def _whole(self, asked: Asked) -> SearchExplanation:
        lanes: dict[str, LaneExplanation] = {}
        for lane in self._lanes:
            # Lanes of further embedders are named after their models.
            name = lane.name if lane.name not in lanes else f"{lane.name}:{lane.details['model']}"
            lanes[name] = LaneExplanation(
                path=lane.path, candidates=len(lane.scores), ms=round(lane.ms, 3), details=lane.details
            )
        understood = {
            "meaning": asked.meaning,
            "optional": [written(clause) for clause in asked.words.optional],
            "required": [written(clause) for clause in asked.words.required],
            "excluded": [written(clause) for clause in asked.words.excluded],
        }
        return SearchExplanation(query=understood, lanes=lanes, stages_ms=self._stages)


def written(clause: Clause) -> str:
    """A clause as a user would write it."""
    words = clause.value or " ".join(clause.words)
    text = f'"{words}"' if " " in words else words
    field = {"text": "", "metadata": "md." + ".".join(clause.path) + ":"}.get(clause.field, f"{clause.field}:")
    return (
        field + text + (f"~{clause.slop}" if clause.slop else "") + (f"^{clause.boost:g}" if clause.boost != 1 else "")
    )


async def _shares(
    ctx: Context, collections: list[int], query: Query, found: list[FoundHit]
) -> dict[int, dict[str, float]]:
    """What each clause gave to the BM25 score of each hit."""
    shares: dict[int, dict[str, float]] = {each.chunk: {} for each in found}
    scored = [each for each in found if each.hit.bm25_score is not None]
    if not scored:
        return shares
    allowed = AllowedChunks(np.array(sorted(each.chunk for each in scored), dtype=np.int64))
    for clause in list(dict.fromkeys(query.scored))[:_MOST_TERMS]:
        times = sum(1 for each in query.scored if each == clause)
        for hit in await ctx.storage.bm25.search(collections, Query(optional=(clause,)), len(scored), allowed):
            shares[hit.chunk_id][written(clause)] = times * hit.score
    return shares
