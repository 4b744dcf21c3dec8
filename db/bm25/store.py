"""Search by words, and what makes chunks findable."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from db.bm25.allowed import Allowed, AllowedChunks, AllowedWhere
from db.bm25.highlighting import Span, highlighted
from db.bm25.indexing import Indexer
from db.bm25.memory import Memory, Scope
from db.bm25.pages import Integers
from db.bm25.patterns import Pattern, Patterns, patterns, words_of
from db.bm25.postings import Part, Postings, places_of
from db.bm25.query import Query
from db.bm25.reading import Reader, SegmentGone
from db.bm25.scoring import PartQuery, Scored, best, idf
from db.bm25.words import split

if TYPE_CHECKING:
    from db.table import Executor

# Merges take longer than a search: one that finds its segments gone so often is a mistake of ours.
_ATTEMPTS = 10
# From so many postings on, scoring leaves the event loop to others meanwhile.
_IN_A_THREAD = 400_000
# Of a filter that is asked, so many times the wanted chunks at first, then more by the other factor.
_ASK_FIRST, _ASK_MORE = 3, 6


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """A term or phrase of a query: `df` of `chunk_count` chunks have it; `weight`: the sum of its boosts."""

    term: str
    df: int
    idf: float
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a search came to its hits. `path`: `memory` when one round trip was all, `loaded` when something was read,
    and `, walked` behind it when an AllowedWhere was asked. `postings`: of all terms together."""

    hits: list[Scored]
    chunk_count: int
    average_length: float
    terms: list[ExplainedTerm]
    segments: int
    postings: int
    path: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Binding:
    """Which chunks alone may be hits, or which may not; None where nothing binds."""

    chunks: Integers | None = None
    barred: Integers | None = None


@dataclass(slots=True)
class _Plan:
    """A query on what can be found: all that is needed to score it."""

    scope: Scope
    asked: list[PartQuery] = field(default_factory=list[PartQuery])
    terms: dict[str, ExplainedTerm] = field(default_factory=dict[str, ExplainedTerm])
    # The parts whose required chunks are found without a score too.
    required: list[PartQuery] = field(default_factory=list[PartQuery])

    @property
    def postings(self) -> int:
        return sum(len(postings.chunks) for asked in self.asked for postings, _ in asked.lists)


class Bm25(Indexer):
    """The BM25 store of a database. Collections are given by the ids that `Collections.resolve` found to be the
    caller's: nothing else is looked at."""

    def __init__(self, executor: Executor, memory: Memory) -> None:
        super().__init__(executor, memory)
        self._memory = memory

    async def search(
        self, collections: Sequence[int], query: Query, limit: int, allowed: Allowed | None = None
    ) -> list[Scored]:
        """The best chunks, best first, equal ones by id; exact. N, df and the average length are those of all of the
        collections together, whatever is allowed or excluded. Chunks that fulfil what a query requires, but have none
        of the words that give a score, come last with 0."""
        if query.is_empty or not collections or limit < 1:
            return []
        plan, _ = await self._plan(collections, query, allowed)
        return await self._answer(plan, limit, allowed)

    async def explain(
        self, collections: Sequence[int], query: Query, limit: int, allowed: Allowed | None = None
    ) -> Explanation:
        """`search`, and how it came about."""
        began = time.perf_counter()
        plan, has_read = await self._plan(collections, query, allowed)
        hits = [] if query.is_empty or limit < 1 else await self._answer(plan, limit, allowed)
        path = "loaded" if has_read else "memory"
        return Explanation(
            hits=hits,
            chunk_count=plan.scope.chunk_count,
            average_length=plan.scope.average_length,
            terms=list(plan.terms.values()),
            segments=sum(len(part.segments) for part in plan.scope.parts),
            postings=plan.postings,
            path=f"{path}, walked" if isinstance(allowed, AllowedWhere) else path,
            milliseconds=(time.perf_counter() - began) * 1000,
        )

    async def binding(self, collections: Sequence[int], query: Query, allowed: Allowed | None = None) -> Binding:
        """What a query requires and excludes, whatever gets a score."""
        bare = Query(required=query.required, excluded=query.excluded)
        if not collections or not (bare.required or bare.excluded):
            return Binding()
        narrowed = allowed if bare.required and isinstance(allowed, AllowedChunks) else None
        plan, _ = await self._plan(collections, bare, narrowed)
        if all(asked.kept is None for asked in plan.asked):
            return Binding()
        if not bare.required:
            return Binding(barred=_ids(asked.part.ids[asked.part.live() & ~_mask(asked)] for asked in plan.asked))
        ids = _ids(asked.part.ids[_mask(asked)] for asked in plan.asked)
        if isinstance(allowed, AllowedWhere):
            passed = await allowed.check(ids.tolist())
            ids = np.array(sorted(passed), np.int64)
        return Binding(chunks=ids)

    async def highlight(self, query: Query, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """For each (language, text) where the words are that the query asks for, in order. Words of a phrase count only
        where the phrase is. Raises nothing for a text of any kind."""
        found: list[list[Span]] = []
        for language, text in texts:
            stems = await self.vocabulary(language, words_of(query).union(split(text)))
            found.append(highlighted(patterns(query, stems), text, stems))
        return found

    async def _plan(self, collections: Sequence[int], query: Query, allowed: Allowed | None) -> tuple[_Plan, bool]:
        """Also whether anything had to be read."""
        reader = Reader(self._executor, self._memory)
        for _ in range(_ATTEMPTS):
            try:
                return await self._attempt(reader, collections, query, allowed), reader.has_read
            except SegmentGone:
                continue
        raise RuntimeError(f"The segments of {collections} are listed and cannot be read.")

    async def _attempt(
        self, reader: Reader, collections: Sequence[int], query: Query, allowed: Allowed | None
    ) -> _Plan:
        scope = await reader.scope(collections)
        in_language = {language: await self._patterns(query, language) for language in scope.languages}
        # How many chunks have a term is counted in all of them, whatever a language makes of the query's words.
        counted = frozenset[str]().union(*(asked.scored for asked in in_language.values()))
        wanted = {language: counted.union(asked.terms) for language, asked in in_language.items()}
        found = await reader.postings((part, wanted[part.language]) for part in scope.parts)
        limits = await self._limits(collections, query, allowed)
        plan = _Plan(scope)
        looks_into_metadata = any(clause.field == "metadata" for clause in query.required)
        frequencies: dict[str | Pattern, int] = {}
        phrases: list[dict[Pattern, Postings]] = []
        for part, there in zip(scope.parts, found, strict=True):
            for term, postings in there.items():
                frequencies[term] = frequencies.get(term, 0) + len(postings.chunks)
            together = in_language[part.language].together
            phrases.append({pattern: await reader.phrase(part, pattern, there) for pattern in together})
        for part, there, loose in zip(scope.parts, found, phrases, strict=True):
            asked = in_language[part.language]
            kept = _kept(part, asked, there, loose, limits)
            plan.asked.append(PartQuery(part, self._lists(plan, asked, there, loose, frequencies), kept))
            if looks_into_metadata or asked.required:
                plan.required.append(plan.asked[-1])
        return plan

    async def _patterns(self, query: Query, language: str) -> Patterns:
        # By identity: parse_query gives the same one again, and to hash a long one takes as long as to search.
        key = ("patterns", id(query), language)
        found: tuple[Query, Patterns] | None = self._memory.cache.get(key)
        if found is None or found[0] is not query:
            words = words_of(query)
            found = query, patterns(query, await self.vocabulary(language, words))
            self._memory.cache.put(key, found, 1000 * len(words))
        return found[1]

    def _lists(
        self,
        plan: _Plan,
        asked: Patterns,
        there: Mapping[str, Postings],
        loose: Mapping[Pattern, Postings],
        frequencies: Mapping[str | Pattern, int],
    ) -> list[tuple[Postings, float]]:
        """The postings that give scores, with their weights."""
        count = plan.scope.chunk_count
        lists: list[tuple[Postings, float]] = []
        for term, weight in asked.weights.items():
            if term not in plan.terms:
                df = frequencies.get(term, 0)
                plan.terms[term] = ExplainedTerm(term, df, idf(count, df), weight)
            if postings := there.get(term):
                lists.append((postings, plan.terms[term].idf * weight))
        for pattern in asked.phrases:
            name = " ".join("|".join(terms) for terms, _ in pattern.slots)
            value = sum(idf(count, frequencies.get(term, 0)) for term in pattern.terms)
            df = len(loose[pattern].chunks) + (plan.terms[name].df if name in plan.terms else 0)
            plan.terms[name] = ExplainedTerm(name, df, value, pattern.boost)
            if len(loose[pattern].chunks):
                lists.append((loose[pattern], value * pattern.boost))
        return lists

    async def _limits(
        self, collections: Sequence[int], query: Query, allowed: Allowed | None
    ) -> list[tuple[Integers, bool]]:
        """Chunk ids (ascending) of which a hit must (or must not) be one: what postings cannot tell."""
        limits: list[tuple[Integers, bool]] = []
        if isinstance(allowed, AllowedChunks):
            limits.append((np.unique(np.asarray(allowed.ids, np.int64)), True))
        for clauses, wanted in ((query.required, True), (query.excluded, False)):
            for clause in clauses:
                if clause.field == "metadata":
                    rows = await self._rows("bm25.chunks_with", collections, clause.path, clause.value)
                    limits.append((np.array([row["id"] for row in rows], np.int64), wanted))
        return limits

    async def _answer(self, plan: _Plan, limit: int, allowed: Allowed | None) -> list[Scored]:
        if not isinstance(allowed, AllowedWhere):
            return await self._ranked(plan, limit)
        passed: list[Scored] = []
        seen, wanted = 0, _ASK_FIRST * limit
        while True:
            ranked = await self._ranked(plan, wanted)
            fresh = ranked[seen:]
            good = set(await allowed.check([one.chunk_id for one in fresh])) if fresh else set[int]()
            passed += [one for one in fresh if one.chunk_id in good]
            if len(passed) >= limit or len(ranked) < wanted:
                return passed[:limit]
            seen, wanted = wanted, wanted * _ASK_MORE

    async def _ranked(self, plan: _Plan, limit: int) -> list[Scored]:
        asked, average, tables = plan.asked, plan.scope.average_length, self._memory.tables
        if plan.postings > _IN_A_THREAD:
            found = await asyncio.to_thread(best, asked, average, limit, tables)
        else:
            found = best(asked, average, limit, tables)
        return _filled(plan.required, found, limit) if plan.required and len(found) < limit else found


def _mask(asked: PartQuery) -> NDArray[np.bool_]:
    return asked.part.live() if asked.kept is None else asked.kept


def _ids(parts: Iterable[Integers]) -> Integers:
    return np.sort(np.concatenate([np.empty(0, np.int64), *parts]))


def _kept(
    part: Part,
    asked: Patterns,
    there: Mapping[str, Postings],
    loose: Mapping[Pattern, Postings],
    limits: Sequence[tuple[Integers, bool]],
) -> NDArray[np.bool_] | None:
    """Which chunks of a part may be found; None: all that live."""
    if not (asked.required or asked.excluded or limits):
        return None
    kept = part.live()
    for pattern in asked.required:
        kept &= _holding(part, pattern, there, loose)
    for pattern in asked.excluded:
        kept &= ~_holding(part, pattern, there, loose)
    for ids, wanted in limits:
        there_too = np.zeros(len(kept), bool)
        there_too[places_of(ids, part.segments)] = True
        kept &= there_too if wanted else ~there_too
    return kept


def _holding(
    part: Part, pattern: Pattern, there: Mapping[str, Postings], loose: Mapping[Pattern, Postings]
) -> NDArray[np.bool_]:
    holding = np.zeros(len(part.ids), bool)
    lists: Iterable[Postings | None] = [loose[pattern]] if pattern.is_phrase else map(there.get, pattern.terms)
    for postings in lists:
        if postings:
            holding[postings.chunks] = True
    return holding


def _filled(required: Sequence[PartQuery], found: list[Scored], limit: int) -> list[Scored]:
    """With the chunks that were required and have no score, by id."""
    every = np.concatenate([asked.part.ids[asked.kept] for asked in required if asked.kept is not None])
    rest = np.setdiff1d(every, np.array([one.chunk_id for one in found], np.int64))
    return found + [Scored(chunk, 0.0) for chunk in rest[: limit - len(found)].tolist()]
