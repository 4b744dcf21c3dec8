"""Marks like `[2]` in a text that arrives in pieces. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from inference.models.search import Citation

_MARK = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_SENTENCE_END = re.compile(r"[.!?]\s+|\n")
# What may stand between the end of a sentence and its mark.
_BEFORE_MARK = " \t\"'”’)"


class CitationFinder:
    """Takes a text piece by piece and gives each citation as soon as its mark is complete.

    A citation covers the sentence (or what there is of it since the mark before) that its mark ends.
    """

    def __init__(self, numbers: Collection[int]) -> None:
        self._numbers = set(numbers)
        self._text = ""
        self._seen = 0

    def feed(self, piece: str) -> Iterator[Citation]:
        self._text += piece
        for mark in _MARK.finditer(self._text, self._seen):
            start = self._start_of_claim(mark.start())
            self._seen = mark.end()
            for number in dict.fromkeys(int(n) for n in mark[1].split(",")):
                if number in self._numbers:
                    yield Citation(n=number, start=start, end=mark.end())

    def _start_of_claim(self, mark: int) -> int:
        end = len(self._text[:mark].rstrip(_BEFORE_MARK + ".!?"))
        start = self._seen
        for boundary in _SENTENCE_END.finditer(self._text, self._seen, max(self._seen, end)):
            start = boundary.end()
        while start < mark and self._text[start].isspace():
            start += 1
        return start
