from __future__ import annotations

import pytest

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import Limits, read_document
from tests import documents, manual
from tests.documents import Bullets, Element, Heading, Lines, Table, pdf
from tests.unit.reading.invariants import told

_FILLER = (
    "Body text that is set as text is set, so that the usual size of the document is known to whoever reads it. " * 3
)


def _read(*pages: list[Element], **how: str) -> list[tuple[int, str, str]]:
    return told(read_document(pdf(pages, **how), "a.pdf"))


def test_structure_on_numbered_pages() -> None:
    assert _read(
        [Heading("Manual"), _FILLER, Bullets(["one", "two"])],
        [Heading("Alarms", 2), "Second page.", Table([["Code", "Meaning"], ["A1", "Stop"], ["A2", "Go"]])],
    ) == [
        (1, "heading1", "Manual"),
        (1, "paragraph", _FILLER.strip()),
        (1, "list", "\u2022 one\n\u2022 two"),
        (2, "heading2", "Alarms"),
        (2, "paragraph", "Second page."),
        (2, "table", "Code | Meaning\nA1 | Stop\nA2 | Go"),
    ]


def test_divided_words_are_whole_again_and_compounds_keep_their_hyphen() -> None:
    lines = [
        "The mainte-",
        "nance of a split-",
        "case pump with a double-",
        "suction inlet. A double-suction",
        "pump is large.",
    ]
    assert _read([Lines(lines)]) == [
        (
            1,
            "paragraph",
            "The maintenance of a splitcase pump with a double-suction inlet. A double-suction pump is large.",
        )
    ]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("well-", "known", "well-known"),
        ("non-", "negotiable", "non-negotiable"),
        ("self-", "evident", "self-evident"),
        ("twenty-", "one", "twenty-one"),
        ("high-", "est", "highest"),
        ("exam-", "ple", "example"),
        ("2019-", "2020", "2019-2020"),
        ("two-", "and three-stage", "two- and three-stage"),
        ("high-", "pressure", "highpressure"),
    ],
)
def test_a_compound_that_a_line_divides_keeps_its_hyphen(first: str, second: str, whole: str) -> None:
    said = "Of the highpressure pump it is said that it is"
    assert _read([Lines([f"{said} {first}", f"{second} and that it leaks."])]) == [
        (1, "paragraph", f"{said} {whole} and that it leaks.")
    ]


def test_a_first_part_is_none_in_other_languages() -> None:
    assert _read([Lines(["Das ist all-", "gemein bekannt."])]) == [(1, "paragraph", "Das ist allgemein bekannt.")]


def test_a_paragraph_goes_on_over_the_page() -> None:
    document = read_document(
        pdf([[_FILLER, "The guard looks at the level and"], ["decides what to do.", _FILLER]]), "a.pdf"
    )
    assert [block.continues for block in document.pages[1].blocks] == [True, False]
    for before, after in (("The guard looks.", "then decides."), ("What guards do", "The guard looks.")):
        document = read_document(pdf([[_FILLER, before], [after, _FILLER]]), "a.pdf")
        assert [block.continues for block in document.pages[1].blocks] == [False, False]


@pytest.mark.parametrize("footer", ["", "{page}", "Station manual, page {page}"])
def test_a_word_that_the_page_divides_is_whole_and_nothing_of_the_foot_is_in_it(footer: str) -> None:
    pages: list[Element] = [
        Lines([_FILLER, "The pump is taken out for an exami-"]),
        Lines(["nation of its bearings. Then the inlet of the high-"]),
        Lines(["pressure pump is closed. The high-pressure pump has a mark."]),
        Lines([_FILLER]),
    ]
    document = read_document(pdf([[page] for page in pages], footer=footer), "a.pdf")
    assert [page.text for page in document.pages] == [
        f"{_FILLER.strip()}\n\nThe pump is taken out for an examination",
        "of its bearings. Then the inlet of the high-pressure",
        "pump is closed. The high-pressure pump has a mark.",
        _FILLER.strip(),
    ]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages: list[list[Element]] = [[f"Text of page {name}.", _FILLER] for name in ("one", "two", "three", "four")]
    blocks = _read(*pages, header="The station", footer="Page {page} of 4")
    assert [text for _, _, text in blocks if "Page " in text] == []
    assert [number for number, _, text in blocks if text == "The station"] == [1]  # once: nothing else may say it


def test_numbers_in_heads_that_do_not_count_pages_are_text() -> None:
    for pattern in ("Bill {}", "Bill {}, sheet {{page}}"):
        heads = [pattern.format(number) for number in (1007, 1003, 1001, 1040)]
        document = read_document(pdf([_FILLER] * 4, header=heads), "a.pdf")
        assert all(head.split(",")[0] in page.text for head, page in zip(heads, document.pages, strict=True))


def test_heads_whose_numbers_are_not_as_many_can_be_compared() -> None:
    for heads in (["1", "2", "iii", "4"], ["# 1", "1 2", "2 3", "# 4"]):
        document = read_document(pdf([_FILLER] * 4, header=heads), "a.pdf")
        assert all("whoever reads it" in page.text for page in document.pages)


@pytest.mark.parametrize(
    "pattern",
    [
        "{page}",
        "- {page} -",
        "Page {page}",
        "{page} / 12",
        "Seite {page} von 12",
        "Annual report 2024 \u00b7 {page}",
        "{page} | Chapter 2",
        "Chapter 2 | {page}",
        "Order 4711, page {page}, printed 2024",
    ],
)
def test_numbers_of_pages_are_left_out(pattern: str) -> None:
    texts = [f"Text of page {name}." for name in ("one", "two", "three", "four")]
    document = read_document(pdf(texts, footer=pattern), "a.pdf")
    assert [page.text for page in document.pages] == texts


def test_a_number_within_a_line_that_counts_as_the_pages_do_is_text() -> None:
    heads = [f"Total due: {100 + number} EUR" for number in range(4)]
    document = read_document(pdf([_FILLER] * 4, header=heads), "a.pdf")
    assert [page.text.split("\n")[0] for page in document.pages] == heads


def test_titles_that_count_as_the_pages_do_are_headings() -> None:
    pages = [[(72, 790, f"Exercise {number}", 16), (72, 740, _FILLER[:80], 11)] for number in range(1, 5)]
    document = read_document(documents.sized(pages), "a.pdf")
    assert [page.blocks[0].title for page in document.pages] == [f"Exercise {number}" for number in range(1, 5)]


def test_heads_of_two_pages_are_text() -> None:
    blocks = _read(["one"], ["two"], header="The station")
    assert [number for number, _, text in blocks if text == "The station"] == [1, 2]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The manual", "The manual"),
        ("Microsoft Word - x.docx", "A heading"),
        ("untitled", "A heading"),
        ("", "A heading"),
    ],
)
def test_title(title: str, expected: str) -> None:
    assert read_document(pdf([[Heading("A heading"), _FILLER]], title=title), "a.pdf").title == expected


def test_progress_is_told_for_every_page() -> None:
    heard: list[tuple[int, int]] = []
    read_document(pdf(["a", "b", "c"]), "a.pdf", None, lambda read, of: heard.append((read, of)))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_the_manual_tells_its_facts_on_their_pages() -> None:
    document = read_document(manual.operating_manual(), manual.NAME)
    assert document.title == manual.TITLE
    assert len(document.pages) == 6
    told(document)
    for fact in manual.FACTS:
        assert fact.answer in document.pages[fact.page - 1].text
    assert document.pages[3].blocks[0].continues


def test_an_empty_page_among_others_keeps_its_number() -> None:
    assert _read(["one"], [" "], ["three"]) == [(1, "paragraph", "one"), (3, "paragraph", "three")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (documents.encrypted_pdf(), "“a.pdf” is protected by a password"),
        (documents.broken_pdf(), "“a.pdf” is a damaged PDF"),
        (documents.scanned_pdf(2), "“a.pdf” has no text layer, and no text could be recognised"),
        (b"%PDF-1.7\n", "“a.pdf” is a damaged PDF"),
        (b"%PDF-1.7\n" + b"\x00\xff" * 5000, "“a.pdf” is a damaged PDF"),
    ],
    ids=["locked", "cut", "scanned", "head only", "noise"],
)
def test_what_cannot_be_read_is_told_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(data, "a.pdf")
    assert words in caught.value.message


def test_a_pdf_that_opens_without_a_password_is_read_though_it_is_encrypted() -> None:
    assert told(read_document(documents.encrypted_pdf("", "Open to all."), "a.pdf")) == [
        (1, "paragraph", "Open to all.")
    ]


def test_a_pdf_cut_short_gives_what_is_left_or_an_error_in_words() -> None:
    whole = manual.operating_manual()
    for length in range(400, len(whole), 700):
        try:
            told(read_document(whole[:length], "a.pdf"))
        except UnreadableDocument as error:
            assert "a.pdf" in error.message  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(max_pages=2), "has 3 pages; at most 2 are taken"),
        (Limits(max_characters=20), "has more than 20 characters of text"),
        (Limits(max_blocks=2), "has 3 paragraphs; at most 2 are taken"),
    ],
)
def test_limits_count_what_is_in_a_document(limits: Limits, words: str) -> None:
    with pytest.raises(TooLarge) as caught:
        read_document(pdf(["the first page", "the second", "the third"]), "a.pdf", limits=limits)
    assert words in caught.value.message
