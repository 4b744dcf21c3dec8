"""The passages that an agent's tools have found, numbered across their calls."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from inference.functions import Context, cite_sources, write_source
from inference.json_values import is_array, is_object
from inference.models.search import CiteRequest, SearchHit, Source

# Marks have at most three digits (inference.composer.citations).
_MOST_SOURCES = 999
# As many hits as cite_sources takes, and as many tokens of them as a model is shown at once.
_MOST_HITS = 100
_SHOWN_TOKENS = 5000


class FoundSources:
    """Sources by the order in which they were found; a passage that is found again keeps its number."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    @property
    def sources(self) -> list[dict[str, Any]]:
        """All so far, as `sources` events and results hold them."""
        return [source.model_dump(mode="json") for source in self._sources.values()]

    async def show(self, ctx: Context, result: Any) -> str | None:
        """The hits of a tool's result as a model is shown them, with their numbers. None when it has no hits."""
        hits = _hits(result)
        if not hits:
            return None
        cited = await cite_sources(ctx, CiteRequest(hits=hits, token_budget=_SHOWN_TOKENS))
        shown: list[str] = []
        for hit, source in zip(hits, cited.sources, strict=False):
            if source.chunk_id not in self._sources and len(self._sources) < _MOST_SOURCES:
                number = len(self._sources) + 1
                self._sources[source.chunk_id] = source.model_copy(update={"n": number})
            if source.chunk_id in self._sources:
                shown.append(write_source(self._sources[source.chunk_id].n, hit))
        return "\n\n".join(["Cite a source by its number after the statement, like [1].", *shown])


def _hits(result: Any) -> list[SearchHit]:
    """The hits in the result of a search; none where it is something else."""
    if not is_object(result) or not is_array(result.get("hits")):
        return []
    try:
        return [SearchHit.model_validate(hit) for hit in result["hits"][:_MOST_HITS]]
    except ValidationError:
        return []
