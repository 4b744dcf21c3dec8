"""What holds for the passages of any document, by any strategy."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.functions.reading import (
    ReadDocument,
    chunk_document,
    read_document,
)
from inference.functions.reading.document import BlockKind
from inference.models.collections import Chunking
from inference.runner import token_counter
from tests.unit.reading.counters import Hostile, Words, word_pieces
from tests.unit.reading.cutting import STRATEGIES, Strategy, check, cut, document_of, documents


@settings(max_examples=250, deadline=None)
@given(documents(), st.sampled_from([8, 20, 60, 254]), st.booleans(), st.sampled_from(STRATEGIES))
def test_any_document_is_covered_in_order_within_the_limit(
    document: ReadDocument, limit: int, overlapping: bool, strategy: Strategy
) -> None:
    counter = Words()
    check(document, cut(document, counter, limit, limit // 8 if overlapping else 0, strategy), counter, limit)


@settings(max_examples=60, deadline=None)
@given(documents(), st.sampled_from(STRATEGIES))
def test_the_embedders_tokenizer_finds_no_chunk_too_long(document: ReadDocument, strategy: Strategy) -> None:
    check(document, cut(document, word_pieces(), 32, 8, strategy), word_pieces(), 32)


@settings(max_examples=60, deadline=None)
@given(documents(), st.sampled_from(STRATEGIES))
def test_a_counter_that_finds_more_in_a_part_than_in_the_whole_is_still_obeyed(
    document: ReadDocument, strategy: Strategy
) -> None:
    check(document, cut(document, Hostile(), 12, 4, strategy), Hostile(), 12)


def test_a_page_without_any_space_is_cut() -> None:
    for character in ("x", "\u6c34", "\ufffd"):
        document = document_of([("paragraph", character * 100_000)])
        chunks = chunk_document(document, word_pieces())
        check(document, chunks, word_pieces(), 254)
        assert max(len(chunk.text) for chunk in chunks) < 20_000


@pytest.mark.parametrize("gap", [" ", "\t", "\n", "\u00a0", " \n"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_white_space_makes_no_passage_without_end(gap: str, strategy: Strategy) -> None:
    document = read_document(f"{gap * 200_000}a{gap * 200_000}b\f{gap * 200_000}c".encode(), "a.txt")
    chunks = chunk_document(document, token_counter(), Chunking(strategy=strategy))
    check(document, chunks, token_counter(), 254)
    assert [chunk.text for chunk in chunks] == ["a", "b", "c"]


def test_what_no_tokenizer_knows_counts_also_before_words_that_it_knows() -> None:
    document = read_document(("\ufffd" * 200_000 + " words").encode(), "a.txt")
    chunks = chunk_document(document, token_counter())
    check(document, chunks, token_counter(), 254)
    assert max(len(chunk.text) for chunk in chunks) < 20_000


def test_passages_of_headings_alone_stand_under_what_these_share() -> None:
    heads: list[tuple[BlockKind, str, int]] = [("heading", f"Head {n}", 2) for n in range(100)]
    document = document_of([("heading", "Manual", 1), *heads, ("paragraph", "Words of the last.")])
    chunks = cut(document, Words(), 40, 0)
    assert [chunk.headings for chunk in chunks[:-1]] == [("Manual",)] * (len(chunks) - 1)
    assert chunks[-1].headings == ("Manual", "Head 99")
    (only,) = cut(document_of([("heading", "Manual", 1), ("heading", "Safety", 2)]), Words(), 40, 0)
    assert only.headings == ("Manual", "Safety")
