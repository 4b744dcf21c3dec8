"""The order of two-column pages, drawn in every order that programs draw them in."""

from __future__ import annotations

from itertools import chain, zip_longest

import pytest

from inference.functions.reading import read_document
from tests import documents

_Line = tuple[float, float, str]
_SENTENCE = "the water of the lake runs down to the towns"


def _column(x: float, name: str, lines: int = 30) -> list[_Line]:
    return [(x, 700 - 12 * n, f"{name}{n:02} {_SENTENCE}"[: 46 + n % 5]) for n in range(lines)]


_LEFT, _RIGHT = _column(60, "L"), _column(320, "R", 26)
_TITLE: list[_Line] = [(170, 780, "A title that stands over both of the columns of the page")]
_NOTE: list[_Line] = [(60, 80, "1 A note below the left column, which is read after it.")]
_CAPTION: list[_Line] = [(320, 250, "Figure 1: what the right column says about a figure.")]
_ACROSS = [line for pair in zip_longest(_LEFT, _RIGHT) for line in pair if line]

_ORDERS = {
    "columns": [*_TITLE, *_LEFT, *_NOTE, *_RIGHT, *_CAPTION],
    "across": [*_TITLE, *_ACROSS, *_NOTE, *_CAPTION],
    "note first": [*_NOTE, *_TITLE, *_LEFT, *_RIGHT, *_CAPTION],
    "title last": [*_LEFT, *_NOTE, *_RIGHT, *_CAPTION, *_TITLE],
    "across, title last": [*_ACROSS, *_CAPTION, *_NOTE, *_TITLE],
}


@pytest.mark.parametrize("drawn", _ORDERS.values(), ids=_ORDERS.keys())
def test_a_column_is_read_to_its_end_before_the_next(drawn: list[_Line]) -> None:
    page = read_document(documents.drawn([drawn]), "a.pdf").pages[0]
    marks = [word for word in page.text.split() if word[0] in "LR" and word[1:].isdigit()]
    assert marks == [line[2].split()[0] for line in chain(_LEFT, _RIGHT)]
    assert page.text.startswith("A title")
    assert page.text.index("L29") < page.text.index("1 A note") or page.text.index("R25") < page.text.index("1 A note")
    assert page.text.index("R25") < page.text.index("Figure 1")


_TABLE = [["Code", "Meaning", "Action", "Unit"], *([f"A{n}", f"Alarm {n}", f"Stop {n}", "bar"] for n in range(8))]
_TABLE_LINES = [(64.0 + 120 * at, 470.0 - 14 * n, cell) for n, row in enumerate(_TABLE) for at, cell in enumerate(row)]
_CAPTION_ACROSS: list[_Line] = [(64, 340, "Table 1: The alarms of a pump and what is to be done about each of them.")]


def _half(x: float, name: str, top: float) -> list[_Line]:
    return [(x, top - 12 * n, f"{name}{n:02} {_SENTENCE}"[: 46 + n % 5]) for n in range(15)]


_ABOVE, _BELOW = [_half(60, "A", 700), _half(320, "B", 700)], [_half(60, "C", 310), _half(320, "D", 310)]
_AROUND = {
    "as it is read": [*chain(*_ABOVE), *_TABLE_LINES, *_CAPTION_ACROSS, *chain(*_BELOW)],
    "table last": [*chain(*_ABOVE), *chain(*_BELOW), *_TABLE_LINES, *_CAPTION_ACROSS],
    "table first": [*_TABLE_LINES, *_CAPTION_ACROSS, *chain(*_ABOVE), *chain(*_BELOW)],
    "columns whole": [*_ABOVE[0], *_BELOW[0], *_ABOVE[1], *_BELOW[1], *_TABLE_LINES, *_CAPTION_ACROSS],
    "across": [
        *chain(*zip(*_ABOVE, strict=True)),
        *_TABLE_LINES,
        *_CAPTION_ACROSS,
        *chain(*zip(*_BELOW, strict=True)),
    ],
}


@pytest.mark.parametrize(
    "boxes", [[], [(60.0 + 120 * at, 466.0 - 14 * n, 120.0, 14.0) for n in range(9) for at in range(4)]]
)
@pytest.mark.parametrize("drawn", _AROUND.values(), ids=_AROUND.keys())
def test_a_table_between_columns_stays_whole(
    drawn: list[_Line], boxes: list[tuple[float, float, float, float]]
) -> None:
    page = read_document(documents.ruled(drawn, boxes=boxes), "a.pdf").pages[0]
    tables = [page.text[block.start : block.end] for block in page.blocks if block.kind == "table"]
    assert tables == ["\n".join(" | ".join(row) for row in _TABLE)]
    marks = [word for word in page.text.split() if word[0] in "ABCD" and word[1:].isdigit() and len(word) == 3]
    assert marks == [f"{name}{n:02}" for name in "ABCD" for n in range(15)]
    assert page.text.index("B14") < page.text.index("Code |") < page.text.index("Table 1") < page.text.index("C00")


def test_three_columns_drawn_across() -> None:
    columns = [
        [(x, y, f"{name}{text[1:30]}") for _, y, text in _LEFT] for x, name in ((40, "L"), (225, "M"), (410, "R"))
    ]
    drawn = [line for row in zip(*columns, strict=True) for line in row]
    text = read_document(documents.drawn([drawn]), "a.pdf").pages[0].text
    marks = [word for word in text.split() if word[0] in "LMR" and word[1:].isdigit()]
    assert marks == [f"{name}{n:02}" for name in "LMR" for n in range(30)]


def test_a_table_of_short_cells_is_no_page_of_columns() -> None:
    rows = [["Code", "Meaning"], *([f"A{n}", f"Alarm {n}"] for n in range(20))]
    page = read_document(documents.pdf([[documents.Table(rows)]]), "a.pdf").pages[0]
    assert [block.kind for block in page.blocks] == ["table"]
    assert page.text.split("\n") == [" | ".join(row) for row in rows]


def test_a_head_that_was_drawn_last_is_read_first() -> None:
    body = [(60.0, 700.0 - 12 * n, f"Line {n} of one column of text that fills the page") for n in range(20)]
    page = read_document(documents.drawn([[*body, (60, 800, "Drawn last, at the top")]]), "a.pdf").pages[0]
    assert page.text.startswith("Drawn last")


_JUSTIFIED = [
    "The committee met",
    "on Tuesday to discuss",
    "improvements",
    "representatives of the",
    "communities asked for",
    "environmental consequences",
    "intermediate reservoir",
    "should begin before the",
    "end of the year.",
]


@pytest.mark.parametrize("measure", [125.0, 150.0])
def test_the_wide_spaces_of_justified_columns_make_no_table(measure: float) -> None:
    columns = [documents.justified(_JUSTIFIED, left=left, top=700, measure=measure) for left in (60, 220, 380)]
    page = read_document(documents.drawn([list(chain(*columns))]), "a.pdf").pages[0]
    assert {block.kind for block in page.blocks} == {"paragraph"}
    assert " ".join(page.text.split()) == " ".join(_JUSTIFIED * 3)
