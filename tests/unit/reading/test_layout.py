"""Lines into paragraphs and tables: decisions over places on a page, tested without a PDF."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from inference.functions.reading.pages.layout import Look, join, look_of, parts_of
from inference.functions.reading.pages.rawlines import LINE_END_HYPHEN, Cell, RawLine, Row, adjoins, together
from inference.functions.reading.pages.tables import find_tables

_SIZE = 12.0
_LEADING = 14.0
_WIDTH = 5.0  # of a character


def line(
    text: str, top: float, left: float = 70.0, *, size: float = _SIZE, bold: bool = False, right: float = 0
) -> RawLine:
    return RawLine(text, left, right or left + _WIDTH * len(text), top, top - size, size, bold)


def row(top: float, *cells: tuple[float, str]) -> RawLine:
    made = tuple(Cell(text, left, left + _WIDTH * len(text)) for left, text in cells)
    whole = " ".join(cell.text for cell in made)
    return RawLine(whole, made[0].left, made[-1].right, top, top - _SIZE, _SIZE, False, made if len(made) > 1 else ())


def block(*texts: str, top: float = 700.0, left: float = 70.0, right: float = 500.0) -> list[RawLine]:
    """Full lines of one paragraph, one below the other."""
    return [line(text, top - n * _LEADING, left, right=right) for n, text in enumerate(texts)]


def told(lines: list[RawLine]) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in parts_of(lines, look_of([lines]))]


def run(text: str, left: float, top: float = 700.0, *, size: float = _SIZE) -> RawLine:
    """A line with its box, as PDFium finds it."""
    return replace(line(text, top, left, size=size), rows=(Row(left, top - size, left + _WIDTH * len(text), top),))


@pytest.mark.parametrize(
    ("after", "goes_on"),
    [
        (run("2", 91, 703, size=8), True),
        (run("2", 91, 691, size=8), True),
        (run("for", 96, 700), True),
        (run("2", 91, 709, size=8), False),
        (run("below", 91, 688), False),
        (run("beside", 120), False),
        (run("before", 40), False),
        (run("2", 91, 703, size=4), False),
    ],
    ids=["exponent", "index", "after a space", "above", "next line", "next column", "jumps back", "far smaller"],
)
def test_what_goes_on_right_behind_a_line_is_of_it(after: RawLine, goes_on: bool) -> None:
    assert adjoins(Row(65, 688, 90, 700), _SIZE, after) is goes_on


def test_a_line_and_its_exponent_are_one() -> None:
    whole = together([run("The area is m", 70), run("2", 136, 704, size=8), run("of", 145)])
    assert whole.text == "The area is m2 of"
    assert (whole.left, whole.right, whole.top, whole.base, whole.size) == (70, 155, 700, 688, _SIZE)
    assert whole.rows == (Row(70, 688, 155, 704),)


def test_a_row_of_a_table_and_its_exponent_keep_their_cells() -> None:
    first = replace(row(700, (70, "Area"), (200, "16 m")), rows=(Row(70, 688, 220, 700),))
    second = replace(row(700, (230, "net"), (300, "more")), rows=(Row(230, 688, 320, 700),))
    whole = together([first, run("2", 221, 704, size=8), second])
    assert [(cell.text, cell.left, cell.right) for cell in whole.cells] == [
        ("Area", 70, 90),
        ("16 m2 net", 200, 245),
        ("more", 300, 320),
    ]


def test_lines_close_together_are_a_paragraph_and_white_space_ends_it() -> None:
    lines = block("one two", "three four") + block("five six", "seven", top=660)
    assert told(lines) == [("paragraph", "one two three four"), ("paragraph", "five six seven")]


def test_an_indented_line_begins_a_paragraph() -> None:
    lines = block("one", "two.", "three", "four") + block("five", top=700 - 4 * _LEADING, left=85)
    lines += block("six", top=700 - 5 * _LEADING)
    assert told(lines) == [("paragraph", "one two. three four"), ("paragraph", "five six")]


def test_a_short_line_that_ends_a_sentence_ends_the_paragraph() -> None:
    lines = [
        *block("one", "two"),
        line("three.", 700 - 2 * _LEADING),
        *block("four and more", "five", top=700 - 3 * _LEADING),
    ]
    assert [text for _, text in told(lines)] == ["one two three.", "four and more five"]


def test_larger_and_bold_lines_are_headings_by_rank() -> None:
    body = "all of the body text is as large as this"
    lines = [
        line("Manual", 780, size=24),
        line("Of the pump", 755, size=24),
        line("1 Safety", 720, size=16),
        *block(body, body, top=690),
        line("Bold words", 650, bold=True),
        *block(body, top=630),
        line("A bold sentence is none.", 600, bold=True),
        *block(body, top=580),
    ]
    look = look_of([lines])
    parts = parts_of(lines, look)
    assert [(part.kind, part.text) for part in parts if part.kind == "heading"] == [
        ("heading", "Manual Of the pump"),
        ("heading", "1 Safety"),
        ("heading", "Bold words"),
    ]
    assert [look.level(part.lines[0].size) for part in parts if part.kind == "heading"] == [1, 2, 3]


def test_points_of_a_list_stay_apart_and_keep_their_wrapped_lines() -> None:
    lines = [
        line("\u2022 first point", 700, right=500),
        line("goes on", 700 - _LEADING, 80),
        line("\u2022 second", 700 - 2 * _LEADING),
        line("1. numbered", 700 - 3 * _LEADING),
        line("2) numbered", 700 - 4 * _LEADING),
    ]
    assert told(lines) == [
        ("list", "\u2022 first point goes on"),
        ("list", "\u2022 second"),
        ("list", "1. numbered"),
        ("list", "2) numbered"),
    ]


def test_text_after_the_last_point_is_no_part_of_it() -> None:
    lines = [line("\u2022 a point that ends.", 700, right=500), line("goes back to the margin", 700 - _LEADING)]
    assert [kind for kind, _ in told(lines)] == ["list", "paragraph"]


@pytest.mark.parametrize(("first", "expected"), [("goes on", 1), ("Begins", 2)])
def test_a_sentence_goes_on_in_the_next_column(first: str, expected: int) -> None:
    lines = block("the left column", "ends in a sentence that", top=100) + block(
        first, "here", top=700, left=320, right=550
    )
    assert len(told(lines)) == expected


def test_look_is_taken_from_most_of_the_text() -> None:
    look = look_of([[*block("x" * 80, "y" * 80), line("Title", 780, size=30)]])
    assert (look.size, look.heading_sizes) == (12.0, (30.0,))
    assert look.gap == pytest.approx((_LEADING - _SIZE) / _SIZE)  # pyright: ignore[reportUnknownMemberType] - untyped


def test_nothing_on_a_page_is_nothing() -> None:
    assert parts_of([], look_of([[]])) == []


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["one", "two"], "one two"),
        (["mainte-", "nance"], f"mainte{LINE_END_HYPHEN}nance"),
        ([f"mainte{LINE_END_HYPHEN}", "nance"], f"mainte{LINE_END_HYPHEN}nance"),
        (["4-", "5 bar"], "4-5 bar"),
        (["2019-", "2020"], "2019-2020"),
        (["2019\u2013", "2020"], "2019\u20132020"),
        (["COVID-", "19"], "COVID-19"),
        (["the pump \u2013", "2 bar"], "the pump \u2013 2 bar"),
        (["the pump\u2013", "2 bar"], "the pump\u2013 2 bar"),
        (["3 -", "2 bar"], "3 - 2 bar"),
        (["\u6c34\u6cf5", "\u7ad9"], "\u6c34\u6cf5\u7ad9"),
        ([], ""),
    ],
)
def test_lines_are_joined(texts: list[str], joined: str) -> None:
    assert join(texts) == joined


def _rows(*lines: RawLine) -> list[str]:
    (table,) = find_tables(lines)
    assert (table.start, table.end) == (0, len(lines))
    return table.rows


def test_a_table_written_line_by_line() -> None:
    assert _rows(row(700, (70, "Code"), (200, "Meaning")), row(680, (70, "A1"), (200, "Stop"))) == [
        "Code | Meaning",
        "A1 | Stop",
    ]


def test_a_table_written_cell_by_cell_with_wrapped_cells() -> None:
    assert _rows(
        row(700, (70, "Code"), (200, "Meaning"), (400, "Action")),
        row(670, (70, "A1"), (200, "Suction is")),
        row(656, (200, "too low")),
        row(670, (400, "Look")),
        row(656, (400, "twice")),
        row(630, (70, "A2"), (200, "Hot"), (400, "Wait")),
    ) == ["Code | Meaning | Action", "A1 | Suction is too low | Look twice", "A2 | Hot | Wait"]


def test_the_first_cell_of_a_row_may_be_wrapped_or_missing() -> None:
    assert _rows(
        row(700, (70, "Part"), (200, "Interval")),
        row(670, (70, "Suction")),
        row(656, (70, "strainer")),
        row(670, (200, "daily")),
        row(630, (70, "Seal"), (200, "yearly")),
    ) == ["Part | Interval", "Suction strainer | daily", "Seal | yearly"]


def test_right_aligned_numbers_are_a_column() -> None:
    assert _rows(
        row(700, (70, "a"), (220, "1")), row(680, (70, "b"), (210, "100")), row(660, (70, "c"), (205, "9 000"))
    ) == [
        "a | 1",
        "b | 100",
        "c | 9 000",
    ]


def test_text_around_a_table_is_no_part_of_it() -> None:
    lines = [
        *block("before the table stands text", top=760),
        row(700, (70, "Code"), (200, "Meaning")),
        row(680, (70, "A1"), (200, "Stop")),
        line("Contacts", 650),
        *block("after the table stands text that is wide", top=620),
    ]
    assert told(lines) == [
        ("paragraph", "before the table stands text"),
        ("table", "Code | Meaning\nA1 | Stop"),
        ("paragraph", "Contacts"),
        ("paragraph", "after the table stands text that is wide"),
    ]


def test_marks_set_apart_from_their_points_are_no_column() -> None:
    lines = [row(700, (70, "\u2022"), (100, "first point")), row(680, (70, "\u2022"), (100, "second"))]
    assert told(lines) == [("list", "\u2022 first point"), ("list", "\u2022 second")]


def test_entries_of_a_table_of_contents_stay_apart() -> None:
    assert told(block("1 Safety . . . . . . . . 1", "2 Alarms ........ 12", "Index")) == [
        ("paragraph", "1 Safety . . . . . . . . 1"),
        ("paragraph", "2 Alarms ........ 12"),
        ("paragraph", "Index"),
    ]


def spaced(top: float, *words: str, right: float = 300.0) -> RawLine:
    """A justified line: its words at equal distances from 70 to `right`."""
    letters = _WIDTH * sum(map(len, words))
    gap = (right - 70 - letters) / (len(words) - 1)
    cells: list[Cell] = []
    for word in words:
        left = cells[-1].right + gap if cells else 70.0
        cells.append(Cell(word, left, left + _WIDTH * len(word), inf))
    return RawLine(" ".join(words), 70, right, top, top - _SIZE, _SIZE, False, tuple(cells))


def test_justified_lines_are_no_rows() -> None:
    lines = [
        spaced(700, "representatives", "of", "the", "surrounding"),
        spaced(686, "communities", "asked", "for", "additional"),
        line("information on the consequences, which", 672, right=300),
        spaced(658, "intermediate", "reservoir"),
        line("should begin", 644),
    ]
    assert told(lines) == [("paragraph", " ".join(line.text for line in lines))]


@pytest.mark.parametrize(
    "words",
    [
        (("1203", "4402", "5501"), ("9000", "1234", "4321"), ("7000", "5050", "6060")),
        (("Rent", "1000"), ("Electricity", "30"), ("Water", "5")),
    ],
    ids=["columns stand below each other", "two words a line"],
)
def test_rows_whose_words_are_evenly_apart_are_a_table(words: tuple[tuple[str, ...], ...]) -> None:
    rows = [spaced(700 - _LEADING * n, *cells) for n, cells in enumerate(words)]
    assert told(rows) == [("table", "\n".join(" | ".join(row) for row in words))]


def test_lines_of_words_scattered_by_the_hundred_are_no_rows() -> None:
    scattered = [row(700 - 12 * n, *((20.0 * at, "x") for at in range(2000))) for n in range(20)]
    assert list(find_tables(scattered)) == []


def test_one_line_with_a_gap_is_no_table() -> None:
    assert told([row(700, (70, "Lindau,"), (300, "14 March"))]) == [("paragraph", "Lindau, 14 March")]


def test_a_look_without_headings_ranks_first() -> None:
    assert Look(12, 0.1).level(12) == 1
