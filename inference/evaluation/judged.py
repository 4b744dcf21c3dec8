"""Judged sets: passages, queries and which passages answer each, from Cranfield's files or made up here."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.evaluation.processes import Unmeasurable
from inference.evaluation.texts import Zipf
from inference.settings import ROOT

FOLDER = "PENSTOCK_BENCH_CRANFIELD"
DEFAULT_FOLDER = ROOT.parent / "shared" / "data" / "cranfield"
_TAGS = re.compile(r"<[^>]*>")
_DOCUMENT = re.compile(r"<docno>\s*(\d+)\s*</docno>.*?<text>(.*?)</text>", re.DOTALL)
_QUERY = re.compile(r"<top>.*?<title>(.*?)</title>", re.DOTALL)
_SUBJECTS, _PASSAGES, _QUERIES, _SEED = 300, 1200, 200, 11


@dataclass(frozen=True, slots=True)
class Judged:
    """`relevant[q]` are the places in `passages` that answer `queries[q]`."""

    name: str
    passages: list[str]
    queries: list[str]
    relevant: list[set[int]]


def judged_set() -> Judged:
    """Cranfield where its folder is (`PENSTOCK_BENCH_CRANFIELD`, else beside the checkout); a made-up set if not."""
    told = os.environ.get(FOLDER)
    folder = Path(told) if told else DEFAULT_FOLDER
    if folder.is_dir():
        return cranfield(folder)
    if told:
        raise Unmeasurable(f"{FOLDER} is {told}, and no folder is there")
    return made_up()


def cranfield(folder: Path) -> Judged:
    """Queries are numbered in the order of the file; a judgement above 0 is one of relevance."""
    documents = _DOCUMENT.findall((folder / "cran.all.1400.xml").read_text(errors="replace"))
    texts = {int(number): _plain(text) for number, text in documents}
    places = {number: place for place, number in enumerate(number for number, text in texts.items() if text)}
    queries = [_plain(text) for text in _QUERY.findall((folder / "cran.qry.xml").read_text(errors="replace"))]
    relevant: list[set[int]] = [set() for _ in queries]
    for line in (folder / "cranqrel.trec.txt").read_text().splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0 and int(document) in places:
            relevant[int(query) - 1].add(places[int(document)])
    return Judged("Cranfield", [text for text in texts.values() if text], queries, relevant)


def made_up() -> Judged:
    """Subjects are a few rare words; passages of a subject, and queries about it, hold some of them among others."""
    random, writer = np.random.default_rng(_SEED), Zipf(_SEED)
    subjects = [writer.words(12) for _ in range(_SUBJECTS)]

    def written(subject: int, own: int, others: int) -> str:
        words = [*random.choice(subjects[subject], own, replace=False).tolist(), *writer.words(others)]
        return " ".join(random.permutation(words).tolist())

    of = [place % _SUBJECTS for place in range(_PASSAGES)]
    asked = random.choice(_SUBJECTS, _QUERIES, replace=False).tolist()
    return Judged(
        "made-up passages",
        [written(subject, 6, int(random.integers(10, 60))) for subject in of],
        [written(subject, 4, 2) for subject in asked],
        [{place for place, other in enumerate(of) if other == subject} for subject in asked],
    )


def ndcg(ranking: Sequence[int], relevant: set[int], depth: int = 10) -> float:
    """nDCG with binary gains (Järvelin and Kekäläinen, 2002); 0 where nothing is relevant."""
    gained = sum(1 / math.log2(rank + 2) for rank, place in enumerate(ranking[:depth]) if place in relevant)
    most = sum(1 / math.log2(rank + 2) for rank in range(min(depth, len(relevant))))
    return gained / most if most else 0.0


def dense_quality(judged: Judged, passages: NDArray[np.float32], queries: NDArray[np.float32]) -> float:
    """Mean nDCG@10 of the passages nearest by cosine; vectors are of length 1."""
    order = np.argsort(-(queries @ passages.T), axis=1, kind="stable")
    found = zip(order[:, :10].tolist(), judged.relevant, strict=True)
    return float(np.mean([ndcg(ranking, relevant) for ranking, relevant in found]))


def _plain(text: str) -> str:
    return " ".join(_TAGS.sub(" ", text).split())
