"""HTML, Markdown and plain text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import Limits, ReadDocument, read_document
from tests import documents
from tests.unit.reading.invariants import check, told


def _read(text: str | bytes, name: str, content_type: str | None = None) -> ReadDocument:
    return read_document(text.encode() if isinstance(text, str) else text, name, content_type)


def _html(body: str) -> list[tuple[int, str, str]]:
    return told(_read(body, "a.html"))


def test_html_without_its_furniture() -> None:
    document = read_document(documents.html(), "a.html")
    assert document.title == "Valve care"
    assert told(document) == [
        (1, "heading1", "Caring for valves"),
        (1, "paragraph", "Gate valves are exercised every six months."),
        (1, "heading2", "Tools"),
        (1, "list", "- Torque wrench\n  - 40 Nm\n- Grease"),
        (1, "table", "Valve | Interval\nGate | 6 months"),
        (1, "code", "close  valve\nopen   valve"),
    ]


def test_html_hides_what_the_page_hides() -> None:
    assert _html("<p>a</p><p hidden>b</p><p style='display: none'>c</p><p aria-hidden=true>d</p><p>e</p>") == [
        (1, "paragraph", "a"),
        (1, "paragraph", "e"),
    ]


def test_html_without_a_main_part_is_its_body() -> None:
    assert _html("<main> </main><article>one</article><article>two</article>") == [
        (1, "paragraph", "one"),
        (1, "paragraph", "two"),
    ]


def test_html_lists_are_numbered_and_nested() -> None:
    assert _html("<ol><li>a<ol><li>b<p>c</ol><li>d</ol>") == [(1, "list", "1. a\n  1. b\n    c\n2. d")]


def test_html_lists_are_numbered_as_they_say() -> None:
    assert _html("<ol start=3><li>a<li value=9>b<li>c<ol start=-1><li>d<li>e</ol><li value=x>f</ol>") == [
        (1, "list", "3. a\n9. b\n10. c\n  -1. d\n  0. e\n11. f")
    ]
    assert _html(f"<ol start={'9' * 5000}><li>a</ol><ul start=4><li value=7>b</ul>") == [(1, "list", "1. a\n- b")]


def test_html_inline_elements_leave_no_gap_and_breaks_are_lines() -> None:
    assert _html("<p>H<sub>2</sub>O,&nbsp;<i>pure</i><br>and\n  cold</p>") == [(1, "paragraph", "H2O, pure\nand cold")]


def test_html_tables_for_layout_are_read_as_paragraphs() -> None:
    assert _html("<table><tr><td><h1>Top</h1><table><tr><td>1<td>2<p>x</table><td>side</table>") == [
        (1, "heading1", "Top"),
        (1, "table", "1 | 2 x"),
        (1, "paragraph", "side"),
    ]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("<tr><td>a<td>b<td>c<tr><td colspan=2>Total<td>9", "a | b | c\nTotal |  | 9"),
        ("<tr><td>a<td rowspan=2>b<td>c<tr><td>1<td>3<tr><td>4<td>5<td>6", "a | b | c\n1 |  | 3\n4 | 5 | 6"),
        ("<tr><td rowspan=2 colspan=2>a<td>1<tr><td>2<tr><td>3<td>4<td>5", "a |  | 1\n |  | 2\n3 | 4 | 5"),
        ("<thead><tr><th rowspan=9>a<th>b<tbody><tr><td>1<td>2", "a | b\n1 | 2"),
        ("<tr><td rowspan=0>a<td>b<tr><td>1<tr><td>2<tbody><tr><td>3<td>4", "a | b\n | 1\n | 2\n3 | 4"),
        ("<tr><th colspan=2>Valves<tr><td>a<td>b", "Valves\na | b"),
        ("<tr><td colspan=1000000000>a<td>b<tr><td>1", "a | b\n1"),
        ("<tr><td colspan=' +2x'>a<td>b<tr><td>1<td>2<td>3", "a |  | b\n1 | 2 | 3"),
        ("<tr><td colspan=0>a<td colspan=-2>b<td rowspan=''>c<tr><td>1", "a | b | c\n1"),
        ("<tr><td>x|y<td>z", "x\\|y | z"),
    ],
)
def test_html_values_stand_in_the_columns_in_which_a_page_shows_them(rows: str, lines: str) -> None:
    assert _html(f"<table>{rows}</table>") == [(1, "table", lines)]


@pytest.mark.parametrize(
    "rows",
    [
        "<tr>" + "<td rowspan=65534 colspan=1000>x" * 100 + "<tr><td>x" * 5_000,
        "<tr>" + "<td rowspan=65534>" * 50_000 + "<tr><td>" * 5_000,
        "<tr><td rowspan=2 colspan=1000>" * 50_000,
        "".join(f"<tr><td colspan={n % 1000}>x<td>x" for n in range(50_000)),
    ],
)
def test_html_of_which_cells_take_up_more_than_is_taken_is_refused(rows: str) -> None:
    with pytest.raises(TooLarge, match="merged cells take up more than 1,000,000 places"):
        read_document(f"<table>{rows}".encode(), "a.html", limits=Limits(max_characters=1_000_000))


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("<meta charset=latin1><p>Gr\u00fc\u00dfe".encode("latin1"), None),
        ("<p>Gr\u00fc\u00dfe".encode("latin1"), "text/html; charset=ISO-8859-1"),
        ("<p>Gr\u00fc\u00dfe".encode("utf-16"), None),
        ("<meta charset=nonsense><p>Gr\u00fc\u00dfe".encode("cp1252"), None),
        ("<meta charset=macintosh><p>Gr\u00fc\u00dfe".encode("cp1252"), "text/html; charset=iso-8859-2"),
        ("<meta charset=macintosh><p>Gr\u00fc\u00dfe".encode("mac-roman"), "text/html; charset=unicode_escape"),
        ("<meta charset=shift_jis><p>Gr\u00fc\u00dfe".encode("utf-8-sig"), "text/html; charset=shift_jis"),
        ("<meta charset=utf-16><p>Gr\u00fc\u00dfe".encode(), None),
    ],
)
def test_html_in_any_encoding(data: bytes, content_type: str | None) -> None:
    assert told(_read(data, "a.html", content_type)) == [(1, "paragraph", "Gr\u00fc\u00dfe")]


def test_html_nested_deeper_than_a_stack() -> None:
    assert _html("<div>" * 3000 + "deep") == [(1, "paragraph", "deep")]
    assert _html("<table><tr><td>" * 20_000 + "deep")[-1][2] == "deep"


def test_markdown_stays_as_written() -> None:
    text = (
        "---\ntitle: 'The manual'\n---\n\n# A *b* [link](http://x) #\n\nSetext\nheading\n===\n\nWords\nof text.\n\n"
        "- one\n  - two\n\n    more of two\n- three\n\n|a|b|\n|-|-|\n|1|2|\n\n```py\n# no heading\n\n```\n\n***\n"
        "[l]: http://x\n\n> quoted\n> words\n\n    indented\n"
    )
    document = _read(text, "a.md")
    assert document.pages[0].text == text
    assert document.title == "The manual"
    assert told(document) == [
        (1, "code", "---\ntitle: 'The manual'\n---"),
        (1, "heading1", "# A *b* [link](http://x) #"),
        (1, "heading1", "Setext\nheading\n==="),
        (1, "paragraph", "Words\nof text."),
        (1, "list", "- one\n  - two\n\n    more of two\n- three"),
        (1, "table", "|a|b|\n|-|-|\n|1|2|"),
        (1, "code", "```py\n# no heading\n\n```"),
        (1, "paragraph", "***\n[l]: http://x"),
        (1, "paragraph", "> quoted\n> words"),
        (1, "code", "    indented"),
    ]
    assert [block.title for block in document.pages[0].blocks if block.title] == ["A b link", "Setext heading"]


def test_markdown_is_titled_by_its_first_heading() -> None:
    assert _read("words\n\n## Under_score and C#\n", "a.md").title == "Under_score and C#"


def test_plain_text_has_pages_at_form_feeds_and_lists_at_points() -> None:
    document = _read("Intro\r\ntext \x00\x07here\n\n 1. a\n 2. b\n\fSecond\n\n\n  indented\n\f\n", "a.txt")
    assert document.title is None
    assert told(document) == [
        (1, "paragraph", "Intro\ntext here"),
        (1, "list", " 1. a\n 2. b"),
        (2, "paragraph", "Second"),
        (2, "paragraph", "  indented"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_plain_text_in_any_encoding(encoding: str) -> None:
    text = "Na\u00efve \u201cquotes\u201d"
    assert told(_read(text.encode(encoding), "a.txt")) == [(1, "paragraph", text)]


def test_white_space_without_end_is_none_of_a_paragraph() -> None:
    spaces = " " * 500_000
    assert told(_read(f"{spaces}\n  a{spaces}\nb\n{spaces}\n{spaces}\nc", "a.txt")) == [
        (1, "paragraph", f"  a{spaces}\nb"),
        (1, "paragraph", "c"),
    ]
    assert _read(f"---\ntitle: 'a{spaces}b'\n---\nwords", "a.md").title == "a"


def test_comments_without_end_before_what_is_no_html() -> None:
    assert _read("<!---->" * 500 + "words", "a").kind == "text"
    assert _read("<!-- -->" * 500 + "<html>words", "a.html").kind == "html"


def test_lists_in_lists_without_end_are_indented_no_further() -> None:
    document = _read("<ul><li>a" * 8_000, "a.html")
    check(document)
    assert len(document.pages[0].text) < 8_000 * 40


_anything = st.text(max_size=300)
_markup = st.text(st.sampled_from("#-*+>`~|=_[]()!<>/&;:.1a \t\n\u00a0\u2028\x0c\x85é"), max_size=300)
# fmt: off
_TAGS = [
    "<p>", "</p>", "<table>", "<tr>", "<td>", "</table>", "<ul>", "<ol>", "<li>", "</ul>", "<h2>", "</h2>",
    "<pre>", "</pre>", "<br>", "<nav>", "</nav>", "<div>", "</div>", "<b>", "<!--", "-->", "words ", "\n x",
    "&amp;", "\u00a0", "<td colspan=3>", "<td rowspan=2>", "<tbody>",
]
# fmt: on
_tags = st.lists(st.sampled_from(_TAGS), max_size=40).map("".join)


@settings(max_examples=200, deadline=None)
@given(_anything | _markup | _tags, st.sampled_from(["a.md", "a.txt", "a.html"]))
def test_whatever_is_written_is_read_or_refused(text: str, name: str) -> None:
    try:
        document = read_document(text.encode(errors="surrogatepass"), name)
    except UnreadableDocument:
        return
    check(document)
