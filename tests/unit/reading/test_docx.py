from __future__ import annotations

import io
import zipfile

import pytest

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import Limits, read_document
from tests import documents
from tests.documents import Bullets, Heading, Table, docx, docx_of
from tests.unit.reading.invariants import told

_SMALL = Limits(max_unpacked_bytes=4 * 2**20)


def _body(xml: str) -> list[tuple[int, str, str]]:
    return told(read_document(docx_of(xml), "a.docx"))


def _paragraph(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_structure_in_the_order_of_the_document() -> None:
    data = docx(
        [
            Heading("Manual"),
            "First words.",
            Bullets(["one", "two"]),
            Table([["Code", "Meaning"], ["A1", "stop\nat once"]]),
            "After the table.",
            None,
            Heading("More", 2),
            "On page two.",
        ],
        title="The manual",
    )
    document = read_document(data, "a.docx")
    assert document.title == "The manual"
    assert told(document) == [
        (1, "heading1", "Manual"),
        (1, "paragraph", "First words."),
        (1, "list", "- one\n- two"),
        (1, "table", "Code | Meaning\nA1 | stop at once"),
        (1, "paragraph", "After the table."),
        (2, "heading2", "More"),
        (2, "paragraph", "On page two."),
    ]


def test_pages_are_those_that_word_noted() -> None:
    noted = "<w:r><w:lastRenderedPageBreak/></w:r>"
    data = docx_of(
        _paragraph(_run("begins here ") + noted + _run("ends there"))
        + _paragraph('<w:r><w:br w:type="page"/></w:r>')
        + _paragraph(noted + _run("third"))
    )
    document = read_document(data, "a.docx")
    assert told(document) == [
        (1, "paragraph", "begins here"),
        (2, "paragraph", "ends there"),
        (3, "paragraph", "third"),
    ]
    assert [page.blocks[0].continues for page in document.pages] == [False, True, False]


def test_without_notes_breaks_and_sections_make_pages() -> None:
    assert _body(
        _paragraph(_run("one"), '<w:sectPr><w:type w:val="nextPage"/></w:sectPr>')
        + _paragraph(_run("two"), '<w:sectPr><w:type w:val="continuous"/></w:sectPr>')
        + _paragraph(_run("still two"))
        + _paragraph(_run("three"), "<w:pageBreakBefore/>")
        + _paragraph(_run("still three"), '<w:pageBreakBefore w:val="0"/>')
    ) == [
        (1, "paragraph", "one"),
        (2, "paragraph", "two"),
        (2, "paragraph", "still two"),
        (3, "paragraph", "three"),
        (3, "paragraph", "still three"),
    ]


def test_a_table_over_two_pages_is_cut_at_the_row() -> None:
    def row(first: str) -> str:
        return f"<w:tr><w:tc>{_paragraph(first)}</w:tc><w:tc>{_paragraph(_run('x'))}</w:tc></w:tr>"

    rows = row(_run("a")) + row("<w:r><w:lastRenderedPageBreak/></w:r>" + _run("b")) + row(_run("c"))
    assert _body(f"<w:tbl>{rows}</w:tbl>") == [(1, "table", "a | x"), (2, "table", "b | x\nc | x")]


def test_values_stand_in_their_columns_when_cells_are_merged() -> None:
    def row(*cells: tuple[str, str], properties: str = "") -> str:
        inside = "".join(f"<w:tc><w:tcPr>{of}</w:tcPr>{_paragraph(_run(text))}</w:tc>" for text, of in cells)
        return f"<w:tr><w:trPr>{properties}</w:trPr>{inside}</w:tr>"

    two, far = '<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="99999999999999"/>'
    rows = (
        row(("Item", '<w:vMerge w:val="restart"/>'), ("Quantity", two), ("Price|EUR", ""))
        + row(("", "<w:vMerge/>"), ("7", ""), ("8", ""), ("9", ""))
        + row(("Total", '<w:gridSpan w:val="3"/>'), ("99", ""))
        + row(("left out", two), ("5", ""), properties='<w:gridBefore w:val="1"/>')
        + row(("All", far))
        + row(("a", '<w:gridSpan w:val="-1"/>'), ("b", '<w:gridSpan w:val="x"/>'))
    )
    assert _body(f"<w:tbl>{rows}</w:tbl>") == [
        (
            1,
            "table",
            "Item | Quantity |  | Price\\|EUR\n | 7 | 8 | 9\nTotal |  |  | 99\n | left out |  | 5\nAll\na | b",
        )
    ]


def test_text_as_it_stands_when_all_changes_are_accepted() -> None:
    fallback = '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback></mc:AlternateContent>'
    box = f"<w:txbxContent>{_paragraph(_run('in a box'))}</w:txbxContent>"
    assert _body(
        _paragraph(
            _run("kept")
            + f"<w:ins>{_run(' added')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            + "<w:r><w:tab/><w:noBreakHyphen/><w:softHyphen/></w:r>"
            + f"<w:hyperlink>{_run('link')}</w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r>"
            + f"<w:r>{fallback.format(box)}</w:r>"
        )
        + f"<w:sdt><w:sdtContent>{_paragraph(_run('in a control'))}</w:sdtContent></w:sdt>"
        + f"<w:tbl><w:tr><w:tc>{_paragraph(_run('in a frame'))}</w:tc></w:tr></w:tbl>"
    ) == [
        (1, "paragraph", "kept added\t-link"),
        (1, "paragraph", "in a box"),
        (1, "paragraph", "in a control"),
        (1, "paragraph", "in a frame"),
    ]


def test_numbers_that_word_counts_are_written_out() -> None:
    w = f'xmlns:w="{documents.WORD_NAMESPACE}"'
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, form, pattern in ((0, "decimal", "%1."), (1, "decimal", "%1.%2"), (2, "lowerLetter", "%3)"))
    )
    use = '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    numbering = f'<w:numbering {w}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>{use}</w:numbering>'

    def item(text: str, depth: int, more: str = "") -> str:
        return _paragraph(_run(text), f'{more}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="3"/></w:numPr>')

    body = item("Safety", 0, '<w:outlineLvl w:val="0"/>') + item("first", 1) + item("second", 1) + item("deep", 2)
    body += item("Operation", 0, '<w:outlineLvl w:val="0"/>') + item("again", 1)
    data = docx_of(body, parts={"word/numbering.xml": numbering.encode()})
    assert told(read_document(data, "a.docx")) == [
        (1, "heading1", "1. Safety"),
        (1, "list", "  1.1 first\n  1.2 second\n    a) deep"),
        (1, "heading1", "2. Operation"),
        (1, "list", "  2.1 again"),
    ]


def test_styles_that_are_based_on_each_other_in_a_ring_end() -> None:
    w = f'xmlns:w="{documents.WORD_NAMESPACE}"'
    ring = [f'<w:style w:styleId="{one}"><w:basedOn w:val="{other}"/></w:style>' for one, other in ("AB", "BA")]
    styles = f"<w:styles {w}>{''.join(ring)}</w:styles>"
    data = docx_of(_paragraph(_run("x"), '<w:pStyle w:val="A"/>'), parts={"word/styles.xml": styles.encode()})
    assert told(read_document(data, "a.docx")) == [(1, "paragraph", "x")]


def test_a_bomb_is_refused_by_its_directory() -> None:
    with pytest.raises(TooLarge, match="unpacks to far more than it should: at most 128 MB"):
        read_document(documents.docx_bomb(), "a.docx")


def test_a_bomb_within_the_limit_is_refused_by_its_ratio() -> None:
    with pytest.raises(TooLarge, match="150 times the file's own size"):
        read_document(documents.docx_bomb(40), "a.docx")


def test_a_bomb_whose_directory_lies_unpacks_no_further_than_it_says() -> None:
    with pytest.raises(UnreadableDocument, match="Word document that is damaged: its package cannot be unpacked"):
        read_document(documents.lying_docx_bomb(), "a.docx")


def test_a_package_is_unpacked_up_to_the_limit_and_no_further() -> None:
    words = "".join(_paragraph(_run(f"{n * n} {n}")) for n in range(9000))
    assert len(words) > 500_000
    assert read_document(docx_of(words), "a.docx", limits=Limits(max_unpacked_bytes=2 * 2**20)).has_text
    with pytest.raises(TooLarge):
        read_document(docx_of(words), "a.docx", limits=Limits(max_unpacked_bytes=400_000))


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(TooLarge, match="parts; at most 5 are taken"):
        read_document(docx(["x"]), "a.docx", limits=Limits(max_parts=5))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    with zipfile.ZipFile(io.BytesIO(documents.entity_bomb())) as package:
        body = package.read("word/document.xml").decode()
    data = docx_of(body.replace('version="1.0"', f'version="1.0" encoding="{encoding}"').encode(encoding))
    with pytest.raises(UnreadableDocument, match="declares a document type"):
        read_document(data, "a.docx")


@pytest.mark.parametrize(
    "data",
    [
        docx(["x"])[:-300],
        docx(["x"])[:2000],
        docx_of(b"<w:p>"),
        docx_of(b""),
        docx_of("", parts={"[Content_Types].xml": b"<Types/>"}),
        docx_of("", parts={"_rels/.rels": b"nonsense"}),
        docx_of("", parts={"word/_rels/document.xml.rels": b"<Relationships><Relationship/></Relationships>"}),
        documents.archive(["[Content_Types].xml", "word/document.xml"]),
        b"PK\x03\x04word/" + bytes(100),
    ],
    ids=["cut", "cut early", "no XML", "empty", "no types", "no relations", "broken relations", "no Word", "no zip"],
)
def test_broken_packages_are_told_in_words(data: bytes) -> None:
    words = r"is a damaged Word document|is a Word document that is damaged|is a damaged zip archive"
    with pytest.raises(UnreadableDocument, match=words):
        read_document(data, "a.docx")
