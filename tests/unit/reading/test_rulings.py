"""Tables that rulings part, and drawings that are no tables, in PDFs made for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from inference.functions.reading import read_document
from inference.functions.reading.pages.lattice import Ruling, lattices
from tests import documents

_Line = tuple[float, float, float, float]
_LEFT, _TOP, _HIGH = 72.0, 700.0, 18.0


def blocks(data: bytes) -> list[tuple[str, str]]:
    page = read_document(data, "a.pdf").pages[0]
    return [(block.kind, page.text[block.start : block.end]) for block in page.blocks]


def words(rows: Sequence[Sequence[str]], width: float = 90.0) -> list[tuple[float, float, str]]:
    """The words of rows, each at the left of its cell."""
    return [
        (_LEFT + width * column + 3, _TOP - _HIGH * (number + 1) + 5, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]


def cells(rows: Sequence[Sequence[str]], width: float = 90.0) -> list[_Line]:
    """A box for each cell."""
    return [
        (_LEFT + width * column, _TOP - _HIGH * (number + 1), width, _HIGH)
        for number, row in enumerate(rows)
        for column in range(len(row))
    ]


_SMALL = [["Code", "Meaning", "Action"], ["A1", "", "Stop"], ["", "", "Wait"], ["A3", "", ""]]
_SMALL_TEXT = "Code | Meaning | Action\nA1 | | Stop\n| | Wait\nA3 | |"


def test_empty_cells_of_a_grid_are_kept() -> None:
    assert blocks(documents.pdf([["Before the table.", documents.Table(_SMALL), "After it."]])) == [
        ("paragraph", "Before the table."),
        ("table", _SMALL_TEXT),
        ("paragraph", "After it."),
    ]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_boxes_around_cells_part_them_however_the_page_is_turned(turned: int) -> None:
    data = documents.ruled(words(_SMALL), boxes=cells(_SMALL), turned=turned)
    assert blocks(data) == [("table", _SMALL_TEXT)]


def test_rulings_within_a_form_are_where_the_form_is_drawn() -> None:
    data = documents.ruled(words(_SMALL), boxes=cells(_SMALL), in_form=True)
    assert blocks(data) == [("table", _SMALL_TEXT)]


def test_one_row_tells_the_columns_that_no_other_does() -> None:
    rows = [["Part", "", "Price"], ["Seal", "", "4.00"], ["", "2", ""]]
    assert blocks(documents.ruled(words(rows), boxes=cells(rows))) == [
        ("table", "Part | | Price\nSeal | | 4.00\n| 2 |")
    ]


def test_words_close_to_a_ruling_are_cut_there() -> None:
    rows = [["Reference", "Quantity", "Note"], ["AB-123456", "1 000 000", ""], ["AB-99", "", "ok"]]
    data = documents.ruled(words(rows, 52), boxes=cells(rows, 52))
    assert blocks(data) == [("table", "Reference | Quantity | Note\nAB-123456 | 1 000 000 |\nAB-99 | | ok")]


def test_a_merged_cell_stands_under_the_first_of_its_columns() -> None:
    rows = [["Year 2024", "", "Year 2025", ""], ["Q1", "Q2", "Q1", "Q2"], ["1", "", "", "4"]]
    boxes = [*((_LEFT + 180 * n, _TOP - _HIGH, 180.0, _HIGH) for n in range(2)), *cells(rows)[4:]]
    assert blocks(documents.ruled(words(rows), boxes=boxes)) == [
        ("table", "Year 2024 | | Year 2025 |\nQ1 | Q2 | Q1 | Q2\n1 | | | 4")
    ]


def test_rows_without_a_ruling_between_them_are_told_by_white_space() -> None:
    rows = [["Pos", "Part", "Price"], ["1", "Seal", "4.00"], ["2", "", "5.00"], ["", "Ring", ""]]
    bottom, right = _TOP - 4 * _HIGH, _LEFT + 270
    level = [(_LEFT, y, right, y) for y in (_TOP, _TOP - _HIGH, bottom)]
    upright = [(_LEFT + 90 * n, bottom, _LEFT + 90 * n, _TOP) for n in range(4)]
    assert blocks(documents.ruled(words(rows), lines=[*level, *upright])) == [
        ("table", "Pos | Part | Price\n1 | Seal | 4.00\n2 | | 5.00\n| Ring |")
    ]


def test_rows_outside_of_the_frame_are_of_the_table() -> None:
    rows = [["Part", "Number", "Price"], ["Seal", "", "4.00"], ["", "2", "5.00"], ["Total", "", "9.00"]]
    assert blocks(documents.ruled(words(rows), boxes=cells(rows)[3:9])) == [
        ("table", "Part | Number | Price\nSeal | | 4.00\n| 2 | 5.00\nTotal | | 9.00")
    ]


def test_what_stands_above_in_other_boxes_of_one_frame_is_no_row() -> None:
    rows = [["Pos", "Part", "Price"], ["1", "", "4.00"], ["", "Ring", ""]]
    frame = [(_LEFT, _TOP, 270.0, 60.0), (_LEFT, _TOP, 130.0, 60.0)]
    above = [(_LEFT + 3, _TOP + 40, "Lake Pumps Ltd."), (_LEFT + 133, _TOP + 40, "Invoice 17")]
    told = blocks(documents.ruled([*above, *words(rows)], boxes=[*frame, *cells(rows)]))
    assert told[-1] == ("table", "Pos | Part | Price\n1 | | 4.00\n| Ring |")
    assert " ".join(text for _, text in told[:-1]) == "Lake Pumps Ltd. Invoice 17"


_PROSE = ["The pumps run at night when power is cheap, and fill the", "reservoir on the hill before the morning comes."]
_PARAGRAPH = [(_LEFT + 3, _TOP - 13 - 12 * n, text) for n, text in enumerate(_PROSE)]
_FRAME = (_LEFT, _TOP - 36, 270.0, 36.0)
_DRAWINGS: dict[str, tuple[list[_Line], list[_Line]]] = {
    "a frame": ([], [_FRAME]),
    "a page border": ([], [(20, 20, 555, 800), (24, 24, 547, 792)]),
    "an underline": ([(_LEFT + 3, _TOP - 15, _LEFT + 100, _TOP - 15)], []),
    "a mark beside it": ([(_LEFT, _TOP - 36, _LEFT, _TOP)], [(_LEFT, _TOP - 36, 4, 36)]),
    "rulings through words": (
        [
            *((_LEFT + 61.0 * n, _TOP - 36, _LEFT + 61.0 * n, _TOP) for n in range(4)),
            *((_LEFT, y, _LEFT + 183, y) for y in (_TOP, _TOP - 18, _TOP - 36)),
        ],
        [],
    ),
    "thousands of lines": ([(7 * n % 600, 0, 7 * n % 600, 13 * n % 800) for n in range(12_000)], []),
    "lines far away": ([(-1e30, 0, 1e30, 0), (0, -1e30, 0, 1e30), (5, 5, -5, -5)] * 3, []),
}


@pytest.mark.parametrize(("lines", "boxes"), _DRAWINGS.values(), ids=_DRAWINGS.keys())
def test_drawings_leave_prose_as_it_is(lines: list[_Line], boxes: list[_Line]) -> None:
    assert blocks(documents.ruled(_PARAGRAPH, lines=lines, boxes=boxes)) == [("paragraph", " ".join(_PROSE))]


def test_the_words_on_a_chart_make_no_table() -> None:
    grid = [(100.0, 400.0 + 20 * n, 400.0, 400.0 + 20 * n) for n in range(8)]
    grid += [(100.0 + 50 * n, 400.0, 100.0 + 50 * n, 540.0) for n in range(7)]
    labels = [(105.0, 525.0, "Inflow"), (255.0, 525.0, "Outflow"), (160.0, 465.0, "peak")]
    assert {kind for kind, _ in blocks(documents.ruled(labels, lines=grid))} == {"paragraph"}


def test_a_ruling_between_columns_of_prose_makes_no_table() -> None:
    left = [(_LEFT, _TOP - 12 * n, f"l{n} the water of the lake runs down") for n in range(8)]
    right = [(320.0, _TOP - 12 * n, f"r{n} the towns below wait for it") for n in range(8)]
    frame = [(60.0, _TOP + 14, 540.0, _TOP + 14), (60.0, 600.0, 540.0, 600.0), (300.0, 600.0, 300.0, _TOP + 14)]
    told = blocks(documents.ruled([*left, *right], lines=frame))
    assert {kind for kind, _ in told} == {"paragraph"}
    marks = [word for _, text in told for word in text.split() if word[1:].isdigit()]
    assert marks == [f"{side}{n}" for side in "lr" for n in range(8)]


def test_rulings_that_do_not_meet_are_no_lattice() -> None:
    assert lattices([Ruling(10, 0, 50), Ruling(60, 0, 50)], [Ruling(80, 0, 60), Ruling(99, 0, 60)]) == []


def test_rulings_that_meet_too_often_are_no_lattice() -> None:
    many = [Ruling(5.0 * n, 0, 5000) for n in range(1000)]
    assert lattices(many, many) == []
