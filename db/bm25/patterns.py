"""A query in the stems of one language. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from db.bm25.query import Clause, Query
from db.bm25.segments import PREFIXES


@dataclass(frozen=True, slots=True)
class Pattern:
    """A clause as terms: for each of its words that is no stop word the terms it may be and its place in the phrase."""

    slots: tuple[tuple[tuple[str, ...], int], ...]
    slop: int
    boost: float

    @property
    def terms(self) -> Iterator[str]:
        for terms, _ in self.slots:
            yield from terms

    @property
    def is_phrase(self) -> bool:
        return len(self.slots) > 1


@dataclass(frozen=True, slots=True)
class Patterns:
    """What chunks of one language are looked at for. Clauses of stop words alone ask for nothing and are left out.
    `scored`: the terms that give scores, alone or in phrases."""

    weights: dict[str, float]
    scored: frozenset[str]
    phrases: tuple[Pattern, ...]
    required: tuple[Pattern, ...]
    excluded: tuple[Pattern, ...]
    # Every term whose postings are needed, and the phrases, of which positions are, each once.
    terms: tuple[str, ...]
    together: tuple[Pattern, ...]


def words_of(query: Query) -> set[str]:
    """All words whose stems are needed."""
    return {word for clause in (*query.optional, *query.required, *query.excluded) for word in clause.words}


def patterns(query: Query, stems: Mapping[str, tuple[str, ...]]) -> Patterns:
    """`stems` knows all of `words_of(query)`."""
    weights: dict[str, float] = {}
    phrases: list[Pattern] = []
    for clause in query.scored:
        pattern = _pattern(clause, stems)
        if pattern.is_phrase:
            phrases.append(pattern)
        else:
            for term in pattern.terms:
                weights[term] = weights.get(term, 0.0) + clause.boost
    required, excluded = _hard(query.required, stems), _hard(query.excluded, stems)
    every = (*phrases, *required, *excluded)
    terms = dict.fromkeys([*weights, *(term for pattern in every for term in pattern.terms)])
    together = dict.fromkeys(pattern for pattern in every if pattern.is_phrase)
    scored = frozenset([*weights, *(term for pattern in phrases for term in pattern.terms)])
    return Patterns(weights, scored, tuple(phrases), required, excluded, tuple(terms), tuple(together))


def _hard(clauses: tuple[Clause, ...], stems: Mapping[str, tuple[str, ...]]) -> tuple[Pattern, ...]:
    made = (_pattern(clause, stems) for clause in clauses if clause.field != "metadata")
    return tuple(pattern for pattern in made if pattern.slots)


def _pattern(clause: Clause, stems: Mapping[str, tuple[str, ...]]) -> Pattern:
    prefix = PREFIXES[clause.field]
    slots = tuple(
        (tuple(prefix + stem for stem in stems[word]), place) for place, word in enumerate(clause.words) if stems[word]
    )
    return Pattern(slots, clause.slop, clause.boost)
