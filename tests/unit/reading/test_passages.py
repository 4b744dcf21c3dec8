"""Where each strategy cuts."""

from __future__ import annotations

from itertools import pairwise

import pytest

from inference.functions.reading import (
    Block,
    Page,
    ReadDocument,
    chunk_document,
    expected_passages,
    read_document,
)
from inference.functions.reading.document import BlockKind
from inference.models.collections import Chunking
from tests.manual import operating_manual
from tests.unit.reading.counters import WordPieces, Words, word_pieces
from tests.unit.reading.cutting import PARAGRAPH, STRATEGIES, Strategy, check, cut, document_of


def test_sections_stay_apart_and_know_their_headings() -> None:
    document = document_of(
        [
            ("heading", "Manual", 1),
            ("heading", "Safety", 2),
            ("paragraph", PARAGRAPH * 4),
            ("heading", "Operation", 2),
            ("paragraph", PARAGRAPH * 4),
        ]
    )
    first, second = cut(document, Words(), 100, 10)
    assert first.text.startswith("Manual\n\nSafety\n\nThe valve")
    assert first.headings == ("Manual", "Safety")
    assert second.text.startswith("Operation\n\nThe valve")
    assert second.headings == ("Manual", "Operation")


def test_small_sections_go_together_under_the_heading_that_they_share() -> None:
    blocks: list[tuple[BlockKind, str] | tuple[BlockKind, str, int]] = [("heading", "Manual", 1)]
    for n in range(5):
        blocks.append(("heading", f"Part {n}", 2))
        blocks.append(("paragraph", "One short line."))
    document = document_of(blocks)
    (only,) = cut(document, Words(), 100, 10)
    assert only.headings == ("Manual",)


def test_a_long_paragraph_is_cut_at_sentences_that_overlap() -> None:
    document = document_of([("paragraph", PARAGRAPH * 12)])
    chunks = cut(document, Words(), 60, 12)
    assert len(chunks) > 2
    for before, after in pairwise(chunks):
        assert before.text.endswith((".", "!"))
        assert after.text[0].isupper()
        assert after.start < before.end  # some of it is said twice
        assert Words().count(document.pages[0].text[after.start : before.end]) <= 12
    sizes = [chunk.token_count for chunk in chunks]
    assert min(sizes) > max(sizes) // 2  # no crumb at the end


def test_without_overlap_nothing_is_said_twice() -> None:
    chunks = cut(document_of([("paragraph", PARAGRAPH * 12)]), Words(), 60, 0)
    assert all(after.start > before.end for before, after in pairwise(chunks))


def test_sections_that_are_no_neighbours_in_one_paragraph_do_not_overlap() -> None:
    document = document_of(
        [("heading", "A", 1), ("paragraph", PARAGRAPH * 3), ("heading", "B", 1), ("paragraph", PARAGRAPH * 3)]
    )
    first, second = cut(document, Words(), 70, 30)
    assert second.start > first.end


def test_a_chunk_ends_at_a_paragraph_rather_than_at_an_even_share() -> None:
    sentence = "Here are just nine words and then a stop. "
    document = document_of([("paragraph", sentence * 6), ("paragraph", sentence * 9)])
    first, _ = cut(document, Words(), 100, 10)
    assert first.text == document.pages[0].text[: document.pages[0].blocks[0].end]


def test_no_chunk_ends_with_a_heading() -> None:
    sentence = "Here are just nine words and then a stop. "
    document = document_of([("heading", "word " * 60, 1), ("paragraph", sentence * 3 + sentence * 12)])
    first, *_ = cut(document, Words(), 100, 10)
    assert first.text.endswith("stop.")


def test_a_small_section_that_does_not_fit_stays_alone() -> None:
    document = document_of(
        [
            ("heading", "A", 1),
            ("heading", "Small", 2),
            ("paragraph", "Few words."),
            ("heading", "Large", 2),
            ("paragraph", "word " * 97),
        ]
    )
    assert [chunk.headings for chunk in cut(document, Words(), 100, 10)] == [("A", "Small"), ("A", "Large")]


def test_a_table_is_cut_between_rows() -> None:
    rows = "\n".join(f"A{n:02} | Meaning of number {n} | do this and that" for n in range(40))
    chunks = cut(document_of([("table", rows)]), Words(), 80, 16)
    assert len(chunks) > 3
    assert all(line in rows.split("\n") for chunk in chunks for line in chunk.text.split("\n"))


def test_a_paragraph_that_goes_on_makes_a_chunk_of_two_pages() -> None:
    document = document_of(
        [("paragraph", "The water flows through the")], [("paragraph", "pipe and is gone.")], going_on=True
    )
    (only,) = cut(document, Words(), 100, 10)
    assert (only.page, only.start, only.page_end, only.end) == (1, 0, 2, 17)
    assert only.text == "The water flows through the\npipe and is gone."


def test_pages_that_do_not_go_on_stay_apart_however_small() -> None:
    document = document_of([("paragraph", "One.")], [("paragraph", "Two.")])
    assert [(chunk.page, chunk.text) for chunk in chunk_document(document, Words())] == [(1, "One."), (2, "Two.")]


def test_a_heading_at_the_foot_of_a_page_goes_with_its_text() -> None:
    document = document_of([("heading", "Alarms", 1)], [("paragraph", "A17 is hot.")])
    (only,) = chunk_document(document, Words())
    assert (only.text, only.page, only.page_end, only.headings) == ("Alarms\nA17 is hot.", 1, 2, ("Alarms",))


def test_a_document_of_headings_alone_is_kept() -> None:
    document = document_of([("heading", "A", 1), ("heading", "B", 2)])
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
    text = PARAGRAPH * 4000
    chunk_document(ReadDocument("text", None, [Page(1, text, [Block(0, len(text), "paragraph")])]), counter)
    assert counter.characters == len(text)


def test_a_text_of_words_is_tokenised_once() -> None:
    class Counting(WordPieces):
        counted = 0

        def count(self, text: str) -> int:
            self.counted += 1
            return super().count(text)

    counter = Counting()
    document = document_of([("paragraph", PARAGRAPH * 40)], [("paragraph", PARAGRAPH * 40)], going_on=True)
    check(document, chunk_document(document, counter), word_pieces(), 254)
    assert counter.counted == 0


def test_a_limit_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        cut(document_of([("paragraph", "x")]), Words(), 7, 0)


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
    return document_of(
        [("heading", "Pumps", 1), ("paragraph", PARAGRAPH * 3)],
        [("paragraph", "Short."), ("heading", "Valves", 1), ("paragraph", "One valve.")],
        [("paragraph", PARAGRAPH)],
    )


def test_pages_are_passages_and_cut_when_they_are_too_long() -> None:
    chunks = cut(_three_pages(), Words(), 40, 0, "pages")
    assert [(chunk.page, chunk.page_end) for chunk in chunks] == [(1, 1), (1, 1), (2, 2), (3, 3)]
    assert chunks[2].text == "Short.\n\nValves\n\nOne valve."
    assert [chunk.headings for chunk in chunks] == [("Pumps",)] * 3 + [("Valves",)]


def test_sentences_fill_passages_over_pages_and_overlap_whole() -> None:
    chunks = cut(_three_pages(), Words(), 30, 12, "sentences")
    for chunk in chunks:
        assert chunk.text.endswith((".", "!", "Valves", "Pumps"))
    assert any(chunk.page_end > chunk.page for chunk in chunks)
    for before, after in pairwise(chunks):
        assert after.page != before.page_end or after.start < before.end or after.text[0].isupper()


def test_windows_of_tokens_are_full_and_overlap_by_as_much_as_is_asked() -> None:
    words = " ".join(f"w{n}" for n in range(500))
    chunks = cut(document_of([("paragraph", words)]), Words(), 50, 10, "tokens")
    assert [chunk.token_count for chunk in chunks[:-1]] == [50] * (len(chunks) - 1)
    assert [chunk.text.split()[0] for chunk in chunks] == [f"w{n}" for n in range(0, 490, 40)]


def test_max_tokens_is_obeyed_up_to_what_the_embedder_takes() -> None:
    document = document_of([("paragraph", PARAGRAPH * 100)])
    for asked, most, limit in ((None, 60, 60), (30, 60, 30), (8000, 60, 60)):
        chunks = chunk_document(document, Words(), Chunking(max_tokens=asked, overlap_tokens=512), most=most)
        check(document, chunks, Words(), limit)
        assert max(chunk.token_count for chunk in chunks) > limit - 8


def test_a_row_stays_whole_though_it_is_most_of_a_passage() -> None:
    rows = [" | ".join(f"r{n}c{c}" for c in range(20)) for n in range(8)]
    chunks = cut(document_of([("table", "\n".join(rows))]), Words(), 50, 0)
    assert [chunk.text for chunk in chunks] == rows
    assert [chunk.headings for chunk in chunks] == [(), *[(rows[0],)] * 7]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("limit", [40, 120, 250])
def test_how_many_passages_there_will_be_is_known_about(strategy: Strategy, limit: int) -> None:
    parts: list[list[tuple[BlockKind, str]]] = [
        [("heading", f"Part {number}"), ("paragraph", PARAGRAPH * 40)] for number in range(12)
    ]
    document = document_of(*parts)
    tokens = sum(Words().count(page.text) for page in document.pages)
    chunking = Chunking(strategy=strategy, max_tokens=limit)
    made = len(chunk_document(document, Words(), chunking, most=250))
    assert 0.6 * made <= expected_passages(1, len(document.pages), tokens, chunking, 250) <= 1.5 * made
