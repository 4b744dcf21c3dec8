"""Atoms into chunks: as full as they may be, of like size, cut where the least is torn apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil

from inference.functions.reading.atoms import Atom, Seam, halves

_LEAST_FILL = 0.6
"""Of an even share: how short a chunk may be for the sake of a better seam."""
_PENALTY = {Seam.BLOCK: 0.0, Seam.LINE: 0.15, Seam.SENTENCE: 0.25, Seam.WORD: 1.0}
"""What a cut costs, in the currency of chunks that are off their share by a whole limit."""
_AFTER_HEADING = 10.0


@dataclass(frozen=True, slots=True)
class Packed:
    """Atoms of one chunk in order (the first may be the last of the chunk before too), and its tokens, counted."""

    atoms: list[Atom]
    tokens: int


def pack(atoms: list[Atom], count: Callable[[list[Atom]], int], limit: int, overlap: int) -> Iterator[Packed]:
    """Cuts atoms that belong together into chunks of at most `limit` tokens, as `count` counts, and two pages.

    When there are several, each takes up to `overlap` tokens of the end of the one before: whole sentences or lines,
    or, where a sentence was cut, some of its words.
    """
    atoms = list(atoms)
    remaining = sum(atom.tokens for atom in atoms)
    begin = repeated = 0
    while begin < len(atoms):
        capacity = limit - sum(atom.tokens for atom in atoms[repeated:begin])
        end = _end(atoms, begin, atoms[repeated].page, capacity, remaining, limit, overlap)
        tokens = count(atoms[repeated:end])
        while tokens > limit:
            # The counter finds more in the chunk than in the page that it is cut from: take less.
            if repeated < begin:
                repeated = begin
            elif end - begin > 1:
                end -= 1
            elif atoms[begin].end - atoms[begin].start > 1:
                remaining -= atoms[begin].tokens
                atoms[begin : begin + 1] = halves(atoms[begin])
                remaining += sum(atom.tokens for atom in atoms[begin : begin + 2])
            else:
                break
            tokens = count(atoms[repeated:end])
        yield Packed(atoms[repeated:end], tokens)
        remaining -= sum(atom.tokens for atom in atoms[begin:end])
        repeated, begin = _overlap(atoms, repeated, end, overlap), end


def fill(atoms: list[Atom], count: Callable[[list[Atom]], int], limit: int, overlap: int) -> Iterator[Packed]:
    """Cuts atoms into chunks that are as full as `limit` allows, as `count` counts, of two pages at most; each begins
    with as many of the last atoms of the one before as `overlap` tokens hold."""
    atoms = list(atoms)
    begin = fresh = 0
    while fresh < len(atoms):
        end, tokens = fresh + 1, sum(atom.tokens for atom in atoms[begin : fresh + 1])
        while end < len(atoms) and tokens + atoms[end].tokens <= limit and atoms[end].page <= atoms[begin].page + 1:
            tokens += atoms[end].tokens
            end += 1
        tokens = count(atoms[begin:end])
        while tokens > limit:
            # The counter finds more in the chunk than in the pages that it is cut from: take less.
            if end - fresh > 1:
                end -= max((end - fresh) * (tokens - limit) // (2 * tokens), 1)
            elif begin < fresh:
                begin = fresh
            elif atoms[begin].end - atoms[begin].start > 1:
                atoms[begin : begin + 1] = halves(atoms[begin])
            else:
                break
            tokens = count(atoms[begin:end])
        yield Packed(atoms[begin:end], tokens)
        begin, fresh = _repeat(atoms, begin, end, overlap), end


def _repeat(atoms: list[Atom], earliest: int, end: int, overlap: int) -> int:
    """The atom from which the chunk that begins at `end` repeats the one before, which began at `earliest`."""
    start, tokens = end, 0
    while end < len(atoms) and start - 1 > earliest and atoms[start - 1].page == atoms[end].page:
        tokens += atoms[start - 1].tokens
        if tokens > overlap:
            break
        start -= 1
    return start


def _end(atoms: list[Atom], begin: int, page: int, capacity: int, remaining: int, limit: int, overlap: int) -> int:
    """The atom that the chunk from `begin` ends before: the best that leaves it neither too full nor too empty."""
    share = remaining / ceil(remaining / (limit - overlap)) if remaining > capacity else capacity
    best, least = begin + 1, float("inf")
    tokens = 0
    for end in range(begin + 1, len(atoms) + 1):
        atom = atoms[end - 1]
        tokens += atom.tokens
        if end > begin + 1 and (tokens > capacity or atom.page > page + 1):
            return best
        if end == len(atoms):
            return end
        cost = abs(tokens - share) / limit + _PENALTY[atoms[end].seam] + (_AFTER_HEADING if atom.heading else 0.0)
        if tokens < _LEAST_FILL * share:
            cost += 2 * _AFTER_HEADING  # only when nothing later fits
        if cost < least:
            best, least = end, cost
    return best


def _overlap(atoms: list[Atom], earliest: int, end: int, overlap: int) -> int:
    """The atom from which the chunk that begins at `end` repeats the one before; `end` itself when nothing fits."""
    if end >= len(atoms) or atoms[end].heading:
        return end
    within_sentence = atoms[end].seam is Seam.WORD
    start, tokens = end, 0
    for at in range(end - 1, earliest, -1):
        tokens += atoms[at].tokens
        if tokens > overlap or atoms[at].page != atoms[end].page or atoms[at].heading:
            break
        if within_sentence or atoms[at].seam is not Seam.WORD:
            start = at
    return start
