"""Texts with questions of which it is known what answers them: Cranfield where it lies, a made-up set otherwise."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.evaluation.processes import Unmeasurable
from inference.settings import ROOT

# A folder with the files of the collection, where it is not beside the checkout.
_VARIABLE = "PENSTOCK_BENCH_CRANFIELD"
_BESIDE = ROOT.parent / "shared" / "data" / "cranfield"
_DOCUMENT = re.compile(r"<docno>\s*(\d+)\s*</docno>.*?<text>(.*?)</text>", re.DOTALL)
_QUERY = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_SEED = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection of texts, questions, and for each question the places of the texts that are relevant to it."""

    name: str
    texts: list[str]
    queries: list[str]
    relevant: list[set[int]]


def judged_set() -> Judged:
    """Cranfield from PENSTOCK_BENCH_CRANFIELD or from beside the checkout, or else the made-up set."""
    given = os.environ.get(_VARIABLE)
    folder = Path(given) if given else _BESIDE
    if (folder / "cran.all.1400.xml").exists():
        return read_cranfield(folder)
    if given:
        raise Unmeasurable(f"{_VARIABLE} names {given}, where no cran.all.1400.xml lies")
    return synthetic()


def read_cranfield(folder: Path) -> Judged:
    """Cranfield 1400 in TREC format. Queries are numbered by their place in the file, as the judgements number them;
    every judgement above 0 counts. Documents without text are left out."""
    documents = _DOCUMENT.findall((folder / "cran.all.1400.xml").read_text(encoding="utf-8"))
    kept = [(number, text.strip()) for number, text in documents if text.strip()]
    places = {number: place for place, (number, _) in enumerate(kept)}
    queries = [
        " ".join(found.split()) for found in _QUERY.findall((folder / "cran.qry.xml").read_text(encoding="utf-8"))
    ]
    relevant: list[set[int]] = [set() for _ in queries]
    for line in (folder / "cranqrel.trec.txt").read_text().splitlines():
        query, _, document, relevance = line.split()
        if int(relevance) > 0 and document in places:
            relevant[int(query) - 1].add(places[document])
    return Judged("Cranfield", [text for _, text in kept], queries, relevant)


# Things, each in several words for it: a passage takes one, its question another. So words find some of what is
# relevant, meaning some, and both together more.
_THINGS = (
    ("car", "automobile"), ("doctor", "physician"), ("ship", "vessel"), ("house", "dwelling"), ("bicycle", "bike"),
    ("film", "movie"), ("child", "kid"), ("road", "street"), ("forest", "woods"), ("aeroplane", "aircraft"),
    ("picture", "photograph"), ("gift", "present"), ("sofa", "couch"), ("stone", "rock"), ("illness", "disease"),
    ("lawyer", "attorney"), ("garbage", "rubbish"), ("engine", "motor"), ("coast", "shore"), ("teacher", "instructor"),
)  # fmt: skip
_DOINGS = (
    ("repair", "fix"), ("buy", "purchase"), ("clean", "wash"), ("sell", "trade"), ("paint", "colour"),
    ("inspect", "examine"), ("insure", "cover against damage"), ("hire", "rent"), ("build", "construct"),
    ("move", "transport"),
)  # fmt: skip


def synthetic(passages_each: int = 4) -> Judged:
    """Passages about doing something to something, and a question for each pair, in words of which half are others."""
    rng = np.random.default_rng(_SEED)
    texts: list[str] = []
    queries: list[str] = []
    relevant: list[set[int]] = []
    for things in _THINGS:
        for doings in _DOINGS:
            found: set[int] = set()
            for number in range(passages_each):
                thing, doing = things[int(rng.integers(2))], doings[int(rng.integers(2))]
                found.add(len(texts))
                texts.append(
                    f"Note {int(rng.integers(10_000))}. In {2000 + number} we had to {doing} the {thing}. "
                    f"Whoever has to {doing} a {thing} asks first what it costs."
                )
            queries.append(f"what does it take to {doings[int(rng.integers(2))]} a {things[int(rng.integers(2))]}")
            relevant.append(found)
    return Judged("synthetic", texts, queries, relevant)


def ndcg(ranked: Sequence[int], relevant: Set[int], at: int = 10) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin and Kekäläinen 2002); 0 where nothing is
    relevant."""
    gained = sum(1 / math.log2(place + 2) for place, each in enumerate(ranked[:at]) if each in relevant)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(at, len(relevant))))
    return gained / ideal if ideal else 0.0
