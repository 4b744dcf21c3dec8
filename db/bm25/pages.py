"""Postings as bytes. Pure.

A segment's terms lie in pages in the order of their code points. A page is two blobs, little-endian:

    postings   number of terms, of postings, bytes of terms (u32 each) · the terms, joined by newlines · for each
               term its number of postings (numbers) · for each term the width of its gaps (u8) · the gaps (blocks) ·
               for each posting whether its frequency is above one (bits, the first highest) · these (numbers)
    positions  for each term the width of its positions (u8) · the positions (blocks)

    numbers    a byte that tells the width (1, 2 or 4), then unsigned integers of that width
    blocks     the values of all terms of width 1, then of all of width 2, then of width 4, as u8, u16, u32

A gap is the number of chunks between one that has the term and the one before, so that frequent terms take a byte a
posting. Positions are words counted from the beginning of the field.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Integers: TypeAlias = NDArray[np.int64]
Ordinals: TypeAlias = NDArray[np.int32]
Frequencies: TypeAlias = NDArray[np.unsignedinteger[Any]]

_HEAD = struct.Struct("<III")
_WIDTHS = (1, 2, 4)
_TYPES: dict[int, np.dtype[np.unsignedinteger[Any]]] = {
    1: np.dtype("u1"),
    2: np.dtype("<u2"),
    4: np.dtype("<u4"),
}
# A page holds so many postings or terms, or one term. Small enough to be read for one term, large enough to be few.
_PAGE_POSTINGS = 4096
_PAGE_TERMS = 1024
_NO_INTEGERS = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Inverted:
    """Postings of some terms, in order.

    `counts[t]`: postings of `terms[t]`. `chunks` (ordinals within the segment, ascending within a term) and
    `frequencies` have an entry a posting; `positions` has `frequencies[p]` entries for posting p, ascending.
    """

    terms: list[str]
    counts: Integers
    chunks: Integers
    frequencies: Integers
    positions: Integers

    def cut(self, first: int, last: int) -> Inverted:
        """The terms from `first` up to but not with `last`."""
        begin, end = int(self.counts[:first].sum()), int(self.counts[:last].sum())
        from_position = int(self.frequencies[:begin].sum())
        to_position = from_position + int(self.frequencies[begin:end].sum())
        return Inverted(
            self.terms[first:last],
            self.counts[first:last],
            self.chunks[begin:end],
            self.frequencies[begin:end],
            self.positions[from_position:to_position],
        )

    @classmethod
    def joined(cls, parts: Sequence[Inverted]) -> Inverted:
        """Parts whose terms follow each other, as one."""

        def of(arrays: Iterable[Integers]) -> Integers:
            return np.concatenate([_NO_INTEGERS, *arrays])

        return cls(
            [term for part in parts for term in part.terms],
            of(part.counts for part in parts),
            of(part.chunks for part in parts),
            of(part.frequencies for part in parts),
            of(part.positions for part in parts),
        )


def pages(inverted: Inverted) -> Iterator[tuple[str, bytes, bytes]]:
    """First term, postings and positions of each page."""
    ends = np.cumsum(inverted.counts)
    position_ends = np.concatenate(([0], np.cumsum(inverted.frequencies)))
    first = begin = 0
    count = len(inverted.terms)
    while first < count:
        # As many terms as fit, and one at least.
        last = int(np.searchsorted(ends, begin + _PAGE_POSTINGS, side="right"))
        last = max(first + 1, min(last, first + _PAGE_TERMS, count))
        end = int(ends[last - 1])
        part = Inverted(
            inverted.terms[first:last],
            inverted.counts[first:last],
            inverted.chunks[begin:end],
            inverted.frequencies[begin:end],
            inverted.positions[position_ends[begin] : position_ends[end]],
        )
        yield inverted.terms[first], _postings(part), _positions(part)
        first, begin = last, end


# A segment without a term has this page, so that a segment without a page is one that is gone.
NO_TERMS = (_HEAD.pack(0, 0, 0), b"")


def _postings(part: Inverted) -> bytes:
    terms = "\n".join(part.terms).encode()
    starts = np.cumsum(part.counts) - part.counts
    gaps = np.diff(part.chunks, prepend=-1) - 1
    gaps[starts] = part.chunks[starts]
    above = part.frequencies > 1
    return b"".join(
        (
            _HEAD.pack(len(part.terms), len(part.chunks), len(terms)),
            terms,
            numbers(part.counts),
            *_blocks(gaps, part.counts),
            np.packbits(above).tobytes(),
            numbers(part.frequencies[above]),
        )
    )


def _positions(part: Inverted) -> bytes:
    return b"".join(_blocks(part.positions, _totals(part.frequencies, part.counts)))


def _totals(values: Integers, counts: Integers) -> Integers:
    """The sum of each group of `counts[g]` values."""
    sums = np.concatenate(([0], np.cumsum(values)))
    ends = np.cumsum(counts)
    return sums[ends] - sums[ends - counts]


def numbers(values: Integers) -> bytes:
    """Unsigned integers below 2^32 with the width that they need."""
    width = _width(int(values.max())) if len(values) else 1
    return bytes((width,)) + values.astype(_TYPES[width]).tobytes()


def read_numbers(data: bytes, offset: int, count: int) -> tuple[Frequencies, int]:
    """What `numbers` made at an offset, and the offset behind."""
    kind = _TYPES[data[offset]]
    end = offset + 1 + count * kind.itemsize
    return np.frombuffer(data, kind, count, offset + 1), end


def _width(most: int) -> int:
    return 1 if most < 1 << 8 else 2 if most < 1 << 16 else 4


def _blocks(values: Integers, counts: Integers) -> Iterator[bytes]:
    most = np.maximum.reduceat(values, np.cumsum(counts) - counts)
    widths = np.where(most < 1 << 8, 1, np.where(most < 1 << 16, 2, 4)).astype(np.uint8)
    yield widths.tobytes()
    for width in _WIDTHS:
        chosen = widths == width
        if chosen.all():
            yield values.astype(_TYPES[width]).tobytes()
        elif chosen.any():
            yield values[np.repeat(chosen, counts)].astype(_TYPES[width]).tobytes()


class _Blocks:
    """What `_blocks` made, at an offset of `data`. `counts`: values of each term."""

    def __init__(self, data: bytes, offset: int, counts: Integers) -> None:
        self._data = data
        self._counts = counts
        self._widths = np.frombuffer(data, np.uint8, len(counts), offset)
        self._starts: dict[int, int] = {}
        start = offset + len(counts)
        for width in _WIDTHS:
            self._starts[width] = start
            start += width * int(counts[self._widths == width].sum())
        self.end = start

    def of(self, term: int) -> Frequencies:
        width = int(self._widths[term])
        before = int(self._counts[:term][self._widths[:term] == width].sum())
        return np.frombuffer(self._data, _TYPES[width], int(self._counts[term]), self._starts[width] + before * width)

    def all(self) -> Integers:
        values = np.empty(int(self._counts.sum()), np.int64)
        for width in _WIDTHS:
            chosen = self._widths == width
            count = int(self._counts[chosen].sum())
            block = np.frombuffer(self._data, _TYPES[width], count, self._starts[width])
            if count == len(values):
                return block.astype(np.int64)
            values[np.repeat(chosen, self._counts)] = block
        return values


class Page:
    """One page, read term by term or whole."""

    def __init__(self, postings: bytes) -> None:
        self.size = len(postings)
        terms, count, length = _HEAD.unpack_from(postings)
        self.terms = postings[_HEAD.size : _HEAD.size + length].decode().split("\n") if terms else []
        if not terms:
            return
        counts, offset = read_numbers(postings, _HEAD.size + length, terms)
        self._counts = counts.astype(np.int64)
        self._gaps = _Blocks(postings, offset, self._counts)
        bits = -(-count // 8)
        self._above = np.frombuffer(postings, np.uint8, bits, self._gaps.end)
        self._count = count
        self._postings, self._behind = postings, self._gaps.end + bits

    def find(self, term: str) -> int | None:
        """The number of a term within the page."""
        place = bisect_left(self.terms, term)
        return place if place < len(self.terms) and self.terms[place] == term else None

    def chunks(self, term: int) -> Ordinals:
        """The chunks with a term, ascending."""
        gaps = self._gaps.of(term)
        if len(gaps) == 1:
            return gaps.astype(np.int32)
        steps = gaps.astype(np.int32)
        steps[1:] += 1
        return np.cumsum(steps, dtype=np.int32)

    def frequencies(self, term: int) -> Frequencies:
        """How often each of them has it."""
        begin = int(self._counts[:term].sum())
        end = begin + int(self._counts[term])
        flags = np.unpackbits(self._above[: -(-end // 8)], count=end)
        skipped = int(np.count_nonzero(flags[:begin]))
        flags = flags[begin:]
        kind = _TYPES[self._postings[self._behind]]
        found = np.ones(end - begin, kind)
        above = int(np.count_nonzero(flags))
        if above:
            where = self._behind + 1 + skipped * kind.itemsize
            found[flags.view(bool)] = np.frombuffer(self._postings, kind, above, where)
        return found

    def positions(self, term: int, positions: bytes) -> Frequencies:
        """The positions of a term, chunk by chunk. `positions`: the other blob of this page."""
        frequencies = self._all_frequencies()
        return _Blocks(positions, 0, _totals(frequencies, self._counts)).of(term)

    def inverted(self, positions: bytes) -> Inverted:
        """All of the page."""
        chunks = self._gaps.all() + 1
        starts = np.cumsum(self._counts) - self._counts
        # Gaps became steps; one running sum over all terms, from which each takes away what was there before it.
        chunks = np.cumsum(chunks)
        before = np.where(starts > 0, chunks[starts - 1], 0)
        chunks -= np.repeat(before, self._counts) + 1
        frequencies = self._all_frequencies()
        spread = _Blocks(positions, 0, _totals(frequencies, self._counts)).all()
        return Inverted(self.terms, self._counts, chunks, frequencies, spread)

    def _all_frequencies(self) -> Integers:
        flags = np.unpackbits(self._above, count=self._count).view(bool)
        values, _ = read_numbers(self._postings, self._behind, int(np.count_nonzero(flags)))
        found = np.ones(self._count, np.int64)
        found[flags] = values
        return found
