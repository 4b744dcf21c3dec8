"""Forms of PDFs that were filled in, and what was typed onto a page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, cast

from reportlab.pdfgen import canvas

from inference.functions.reading import read_document
from inference.functions.reading.pages.filledin import put_in
from inference.functions.reading.pages.rawlines import Cell, RawLine, Row

_Canvas = cast("Callable[..., Any]", canvas.Canvas)


def drawn(draw: Callable[[Any], None]) -> str:
    """The text of a page."""
    buffer = io.BytesIO()
    page = _Canvas(buffer)
    draw(page)
    page.showPage()
    page.save()
    return read_document(buffer.getvalue(), "form.pdf").pages[0].text


def line(text: str, left: float, top: float, *cells: Cell) -> RawLine:
    right = left + 5 * len(text)
    return RawLine(text, left, right, top, top - 12, 12, False, cells, (Row(left, top - 12, right, top),))


def test_a_value_stands_behind_its_label() -> None:
    def draw(page: Any) -> None:
        page.drawString(60, 760, "Order form")
        for at, (name, value) in enumerate([("Name:", "Ann Weir"), ("Amount:", "12 300 EUR")]):
            page.drawString(60, 706 - 40 * at, name)
            page.acroForm.textfield(name=name, value=value, x=150, y=700 - 40 * at, width=200, height=20)
        page.drawString(60, 626, "Kind:")
        page.acroForm.choice(name="kind", value="express", options=["normal", "express"], x=150, y=620)

    assert drawn(draw) == "Order form\n\nName: | Ann Weir\nAmount: | 12 300 EUR\nKind: | express"


def test_values_stand_in_the_cells_of_a_ruled_table() -> None:
    def draw(page: Any) -> None:
        page.grid([60, 160, 260, 360], [640, 670, 700, 730])
        for column, head in enumerate(["Item", "Pieces", "Price"]):
            page.drawString(65 + 100 * column, 710, head)
        for (column, row), value in {(0, 0): "pump", (2, 0): "120", (1, 1): "3", (2, 1): "15"}.items():
            name, x, y = f"{column}{row}", 62 + 100 * column, 672 - 30 * row
            page.acroForm.textfield(name=name, value=value, x=x, y=y, width=96, height=26)
        page.drawString(65, 650, "valve")

    assert drawn(draw) == "Item | Pieces | Price\npump | | 120\nvalve | 3 | 15"


def test_boxes_tell_which_are_checked() -> None:
    def draw(page: Any) -> None:
        for at, (name, is_checked) in enumerate([("normal", False), ("express", True)]):
            page.acroForm.checkbox(name=name, checked=is_checked, x=60, y=700 - 40 * at, size=16)
            page.drawString(84, 703 - 40 * at, name)

    assert drawn(draw) == "☐ normal\n\n☒ express"


def test_values_of_one_line_stand_where_they_are_in_it() -> None:
    def draw(page: Any) -> None:
        page.drawString(60, 700, "I, ")
        page.drawString(172, 700, ", was born in ")
        page.acroForm.textfield(name="who", value="Ann Weir", x=75, y=696, width=95, height=16)
        page.acroForm.textfield(name="where", value="Leiden", x=250, y=696, width=95, height=16)

    assert drawn(draw) == "I, Ann Weir , was born in Leiden"


def test_a_value_below_its_label_follows_it() -> None:
    def draw(page: Any) -> None:
        for at, (name, value) in enumerate([("Your name", "Ann Weir"), ("Remarks", "By rail.\nNot by ship.")]):
            page.drawString(60, 700 - 80 * at, name)
            page.acroForm.textfield(name=name, value=value, x=60, y=650 - 80 * at, width=300, height=40)

    assert drawn(draw) == "Your name\n\nAnn Weir\n\nRemarks\n\nBy rail. Not by ship."


def test_what_is_not_shown_is_not_read() -> None:
    def draw(page: Any) -> None:
        page.drawString(60, 706, "Login")
        page.acroForm.textfield(name="key", value="hunter2", x=150, y=700, width=200, fieldFlags="password")
        page.acroForm.textfield(name="hidden", value="secret", x=150, y=660, width=200, annotationFlags="hidden")
        page.acroForm.textfield(name="empty", value="", x=150, y=620, width=200)

    assert drawn(draw) == "Login"


def test_what_was_typed_onto_a_page_without_a_form() -> None:
    def draw(page: Any) -> None:
        page.drawString(60, 700, "Signed in")
        page.freeTextAnnotation("Leiden, 3 May", DA="/Helv 12 Tf 0 g", Rect=[120, 696, 250, 714])

    assert drawn(draw) == "Signed in Leiden, 3 May"


def test_a_form_alone_is_text() -> None:
    def draw(page: Any) -> None:
        page.acroForm.textfield(name="b", value="below", x=60, y=600, width=200)
        page.acroForm.textfield(name="a", value="above", x=60, y=700, width=200)

    assert drawn(draw) == "above\n\nbelow"


def test_more_fields_than_a_page_has_room_for() -> None:
    def draw(page: Any) -> None:
        page.drawString(60, 706, "Name:")
        for at in range(1500):
            page.acroForm.textfield(name=f"f{at}", value=f"v{at}", x=150, y=700, width=1)

    text = drawn(draw)
    assert "v999" in text
    assert "v1000" not in text


def test_of_two_labels_the_nearer_one_and_else_the_one_before() -> None:
    def put(left: float) -> list[str]:
        entry = RawLine("x", left, left + 20, 704, 684, 10, False, rows=(Row(left, 684, left + 20, 704),))
        return [found.text for found in put_in([line("Name:", 60, 700), line("City:", 300, 700)], [entry])]

    assert put(90) == ["Name: x", "City:"]
    assert put(270) == ["Name:", "x City:"]
    assert put(182.5) == ["Name: x", "City:"]
    assert put(700) == ["Name:", "City: x"]


def test_a_field_is_not_of_a_label_far_to_its_right() -> None:
    entry = RawLine("x", 60, 80, 704, 684, 10, False, rows=(Row(60, 684, 80, 704),))
    assert [found.text for found in put_in([line("Name", 60, 730), line("City", 300, 700)], [entry])] == [
        "Name", "x", "City",
    ]  # fmt: skip


def test_what_has_no_place_on_a_page_does_no_harm() -> None:
    odd = RawLine("x", float("nan"), float("inf"), float("nan"), float("-inf"), 10, False, rows=(Row(0, 0, 0, 0),))
    assert sorted(found.text for found in put_in([line("Name:", 60, 700)], [odd])) == ["Name:", "x"]
