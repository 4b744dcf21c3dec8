"""Making segments: from the words of chunks, and from other segments. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from db.bm25.pages import Integers, Inverted

# Put before the terms of fields that are looked up but not scored; no word begins with one.
HEADINGS, NAME = "\x01", "\x02"
PREFIXES = {"text": "", "headings": HEADINGS, "document_name": NAME}

Stems = Mapping[str, tuple[str, ...]]


class _Meanings(dict[str, int]):
    """What a word of one field stands for: the number of its term, -1 for none, and -2 - n for variants[n]."""

    def __init__(self, prefix: str, stems: Stems, numbers: dict[str, int], variants: list[list[int]]) -> None:
        super().__init__()
        self._prefix, self._stems, self._numbers, self._variants = prefix, stems, numbers, variants

    def __missing__(self, word: str) -> int:
        numbers, stems = self._numbers, self._stems[word]
        if len(stems) == 1:
            self[word] = meaning = numbers.setdefault(self._prefix + stems[0], len(numbers))
            return meaning
        if stems:
            self._variants.append([numbers.setdefault(self._prefix + stem, len(numbers)) for stem in stems])
        self[word] = meaning = -1 - len(self._variants) if stems else -1
        return meaning


class Inverter:
    """Collects the words of chunks and turns them round: from chunk → words to term → chunks."""

    def __init__(self, stems: Stems) -> None:
        """`stems` knows all words that will come: none for a stop word, and several where a dictionary has variants."""
        self._numbers: dict[str, int] = {}
        self._variants: list[list[int]] = []
        self._meanings = {
            prefix: _Meanings(prefix, stems, self._numbers, self._variants) for prefix in PREFIXES.values()
        }
        self._fields: list[list[int]] = []
        self._chunks: list[int] = []
        self._text: list[bool] = []
        self._count = 0

    def add(self, fields: Mapping[str, Sequence[str]]) -> None:
        """The next chunk: its words by prefix of their field; its length is that of the text, whose prefix is empty."""
        for prefix, words in fields.items():
            if words:
                self._fields.append(list(map(self._meanings[prefix].__getitem__, words)))
                self._chunks.append(self._count)
                self._text.append(not prefix)
        self._count += 1

    def inverted(self) -> tuple[Inverted, Integers]:
        """The postings, and each chunk's length: its number of terms in the text."""
        sizes = np.fromiter(map(len, self._fields), np.int64, len(self._fields))
        tokens = np.fromiter(chain.from_iterable(self._fields), np.int64, int(sizes.sum()))
        positions = np.arange(len(tokens)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        chunks = np.repeat(np.array(self._chunks, np.int64), sizes)
        text = np.repeat(np.array(self._text, bool), sizes)
        if self._variants:
            tokens, positions, chunks, text = self._with_variants(tokens, positions, chunks, text)
        kept = tokens >= 0
        tokens, positions, chunks, text = tokens[kept], positions[kept], chunks[kept], text[kept]
        lengths = np.bincount(chunks[text], minlength=self._count)
        terms = sorted(self._numbers)
        ranks = np.empty(len(terms), np.int64)
        ranks[[self._numbers[term] for term in terms]] = np.arange(len(terms))
        return _collected(terms, ranks[tokens], chunks, positions), lengths

    def _with_variants(
        self, tokens: Integers, positions: Integers, chunks: Integers, text: np.ndarray
    ) -> tuple[Integers, Integers, Integers, np.ndarray]:
        more, origins = list[int](), list[int]()
        for place in np.flatnonzero(tokens < -1).tolist():
            terms = self._variants[-2 - int(tokens[place])]
            more += terms
            origins += [place] * len(terms)
        added = np.array(origins, np.int64)
        return (
            np.concatenate((tokens, np.array(more, np.int64))),
            np.concatenate((positions, positions[added])),
            np.concatenate((chunks, chunks[added])),
            np.concatenate((text, text[added])),
        )


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
