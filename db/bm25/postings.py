"""What is held in memory of the store: parts of collections, and postings ready to be scored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from db.bm25.pages import Frequencies, Integers, Ordinals

K1, B = 1.2, 0.75

Scores: TypeAlias = NDArray[np.float32]

# Impacts are kept for an average length within half a per cent of the true one: they are as good for finding
# candidates, whose scores are then calculated anew.
_BUCKET = math.log(1.01)
# By what share the product of two such errors, and float32's, may put a score wrong.
SLACK = 0.988
# Of so many best impacts the scores are known beforehand.
_BEST = 128
# In a list with a posting in so many chunks or more, a chunk is looked up by its place in an array of all.
_DENSE = 64


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


class Postings:
    """Chunks (ordinals in their part, ascending) with a term and how often each has it."""

    __slots__ = ("_best", "_dense", "_impacts", "chunks", "frequencies")

    def __init__(self, chunks: Ordinals, frequencies: Frequencies | Scores) -> None:
        self.chunks = chunks
        self.frequencies = frequencies
        self._impacts: dict[int, Scores] = {}
        self._best: dict[int, Scores] = {}
        self._dense: NDArray[np.generic] | None = None

    @property
    def size(self) -> int:
        """Bytes in memory once it has been used."""
        return 10 * len(self.chunks) + 300

    def impacts(self, norms: Norms) -> Scores:
        """frequency / (frequency + norm) of each."""
        found = self._impacts.get(norms.bucket)
        if found is None:
            often = self.frequencies.astype(np.float32)
            found = often / (often + norms.values[self.chunks])
            if len(self._impacts) > 1:
                self._impacts.clear()
                self._best.clear()
            self._impacts[norms.bucket] = found
        return found

    def best(self, norms: Norms) -> Scores:
        """The highest impacts, the highest last."""
        found = self._best.get(norms.bucket)
        if found is None:
            impacts = self.impacts(norms)
            if len(impacts) > _BEST:
                impacts = np.partition(impacts, len(impacts) - _BEST)[-_BEST:]
            found = self._best[norms.bucket] = np.sort(impacts)
        return found

    def of(self, chunks: Ordinals, count: int) -> NDArray[np.generic]:
        """How often each of these chunks of a part with `count` chunks has the term."""
        if len(self.chunks) * _DENSE >= count:
            if self._dense is None:
                dense = np.zeros(count, self.frequencies.dtype)
                dense[self.chunks] = self.frequencies
                self._dense = dense
            return self._dense[chunks]
        places = np.searchsorted(self.chunks, chunks)
        np.minimum(places, len(self.chunks) - 1, out=places)
        return np.where(self.chunks[places] == chunks, self.frequencies[places], 0)

    def among(self, kept: NDArray[np.bool_]) -> Postings:
        """Only those whose chunk is kept."""
        chosen = kept[self.chunks]
        return Postings(self.chunks[chosen], self.frequencies[chosen])


@dataclass(slots=True)
class Part:
    """Segments of one collection and language that are scored as one. Ordinals count through them."""

    segments: tuple[Segment, ...]
    # Ordinals of deleted chunks, and what tells one set of them from another.
    dead: Integers
    dead_key: bytes
    ids: Integers
    lengths: NDArray[np.int32]
    live_count: int
    live_length: int
    _norms: dict[int, Norms] = field(default_factory=dict[int, Norms])

    @classmethod
    def of(cls, segments: Sequence[Segment], dead_ids: Integers, key: bytes) -> Part:
        """`dead_ids`: ascending; those of other segments may be among them."""
        single = len(segments) == 1
        ids = segments[0].ids if single else np.concatenate([segment.ids for segment in segments])
        lengths = segments[0].lengths if single else np.concatenate([segment.lengths for segment in segments])
        dead = places_of(dead_ids, segments)
        return cls(
            segments=tuple(segments),
            dead=dead,
            dead_key=key if len(dead) else b"",
            ids=ids,
            lengths=lengths,
            live_count=len(ids) - len(dead),
            live_length=int(lengths.sum(dtype=np.int64)) - int(lengths[dead].sum(dtype=np.int64)),
        )

    @property
    def language(self) -> str:
        return self.segments[0].language

    @property
    def key(self) -> tuple[tuple[int, ...], bytes]:
        """The same for parts with the same live chunks at the same ordinals."""
        return tuple(segment.id for segment in self.segments), self.dead_key

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
