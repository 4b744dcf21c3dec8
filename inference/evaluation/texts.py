"""Texts and vectors that behave as a library's do and belong to nobody. The same seed gives the same ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.runner import TokenCounter

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
VOCABULARY = 30_000
# The most frequent words of a language are stop words, which an index leaves out: the ranks begin behind so many.
_STOP_WORDS = 60
_DIMENSIONS = 384
_CLUSTERS = 200
_NOISE = 0.7


def word(rank: int) -> str:
    """The word of a rank (0 is the most frequent): at least two syllables, no two ranks alike."""
    syllables: list[str] = []
    while rank or len(syllables) < 2:
        rank, place = divmod(rank, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return "".join(syllables)


class Zipf:
    """A writer whose words are as frequent as their rank says: the n-th 1/(n + 60)."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        weights = 1 / (np.arange(VOCABULARY) + _STOP_WORDS + 1)
        self._shares = weights / weights.sum()
        self._words = [word(rank) for rank in range(VOCABULARY)]

    def words(self, count: int) -> list[str]:
        ranks: list[int] = self._random.choice(VOCABULARY, count, p=self._shares).tolist()
        return [self._words[rank] for rank in ranks]

    def text(self, fewest: int, most: int) -> str:
        """A passage of so many words."""
        return " ".join(self.words(int(self._random.integers(fewest, most + 1)))) + "."

    def query(self, passage: str, fewest: int = 3, most: int = 6) -> str:
        """Different words out of a passage, so that there is something to find."""
        there = list(dict.fromkeys(passage.rstrip(".").split()))
        count = min(int(self._random.integers(fewest, most + 1)), len(there))
        places: list[int] = self._random.choice(len(there), count, replace=False).tolist()
        return " ".join(there[place] for place in places)

    def text_of_tokens(self, tokens: TokenCounter, count: int) -> str:
        """A passage that a tokenizer cuts into so many tokens."""
        text = " ".join(self.words(count))
        return text[: tokens.spans(text)[count - 1][1]]


def lengths(count: int, seed: int, *, middle: float = 60, spread: float = 0.6, most: int = 256) -> list[int]:
    """Lengths of `count` passages, lognormal around `middle`, as those of real documents are, cut off at `most`."""
    drawn = np.random.default_rng(seed).lognormal(np.log(middle), spread, count)
    return [int(length) for length in np.clip(np.round(drawn), 2, most)]


class Clusters:
    """Unit vectors around random centres, as texts lie around their subjects."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._centres = _unit(self._random.standard_normal((_CLUSTERS, _DIMENSIONS)))

    def vectors(self, count: int) -> NDArray[np.float32]:
        """Shape (count, 384)."""
        near = self._centres[self._random.integers(_CLUSTERS, size=count)]
        noise = _unit(self._random.standard_normal((count, _DIMENSIONS)))
        return _unit(near + _NOISE * noise).astype(np.float32)


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
