"""The pure parts of the BM25 store: words, queries, pages, segments, phrases, and what is merged next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import parse_query
from db.bm25.pages import Inverted, Page, pages
from db.bm25.phrases import exactly, matches
from db.bm25.query import MOST_WORDS, Clause
from db.bm25.segments import SideBySide, Words, ascending, inverted, merged, read_ascending
from db.bm25.tending import Job, SegmentState, next_job
from db.bm25.vocabulary import Vocabulary
from db.bm25.words import LONGEST, normalised, spans, split


class TestWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Don't use C++ or a_b, e.g. state-of-the-art 3.5%!", "Don t use C or a b e g state of the art 3 5"),
            ("naïve cafe\u0301 हिन्दी мир", "naïve cafe\u0301 हिन्दी мир"),
            ("漢字テスト and 東 100円", "漢字 字テ テス スト and 東 100 円"),
            ("สวัสดี", "สว วั ัส สด ดี"),
            ("", ""),
        ],
    )
    def test_split(self, text: str, words: str) -> None:
        assert split(text) == words.split()

    @pytest.mark.parametrize("word", ["istanbul", "İstanbul", "I\u0307STANBUL", "i\u0307stanbul", "ＩSTANBUL"])
    def test_a_capital_i_with_a_dot_is_looked_up_as_i(self, word: str) -> None:
        assert split(word) == [word]
        assert normalised(word) == "istanbul"
        assert normalised("ısı") == "ısı"

    @settings(deadline=None)
    @given(st.text())
    def test_spans_are_those_of_the_words(self, text: str) -> None:
        found = list(spans(text))
        assert [text[start:end] for start, end in found] == split(text)
        assert all(0 < end - start <= LONGEST for start, end in found)
        assert found == sorted(found)


class TestQuery:
    def test_all_there_is(self) -> None:
        query = parse_query('pump^2 "relief valve"~3^1.5 text:water name:"a b" md.Year.x:2021 -dry -headings:"x y" q:z')
        assert query.optional == (
            Clause(("pump",), boost=2.0),
            Clause(("relief", "valve"), slop=3, boost=1.5),
            Clause(("z",)),
        )
        assert query.required == (
            Clause(("water",)),
            Clause(("a", "b"), "document_name"),
            Clause(("2021",), "metadata", path=("Year", "x"), value="2021"),
        )
        assert query.excluded == (Clause(("dry",)), Clause(("x", "y"), "headings"))

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('a "b', ["a", "b"]),
            ("a-b_c", ["a", "b", "c"]),
            ("a AND (b OR c)", ["a", "AND", "b", "OR", "c"]),
            ("a:b:c", ["b", "c"]),
        ],
    )
    def test_what_is_no_syntax_is_words(self, text: str, words: list[str]) -> None:
        assert [word for clause in parse_query(text).optional for word in clause.words] == words

    @settings(deadline=None)
    @given(st.text(alphabet=st.sampled_from('ab "-:^~.0漢\x00md_'), max_size=80))
    def test_every_string_is_a_query(self, text: str) -> None:
        query = parse_query(text)
        assert all(clause.words for clause in (*query.optional, *query.required, *query.excluded))

    def test_no_more_than_so_many_words(self) -> None:
        assert len(parse_query(" ".join(f"w{n}" for n in range(3000))).optional) == MOST_WORDS


Token = tuple[str, int, int]
chunks_of_words = st.lists(st.lists(st.sampled_from(["a", "b", "c", "stop", "two", "漢字"]), max_size=12), max_size=12)
STEMS = {"a": ("a",), "b": ("b",), "c": ("b",), "stop": (), "two": ("x", "y"), "漢字": ("漢字",)}


def vocabulary() -> Vocabulary:
    known = Vocabulary()
    for word in known.lacking(STEMS):
        known.add(word, STEMS[word])
    return known


def tokens(chunks: Sequence[Sequence[str]]) -> list[Token]:
    """Term, chunk and position of every occurrence."""
    return sorted(
        (stem, chunk, place)
        for chunk, words in enumerate(chunks)
        for place, word in enumerate(words)
        for stem in STEMS[word]
    )


def read(made: Inverted) -> list[Token]:
    found: list[Token] = []
    for first, postings, positions in pages(made):
        page = Page(postings)
        assert page.terms[0] == first
        whole = page.inverted(positions)
        for number, term in enumerate(page.terms):
            assert page.find(term) == number
            part = whole.cut(number, number + 1)
            assert page.chunks(number).tolist() == part.chunks.tolist()
            assert page.frequencies(number).tolist() == part.frequencies.tolist()
            assert page.positions(number, positions).tolist() == part.positions.tolist()
            owners = np.repeat(part.chunks, part.frequencies).tolist()
            found += [(term, chunk, place) for chunk, place in zip(owners, part.positions.tolist(), strict=True)]
    return found


def inverted_of(chunks: Sequence[Sequence[str]]) -> Inverted:
    known, sizes = vocabulary(), [size for words in chunks for size in (0, 0, len(words))]
    meanings = known.meanings([word for words in chunks for word in words])
    found, lengths = inverted(Words(np.array(sizes, np.int64), meanings, known))
    assert lengths.tolist() == [sum(len(STEMS[word]) for word in words) for words in chunks]
    return found


class TestSegments:
    @settings(deadline=None)
    @given(chunks_of_words)
    def test_pages_give_back_what_was_put_in(self, chunks: list[list[str]]) -> None:
        assert read(inverted_of(chunks)) == tokens(chunks)

    def test_wide_numbers(self) -> None:
        wide = Inverted(
            ["a", "b"], np.array([3, 1]), np.array([0, 70_000, 70_001, 255]), np.array([1, 300, 1, 1]),
            np.concatenate(([70_000], np.arange(300), [5, 6])),
        )  # fmt: skip
        assert [token for token in read(wide) if token[0] == "b"] == [("b", 255, 6)]
        assert read(wide)[-2] == ("a", 70_001, 5)

    @settings(deadline=None)
    @given(st.lists(chunks_of_words, min_size=1, max_size=4), st.data())
    def test_merged_as_if_made_at_once(self, segments: list[list[list[str]]], data: st.DataObject) -> None:
        gone = data.draw(st.sets(st.integers(0, 20)))
        every = [words for chunks in segments for words in chunks]
        left = [words for number, words in enumerate(every) if number not in gone]
        become = np.full(len(every), -1)
        become[[number for number in range(len(every)) if number not in gone]] = np.arange(len(left))
        side, places, behind = SideBySide(len(segments)), list[np.ndarray](), 0
        for chunks in segments:
            places.append(become[behind : behind + len(chunks)])
            behind += len(chunks)
        waiting = [[inverted_of(chunks)] for chunks in segments]
        found: list[Token] = []
        while True:
            while wanted := side.wanted():
                for number in wanted:
                    side.give(number, waiting[number].pop() if waiting[number] else None)
            if not (stretch := side.stretch()):
                break
            found += read(merged([(part, places[number]) for number, part in stretch]))
        assert found == tokens(left)

    @settings(deadline=None)
    @given(st.sets(st.integers(1, 2**62)))
    def test_ids(self, ids: set[int]) -> None:
        ordered = np.array(sorted(ids), np.int64)
        assert read_ascending(ascending(ordered)).tolist() == ordered.tolist()


class TestPhrases:
    @pytest.mark.parametrize(
        ("positions", "slop", "distances"),
        [
            ([[0, 5], [1, 6]], 0, [0, 0]),
            ([[0], [2]], 0, []),
            ([[0], [2]], 1, [1]),
            ([[1], [0]], 1, []),
            ([[1], [0]], 2, [2]),
            ([[0, 10], [3, 11]], 2, [2, 0]),
            ([[0, 2], [0, 2]], 3, [1]),
        ],
    )
    def test_distances(self, positions: list[list[int]], slop: int, distances: list[int]) -> None:
        assert sorted(distance for distance, _ in matches(positions, [0, 1], slop)) == sorted(distances)

    @settings(deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9))),
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9))),
    )
    def test_exactly_is_without_distance(self, first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
        slots = [sorted(set(slot)) for slot in (first, second)]
        arrays = [
            (np.array([c for c, _ in s], np.int64), np.array([p for _, p in s], np.int64), n)
            for n, s in enumerate(slots)
        ]
        chunks, often = exactly(arrays)
        expected: dict[int, int] = {}
        for chunk in range(4):
            at = [[place for owner, place in slot if owner == chunk] for slot in slots]
            if all(at) and (count := sum(1 for _ in matches(at, [0, 1], 0))):
                expected[chunk] = count
        assert dict(zip(chunks.tolist(), often.tolist(), strict=True)) == expected


def state(number: int, chunks: int, **more: Any) -> SegmentState:
    given: dict[str, Any] = {"language": "simple", "wanted_language": "simple", "quiet_seconds": 0.0}
    given |= {"collection_id": 1, "deletions": 0, "deleted": 0} | more
    return SegmentState(id=number, chunk_count=chunks, **given)


class TestTending:
    def test_eight_of_a_size_become_one(self) -> None:
        states = [state(n, 5) for n in range(7)]
        assert next_job(states, 20) is None
        assert next_job([*states, state(7, 60)], 20) == Job("merge", 1, tuple(range(8)))
        assert next_job([*states, state(7, 64)], 20) is None

    def test_when_nothing_comes_few_are_merged_too(self) -> None:
        states = [
            state(1, 100_000, quiet_seconds=30.0),
            state(2, 6_000, quiet_seconds=30.0),
            state(3, 5_000, quiet_seconds=30.0),
        ]
        assert next_job(states, 20) == Job("merge", 1, (2, 3))
        assert next_job(states, 40) is None

    def test_many_dead_are_left_out(self) -> None:
        assert next_job([state(1, 100, deletions=1, deleted=26)], 20) == Job("merge", 1, (1,))
        assert next_job([state(1, 100, deletions=1, deleted=25)], 20) is None
        assert next_job([state(1, 10_000, deletions=33, deleted=33)], 20) == Job("forget", 1)

    def test_another_language_comes_first(self) -> None:
        assert next_job([state(1, 5), state(2, 5, language="german")], 20) == Job("reindex", 1, (2,))

    def test_each_collection_has_its_turn(self) -> None:
        states = [state(n, 5, collection_id=n, language="german") for n in (1, 2, 4)]
        states.append(state(9, 5, collection_id=3))
        turns = [0]
        for _ in range(5):
            job = next_job(states, 20, turns[-1])
            assert job
            turns.append(job.collection_id)
        assert turns == [0, 1, 2, 4, 1, 2]
