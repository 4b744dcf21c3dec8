"""nDCG@10 of search by words: on Cranfield where PENSTOCK_CRANFIELD names its folder, on a made-up set otherwise."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
from uuid_utils.compat import uuid7

from db import NewDocument, Storage, open_storage, parse_query
from inference.evaluation.figures import Line, Target, figure
from inference.evaluation.texts import word

_CRANFIELD = "PENSTOCK_CRANFIELD"
# Porter's stems and Lucene's stop words give .375.
_TARGET = 0.37
_AT = 10
_TOPICS, _TOPIC_WORDS, _A_TOPIC = 60, 12, 12


@dataclass(frozen=True, slots=True)
class Judged:
    """Texts, queries, and for each query which texts are relevant."""

    name: str
    texts: list[str]
    queries: list[str]
    relevant: list[set[int]]


def judged() -> Judged:
    """The set that is there."""
    folder = os.environ.get(_CRANFIELD)
    return _cranfield(Path(folder)) if folder else _made_up()


def _cranfield(folder: Path) -> Judged:
    """Queries are numbered in the order of their file, which is what the judgements mean."""
    documents = (folder / "cran.all.1400.xml").read_text()
    topics = (folder / "cran.qry.xml").read_text()
    texts = [unescape(text) for text in re.findall(r"<text>(.*?)</text>", documents, re.DOTALL)]
    queries = [unescape(title).strip() for title in re.findall(r"<title>(.*?)</title>", topics, re.DOTALL)]
    relevant: list[set[int]] = [set() for _ in queries]
    for line in (folder / "cranqrel.trec.txt").read_text().splitlines():
        query, _, document, relevance = line.split()
        if int(relevance) > 0:
            relevant[int(query) - 1].add(int(document) - 1)
    return Judged("Cranfield", texts, queries, relevant)


def _made_up() -> Judged:
    """Topics with words of their own, in texts of which most words are anybody's; a query is three of a topic's."""
    random = np.random.default_rng(5)
    texts, queries, relevant = list[str](), list[str](), list[set[int]]()
    for topic in range(_TOPICS):
        # Neighbouring topics share half their words.
        own = [word(5_000 + topic * _TOPIC_WORDS // 2 + n) for n in range(_TOPIC_WORDS)]
        relevant.append(set(range(len(texts), len(texts) + _A_TOPIC)))
        for _ in range(_A_TOPIC):
            said = [str(chosen) for chosen in random.choice(own, 6)]
            said += [word(int(rank)) for rank in random.integers(0, 800, 60)]
            texts.append(" ".join(str(chosen) for chosen in random.permutation(said)))
        queries.append(" ".join(str(chosen) for chosen in random.choice(own, 3, replace=False)))
    return Judged("made-up set", texts, queries, relevant)


async def measure(url: str) -> Line:
    """Of an empty database of its own."""
    told = judged()
    storage = await open_storage(url)
    try:
        value = await _ndcg(storage, told)
    finally:
        await storage.close()
    target = Target(_TARGET) if told.name == "Cranfield" else None
    return Line(f"nDCG@{_AT}, {told.name}, english", figure([value], ""), "more", target=target)


async def _ndcg(storage: Storage, told: Judged) -> float:
    owner, collection, document = uuid7(), uuid7(), uuid7()
    await storage.accounts.create(owner, f"quality-{owner}", "cannot log in", is_admin=False)
    account = await storage.accounts.by_uid(owner)
    assert account
    await storage.collections.create(collection, account.id, "quality", "", {}, "english", "none")
    (found,) = await storage.collections.resolve(account.id, [collection])
    new = NewDocument(name="", content_type="text/plain", size=1, sha256=(document.bytes * 2).hex(), metadata={})
    await storage.documents.create(document, account.id, collection, new)
    work = await storage.ingestions.work(account.id, document)
    assert work
    columns = (
        "uid", "document_id", "collection_id", "ordinal", "page", "start_offset", "page_end", "end_offset",
        "token_count", "headings", "text",
    )  # fmt: skip
    async with storage.transaction() as transaction:
        connection: Any = transaction.executor
        records: list[tuple[Any, ...]] = [
            (uuid7(), work.id, found.id, n, 1, 0, 1, len(text), 1, [], text) for n, text in enumerate(told.texts)
        ]
        await connection.copy_records_to_table("chunks", columns=columns, records=records)
        await transaction.bm25.add([work.id])
    rows = await storage.pool.fetch("SELECT id, ordinal FROM chunks WHERE document_id = $1", work.id)
    ordinals = {row["id"]: row["ordinal"] for row in rows}
    values: list[float] = []
    for query, relevant in zip(told.queries, told.relevant, strict=True):
        # Punctuation is none of the query language here: a question is no command.
        plain = " ".join(re.findall(r"\w+", query))
        hits = await storage.bm25.search([found.id], parse_query(plain), _AT)
        values.append(ndcg([ordinals[hit.chunk_id] in relevant for hit in hits], len(relevant)))
    return sum(values) / len(values)


def ndcg(hits: Sequence[bool], relevant: int) -> float:
    """Normalised discounted cumulative gain with gains of 1 (Järvelin and Kekäläinen 2002)."""
    gained = sum(1 / math.log2(place + 2) for place, hit in enumerate(hits) if hit)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(relevant, _AT)))
    return gained / ideal if ideal else 0.0
