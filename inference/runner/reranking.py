"""Scores of texts for a query from a leased model, in the form that Cohere and Jina share."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import orjson

from inference.errors import UpstreamFailed
from inference.runner.calls import calling, portions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inference.runner import Runner

TEXTS_PER_REQUEST = 128


async def rerank_array(
    runner: Runner, model: str, query: str, texts: Sequence[str], caller: str
) -> NDArray[np.float32]:
    numpy = import_module("numpy")  # as in embedding.py
    distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    wanted = list(distinct)
    scores: list[float] = []
    async with calling(runner, model, caller) as engine:
        for some in portions(wanted, TEXTS_PER_REQUEST):
            scores += scores_of(await engine.post("/rerank", {"query": query, "documents": some}), len(some))
    return numpy.array([scores[distinct[text]] for text in texts], dtype=numpy.float32)


def scores_of(content: bytes, expected: int) -> list[float]:
    """The scores of an answer in the order of their `index`. Raises UpstreamFailed."""
    try:
        results = cast("list[dict[str, Any]]", orjson.loads(content)["results"])
        found = {int(result["index"]): float(result["relevance_score"]) for result in results}
        return [found[place] for place in range(expected)]
    except (ValueError, KeyError, TypeError) as error:
        raise UpstreamFailed(f"The reranker did not answer a score for each of {expected} texts.") from error
