from __future__ import annotations

import string

import pytest

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import Limits, ReadDocument, read_document
from tests import packages
from tests.unit.reading.invariants import told

_SHEET_ROWS: list[list[str | float]] = [["Name", "kW", "Note"], ["P1", 75, "in use"], ["P2", 37.5, ""]]


def test_slides_are_pages_in_the_order_of_the_show() -> None:
    body = packages.shape("Lock the isolator\nWear a helmet", "body") + packages.shape("7", "sldNum")
    table = packages.grid([["Code", "Meaning"], ["A1", "Stop"]]) + packages.shape("Call the leader.")
    data = packages.pptx([("Safety", body), ("Alarms", f"<p:grpSp>{table}</p:grpSp>")], {1: "Ask who has a padlock."})
    document = read_document(data, "a.pptx")
    assert document.title == "Safety"
    assert told(document) == [
        (1, "heading1", "Safety"),
        (1, "list", "- Lock the isolator\n- Wear a helmet"),
        (1, "heading2", "Notes"),
        (1, "paragraph", "Ask who has a padlock."),
        (2, "heading1", "Alarms"),
        (2, "table", "Code | Meaning\nA1 | Stop"),
        (2, "paragraph", "Call the leader."),
    ]


def test_merged_cells_of_a_slide_leave_the_others_in_their_columns() -> None:
    table = packages.grid([["Item", "Quantity", "Price"], ["Total", "", "99"], ["Nut", "7", "8"], ["", "9", "10"]])
    table = table.replace("<a:tc><a:txBody><a:p><a:r><a:t>Total", '<a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>Total')
    assert told(read_document(packages.pptx([("", table)]), "a.pptx")) == [
        (1, "table", "Item | Quantity | Price\nTotal |  | 99\nNut | 7 | 8\n | 9 | 10"),
    ]


def test_sheets_are_pages_and_empty_rows_part_tables() -> None:
    data = packages.xlsx({"Pumps": [*_SHEET_ROWS, [], ["Spare", "Quantity"], ["Seal", 12]], "Second": [["x | y"]]})
    assert told(read_document(data, "a.xlsx")) == [
        (1, "heading1", "Pumps"),
        (1, "table", "Name | kW | Note\nP1 | 75 | in use\nP2 | 37.5"),
        (1, "table", "Spare | Quantity\nSeal | 12"),
        (2, "heading1", "Second"),
        (2, "table", "x \\| y"),
    ]


def test_a_sheet_with_more_than_is_taken_is_refused_not_cut() -> None:
    data = packages.xlsx({"Many": [["words that fill a cell", n] for n in range(5000)]})
    with pytest.raises(TooLarge, match=r"more than 20,000 characters of values \(reached in the sheet 'Many'\)"):
        read_document(data, "a.xlsx", limits=Limits(max_characters=20_000))


def test_cells_that_stand_far_apart_cost_nothing() -> None:
    far = '<row r="900000"><c r="C900000"><v>8</v></c></row><row r="1048576"><c r="BXX1048576"><v>9</v></c></row>'
    data = packages.xlsx({"Pumps": [["name", "", "kW"], ["P1", "", 7.5]]}, extra=far)
    assert told(read_document(data, "a.xlsx")) == [
        (1, "heading1", "Pumps"),
        (1, "table", "name | kW\nP1 | 7.5"),
        (1, "table", "| 8"),
        (1, "table", "|  | 9"),
    ]


def test_a_sheet_of_which_all_rows_and_columns_are_used_is_refused_when_it_is_nearly_empty() -> None:
    letters = [f"{a}{b}{c}" for a in "ABC" for b in string.ascii_uppercase for c in string.ascii_uppercase]
    rows = "".join(
        f'<row r="{60 * n}"><c r="{column}{60 * n}"><v>1</v></c></row>' for n, column in enumerate(letters * 8, 1)
    )
    with pytest.raises(TooLarge, match="nearly all cells are empty"):
        read_document(packages.xlsx({"S": [["v"]]}, extra=rows), "a.xlsx")


def test_an_empty_workbook_is_told() -> None:
    with pytest.raises(UnreadableDocument, match="whose sheets are all empty"):
        read_document(packages.xlsx({"One": [], "Two": [[]]}), "a.xlsx")


def test_an_opendocument_text() -> None:
    body = (
        "<text:sequence-decls/><text:h text:outline-level='2'>Start</text:h>"
        "<text:p>A<text:s text:c='3'/>B<text:line-break/>C <text:span>D</text:span><text:note><text:p>no</text:p>"
        "</text:note> E</text:p>"
        "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item>"
        "</text:list></text:list-item></text:list><text:p>before<text:soft-page-break/> after</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>Code</text:p></table:table-cell><table:table-cell>"
        "<text:p>Meaning</text:p></table:table-cell></table:table-row></table:table>"
    )
    document = read_document(packages.odf("text", body, title="Named"), "a.odt")
    assert document.title == "Named"
    assert told(document) == [
        (1, "heading2", "Start"),
        (1, "paragraph", "A   B\nC D E"),
        (1, "list", "- one\n  - inner"),
        (1, "paragraph", "before"),
        (2, "paragraph", "after"),
        (2, "table", "Code | Meaning"),
    ]
    assert document.pages[1].blocks[0].continues


def test_opendocument_sheets_do_not_grow_by_repetition() -> None:
    cell = "<table:table-cell><text:p>x</text:p></table:table-cell>"
    filler = "<table:table-cell table:number-columns-repeated='1048576'/>"
    rows = f"<table:table-row>{cell}{filler}</table:table-row><table:table-row table:number-rows-repeated='1048576'/>"
    body = "".join(f"<table:table table:name='{name}'>{rows}</table:table>" for name in ("One", "Two"))
    assert told(read_document(packages.odf("spreadsheet", body), "a.ods")) == [
        (1, "heading1", "One"),
        (1, "table", "x"),
        (2, "heading1", "Two"),
        (2, "table", "x"),
    ]
    grown = "<table:table-row table:number-rows-repeated='999'>" + cell * 200 + "</table:table-row>"
    with pytest.raises(TooLarge, match="a table of more than"):
        read_document(
            packages.odf("spreadsheet", f"<table:table>{grown * 40}</table:table>"), "a.ods",
            limits=Limits(max_characters=1_000_000),
        )  # fmt: skip


def test_opendocument_slides_have_titles_and_notes() -> None:
    slide = (
        "<draw:page><draw:frame><draw:text-box><text:p>Body</text:p></draw:text-box></draw:frame>"
        "<draw:frame presentation:class='title'><draw:text-box><text:p>Top</text:p></draw:text-box></draw:frame>"
        "<presentation:notes><draw:frame><draw:text-box><text:p>Say it</text:p></draw:text-box></draw:frame>"
        "</presentation:notes></draw:page>"
    )
    assert told(read_document(packages.odf("presentation", slide * 2), "a.odp"))[:4] == [
        (1, "heading1", "Top"),
        (1, "paragraph", "Body"),
        (1, "heading2", "Notes"),
        (1, "paragraph", "Say it"),
    ]


def test_chapters_of_a_book_are_pages_in_the_order_of_its_spine() -> None:
    data = packages.epub({"b.xhtml": "<h1>Two</h1><p>Caf&#233;.</p>", "empty.xhtml": "", "a.xhtml": "<p>One</p>"})
    document = read_document(data, "a.epub")
    assert document.title == "The lake"
    assert told(document) == [(1, "heading1", "Two"), (1, "paragraph", "Caf\u00e9."), (2, "paragraph", "One")]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (packages.epub({"a.xhtml": "x"}, locked="a.xhtml"), "a.epub", "is protected (DRM)"),
        (packages.odf("text", "x", manifest="<m><encryption-data/></m>"), "a.odt", "is protected by a password"),
        (packages.package({"mimetype": "application/epub+zip"}), "a.epub", "names no package document"),
        (packages.package({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt", "holds no content.xml"),
        (packages.package({"[Content_Types].xml": "", "ppt/x.xml": ""}), "a.pptx", "holds no ppt/presentation.xml"),
        (packages.package({"[Content_Types].xml": "", "xl/workbook.xml": "<x"}), "a.xlsx", "is a damaged workbook"),
        (packages.pptx([("x", "<broken")]), "a.pptx", "is no well-formed XML"),
        (packages.odf("text", "<text:p>" * 400 + "</text:p>" * 400), "a.odt", "is no well-formed XML"),
        (packages.pptx([("Safety", "")])[:-40], "a.pptx", "a presentation that is damaged"),
    ],
    ids=["DRM", "password", "no book", "no content", "no slides", "no sheets", "no XML", "deep", "cut"],
)
def test_what_is_broken_or_locked_is_told_in_words(data: bytes, name: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(data, name)
    assert words in caught.value.message
    assert name in caught.value.message


@pytest.mark.parametrize("kind", ["pptx", "odt", "xlsx"])
def test_entities_that_multiply_are_refused(kind: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
    data = {
        "pptx": packages.package({"[Content_Types].xml": "", "ppt/presentation.xml": bomb + "<x>&b;</x>"}),
        "odt": packages.package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": bomb + "<x/>"}),
        "xlsx": packages.package({"[Content_Types].xml": "", "xl/workbook.xml": bomb + "<x>&b;</x>"}),
    }[kind]
    with pytest.raises(UnreadableDocument, match="declares a document type"):
        read_document(data, f"a.{kind}")


def test_a_package_that_unpacks_to_far_too_much_is_refused() -> None:
    data = packages.odf("text", "<text:p>" + " " * 20_000_000 + "</text:p>")
    with pytest.raises(TooLarge, match="unpacks to far more"):
        read_document(data, "a.odt")


def _first(document: ReadDocument) -> str:
    return document.pages[0].text


def test_what_a_zip_is_shows_in_it_whatever_it_is_called() -> None:
    assert read_document(packages.xlsx({"S": [["v"]]}), "upload").kind == "xlsx"
    assert _first(read_document(packages.epub({"a.xhtml": "<p>One</p>"}), "x.bin")) == "One"
    with pytest.raises(UnreadableDocument, match=r"is called a Word document .* seems to be an Excel workbook"):
        read_document(packages.xlsx({"S": [["v"]]}), "a.docx")
