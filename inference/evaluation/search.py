"""Search over HTTP at two sizes of a collection: both lanes together, each alone, and what the vector index misses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from inference.evaluation.client import Client
from inference.evaluation.figures import Figure, Line, Section, exponent, figure, percentile
from inference.evaluation.installation import Installation, new_home, started
from inference.evaluation.library import WORDS, Library, open_library
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.texts import Zipf

SIZES = (5_000, 20_000)
ROUNDS = 3
QUERIES = 150
RECALL_AT = 10
_SEED = 3
# What is asked in each round, in this order: only the first asks what nobody has asked before.
_KINDS = {
    "hybrid, new query": "search_hybrid",
    "hybrid, known query": "search_hybrid",
    "words alone (BM25)": "search_bm25",
    "meaning alone, known query": "search_dense",
}


@dataclass(slots=True)
class _Latencies:
    """Of one kind of search at one size, a value a round, in ms."""

    p50: list[float] = field(default_factory=list[float])
    p99: list[float] = field(default_factory=list[float])


def measure() -> Section:
    """Fills one collection in two steps and asks at each."""
    with new_home() as home, started(home) as platform:
        return asyncio.run(_measure(platform))


async def _measure(platform: Installation) -> Section:
    client = Client(platform.port, platform.api_key())
    collection: str = client.call("create_document_collection", name="bench")["id"]
    writer = Zipf(_SEED)
    found: dict[int, dict[str, _Latencies]] = {}
    stored: list[float] = []
    async with open_library(platform.home, collection) as library:
        for size in SIZES:
            tell(f"search: filling the collection up to {size} chunks")
            client.close()
            stored.append(await library.grow(size))
            _ask(client, "search_hybrid", collection, "warm up")
            found[size] = _at_size(client, collection, library, writer)
        tell("search: recall")
        recall = await library.recall(QUERIES, RECALL_AT)
    client.close()
    return Section("search", _lines(found, stored, figure([sum(recall) / len(recall)], "")), _notes())


def _at_size(client: Client, collection: str, library: Library, writer: Zipf) -> dict[str, _Latencies]:
    latencies = {kind: _Latencies() for kind in _KINDS}
    step = len(library.passages) // QUERIES
    for number in range(ROUNDS):
        queries = [writer.query(passage) for passage in library.passages[number::step][:QUERIES]]
        for kind, function in _KINDS.items():
            took = [_ask(client, function, collection, query) for query in queries]
            latencies[kind].p50.append(percentile(took, 0.5))
            latencies[kind].p99.append(percentile(took, 0.99))
        said = ", ".join(f"{kind} {latencies[kind].p50[-1]:.1f} ms" for kind in _KINDS)
        tell(f"search: {len(library.passages)} chunks, round {number + 1} of {ROUNDS}: {said}")
    return latencies


def _ask(client: Client, function: str, collection: str, query: str) -> float:
    """Milliseconds until the hits were there. Raises Unmeasurable when there are none."""
    answer, took = client.timed(f"/api/{function}", {"query": query, "collection_ids": [collection], "limit": 10})
    if not answer["result"]["hits"]:
        raise Unmeasurable(f"{function} found nothing for {query!r}")
    return took


def _lines(found: dict[int, dict[str, _Latencies]], stored: list[float], recall: Figure) -> list[Line]:
    lines: list[Line] = []
    for size in reversed(SIZES):
        for kind in _KINDS:
            lines.append(Line(f"{size // 1000} k chunks: {kind}, p50", figure(found[size][kind].p50, "ms")))
            lines.append(Line(f"{size // 1000} k chunks: {kind}, p99", figure(found[size][kind].p99, "ms")))
    small, large = SIZES
    for kind in _KINDS:
        pairs = zip(found[small][kind].p50, found[large][kind].p50, strict=True)
        growth = [exponent((small, before), (large, after)) for before, after in pairs]
        lines.append(Line(f"growth exponent: {kind}", figure(growth, "")))
    lines.append(Line(f"recall@{RECALL_AT} of the vector index, {large // 1000} k", recall, better="more"))
    lines.append(Line("chunks/s stored (pages, words, vectors)", figure(stored, "/s"), better="more"))
    return lines


def _notes() -> list[str]:
    fewest, most = WORDS
    return [
        f"one client, one request at a time, {QUERIES} queries of 3–6 words a round; chunks of {fewest}–{most} made-up "
        "words with Zipf's frequencies, vectors around random centres; after VACUUM; cost = c · size^exponent"
    ]
