"""Made-up chunks and queries, kept in files, so that all are given the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from inference.evaluation.texts import VOCABULARY, word

# Words of a chunk, drawn evenly; and of a query, which are words of one chunk.
FEWEST, MOST = 25, 75
QUERY_WORDS = (3, 6)
_STOP_WORDS = 60
_SEED = 7
_AT_A_TIME = 10_000


def write(path: Path, count: int) -> None:
    """Chunks, one a line. The n-th word of the vocabulary is as frequent as 1/(n + 60): stop words are left out."""
    random = np.random.default_rng(_SEED)
    weights = 1 / (np.arange(VOCABULARY) + _STOP_WORDS + 1)
    shares = np.cumsum(weights / weights.sum())
    words = np.array([word(rank) for rank in range(VOCABULARY)])
    with path.open("w") as file:
        for start in range(0, count, _AT_A_TIME):
            sizes = random.integers(FEWEST, MOST + 1, min(_AT_A_TIME, count - start))
            drawn = words[np.minimum(np.searchsorted(shares, random.random(int(sizes.sum()))), VOCABULARY - 1)]
            said: list[str] = drawn.tolist()
            ends: list[int] = np.cumsum(sizes).tolist()
            for begin, end in zip([0, *ends], ends, strict=False):
                file.write(" ".join(said[begin:end]) + "\n")


def lines(path: Path, first: int, last: int) -> Iterator[str]:
    """The chunks from the `first` up to but not with the `last`."""
    with path.open() as file:
        yield from (line.rstrip("\n") for line in islice(file, first, last))


def queries(path: Path, size: int, count: int, seed: int) -> list[str]:
    """Words out of as many of the first `size` chunks."""
    random = np.random.default_rng(seed)
    chosen = set(random.choice(size, count, replace=False).tolist())
    asked: list[str] = []
    for number, chunk in enumerate(lines(path, 0, size)):
        if number in chosen:
            there = list(dict.fromkeys(chunk.split()))
            wanted = min(int(random.integers(QUERY_WORDS[0], QUERY_WORDS[1] + 1)), len(there))
            places: list[int] = random.choice(len(there), wanted, replace=False).tolist()
            asked.append(" ".join(there[place] for place in places))
    return asked
