"""Where in a text the words are that a query asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from db.bm25.patterns import Pattern, Patterns
from db.bm25.phrases import matches
from db.bm25.words import spans


class Span(NamedTuple):
    """Characters of a text: from `start` up to but not with `end`."""

    start: int
    end: int


def highlighted(asked: Patterns, text: str, stems: Mapping[str, tuple[str, ...]]) -> list[Span]:
    """The words with the stems that are asked for, in order; pairs of characters that overlap are joined. `stems` knows
    all words of the text."""
    found = [Span(*span) for span in spans(text)]
    at: dict[str, list[int]] = {term: [] for term in asked.terms}
    for place, (start, end) in enumerate(found):
        for stem in stems[text[start:end]]:
            if stem in at:
                at[stem].append(place)
    marked = {place for term in asked.weights for place in at[term]}
    for pattern in (*asked.phrases, *asked.required):
        if pattern.is_phrase:
            marked |= _together(pattern, at)
    joined: list[Span] = []
    for place in sorted(marked):
        start, end = found[place]
        if joined and start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, end)
        else:
            joined.append(Span(start, end))
    return joined


def _together(pattern: Pattern, at: Mapping[str, list[int]]) -> set[int]:
    slots = [sorted({place for term in terms for place in at[term]}) for terms, _ in pattern.slots]
    if not all(slots):
        return set()
    places = [place for _, place in pattern.slots]
    return {place for _, standing in matches(slots, places, pattern.slop) for place in standing}
