"""What is held in memory of the store: parts of collections, and postings ready to be scored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from db.bm25.pages import Frequencies, Integers, Ordinals

K1, B = 1.2, 0.75

Scores: TypeAlias = NDArray[np.float32]
Reals: TypeAlias = NDArray[np.float64]

# Impacts are kept for an average length within half a per cent of the true one: they are as good for finding
# candidates, whose scores are then calculated anew.
_BUCKET = math.log(1.01)
# By what share the product of two such errors, and float32's, may put a score wrong.
SLACK = 0.988
# Bounds of impacts are multiples of 1 / STEPS.
STEPS = 255
# Of so many chunks with the highest impacts it is known which they are.
MOST_BEST = 128
# In a list with a posting in so many chunks or more, a chunk is looked up by its place in an array of all.
_DENSE = 32


@dataclass(frozen=True, slots=True)
class Norms:
    """k1 (1 - b + b length / average) of each chunk of a part, for about the average length."""

    bucket: int
    values: Scores


@dataclass(frozen=True, slots=True)
class Segment:
    """Chunks that were indexed together: their ids, ascending, and their lengths in terms."""

    id: int
    collection_id: int
    language: str
    ids: Integers
    lengths: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Bytes in memory, norms included."""
        return 16 * len(self.ids) + 200


@dataclass(frozen=True, slots=True)
class Ranked:
    """The impacts, frequency / (frequency + norm), of a term's postings: those of the `best` chunks, MOST_BEST at most,
    the highest last; and a bound of each, in steps of 1 / STEPS."""

    best: Ordinals
    impacts: Scores
    bounds: NDArray[np.uint8]


class Postings:
    """Chunks (ordinals in their part, ascending) with a term and how often each has it."""

    __slots__ = ("_dense", "_ranked", "chunks", "frequencies")

    def __init__(self, chunks: Ordinals, frequencies: Frequencies | Reals) -> None:
        self.chunks = chunks
        self.frequencies = frequencies
        self._ranked: dict[int, Ranked] = {}
        self._dense: NDArray[Any] | None = None

    def size(self, count: int) -> int:
        """Bytes in memory once it has been used, in a part of `count` chunks."""
        table = count if self.is_dense_in(count) else 0
        return (6 + self.frequencies.itemsize) * len(self.chunks) + self.frequencies.itemsize * table + 2500

    def ranked(self, norms: Norms) -> Ranked:
        """What is known of the impacts."""
        found = self._ranked.get(norms.bucket)
        if found is None:
            often = self.frequencies.astype(np.float32)
            impacts: Scores = np.divide(often, often + norms.values.take(self.chunks), dtype=np.float32)
            if len(impacts) > MOST_BEST:
                order = np.argpartition(impacts, len(impacts) - MOST_BEST)[-MOST_BEST:]
                order = order[np.argsort(impacts[order])]
            else:
                order = np.argsort(impacts)
            if len(self._ranked) > 1:
                self._ranked.clear()
            bounds: NDArray[np.uint8] = np.ceil(impacts * np.float32(STEPS)).astype(np.uint8)
            found = self._ranked[norms.bucket] = Ranked(self.chunks[order], impacts[order], bounds)
        return found

    def is_dense_in(self, count: int) -> bool:
        """Whether a part of `count` chunks has the term so often that a table of all is worth keeping."""
        return len(self.chunks) * _DENSE >= count

    def of(self, chunks: Ordinals, count: int) -> Frequencies | Reals:
        """How often each of these chunks of a part with `count` chunks has the term."""
        if self.is_dense_in(count):
            if self._dense is None:
                dense: NDArray[Any] = np.zeros(count, self.frequencies.dtype)
                dense[self.chunks] = self.frequencies
                self._dense = dense
            found: NDArray[Any] = self._dense.take(chunks)
            return found
        places = self.chunks.searchsorted(chunks)
        there = self.chunks.take(places, mode="clip") == chunks
        return self.frequencies.take(places, mode="clip") * there

    def among(self, kept: NDArray[np.bool_]) -> Postings:
        """Only those whose chunk is kept."""
        chosen = kept[self.chunks]
        return Postings(self.chunks[chosen], self.frequencies[chosen])


@dataclass(slots=True)
class Part:
    """Segments of one collection and language that are scored as one. Ordinals count through them."""

    segments: tuple[Segment, ...]
    # Ordinals of deleted chunks.
    dead: Integers
    ids: Integers
    lengths: NDArray[np.int32]
    live_count: int
    live_length: int
    # The same for parts with the same live chunks at the same ordinals.
    key: tuple[tuple[int, ...], bytes]
    _norms: dict[int, Norms] = field(default_factory=dict[int, Norms])

    @classmethod
    def of(cls, segments: Sequence[Segment], dead_ids: Integers, key: bytes) -> Part:
        """`dead_ids`: ascending; those of other segments may be among them."""
        single = len(segments) == 1
        ids = segments[0].ids if single else np.concatenate([segment.ids for segment in segments])
        lengths = segments[0].lengths if single else np.concatenate([segment.lengths for segment in segments])
        dead = places_of(dead_ids, segments)
        dead_key = key if len(dead) else b""
        return cls(
            segments=tuple(segments),
            dead=dead,
            ids=ids,
            lengths=lengths,
            live_count=len(ids) - len(dead),
            live_length=int(lengths.sum(dtype=np.int64)) - int(lengths[dead].sum(dtype=np.int64)),
            key=(tuple(segment.id for segment in segments), dead_key),
        )

    @property
    def language(self) -> str:
        return self.segments[0].language

    def norms(self, average: float) -> Norms:
        bucket = round(math.log(average) / _BUCKET)
        found = self._norms.get(bucket)
        if found is None:
            near = math.exp(bucket * _BUCKET)
            values = np.float32(K1 * (1 - B)) + np.float32(K1 * B / near) * self.lengths
            if len(self._norms) > 1:
                self._norms.clear()
            found = self._norms[bucket] = Norms(bucket, values.astype(np.float32))
        return found

    def live(self) -> NDArray[np.bool_]:
        alive = np.ones(len(self.ids), bool)
        alive[self.dead] = False
        return alive


def places_of(ids: Integers, segments: Sequence[Segment]) -> Integers:
    """The ordinals of those of these ids (ascending) that are in the segments."""
    found: list[Integers] = []
    behind = 0
    for segment in segments:
        there = segment.ids
        if len(ids) and len(there):
            # What lies outside cannot be here; most of a long list often does.
            near = ids[np.searchsorted(ids, there[0]) : np.searchsorted(ids, there[-1], side="right")]
            places = np.searchsorted(there, near)
            found.append(places[there[places] == near] + behind)
        behind += len(there)
    return np.concatenate(found) if found else np.empty(0, np.int64)
