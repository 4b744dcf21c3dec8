"""The best chunks, exactly. Pure.

BM25 as Lucene computes it: the sum over the query's terms of weight · ln(1 + (N - df + .5) / (df + .5)) · tf /
(tf + k1 (1 - b + b length / average)), k1 = 1.2, b = .75.

MaxScore (Turtle and Flood 1995) over whole arrays: the terms that can give most come first; as soon as the others
together cannot bring a chunk among the best, they are only asked about the chunks that are still in question.
Candidates are found with float32 and impacts for about the average length; then their scores are calculated anew, so
that the order is that of exact scores.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from db.bm25.pages import Frequencies, Integers, Ordinals
from db.bm25.postings import K1, SLACK, STEPS, B, Norms, Part, Postings, Reals, Scores

Table: TypeAlias = NDArray[np.uint8]

# Up to so many chunks are looked for in a list by bisection; for more the list is spread out over a table.
_FEW = 64
# Up to so many chunks all terms are asked about at once; from so many postings of the first term on, it is worth
# finding out first what is too little.
_MANY = 4096
_KEPT_TABLES = 16
# From so many terms on, asking each about the chunks of the others takes longer than looking at every posting once.
_MANY_TERMS = 100

# Scores are summed as multiples of 2^-36, so that the order of the terms makes no difference and equal is equal.
_UNIT = float(1 << 36)


class Scored(NamedTuple):
    """A chunk and its score."""

    chunk_id: int
    score: float


def idf(count: int, frequency: int) -> float:
    """Of a term that `frequency` of `count` chunks have."""
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


@dataclass(slots=True)
class PartQuery:
    """What is asked of one part: postings of live chunks with their weights, idf included. `kept`: which chunks may be
    found, where not all of them may."""

    part: Part
    lists: list[tuple[Postings, float]] = field(default_factory=list[tuple[Postings, float]])
    kept: NDArray[np.bool_] | None = None


def best(queries: Sequence[PartQuery], average: float, limit: int, tables: Tables) -> list[Scored]:
    """The `limit` best chunks of all parts, best first, equal ones by id."""
    floor = _Floor(limit)
    ids: list[Integers] = []
    exact: list[Integers] = []
    # The largest part has the best chunks, most likely: what cannot compare with them is left out early.
    for query in sorted(queries, key=lambda query: -len(query.part.ids)):
        if lists := _narrowed(query):
            norms = query.part.norms(average)
            terms = sorted((_Term(*each, norms) for each in lists), key=attrgetter("highest"), reverse=True)
            if len(terms) < _MANY_TERMS:
                chunks = _candidates(terms, norms, floor, tables)
            else:
                chunks = _all_looked_at(terms, norms, floor)
            if len(chunks):
                ids.append(query.part.ids.take(chunks))
                exact.append(_exact(terms, query.part.lengths.take(chunks), chunks, average, tables))
            for term in terms:
                term.done(tables)
    if not ids:
        return []
    every, sums = np.concatenate(ids), np.concatenate(exact)
    if len(sums) > limit:
        least = np.partition(sums, len(sums) - limit)[len(sums) - limit]
        every, sums = every[sums >= least], sums[sums >= least]
    order = np.lexsort((every, -sums))[:limit]
    return [Scored(*pair) for pair in zip(every[order].tolist(), (sums[order] / _UNIT).tolist(), strict=True)]


class Tables:
    """Arrays of zeros, one place a chunk, used again by one search after the other."""

    def __init__(self) -> None:
        self._free: list[Table] = []

    def take(self, count: int) -> Table:
        # Searches in threads take from it at the same time.
        with contextlib.suppress(IndexError):
            while len(found := self._free.pop()) < count:
                pass
            return found
        return np.zeros(max(count, 1 << 12), np.uint8)

    def give(self, zeros: Table) -> None:
        if len(self._free) < _KEPT_TABLES:
            self._free.append(zeros)


class _Floor:
    """The score that the last of the best so far has, less what approximation may take: lower is not looked at."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.value = 0.0
        self._reached = 0.0
        self._best = np.empty(0, np.float32)

    def reach(self, score: float) -> None:
        """There are so many chunks with this score or a better one."""
        if score > self._reached:
            self._reached, self.value = score, score * SLACK

    def raise_to(self, scores: Scores) -> None:
        """`scores`: of different chunks, or less than theirs."""
        if len(scores) >= self.limit:
            above = scores[scores > self._reached]
            if len(above) >= self.limit:
                above.partition(len(above) - self.limit)
                self.reach(float(above[len(above) - self.limit]))

    def add(self, scores: Scores) -> None:
        """Scores of chunks that no other call has given."""
        self._best = np.concatenate((self._best, scores[scores > self._reached]))
        self.raise_to(self._best)


def _narrowed(query: PartQuery) -> list[tuple[Postings, float]]:
    kept = query.kept
    if kept is None:
        return [(postings, weight) for postings, weight in query.lists if weight > 0]
    narrowed = ((postings.among(kept), weight) for postings, weight in query.lists if weight > 0)
    return [(postings, weight) for postings, weight in narrowed if len(postings.chunks)]


class _Term:
    """A term of a query on one part. `highest`: the most that it can give."""

    __slots__ = ("_count", "_table", "highest", "postings", "ranked", "weight")

    def __init__(self, postings: Postings, weight: float, norms: Norms) -> None:
        self.postings = postings
        self.weight = weight
        self.ranked = postings.ranked(norms)
        self.highest = float(self.ranked.impacts[-1]) * weight
        self._count = len(norms.values)
        self._table: Table | None = None

    def of(self, chunks: Ordinals, tables: Tables) -> Frequencies | Reals:
        """How often each of these chunks has the term."""
        postings = self.postings
        if self._table is None:
            if len(chunks) <= _FEW or postings.is_dense_in(self._count) or postings.frequencies.dtype != np.uint8:
                return postings.of(chunks, self._count)
            self._table = tables.take(self._count)
            self._table[postings.chunks] = postings.frequencies
        return self._table.take(chunks)

    def done(self, tables: Tables) -> None:
        if self._table is not None:
            self._table[self.postings.chunks] = 0
            tables.give(self._table)


def _candidates(terms: Sequence[_Term], norms: Norms, floor: _Floor, tables: Tables) -> Ordinals:
    """The chunks that may be among the best, each once; all that are among them are there. `terms`: highest first.

    The chunks of the first term, then those of the next that do not have the first, and so on, until what is left
    cannot give enough. A posting whose impact and all later terms together are too little is passed over unseen.
    """
    # What the terms from the n-th on can give together.
    rest = [0.0] * (len(terms) + 1)
    for number in range(len(terms) - 1, -1, -1):
        term = terms[number]
        rest[number] = rest[number + 1] + term.highest
        if len(term.ranked.impacts) >= floor.limit:
            floor.reach(float(term.ranked.impacts[-floor.limit]) * term.weight)
    found: list[Ordinals] = []
    reached: list[Scores] = []
    for number, term in enumerate(terms):
        if rest[number] < floor.value:
            break
        weight = np.float32(term.weight)
        chunks, often = term.postings.chunks, term.postings.frequencies
        if not number and len(chunks) > _MANY:
            # The best chunks of the first term are good ones, most likely: they tell what is too little.
            seeds = term.ranked.best
            floor.raise_to(term.ranked.impacts * weight + _given(terms[1:], seeds, norms, tables))
        least = (floor.value - rest[number + 1]) / term.weight
        if least > 0:
            enough = (term.ranked.bounds >= min(math.ceil(least * STEPS), 255)).nonzero()[0]
            chunks, often = chunks.take(enough), often.take(enough)
        scores: Scores = often.astype(np.float32)
        scores *= weight / (scores + norms.values.take(chunks))
        chunks, scores = _added_up(chunks, scores, terms, rest, number + 1, norms, floor, tables)
        chunks, scores = _without(chunks, scores, terms[:number], tables)
        if len(chunks):
            floor.add(scores)
            found.append(chunks)
            reached.append(scores)
    if not found:
        return np.empty(0, np.int32)
    return np.concatenate(found).compress(np.concatenate(reached) >= floor.value)


def _all_looked_at(terms: Sequence[_Term], norms: Norms, floor: _Floor) -> Ordinals:
    """The same for many terms: every posting is looked at."""
    scores = np.zeros(len(norms.values), np.float32)
    for term in terms:
        chunks, often = term.postings.chunks, term.postings.frequencies.astype(np.float32)
        scores[chunks] += often * (np.float32(term.weight) / (often + norms.values.take(chunks)))
    found = scores.nonzero()[0]
    floor.add(scores.take(found))
    return found[scores.take(found) >= floor.value].astype(np.int32)


def _added_up(
    chunks: Ordinals,
    scores: Scores,
    terms: Sequence[_Term],
    rest: Sequence[float],
    number: int,
    norms: Norms,
    floor: _Floor,
    tables: Tables,
) -> tuple[Ordinals, Scores]:
    """The chunks that the terms from `number` on may bring among the best, with what these give added."""
    while number < len(terms) and len(chunks):
        # Of many chunks each term lets fewer be asked about.
        upto = len(terms) if len(chunks) <= _MANY else number + 1
        scores = scores + _given(terms[number:upto], chunks, norms, tables)
        number = upto
        least = floor.value - rest[number]
        if least > 0:
            good = (scores >= np.float32(least)).nonzero()[0]
            chunks, scores = chunks.take(good), scores.take(good)
    return chunks, scores


def _without(chunks: Ordinals, scores: Scores, terms: Sequence[_Term], tables: Tables) -> tuple[Ordinals, Scores]:
    """The chunks that have none of the terms."""
    held = np.zeros(len(chunks), bool)
    for term in terms:
        often: NDArray[Any] = term.of(chunks, tables)
        held |= often != 0
    fresh = (~held).nonzero()[0]
    return chunks.take(fresh), scores.take(fresh)


def _given(terms: Sequence[_Term], chunks: Ordinals, norms: Norms, tables: Tables) -> Scores:
    """What terms give to chunks, together."""
    often = np.empty((len(terms), len(chunks)), np.float32)
    for number, term in enumerate(terms):
        often[number] = term.of(chunks, tables)
    often /= often + norms.values.take(chunks)
    return np.array([term.weight for term in terms], np.float32) @ often


def _exact(
    terms: Sequence[_Term], lengths: NDArray[np.int32], chunks: Ordinals, average: float, tables: Tables
) -> Integers:
    """The scores of these chunks in units."""
    often = np.empty((len(terms), len(chunks)), np.float64)
    for number, term in enumerate(terms):
        often[number] = term.of(chunks, tables)
    often /= often + (K1 * (1 - B) + K1 * B / average * lengths)
    often *= np.array([[term.weight * _UNIT] for term in terms])
    return np.rint(often).astype(np.int64).sum(axis=0)
