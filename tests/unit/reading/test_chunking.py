from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.functions.reading import (
    Block,
    ChunkText,
    Page,
    ReadDocument,
    TokenCounter,
    chunk_document,
    read_document,
)
from inference.functions.reading.document import BlockKind, PageWriter
from inference.models.collections import Chunking
from inference.runner import token_counter
from tests.manual import operating_manual
from tests.unit.reading.counters import Hostile, WordPieces, Words, word_pieces

_Strategy = Literal["structure", "tokens", "sentences", "pages"]
_STRATEGIES: tuple[_Strategy, ...] = ("structure", "tokens", "sentences", "pages")
_PARAGRAPH = "The valve is opened slowly. It has a red wheel. Nobody may touch it during a storm! "


def _document(*pages: list[tuple[BlockKind, str] | tuple[BlockKind, str, int]], going_on: bool = False) -> ReadDocument:
    made: list[Page] = []
    for number, blocks in enumerate(pages, 1):
        writer = PageWriter()
        for at, block in enumerate(blocks):
            writer.add(
                block[0],
                block[1],
                level=block[2] if len(block) == 3 else 0,
                continues=going_on and at == 0 and number > 1,
            )
        made.append(writer.page(number))
    return ReadDocument("pdf", None, made)


def _cut(
    document: ReadDocument, counter: TokenCounter, limit: int, overlap: int, strategy: _Strategy = "structure"
) -> list[ChunkText]:
    return chunk_document(document, counter, Chunking(strategy=strategy, overlap_tokens=overlap), most=limit)


def check(document: ReadDocument, chunks: list[ChunkText], counter: TokenCounter, limit: int) -> None:
    """What holds for chunks of any document."""
    pages = {page.number: page for page in document.pages}
    covered = {number: bytearray(len(page.text)) for number, page in pages.items()}
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    for chunk in chunks:
        assert chunk.text.strip()
        assert chunk.token_count == counter.count(chunk.text) <= limit
        assert 0 <= chunk.page_end - chunk.page <= 1
        if chunk.page == chunk.page_end:
            assert pages[chunk.page].text[chunk.start : chunk.end] == chunk.text
        else:
            tail, head = pages[chunk.page].text[chunk.start :], pages[chunk.page_end].text[: chunk.end]
            assert chunk.text == f"{tail}\n{head}"
        for number in range(chunk.page, chunk.page_end + 1):
            start = chunk.start if number == chunk.page else 0
            end = chunk.end if number == chunk.page_end else len(pages[number].text)
            covered[number][start:end] = b"\x01" * (end - start)
    for before, after in pairwise(chunks):
        assert (before.page, before.start) < (after.page, after.start)
        assert (before.page_end, before.end) < (after.page_end, after.end)
    for number, page in pages.items():
        missed = [c for c, there in zip(page.text, covered[number], strict=True) if not there and not c.isspace()]
        assert not missed


_words = st.text(st.sampled_from("abcdefgXYZ.!? \u00e4\u4e2d\u3002\n1,"), min_size=1, max_size=400)
_repeated: st.SearchStrategy[str] = st.sampled_from([_PARAGRAPH, "word ", "x", "\ufffd", "- item\n"])
_long = st.tuples(_repeated, st.integers(1, 90)).map(lambda drawn: drawn[0] * drawn[1])
_kinds: st.SearchStrategy[BlockKind] = st.sampled_from(["heading", "paragraph", "list", "table", "code"])


@st.composite
def documents(draw: st.DrawFn) -> ReadDocument:
    pages: list[Page] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        writer = PageWriter()
        for _ in range(draw(st.integers(0, 5))):
            kind = draw(_kinds)
            goes_on = bool(pages) and bool(pages[-1].blocks) and not writer and draw(st.booleans())
            writer.add(
                kind, draw(_words | _long), level=draw(st.integers(1, 4)) if kind == "heading" else 0, continues=goes_on
            )
        pages.append(writer.page(number))
    return ReadDocument("pdf", None, pages)


@settings(max_examples=250, deadline=None)
@given(documents(), st.sampled_from([8, 20, 60, 254]), st.booleans(), st.sampled_from(_STRATEGIES))
def test_any_document_is_covered_in_order_within_the_limit(
    document: ReadDocument, limit: int, overlapping: bool, strategy: _Strategy
) -> None:
    counter = Words()
    check(document, _cut(document, counter, limit, limit // 8 if overlapping else 0, strategy), counter, limit)


@settings(max_examples=60, deadline=None)
@given(documents(), st.sampled_from(_STRATEGIES))
def test_the_embedders_tokenizer_finds_no_chunk_too_long(document: ReadDocument, strategy: _Strategy) -> None:
    check(document, _cut(document, word_pieces(), 32, 8, strategy), word_pieces(), 32)


@settings(max_examples=60, deadline=None)
@given(documents(), st.sampled_from(_STRATEGIES))
def test_a_counter_that_finds_more_in_a_part_than_in_the_whole_is_still_obeyed(
    document: ReadDocument, strategy: _Strategy
) -> None:
    check(document, _cut(document, Hostile(), 12, 4, strategy), Hostile(), 12)


def test_a_page_without_any_space_is_cut() -> None:
    for character in ("x", "\u6c34", "\ufffd"):
        document = _document([("paragraph", character * 100_000)])
        chunks = chunk_document(document, word_pieces())
        check(document, chunks, word_pieces(), 254)
        assert max(len(chunk.text) for chunk in chunks) < 20_000


@pytest.mark.parametrize("gap", [" ", "\t", "\n", "\u00a0", " \n"])
@pytest.mark.parametrize("strategy", _STRATEGIES)
def test_white_space_makes_no_passage_without_end(gap: str, strategy: _Strategy) -> None:
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
    document = _document([("heading", "Manual", 1), *heads, ("paragraph", "Words of the last.")])
    chunks = _cut(document, Words(), 40, 0)
    assert [chunk.headings for chunk in chunks[:-1]] == [("Manual",)] * (len(chunks) - 1)
    assert chunks[-1].headings == ("Manual", "Head 99")
    (only,) = _cut(_document([("heading", "Manual", 1), ("heading", "Safety", 2)]), Words(), 40, 0)
    assert only.headings == ("Manual", "Safety")


def test_sections_stay_apart_and_know_their_headings() -> None:
    document = _document(
        [
            ("heading", "Manual", 1),
            ("heading", "Safety", 2),
            ("paragraph", _PARAGRAPH * 4),
            ("heading", "Operation", 2),
            ("paragraph", _PARAGRAPH * 4),
        ]
    )
    first, second = _cut(document, Words(), 100, 10)
    assert first.text.startswith("Manual\n\nSafety\n\nThe valve")
    assert first.headings == ("Manual", "Safety")
    assert second.text.startswith("Operation\n\nThe valve")
    assert second.headings == ("Manual", "Operation")


def test_small_sections_go_together_under_the_heading_that_they_share() -> None:
    blocks: list[tuple[BlockKind, str] | tuple[BlockKind, str, int]] = [("heading", "Manual", 1)]
    for n in range(5):
        blocks.append(("heading", f"Part {n}", 2))
        blocks.append(("paragraph", "One short line."))
    document = _document(blocks)
    (only,) = _cut(document, Words(), 100, 10)
    assert only.headings == ("Manual",)


def test_a_long_paragraph_is_cut_at_sentences_that_overlap() -> None:
    document = _document([("paragraph", _PARAGRAPH * 12)])
    chunks = _cut(document, Words(), 60, 12)
    assert len(chunks) > 2
    for before, after in pairwise(chunks):
        assert before.text.endswith((".", "!"))
        assert after.text[0].isupper()
        assert after.start < before.end  # some of it is said twice
        assert Words().count(document.pages[0].text[after.start : before.end]) <= 12
    sizes = [chunk.token_count for chunk in chunks]
    assert min(sizes) > max(sizes) // 2  # no crumb at the end


def test_without_overlap_nothing_is_said_twice() -> None:
    chunks = _cut(_document([("paragraph", _PARAGRAPH * 12)]), Words(), 60, 0)
    assert all(after.start > before.end for before, after in pairwise(chunks))


def test_sections_that_are_no_neighbours_in_one_paragraph_do_not_overlap() -> None:
    document = _document(
        [("heading", "A", 1), ("paragraph", _PARAGRAPH * 3), ("heading", "B", 1), ("paragraph", _PARAGRAPH * 3)]
    )
    first, second = _cut(document, Words(), 70, 30)
    assert second.start > first.end


def test_a_chunk_ends_at_a_paragraph_rather_than_at_an_even_share() -> None:
    sentence = "Here are just nine words and then a stop. "
    document = _document([("paragraph", sentence * 6), ("paragraph", sentence * 9)])
    first, _ = _cut(document, Words(), 100, 10)
    assert first.text == document.pages[0].text[: document.pages[0].blocks[0].end]


def test_no_chunk_ends_with_a_heading() -> None:
    sentence = "Here are just nine words and then a stop. "
    document = _document([("heading", "word " * 60, 1), ("paragraph", sentence * 3 + sentence * 12)])
    first, *_ = _cut(document, Words(), 100, 10)
    assert first.text.endswith("stop.")


def test_a_small_section_that_does_not_fit_stays_alone() -> None:
    document = _document(
        [
            ("heading", "A", 1),
            ("heading", "Small", 2),
            ("paragraph", "Few words."),
            ("heading", "Large", 2),
            ("paragraph", "word " * 97),
        ]
    )
    assert [chunk.headings for chunk in _cut(document, Words(), 100, 10)] == [("A", "Small"), ("A", "Large")]


def test_a_table_is_cut_between_rows() -> None:
    rows = "\n".join(f"A{n:02} | Meaning of number {n} | do this and that" for n in range(40))
    chunks = _cut(_document([("table", rows)]), Words(), 80, 16)
    assert len(chunks) > 3
    assert all(line in rows.split("\n") for chunk in chunks for line in chunk.text.split("\n"))


def test_a_paragraph_that_goes_on_makes_a_chunk_of_two_pages() -> None:
    document = _document(
        [("paragraph", "The water flows through the")], [("paragraph", "pipe and is gone.")], going_on=True
    )
    (only,) = _cut(document, Words(), 100, 10)
    assert (only.page, only.start, only.page_end, only.end) == (1, 0, 2, 17)
    assert only.text == "The water flows through the\npipe and is gone."


def test_pages_that_do_not_go_on_stay_apart_however_small() -> None:
    document = _document([("paragraph", "One.")], [("paragraph", "Two.")])
    assert [(chunk.page, chunk.text) for chunk in chunk_document(document, Words())] == [(1, "One."), (2, "Two.")]


def test_a_heading_at_the_foot_of_a_page_goes_with_its_text() -> None:
    document = _document([("heading", "Alarms", 1)], [("paragraph", "A17 is hot.")])
    (only,) = chunk_document(document, Words())
    assert (only.text, only.page, only.page_end, only.headings) == ("Alarms\nA17 is hot.", 1, 2, ("Alarms",))


def test_a_document_of_headings_alone_is_kept() -> None:
    document = _document([("heading", "A", 1), ("heading", "B", 2)])
    (only,) = chunk_document(document, Words())
    assert (only.text, only.headings) == ("A\n\nB", ("A", "B"))


def test_no_text_makes_no_chunk() -> None:
    assert chunk_document(ReadDocument("pdf", None, [Page(1, "")]), Words()) == []


def test_a_page_is_tokenised_once_however_long_it_is() -> None:
    class Counting(Words):
        characters = 0

        def spans(self, text: str) -> list[tuple[int, int]]:
            self.characters += len(text)
            return super().spans(text)

        def count(self, text: str) -> int:
            return len(super().spans(text))

    counter = Counting()
    text = _PARAGRAPH * 4000
    chunk_document(ReadDocument("text", None, [Page(1, text, [Block(0, len(text), "paragraph")])]), counter)
    assert counter.characters == len(text)


def test_a_text_of_words_is_tokenised_once() -> None:
    class Counting(WordPieces):
        counted = 0

        def count(self, text: str) -> int:
            self.counted += 1
            return super().count(text)

    counter = Counting()
    document = _document([("paragraph", _PARAGRAPH * 40)], [("paragraph", _PARAGRAPH * 40)], going_on=True)
    check(document, chunk_document(document, counter), word_pieces(), 254)
    assert counter.counted == 0


def test_a_limit_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        _cut(_document([("paragraph", "x")]), Words(), 7, 0)


def test_the_manual_keeps_its_facts_whole() -> None:
    document = read_document(operating_manual(), "manual.pdf")
    chunks = chunk_document(document, word_pieces())
    check(document, chunks, word_pieces(), 254)
    rows = [
        chunk
        for chunk in chunks
        if "A17 | Bearing temperature above 95 degrees Celsius | 1 | Check oil level" in chunk.text
    ]
    assert [(chunk.page, chunk.headings[-1]) for chunk in rows] == [(5, "5 Alarms")]


def _three_pages() -> ReadDocument:
    return _document(
        [("heading", "Pumps", 1), ("paragraph", _PARAGRAPH * 3)],
        [("paragraph", "Short."), ("heading", "Valves", 1), ("paragraph", "One valve.")],
        [("paragraph", _PARAGRAPH)],
    )


def test_pages_are_passages_and_cut_when_they_are_too_long() -> None:
    chunks = _cut(_three_pages(), Words(), 40, 0, "pages")
    assert [(chunk.page, chunk.page_end) for chunk in chunks] == [(1, 1), (1, 1), (2, 2), (3, 3)]
    assert chunks[2].text == "Short.\n\nValves\n\nOne valve."
    assert [chunk.headings for chunk in chunks] == [("Pumps",)] * 3 + [("Valves",)]


def test_sentences_fill_passages_over_pages_and_overlap_whole() -> None:
    chunks = _cut(_three_pages(), Words(), 30, 12, "sentences")
    for chunk in chunks:
        assert chunk.text.endswith((".", "!", "Valves", "Pumps"))
    assert any(chunk.page_end > chunk.page for chunk in chunks)
    for before, after in pairwise(chunks):
        assert after.page != before.page_end or after.start < before.end or after.text[0].isupper()


def test_windows_of_tokens_are_full_and_overlap_by_as_much_as_is_asked() -> None:
    words = " ".join(f"w{n}" for n in range(500))
    chunks = _cut(_document([("paragraph", words)]), Words(), 50, 10, "tokens")
    assert [chunk.token_count for chunk in chunks[:-1]] == [50] * (len(chunks) - 1)
    assert [chunk.text.split()[0] for chunk in chunks] == [f"w{n}" for n in range(0, 490, 40)]


def test_max_tokens_is_obeyed_up_to_what_the_embedder_takes() -> None:
    document = _document([("paragraph", _PARAGRAPH * 100)])
    for asked, most, limit in ((None, 60, 60), (30, 60, 30), (8000, 60, 60)):
        chunks = chunk_document(document, Words(), Chunking(max_tokens=asked, overlap_tokens=512), most=most)
        check(document, chunks, Words(), limit)
        assert max(chunk.token_count for chunk in chunks) > limit - 8


def test_a_row_stays_whole_though_it_is_most_of_a_passage() -> None:
    rows = [" | ".join(f"r{n}c{c}" for c in range(20)) for n in range(8)]
    chunks = _cut(_document([("table", "\n".join(rows))]), Words(), 50, 0)
    assert [chunk.text for chunk in chunks] == rows
    assert [chunk.table_head for chunk in chunks] == ["", *[rows[0]] * 7]
