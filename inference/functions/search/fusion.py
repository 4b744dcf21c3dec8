"""How the scores of two lanes become one order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference.models.search import Fusion


@dataclass(frozen=True, slots=True)
class Fused:
    """A chunk with what each lane made of it: its place from 1 and its score as it went into the sum; None where the
    lane did not find it."""

    chunk: int
    score: float
    bm25_rank: int | None
    bm25_normalised: float | None
    dense_rank: int | None
    dense_normalised: float | None


def fuse(bm25: Mapping[int, float], dense: Sequence[Mapping[int, float]], fusion: Fusion) -> list[Fused]:
    """Best first; equals by chunk. `dense` has a lane for every embedder, whose chunks are different ones: cosines of
    different models are not compared, each lane is brought to 0…1 by itself.

    `convex`: the weighted sum of normalised scores, 0 where a lane did not find a chunk. It beats reciprocal ranks
    where both lanes' scores mean something (Bruch et al. 2022, "An Analysis of Fusion Functions for Hybrid Retrieval").
    `rrf`: the weighted sum of 1 / (k + rank) (Cormack et al. 2009).
    """
    words, meaning = normalised(bm25), merged(dense)
    places = ranks(words), ranks(meaning)
    if fusion.method == "rrf":
        parts = [{chunk: 1 / (fusion.rrf_k + place) for chunk, place in lane.items()} for lane in places]
    else:
        parts = [words, meaning]
    weights = 1 - fusion.dense_weight, fusion.dense_weight
    scores = {
        chunk: sum(weight * part.get(chunk, 0.0) for weight, part in zip(weights, parts, strict=True))
        for chunk in {*words, *meaning}
    }
    return [
        Fused(chunk, score, places[0].get(chunk), words.get(chunk), places[1].get(chunk), meaning.get(chunk))
        for chunk, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    ]


def merged(lanes: Sequence[Mapping[int, float]]) -> dict[int, float]:
    """Lanes of different embedders as one, normalised each by itself."""
    return {chunk: score for lane in lanes for chunk, score in normalised(lane).items()}


def normalised(scores: Mapping[int, float]) -> dict[int, float]:
    """Min-max over the lane's candidates: best 1, worst 0; all 1 when they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def ranks(scores: Mapping[int, float]) -> dict[int, int]:
    """Places from 1 by falling score, equals by chunk."""
    ordered = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))
    return {chunk: place for place, chunk in enumerate(ordered, start=1)}
