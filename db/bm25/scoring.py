"""The best chunks, exactly. Pure.

BM25 as Lucene computes it: the sum over the query's terms of weight · ln(1 + (N - df + .5) / (df + .5)) · tf /
(tf + k1 (1 - b + b length / average)), k1 = 1.2, b = .75.

MaxScore (Turtle and Flood 1995) over whole arrays: the terms that can give most come first; as soon as the others
together cannot bring a chunk among the best, they are only asked about the chunks that are still in question. Candidates
are found with float32 and impacts for about the average length; then their scores are calculated anew, so that the
order is that of exact scores.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.bm25.pages import Integers
from db.bm25.postings import K1, SLACK, B, Norms, Part, Postings, Scores

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
    """What is asked of one part: postings of live chunks with their weights, idf included. `kept`: the ordinals that may
    be found, where not all of them may."""

    part: Part
    lists: list[tuple[Postings, float]] = field(default_factory=list[tuple[Postings, float]])
    kept: NDArray[np.bool_] | None = None


class Scratch:
    """An array of zeros to add scores up in, used again and again by one search at a time."""

    def __init__(self) -> None:
        self._free: list[Scores] = []

    def take(self, count: int) -> Scores:
        while self._free:
            found = self._free.pop()
            if len(found) >= count:
                return found
        return np.zeros(max(count, 1 << 12), np.float32)

    def give(self, zeros: Scores) -> None:
        if len(self._free) < 2:
            self._free.append(zeros)


def best(queries: Sequence[PartQuery], average: float, limit: int, scratch: Scratch) -> list[Scored]:
    """The `limit` best chunks of all parts, best first, equal ones by id."""
    floor = _Floor(limit)
    found: list[tuple[PartQuery, Integers, Scores]] = []
    # The largest part has the best chunks, most likely: what cannot compare with them is left out early.
    for query in sorted(queries, key=lambda query: -len(query.part.ids)):
        norms = query.part.norms(average)
        lists = _narrowed(query)
        if lists:
            chunks, scores = _candidates(lists, norms, len(query.part.ids), floor, scratch)
            floor.add(scores)
            found.append((query, chunks, scores))
    ids: list[Integers] = []
    exact: list[Integers] = []
    for query, chunks, scores in found:
        left = chunks[scores >= floor.value * SLACK]
        if len(left):
            ids.append(query.part.ids[left])
            exact.append(_exact(query, left, average))
    if not ids:
        return []
    every, sums = np.concatenate(ids), np.concatenate(exact)
    if len(sums) > limit:
        least = np.partition(sums, len(sums) - limit)[len(sums) - limit]
        every, sums = every[sums >= least], sums[sums >= least]
    order = np.lexsort((every, -sums))[:limit]
    return [Scored(*pair) for pair in zip(every[order].tolist(), (sums[order] / _UNIT).tolist(), strict=True)]


class _Floor:
    """The score that the last of the best so far has: less is not worth looking at."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.value = np.float32(0)
        self._best = np.empty(0, np.float32)

    def raise_to(self, scores: Scores) -> None:
        """`scores`: of different chunks, or less than theirs."""
        if len(scores) >= self.limit:
            self.value = max(self.value, np.partition(scores, len(scores) - self.limit)[len(scores) - self.limit])

    def add(self, scores: Scores) -> None:
        """Scores of chunks that no other call has given."""
        together = np.concatenate((self._best, scores))
        if len(together) > self.limit:
            together = np.partition(together, len(together) - self.limit)[-self.limit :]
        self._best = together
        self.raise_to(together)


def _narrowed(query: PartQuery) -> list[tuple[Postings, float]]:
    kept = query.kept
    if kept is None:
        return [(postings, weight) for postings, weight in query.lists if weight > 0]
    narrowed = ((postings.among(kept), weight) for postings, weight in query.lists if weight > 0)
    return [(postings, weight) for postings, weight in narrowed if len(postings.chunks)]


def _candidates(
    lists: Sequence[tuple[Postings, float]], norms: Norms, count: int, floor: _Floor, scratch: Scratch
) -> tuple[Integers, Scores]:
    """Chunks (ordinals) that may be among the best and about their scores; all that are among them are there."""
    terms: list[tuple[float, np.float32, Postings]] = []
    for postings, weight in lists:
        highest, weight32 = postings.best(norms), np.float32(weight)
        terms.append((float(highest[-1]) * weight, weight32, postings))
        if len(highest) >= floor.limit:
            floor.value = max(floor.value, highest[-floor.limit] * weight32)
    terms.sort(key=lambda term: -term[0])
    # What the terms from the n-th on can give together.
    rest = [0.0] * (len(terms) + 1)
    for number in range(len(terms) - 1, -1, -1):
        rest[number] = rest[number + 1] + terms[number][0]
    zeros = scratch.take(count)
    chunks, scores, number = _essential(terms, rest, norms, floor, zeros)
    scratch.give(zeros)
    while True:
        good = scores >= floor.value * SLACK - rest[number]
        chunks, scores = chunks[good], scores[good]
        if number == len(terms) or not len(chunks):
            return chunks, scores
        _, weight, postings = terms[number]
        often = postings.of(chunks.astype(np.int32), count).astype(np.float32)
        scores = scores + weight * (often / (often + norms.values[chunks]))
        floor.raise_to(scores)
        number += 1


def _essential(
    terms: Sequence[tuple[float, np.float32, Postings]], rest: Sequence[float], norms: Norms, floor: _Floor,
    zeros: Scores,
) -> tuple[Integers, Scores, int]:
    """Adds up the terms without which no chunk can be among the best; returns the chunks that have any of them, their
    scores so far, and the number of the first term that was left out."""
    chunks, scores = np.empty(0, np.int64), np.empty(0, np.float32)
    used: list[Integers] = []
    number = 0
    while number < len(terms) and (not number or rest[number] >= floor.value * SLACK):
        _, weight, postings = terms[number]
        here = postings.chunks.astype(np.int64)
        gives = postings.impacts(norms) * weight
        number += 1
        last = number == len(terms) or rest[number] < floor.value * SLACK
        if number == 1:
            chunks, scores = here, gives
            if not last:
                zeros[here] = gives
                used.append(here)
        else:
            before = zeros[here]
            gives += before
            zeros[here] = gives
            fresh = here[before == 0]
            chunks = np.concatenate((chunks, fresh))
            scores = zeros[chunks]
            used.append(here)
        if number < len(terms):
            floor.raise_to(scores)
            good = scores >= floor.value * SLACK - rest[number]
            chunks, scores = chunks[good], scores[good]
    for here in used:
        zeros[here] = 0
    return chunks, scores, number


def _exact(query: PartQuery, chunks: Integers, average: float) -> Integers:
    """The scores of these chunks in units."""
    lengths = query.part.lengths[chunks].astype(np.float64)
    norms = K1 * (1 - B) + K1 * B / average * lengths
    ordinals = chunks.astype(np.int32)
    sums = np.zeros(len(chunks), np.int64)
    for postings, weight in query.lists:
        often = postings.of(ordinals, len(query.part.ids)).astype(np.float64)
        sums += np.rint(_UNIT * weight * often / (often + norms)).astype(np.int64)
    return sums
