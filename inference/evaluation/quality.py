"""How good what is found is: nDCG@10 of each lane and of both on texts and questions with known answers, over HTTP; and
what the graph misses among real vectors."""

from __future__ import annotations

import asyncio
import base64
import re

import numpy as np
from numpy.typing import NDArray

from inference.evaluation.client import Client
from inference.evaluation.figures import Line, Target, figure
from inference.evaluation.installation import Installation
from inference.evaluation.judged import Judged, judged_set, ndcg
from inference.evaluation.library import open_library
from inference.evaluation.progress import tell
from inference.runner import DEFAULT_EMBEDDER

LANES = {"words alone (BM25)": "search_bm25", "meaning alone": "search_dense", "hybrid": "search_hybrid"}
AT = 10
# Windows of sentences beside the texts themselves, so that there are enough vectors for a graph, and near ones.
PASSAGES = 6_000
# Measured elsewhere with the same stems and stop words: .375 (README of the collection).
_LEAST_BM25 = 0.370
_LEAST_RECALL = 0.98
_AT_ONCE = 256


def measure(platform: Installation, key: str) -> tuple[list[Line], list[str]]:
    """Lines of the table, and what must be known of them."""
    judged = judged_set()
    client = Client(platform.port, key)
    try:
        tell(f"search: embedding {len(judged.passages)} texts of {judged.name}")
        vectors = _embedded(client, judged.passages)
        lines = asyncio.run(_quality(platform, client, judged, vectors))
        lines += asyncio.run(_recall(platform, client, judged))
    finally:
        client.close()
    sizes = f"{len(judged.passages)} texts, {len(judged.queries)} questions"
    return lines, [f"quality: {judged.name}, {sizes}, gains of 0 and 1, a chunk a text"]


async def _quality(platform: Installation, client: Client, judged: Judged, vectors: NDArray[np.float32]) -> list[Line]:
    collection: str = client.call("create_document_collection", name=judged.name)["id"]
    async with open_library(platform.home, collection) as library:
        await library.add(judged.passages, vectors)
    places = {text: place for place, text in enumerate(judged.passages)}
    scores: dict[str, float] = {}
    for lane, function in LANES.items():
        gained: list[float] = []
        for query, relevant in zip(judged.queries, judged.relevant, strict=True):
            hits = client.call(function, query=query, collection_ids=[collection], limit=AT)["hits"]
            gained.append(ndcg([places[hit["text"]] for hit in hits], relevant, AT))
        scores[lane] = sum(gained) / len(gained)
        tell(f"search: nDCG@{AT} on {judged.name}, {lane}: {scores[lane]:.4f}")
    *alone, hybrid = scores
    best = max(scores[lane] for lane in alone)
    # The made-up words of the other set mean nothing: what counts there is that both lanes are asked at all.
    targets = {hybrid: Target(round(best, 4)), alone[0]: Target(_LEAST_BM25)} if judged.name == "Cranfield" else {}
    return [
        Line(f"nDCG@{AT} on {judged.name}: {lane}", figure([score], ""), better="more", target=targets.get(lane))
        for lane, score in scores.items()
    ]


async def _recall(platform: Installation, client: Client, judged: Judged) -> list[Line]:
    passages = windows(judged.passages, PASSAGES)
    tell(f"search: embedding {len(passages)} passages and the questions")
    vectors, queries = _embedded(client, passages), _embedded(client, judged.queries)
    collection: str = client.call("create_document_collection", name="passages")["id"]
    lines: list[Line] = []
    async with open_library(platform.home, collection) as library:
        await library.add(passages, vectors)
        await library.rebuild()
        for share, what in ((1.0, ""), (0.1, ", filter keeps 10 %"), (0.01, ", filter keeps 1 %")):
            recall = await library.recall(queries, AT, share)
            lines.append(
                Line(
                    f"recall@{AT} of the graph, {len(passages)} real vectors{what}",
                    figure([sum(recall) / len(recall)], ""), better="more", target=Target(_LEAST_RECALL),
                )
            )  # fmt: skip
    return lines


def windows(texts: list[str], most: int) -> list[str]:
    """One to three sentences that follow each other, each window once."""
    found: dict[str, None] = {}
    for length in (2, 1, 3):
        for text in texts:
            sentences = [part.strip() for part in re.split(r"\s?\.\s+", text) if len(part.split()) > 3]
            for begin in range(len(sentences) - length + 1):
                found[" . ".join(sentences[begin : begin + length])] = None
                if len(found) == most:
                    return list(found)
    return list(found)


def _embedded(client: Client, texts: list[str]) -> NDArray[np.float32]:
    rows: list[bytes] = []
    for begin in range(0, len(texts), _AT_ONCE):
        asked = {"model": DEFAULT_EMBEDDER, "input": texts[begin : begin + _AT_ONCE], "encoding_format": "base64"}
        rows += [base64.b64decode(each["embedding"]) for each in client.post("/v1/embeddings", asked)["data"]]
    return np.frombuffer(b"".join(rows), "<f4").reshape(len(texts), -1)
