"""What a search decides without a database: fusion, paths, wording, snippets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import parse_query
from inference.errors import InvalidInput
from inference.functions.moments import moment_of, parse_optional_moment
from inference.functions.search.conditions import MOST_CONDITIONS, MOST_LEVELS, compile_condition
from inference.functions.search.explaining import written
from inference.functions.search.fusion import fuse, merged, normalised, ranks
from inference.functions.search.paths import choose_path
from inference.functions.search.snippets import snippet
from inference.functions.search.wording import plain, understood
from inference.models.search import Condition, Fusion

CONVEX = Fusion()
scores = st.dictionaries(st.integers(1, 20), st.floats(-5, 5), max_size=12)


def order(bm25: dict[int, float], dense: dict[int, float], fusion: Fusion = CONVEX) -> list[tuple[int, float]]:
    return [(each.chunk, each.score) for each in fuse(bm25, [dense], fusion)]


class TestFusion:
    def test_min_max(self) -> None:
        assert normalised({1: 5.0, 2: 3.0, 3: 1.0}) == {1: 1.0, 2: 0.5, 3: 0.0}
        assert normalised({1: 2.0}) == {1: 1.0}
        assert normalised({}) == {}

    def test_convex(self) -> None:
        assert order({1: 10.0, 2: 0.0}, {2: 0.9, 3: 0.1}) == [(1, 0.5), (2, 0.5), (3, 0.0)]
        assert order({1: 10.0, 2: 0.0}, {2: 0.9, 3: 0.1}, Fusion(dense_weight=1)) == [(2, 1.0), (1, 0.0), (3, 0.0)]
        assert order({}, {}) == []

    def test_reciprocal_ranks(self) -> None:
        found = dict(order({1: 9.0, 2: 8.0}, {2: 0.9, 3: 0.1}, Fusion(method="rrf", rrf_k=10)))
        assert found == pytest.approx({2: 0.5 / 12 + 0.5 / 11, 1: 0.5 / 11, 3: 0.5 / 12})

    def test_what_each_lane_made_of_it(self) -> None:
        (first, second) = fuse({1: 4.0, 2: 2.0}, [{2: 0.5}], CONVEX)
        assert (first.chunk, first.bm25_rank, first.dense_rank) == (1, 1, None)
        assert (second.bm25_normalised, second.dense_normalised, second.dense_rank) == (0.0, 1.0, 1)

    def test_lanes_of_several_embedders_are_brought_to_one_scale(self) -> None:
        assert merged([{1: 0.9, 2: 0.8}, {3: 0.2, 4: 0.1}]) == {1: 1.0, 2: 0.0, 3: 1.0, 4: 0.0}

    @given(scores, scores, st.sampled_from(["convex", "rrf"]), st.floats(0, 1))
    def test_every_chunk_once_best_first(
        self, bm25: dict[int, float], dense: dict[int, float], method: str, weight: float
    ) -> None:
        fusion = Fusion.model_validate({"method": method, "dense_weight": weight})
        fused = fuse(bm25, [dense], fusion)
        assert {each.chunk for each in fused} == {*bm25, *dense}
        assert [each.score for each in fused] == sorted((each.score for each in fused), reverse=True)
        assert all(0 <= each.score <= 1 for each in fused)

    def test_equals_have_an_order(self) -> None:
        assert ranks({3: 1.0, 1: 1.0, 2: 5.0}) == {2: 1, 1: 2, 3: 3}


class TestPath:
    def test_few_are_compared(self) -> None:
        assert choose_path(4_000, 1_000_000, 100, 384) == "exact"

    def test_many_are_found_in_the_graph(self) -> None:
        assert choose_path(200_000, 200_000, 100, 384) == "graph"

    def test_a_narrow_filter_is_compared_and_a_wide_one_is_not(self) -> None:
        assert choose_path(10_000, 1_000_000, 100, 384) == "exact"
        assert choose_path(100_000, 200_000, 100, 384) == "graph"

    def test_what_no_graph_can_hold(self) -> None:
        assert choose_path(200_000, 200_000, 10, 4_001) == "exact"

    @given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 1000))
    def test_more_in_the_graph_never_makes_walking_it_better(self, candidates: int, total: int, limit: int) -> None:
        if choose_path(candidates, total, limit, 384) == "exact":
            assert choose_path(candidates, 2 * total, limit, 384) == "exact"


class TestWording:
    @pytest.mark.parametrize(
        ("query", "text"),
        [
            ("What is the operating pressure?", "What is the operating pressure?"),
            ("state-of-the-art and/or 12:30", "state-of-the-art and/or 12:30"),
            ('"relief valve"~2^3 pump^2', "relief valve pump"),
            ("pump -valve -\"safety first\"~1 -md.year:2021 -headings:oil", "pump"),
            ('md.year:2021 name:"manual.pdf" document_md.a.b:x headings:pump text:"how it works"', "pump how it works"),
            ("-valve", ""),
            ("-", "-"),
            ("note:pump", "note:pump"),
            ('Name:ann MD.year:2021 TEXT:pump Headings:"oil"', "pump oil"),
            ('"relief valve"-steam"safety"-name:x', "relief valve safety"),
            ("the text: a novel", "the text: a novel"),
        ],
    )  # fmt: skip
    def test_what_is_embedded(self, query: str, text: str) -> None:
        assert understood(query, syntax=True).meaning == text

    @given(st.text(max_size=200))
    def test_anything_is_taken(self, query: str) -> None:
        plain(parse_query(plain(query)).said).encode()

    def test_what_postgres_cannot_hold(self) -> None:
        assert plain("a\x00b\ud800c") == "a b?c"

    def test_a_text_is_taken_as_it_stands(self) -> None:
        text = 'At -40 degrees md.year:2021 "too hot"'
        asked = understood(text, syntax=False)
        assert (asked.meaning, asked.text) == (text, text)
        words = ["At", "40", "degrees", "md", "year", "2021", "too", "hot"]
        assert [written(clause) for clause in asked.words.optional] == words
        assert not asked.words.required
        assert not asked.words.excluded

    @pytest.mark.parametrize("clause", ['"relief valve"~2^3', "pump^2", "md.year:2021", "headings:oil"])
    def test_clauses_are_written_as_they_are_asked(self, clause: str) -> None:
        query = parse_query(clause)
        assert [written(each) for each in (*query.optional, *query.required)] == [clause]


class TestSnippet:
    TEXT = (
        "The first part says little. " + "Filler words go here. " * 20 + "Here the pump needs oil and the valve closes."
    )

    def spans(self, *words: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for word in words:
            place = self.TEXT.find(word)
            while place >= 0:
                found.append((place, place + len(word)))
                place = self.TEXT.find(word, place + 1)
        return sorted(found)

    def test_the_part_with_most_of_the_words(self) -> None:
        made = snippet(self.TEXT, self.spans("first", "pump", "oil", "valve"), 60)
        assert "pump needs oil and the valve" in made.text
        assert [made.text[h.start : h.end] for h in made.highlights] == ["pump", "oil", "valve"]
        assert self.TEXT[made.start :].startswith(made.text)

    def test_without_matches_the_beginning(self) -> None:
        made = snippet(self.TEXT, [], 50)
        assert (made.start, made.highlights) == (0, [])
        assert made.text == "The first part says little. Filler words go here."

    def test_a_short_text_is_whole(self) -> None:
        assert snippet("a pump", [(2, 6)], 40).text == "a pump"

    def test_a_run_of_pairs_of_characters_that_is_longer_is_cut(self) -> None:
        made = snippet("。" + "水" * 500, [(1, 501)], 40)
        assert (made.start, made.text) == (1, "水" * 40)
        assert [(h.start, h.end) for h in made.highlights] == [(0, 40)]

    @given(st.text(alphabet="ab \n", max_size=120), st.integers(40, 60), st.data())
    def test_highlights_lie_in_it_and_it_is_no_longer(self, text: str, length: int, data: st.DataObject) -> None:
        cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
        matches = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        made = snippet(text, matches, length)
        assert text[made.start : made.start + len(made.text)] == made.text
        assert len(made.text) <= length
        assert all(0 <= h.start < h.end <= len(made.text) for h in made.highlights)
        assert bool(made.highlights) == bool(matches)


class TestMoments:
    @pytest.mark.parametrize(
        "text",
        ["2026-11-28", "2026-11-28T00:00:00", "2026-11-28 00:00", "2026-11-28t00:00:00z", "2026-11-28T01:30+01:30"],
    )
    def test_without_a_time_zone_it_is_utc(self, text: str) -> None:
        assert moment_of(text) == datetime(2026, 11, 28, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "5", "0001-01-01T00:00:00+23:59", "\0", "9" * 40])
    def test_what_is_none_is_told_by_its_field(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="is no moment") as caught:
            parse_optional_moment(text, "filter.uploaded_after")
        assert caught.value.field == "filter.uploaded_after"


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "field"),
        [
            ({}, "filter.where"),
            ({"field": "document.name"}, "filter.where.op"),
            ({"op": "eq", "value": 1}, "filter.where"),
            ({"field": "document.owner", "op": "eq", "value": 1}, "filter.where.field"),
            ({"field": "metadata.", "op": "eq", "value": 1}, "filter.where.field"),
            ({"field": "metadata.a..b", "op": "eq", "value": 1}, "filter.where.field"),
            ({"field": "chunk.text); DROP TABLE chunks; --", "op": "eq", "value": 1}, "filter.where.field"),
            ({"all": [{"field": "metadata.a", "op": "lt", "value": None}]}, "filter.where.all[0].value"),
            ({"field": "metadata.a", "op": "lt", "value": True}, "filter.where.value"),
            ({"field": "metadata.a", "op": "eq", "value": [1]}, "filter.where.value"),
            ({"field": "metadata.a", "op": "between", "value": [1]}, "filter.where.value"),
            ({"field": "metadata.a", "op": "in", "value": "x"}, "filter.where.value"),
            ({"field": "metadata.a", "op": "has_key", "value": 1}, "filter.where.value"),
            ({"field": "metadata.a", "op": "gt", "value": float("inf")}, "filter.where.value"),
            ({"field": "metadata.a", "op": "gt", "value": 10**400}, "filter.where.value"),
            ({"field": "metadata.a", "op": "contains", "value": "x" * 5000}, "filter.where.value"),
            ({"field": "metadata.a", "op": "in", "value": ["x"] * 5000}, "filter.where.value"),
            ({"not": {"all": [{"field": "metadata.a", "op": "missing"}], "op": "eq"}}, "filter.where.not"),
        ],
    )
    def test_what_is_none(self, condition: dict[str, object], field: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            compile_condition(Condition.model_validate(condition), "filter.where")
        assert refused.value.field == field

    def test_how_much_is_taken(self) -> None:
        leaf: dict[str, object] = {"field": "metadata.a", "op": "eq", "value": 1}
        deep: dict[str, object] = leaf
        for _ in range(MOST_LEVELS):
            deep = {"not": deep}
        wide = {"any": [{"all": [leaf] * 50}] * (MOST_CONDITIONS // 50)}
        for condition in (deep, wide):
            with pytest.raises(InvalidInput, match="levels and"):
                compile_condition(Condition.model_validate(condition), "filter.where")

    def test_what_documents_can_be_looked_up_by(self) -> None:
        def documents(condition: dict[str, object]) -> str | None:
            return compile_condition(Condition.model_validate(condition), "filter.where").documents

        of_document = {"field": "metadata.a", "op": "eq", "value": 1}
        of_chunk = {"field": "chunk.page", "op": "eq", "value": 1}
        assert documents({"all": [of_document, of_chunk]}) == 'strict ((($.metadata."a" == 1)))'
        assert documents({"any": [of_document, of_chunk]}) is None
        assert documents({"not": {"all": [of_document, of_chunk]}}) is None
        assert documents({"field": "metadata.a", "op": "gt", "value": "2020-01-01"}) is None
