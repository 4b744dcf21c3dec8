"""What the words of a language stand for, as far as a process has asked its dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

import numpy as np

from db.bm25.pages import Integers
from db.bm25.words import is_whole, normalised

_WORDS = 200_000
_NOTHING = -1
UNKNOWN = np.iinfo(np.int64).min


class Vocabulary(Mapping[str, tuple[str, ...]]):
    """The stems of words, as they are written: none of a stop word, several where a dictionary has variants. Each stem
    has a number: its place in `terms`. Words are only ever added, by one thread; others may read meanwhile."""

    def __init__(self) -> None:
        self.terms: list[str] = []
        self._numbers: dict[str, int] = {}
        # Of a word's only stem the number; -2 - n for _several[n].
        self._meanings: dict[str, int] = {}
        self._several: list[tuple[int, ...]] = []

    def __getitem__(self, word: str) -> tuple[str, ...]:
        meaning = self._meanings[word]
        if meaning >= 0:
            return (self.terms[meaning],)
        return tuple(self.terms[number] for number in self._stems(meaning))

    def __iter__(self) -> Iterator[str]:
        return iter(self._meanings)

    def __len__(self) -> int:
        return len(self._meanings)

    def lacking(self, words: Iterable[str]) -> dict[str, str]:
        """Of `words` those that dictionaries are to be asked for, and in which form; the others become known."""
        missing = {word: normalised(word) for word in set(words).difference(self._meanings)}
        for word in filter(is_whole, list(missing)):
            self.add(word, (missing.pop(word),))
        return missing

    def add(self, word: str, stems: Iterable[str]) -> None:
        numbers = tuple(map(self._number, stems))
        if len(numbers) > 1:
            self._several.append(numbers)
            self._meanings[word] = _NOTHING - len(self._several)
        else:
            self._meanings[word] = numbers[0] if numbers else _NOTHING

    def meanings(self, words: Sequence[str]) -> Integers:
        """What words stand for, for `numbers`; UNKNOWN for those that are to be added first."""
        return np.fromiter(map(self._meanings.get, words, repeat(UNKNOWN)), np.int64, len(words))

    def numbers(self, meanings: Integers) -> tuple[Integers, Integers]:
        """The stems of known words as numbers, and for each which of the words it is the stem of."""
        single, several = np.flatnonzero(meanings >= 0), np.flatnonzero(meanings < _NOTHING)
        if not len(several):
            return meanings[single], single
        stems = [self._stems(meaning) for meaning in meanings[several].tolist()]
        more = np.fromiter(chain.from_iterable(stems), np.int64)
        places = np.repeat(several, np.fromiter(map(len, stems), np.int64, len(stems)))
        return np.append(meanings[single], more), np.append(single, places)

    def ranked(self, numbers: Integers) -> tuple[list[str], Integers]:
        """The stems that there are among these numbers, each once and in order, and which of them each number is."""
        ordered = np.sort(numbers)
        present = ordered[np.diff(ordered, prepend=-1) > 0]
        stems = list(map(self.terms.__getitem__, present.tolist()))
        order = sorted(range(len(stems)), key=stems.__getitem__)
        ranks = np.empty(len(self.terms), np.int64)
        ranks[present[order]] = np.arange(len(order))
        return list(map(stems.__getitem__, order)), ranks[numbers]

    def _number(self, stem: str) -> int:
        number = self._numbers.setdefault(stem, len(self.terms))
        if number == len(self.terms):
            self.terms.append(stem)
        return number

    def _stems(self, meaning: int) -> tuple[int, ...]:
        if meaning >= 0:
            return (meaning,)
        return () if meaning == _NOTHING else self._several[_NOTHING - 1 - meaning]


class Vocabularies:
    """Those of all languages, each with the words that were asked for last and others."""

    def __init__(self) -> None:
        self._languages: dict[str, Vocabulary] = {}

    def of(self, language: str) -> Vocabulary:
        """Whoever adds words to it may keep it: nothing is taken out of it."""
        known = self._languages.get(language)
        if known is None or len(known) > _WORDS:
            known = self._languages[language] = Vocabulary()
        return known
