"""Where the lines of PDF pages stand: against the places that they were drawn at."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any, cast

import pytest
from pypdfium2 import PdfDocument

from inference.functions.reading import Page, boxes_of, pack_lines, read_document
from tests import documents, manual

_WIDTH, _HEIGHT = 595.28, 841.89


def _told(page: Page) -> list[str]:
    """The texts of a page's lines, which must ascend, lie on the page and hold all that is in its blocks."""
    pack_lines(page.lines)
    covered = bytearray(len(page.text))
    for line in page.lines:
        assert 0 <= line.x0 < line.x1 <= 1
        assert 0 <= line.y0 < line.y1 <= 1
        covered[line.start : line.end] = b"\x01" * (line.end - line.start)
    assert not [c for c, there in zip(page.text, covered, strict=True) if not there and c.isalnum()]
    return [page.text[line.start : line.end] for line in page.lines]


def _changed(data: bytes, change: str, *arguments: int) -> bytes:
    pdf = cast(Any, PdfDocument)(data)
    for page in pdf:
        getattr(page, change)(*arguments)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_every_line_of_the_manual_has_its_place() -> None:
    document = read_document(manual.operating_manual(), manual.NAME)
    for page in document.pages:
        assert (page.width, page.height) == (pytest.approx(_WIDTH, abs=0.1), pytest.approx(_HEIGHT, abs=0.1))
        _told(page)


@pytest.mark.parametrize(
    ("turn", "left", "top"),
    [(0, 100 / _WIDTH, 1 - 700 / _HEIGHT), (90, 700 / _HEIGHT, 100 / _WIDTH), (180, 1 - 100 / _WIDTH, 700 / _HEIGHT)],
)
def test_boxes_are_of_the_page_as_it_is_shown(turn: int, left: float, top: float) -> None:
    """The baseline's beginning, drawn at (100, 700), is a corner of the box wherever the page is turned to."""
    data = documents.drawn([[(100, 700, "The first line."), (100, 686, "The second one.")]])
    page = read_document(_changed(data, "set_rotation", turn), "a.pdf").pages[0]
    assert (page.width or 0) > (page.height or 0) if turn == 90 else (page.width or 0) < (page.height or 0)
    assert _told(page) == ["The first line.", "The second one."]
    first = page.lines[0]
    assert min(abs(first.x0 - left), abs(first.x1 - left)) < 0.006
    assert min(abs(first.y0 - top), abs(first.y1 - top)) < 0.006


def test_text_that_lies_sideways_is_read_line_by_line() -> None:
    upright = read_document(manual.operating_manual(), "a.pdf")
    for degrees in (90, 270):
        turned = read_document(_changed(manual.operating_manual(), "set_rotation", degrees), "a.pdf")
        assert [page.text for page in turned.pages] == [page.text for page in upright.pages]
        assert [line[:2] for line in turned.pages[1].lines] == [line[:2] for line in upright.pages[1].lines]


def test_boxes_are_shares_of_what_the_crop_box_leaves() -> None:
    data = documents.drawn([[(100, 700, "Seen."), (100, 100, "Cut away.")]])
    page = read_document(_changed(data, "set_cropbox", 50, 400, 450, 800), "a.pdf").pages[0]
    assert (page.width, page.height) == (400, 400)
    (line,) = page.lines
    assert page.text[line.start : line.end] == "Seen."
    assert line.x0 == pytest.approx(50 / 400, abs=0.01)
    assert line.y1 == pytest.approx(100 / 400, abs=0.01)


def test_divided_words_have_a_box_on_either_line() -> None:
    data = documents.pdf([[documents.Lines(["The mainte-", "nance of pumps."])]])
    page = read_document(data, "a.pdf").pages[0]
    assert page.text == "The maintenance of pumps."
    start = page.text.index("maintenance")
    assert len(boxes_of(page.lines, start, start + len("maintenance"))) == 2
    assert len(page.lines) == 2


def test_a_row_of_a_table_has_one_box_around_its_cells() -> None:
    rows = [["Code", "Meaning"], ["A1", "Stop everything at once. " * 6], ["A2", "Go"]]
    page = read_document(documents.pdf([[documents.Table(rows)]]), "a.pdf").pages[0]
    texts = _told(page)
    assert [text.split(" | ")[0] for text in texts] == ["Code", "A1", "A2"]
    heights = [line.y1 - line.y0 for line in page.lines]
    assert heights[1] > 2 * heights[0]
    assert all(before.y1 <= after.y0 for before, after in zip(page.lines, page.lines[1:], strict=False))


def test_ligatures_and_leaders_do_not_shift_what_follows() -> None:
    lines = ["The \ufb01rst of\ufb01ce " + "." * 30 + " 7", "A second line", "and a third."]
    page = read_document(documents.drawn([[(70, 700 - 12 * n, text) for n, text in enumerate(lines)]]), "a.pdf").pages[
        0
    ]
    assert [page.text[line.start : line.end][-4:] for line in page.lines][1:] == ["line", "ird."]


def test_an_index_or_exponent_is_of_its_line() -> None:
    sentence = (
        "Water is H<sub>2</sub>O and carbon dioxide is CO<sub>2</sub>; the area is 16 m<super>2</super> and this is "
        "stated elsewhere<super>1</super>. "
    )
    document = read_document(documents.pdf([[sentence * 4, "The energy is E = mc<super>2</super>."]]), "a.pdf")
    page = document.pages[0]
    said = "Water is H2O and carbon dioxide is CO2; the area is 16 m2 and this is stated elsewhere1."
    assert page.text == f"{' '.join([said] * 4)}\n\nThe energy is E = mc2."
    told = _told(page)
    assert " ".join(told[:-1]) == " ".join([said] * 4)
    assert told[-1] == "The energy is E = mc2."
    assert all(line.x0 == pytest.approx(page.lines[0].x0, abs=0.005) for line in page.lines)
    assert all(before.y0 < after.y0 for before, after in pairwise(page.lines))


def test_a_line_with_an_index_may_end_in_the_middle_of_a_word() -> None:
    lines = ["The formula of water is H<sub>2</sub>O and at the exami-", "nation it was CO<sub>2</sub> and not SO."]
    page = read_document(documents.pdf([[documents.Lines(lines)]]), "a.pdf").pages[0]
    assert page.text == "The formula of water is H2O and at the examination it was CO2 and not SO."
    assert _told(page) == ["The formula of water is H2O and at the exami", "nation it was CO2 and not SO."]


def test_cells_with_an_index_stay_cells() -> None:
    rows = [["Gas", "Mass"], ["CO<sub>2</sub>", "44"], ["H<sub>2</sub>O", "18"]]
    page = read_document(documents.pdf([[documents.Table(rows)]]), "a.pdf").pages[0]
    assert page.text == "Gas | Mass\nCO2 | 44\nH2O | 18"
