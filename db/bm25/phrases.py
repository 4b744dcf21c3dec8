"""Where the words of a phrase stand together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from db.bm25.pages import Integers


def exactly(slots: Sequence[tuple[Integers, Integers, int]]) -> tuple[Integers, Integers]:
    """Chunks in which all slots stand in order and without a gap, ascending, and how often each.

    A slot: the chunk and the position of each occurrence, and the slot's place within the phrase. Slots come in order;
    before the first there may be nothing, whatever its place.
    """
    found: Integers | None = None
    for chunks, positions, place in slots:
        beginnings = positions - (place - slots[0][2])
        keys = np.unique(((chunks << 32) | beginnings)[beginnings >= 0])
        found = keys if found is None else np.intersect1d(found, keys, assume_unique=True)
    if found is None:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.unique(found >> 32, return_counts=True)


def loosely(slots: Sequence[tuple[Integers, Integers, int]], slop: int) -> tuple[Integers, NDArray[np.float64]]:
    """Chunks in which all slots stand near each other, ascending, and their frequency: the sum of 1 / (1 + distance)
    over the matches, as Lucene counts them."""
    common: Integers | None = None
    for chunks, _, _ in slots:
        here = np.unique(chunks)
        common = here if common is None else np.intersect1d(common, here, assume_unique=True)
    if common is None or not len(common):
        return np.empty(0, np.int64), np.empty(0, np.float64)
    places = [place for _, _, place in slots]
    grouped: list[list[list[int]]] = []
    for chunks, positions, _ in slots:
        order = np.lexsort((positions, chunks))
        chunks, positions = chunks[order], positions[order]
        begins, ends = np.searchsorted(chunks, common), np.searchsorted(chunks, common, side="right")
        grouped.append([positions[a:b].tolist() for a, b in zip(begins.tolist(), ends.tolist(), strict=True)])
    frequencies = np.array(
        [sum(1 / (1 + distance) for distance, _ in matches(at, places, slop)) for at in zip(*grouped, strict=True)]
    )
    return common[frequencies > 0], frequencies[frequencies > 0]


def matches(
    positions: Sequence[Sequence[int]], places: Sequence[int], slop: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each match in one chunk: its distance, at most `slop`, and the positions of its slots.

    A slot that stands where the phrase has it is shifted by as much as the first; the distance is that between the
    least and the most shifted. The slot that is behind moves on until it is no longer the last; the nearest that the
    slots came meanwhile is a match (as Lucene's SloppyPhraseMatcher). No word is two slots at once.
    """
    at = [0] * len(positions)
    while True:
        nearest: tuple[int, tuple[int, ...]] | None = None
        shifts = [positions[slot][at[slot]] - places[slot] for slot in range(len(positions))]
        last = min(range(len(shifts)), key=shifts.__getitem__)
        next_to_last = min((shift for slot, shift in enumerate(shifts) if slot != last), default=shifts[last])
        highest = max(shifts)
        while shifts[last] <= next_to_last:
            distance = highest - shifts[last]
            standing = tuple(positions[slot][at[slot]] for slot in range(len(positions)))
            if distance <= slop and len(set(standing)) == len(standing) and (not nearest or distance < nearest[0]):
                nearest = distance, standing
            at[last] += 1
            if at[last] == len(positions[last]):
                if nearest:
                    yield nearest
                return
            shifts[last] = positions[last][at[last]] - places[last]
        if nearest:
            yield nearest
