"""How the scores of two lanes become one order. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def normalised(scores: Mapping[int, float]) -> dict[int, float]:
    """Min-max over the lane's candidates: best 1, worst 0; all 1 when they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def convex(bm25: Mapping[int, float], dense: Mapping[int, float], dense_weight: float = 0.5) -> list[tuple[int, float]]:
    """(key, fused score), best first: a weighted sum of normalised scores, 0 where a lane did not find the key.

    Convex combination beats reciprocal ranks where both lanes' scores mean something (Bruch et al. 2022, "An Analysis
    of Fusion Functions for Hybrid Retrieval").
    """
    words, meaning = normalised(bm25), normalised(dense)
    fused = {
        key: (1 - dense_weight) * words.get(key, 0.0) + dense_weight * meaning.get(key, 0.0)
        for key in {*words, *meaning}
    }
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))
