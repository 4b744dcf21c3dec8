"""Search over HTTP at two sizes of a collection: both lanes together, each alone; how good it is, what the graph of
vectors misses, and how fast chunks are written, beside langchain-postgres."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from inference.evaluation import quality, vector_writes
from inference.evaluation.client import Client
from inference.evaluation.figures import Line, Section, Target, exponent, figure, percentile
from inference.evaluation.installation import Installation, new_home, started
from inference.evaluation.library import WORDS, Library, open_library
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.texts import Zipf

SIZES = (20_000, 200_000)
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
    "hybrid, known query, filter keeps 1 %": "search_hybrid",
}
_FILTERED = "hybrid, known query, filter keeps 1 %"
# Limits at the larger size, in ms at the median.
_TARGETS = {"hybrid, new query": Target(25), "hybrid, known query": Target(12)}


@dataclass(slots=True)
class _Latencies:
    """Of one kind of search at one size, a value a round, in ms."""

    p50: list[float] = field(default_factory=list[float])
    p99: list[float] = field(default_factory=list[float])


def measure() -> Section:
    """Fills one collection in two steps and asks at each; then the judged set; then the writes."""
    with new_home() as home, started(home) as platform:
        key = platform.api_key()
        lines, notes = asyncio.run(_measure(platform, key))
        more, told = quality.measure(platform, key)
    written, said = vector_writes.measure()
    return Section("search", [*lines, *more, *written], [*notes, *told, *said])


async def _measure(platform: Installation, key: str) -> tuple[list[Line], list[str]]:
    client = Client(platform.port, key)
    collection: str = client.call("create_document_collection", name="bench")["id"]
    writer = Zipf(_SEED)
    found: dict[int, dict[str, _Latencies]] = {}
    stored: list[float] = []
    settled: dict[int, float] = {}
    async with open_library(platform.home, collection) as library:
        for size in SIZES:
            tell(f"search: filling the collection up to {size} chunks")
            client.close()
            stored.append(await library.grow(size))
            tell("search: putting vectors into the graph")
            settled[size] = await (library.settle() if size == SIZES[0] else library.rebuild())
            _ask(client, "search_hybrid", collection, "warm up")
            found[size] = _at_size(client, collection, library, writer)
        tell("search: recall")
        recalls = {
            "": await library.recall(library.vectors(QUERIES), RECALL_AT),
            ", filter keeps 10 %": await library.recall(library.vectors(QUERIES), RECALL_AT, 0.1),
        }
    client.close()
    lines = _latencies(found)
    large = SIZES[-1] // 1000
    for what, recall in recalls.items():
        shown = figure([sum(recall) / len(recall)], "")
        lines.append(Line(f"recall@{RECALL_AT} of the graph, {large} k made-up vectors{what}", shown, better="more"))
    lines.append(Line("chunks/s stored (pages, words, vectors)", figure(stored, "/s"), better="more"))
    for (size, rate), way in zip(settled.items(), ("one by one", "all anew"), strict=True):
        what = f"vectors/s put into the graph afterwards, {way}, {size // 1000} k"
        lines.append(Line(what, figure([rate], "/s"), better="more"))
    return lines, _notes()


def _at_size(client: Client, collection: str, library: Library, writer: Zipf) -> dict[str, _Latencies]:
    latencies = {kind: _Latencies() for kind in _KINDS}
    step = len(library.passages) // QUERIES
    share = {"document_ids": library.documents[::100]}
    for number in range(ROUNDS):
        queries = [writer.query(passage) for passage in library.passages[number::step][:QUERIES]]
        for kind, function in _KINDS.items():
            more = {"filter": share} if kind == _FILTERED else {}
            took = [_ask(client, function, collection, query, **more) for query in queries]
            latencies[kind].p50.append(percentile(took, 0.5))
            latencies[kind].p99.append(percentile(took, 0.99))
        said = ", ".join(f"{kind} {latencies[kind].p50[-1]:.1f} ms" for kind in _KINDS)
        tell(f"search: {len(library.passages)} chunks, round {number + 1} of {ROUNDS}: {said}")
    return latencies


def _ask(client: Client, function: str, collection: str, query: str, **more: object) -> float:
    """Milliseconds until the hits were there. Raises Unmeasurable when there are none."""
    asked = {"query": query, "collection_ids": [collection], "limit": 10} | more
    answer, took = client.timed(f"/api/{function}", asked)
    if not answer["result"]["hits"]:
        raise Unmeasurable(f"{function} found nothing for {query!r}")
    return took


def _latencies(found: dict[int, dict[str, _Latencies]]) -> list[Line]:
    lines: list[Line] = []
    small, large = SIZES
    for size in reversed(SIZES):
        for kind in _KINDS:
            target = _TARGETS.get(kind) if size == large else None
            lines.append(
                Line(f"{size // 1000} k chunks: {kind}, p50", figure(found[size][kind].p50, "ms"), target=target)
            )
            lines.append(Line(f"{size // 1000} k chunks: {kind}, p99", figure(found[size][kind].p99, "ms")))
    for kind in _KINDS:
        pairs = zip(found[small][kind].p50, found[large][kind].p50, strict=True)
        growth = [exponent((small, before), (large, after)) for before, after in pairs]
        lines.append(Line(f"growth exponent: {kind}", figure(growth, "")))
    return lines


def _notes() -> list[str]:
    fewest, most = WORDS
    return [
        f"one client, one request at a time, {QUERIES} queries of 3–6 words a round; chunks of {fewest}–{most} made-up "
        "words with Zipf's frequencies, vectors around random centres; after VACUUM; cost = c · size^exponent"
    ]
