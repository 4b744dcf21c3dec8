"""Making segments: from the words of chunks, and from other segments. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from db.bm25.pages import Integers, Inverted
from db.bm25.vocabulary import Vocabulary

# Put before the terms of fields that are looked up but not scored; no word begins with one. In the order of the terms.
PREFIXES = {"headings": "\x01", "document_name": "\x02", "text": ""}
_TEXT = list(PREFIXES).index("text")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of chunks: the fields of the first, in the order of PREFIXES, those of the second, and so on. `sizes`:
    how many each field has; `meanings`: as the `vocabulary` tells them, all known."""

    sizes: Integers
    meanings: Integers
    vocabulary: Vocabulary


def inverted(words: Words) -> tuple[Inverted, Integers]:
    """Turns chunks round: from chunk → words to term → chunks. Also each chunk's length: its number of terms in the
    text."""
    sizes, vocabulary = words.sizes, words.vocabulary
    numbers, places = vocabulary.numbers(words.meanings)
    field = np.repeat(np.arange(len(sizes)), sizes)[places]
    positions = places - (np.cumsum(sizes) - sizes)[field]
    chunk, kind = np.divmod(field, len(PREFIXES))
    lengths = np.bincount(chunk[kind == _TEXT], minlength=len(sizes) // len(PREFIXES))
    terms: list[str] = []
    ranks = np.empty(len(numbers), np.int64)
    for each, prefix in enumerate(PREFIXES.values()):
        of_kind = kind == each
        named, ranked = vocabulary.ranked(numbers[of_kind])
        ranks[of_kind] = ranked + len(terms)
        terms += [prefix + term for term in named] if prefix else named
    return _collected(terms, ranks, chunk, positions), lengths


def _collected(terms: list[str], ranks: Integers, chunks: Integers, positions: Integers) -> Inverted:
    """Postings of single occurrences, which come in any order. Every term occurs."""
    # One number for all three: 63 bits are enough for ten million words in each of the 8192 chunks.
    chunk_count, length = int(chunks.max(initial=0)) + 1, int(positions.max(initial=0)) + 1
    order = np.argsort((ranks * chunk_count + chunks) * length + positions)
    ranks, chunks, positions = ranks[order], chunks[order], positions[order]
    new = np.ones(len(ranks), bool)
    new[1:] = (ranks[1:] != ranks[:-1]) | (chunks[1:] != chunks[:-1])
    starts = np.flatnonzero(new)
    return Inverted(
        terms,
        np.bincount(ranks[starts], minlength=len(terms)),
        chunks[starts],
        np.diff(starts, append=len(ranks)),
        positions,
    )


def merged(parts: Sequence[tuple[Inverted, Integers]]) -> Inverted:
    """The postings of several segments' same stretch of terms as those of one. With each part comes what its chunks'
    ordinals become; -1 for a chunk that is left out. Terms that nothing is left of are gone."""
    ranks = {term: 0 for part, _ in parts for term in part.terms}
    terms = sorted(ranks)
    ranks = {term: rank for rank, term in enumerate(terms)}
    keys, frequencies, starts, positions = list[Integers](), list[Integers](), list[Integers](), list[Integers]()
    behind = 0
    for part, places in parts:
        rank = np.repeat(np.fromiter((ranks[term] for term in part.terms), np.int64, len(part.terms)), part.counts)
        chunks = places[part.chunks]
        kept = chunks >= 0
        keys.append((rank[kept] << 32) | chunks[kept])
        frequencies.append(part.frequencies[kept])
        starts.append((np.cumsum(part.frequencies) - part.frequencies)[kept] + behind)
        positions.append(part.positions)
        behind += len(part.positions)
    key = np.concatenate(keys)
    order = np.argsort(key)
    key, often = key[order], np.concatenate(frequencies)[order]
    counts = np.bincount(key >> 32, minlength=len(terms))
    left = np.flatnonzero(counts)
    return Inverted(
        terms if len(left) == len(terms) else [terms[rank] for rank in left.tolist()],
        counts[left],
        key & 0xFFFF_FFFF,
        often,
        np.concatenate(positions)[_ranges(np.concatenate(starts)[order], often)],
    )


def _ranges(starts: Integers, lengths: Integers) -> Integers:
    """start, start + 1, … for each of the ranges, one behind the other."""
    total = int(lengths.sum())
    shifts = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    return shifts + np.arange(total)


def ascending(ids: Integers) -> bytes:
    """Ascending ids as bytes: the first, then the distances, with the width that they need."""
    gaps = np.diff(ids)
    kind = np.min_scalar_type(int(gaps.max())) if len(gaps) else np.dtype("u1")
    little = kind.newbyteorder("<")
    first = int(ids[0]).to_bytes(8, "little") if len(ids) else b""
    return bytes((little.itemsize,)) + first + gaps.astype(little).tobytes()


def read_ascending(data: bytes) -> Integers:
    """What `ascending` made."""
    if len(data) == 1:
        return np.empty(0, np.int64)
    first = int.from_bytes(data[1:9], "little")
    gaps = np.frombuffer(data, f"<u{data[0]}", offset=9).astype(np.int64)
    return np.concatenate(([first], first + np.cumsum(gaps)))


class SideBySide:
    """Walks segments side by side, a stretch of terms at a time, so that no more than a stretch is in memory."""

    def __init__(self, count: int) -> None:
        self._going_on = set(range(count))
        self._waiting: dict[int, Inverted] = {}

    def wanted(self) -> list[int]:
        """The segments whose next postings are to be given before the next stretch."""
        return sorted(self._going_on - self._waiting.keys())

    def give(self, number: int, part: Inverted | None) -> None:
        """The next postings of a segment, or None when there are no more."""
        if part is None:
            self._going_on.discard(number)
        elif part.terms:
            self._waiting[number] = part

    def stretch(self) -> list[tuple[int, Inverted]]:
        """The next terms: the segments that have any of them, with their postings. Empty at the end."""
        # Behind the last term of whoever has more to come, others may come first.
        bound = min((self._waiting[number].terms[-1] for number in self._going_on), default=None)
        found: list[tuple[int, Inverted]] = []
        for number, part in sorted(self._waiting.items()):
            last = len(part.terms) if bound is None else bisect_right(part.terms, bound)
            if last:
                found.append((number, part.cut(0, last)))
            if last == len(part.terms):
                del self._waiting[number]
            else:
                self._waiting[number] = part.cut(last, len(part.terms))
        return found
