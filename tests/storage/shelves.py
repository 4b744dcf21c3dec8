"""Books on a shelf, to be searched."""

from __future__ import annotations

from typing import Any

from inference.functions import search
from inference.models.search import SearchRequest, SearchResult
from tests.storage.bench import Bench
from tests.storage.shelf import shelve

LANES = {"search_bm25": search.search_bm25, "search_dense": search.search_dense, "search_hybrid": search.search_hybrid}
BOOKS = {
    "pumps.txt": [
        "The pump lifts water from the well.",
        "Oil the pump once a year with thin oil.",
        "A relief valve protects the pump from pressure.",
        "The valve closes when the pump stops.",
    ],
    "bees.txt": ["Bees keep honey in the hive.", "In winter bees eat honey and need no water."],
    "trams.txt": ["The tram stops at the harbour.", "The tram needs oil and water."],
}


class Shelves:
    """Books of one user, with metadata."""

    def __init__(self, bench: Bench, collection: str, documents: dict[str, str]) -> None:
        self.bench, self.collection, self.documents = bench, collection, documents

    async def find(self, function: str, query: str, **more: Any) -> SearchResult:
        request = SearchRequest.model_validate({"query": query, "collection_ids": [self.collection]} | more)
        return await LANES[function](self.bench.ctx, request)

    async def names(self, function: str, query: str, where: dict[str, Any]) -> set[str]:
        """The documents that pass a condition."""
        found = await self.find(function, query, limit=50, filter={"where": where})
        return {hit.document_name for hit in found.hits}


async def put_on_shelves(bench: Bench) -> Shelves:
    collection, documents = await shelve(bench, BOOKS)
    facts: dict[str, dict[str, Any]] = {
        "pumps.txt": {
            "year": 1990,
            "tags": ["water", "oil"],
            "printed": "1990-05-01",
            "maker": {"name": "Ebara", "a b": 1},
        },
        "bees.txt": {"year": 2010, "tags": ["honey"], "printed": "2010-05-01T10:00:00Z", "note": '50% off; "x"'},
        "trams.txt": {"year": "2010", "draft": True},
    }
    for name, metadata in facts.items():
        await bench.storage.pool.execute(
            "UPDATE documents SET metadata = $2 WHERE uid = $1::uuid", documents[name], metadata
        )
    return Shelves(bench, collection, documents)
