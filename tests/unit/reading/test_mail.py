from __future__ import annotations

import pytest

from inference.errors import UnreadableDocument
from inference.functions.reading import read_document
from tests import documents, packages
from tests.unit.reading.invariants import told


def test_a_message_and_what_is_attached() -> None:
    attached = {
        "manual.pdf": documents.pdf([[documents.Heading("Manual"), "Page one."], "Page two."]),
        "setup.exe": b"MZ\x90\x00" + bytes(100),
    }
    message = packages.mail(
        "Dear all,\n\npump 3 stopped.\n", attachments=attached, inner=packages.mail("Inner.", subject="Re")
    )
    document = read_document(message.as_bytes(), "a.eml")
    assert (document.kind, document.title) == ("email", "Pump 3")
    blocks = told(document)
    assert blocks[:4] == [
        (1, "heading1", "Pump 3"),
        (1, "paragraph", "From: Zo\u00eb <zoe@example.org>\nTo: shift@example.org"),
        (1, "paragraph", "Dear all,"),
        (1, "paragraph", "pump 3 stopped."),
    ]
    assert blocks[4:8] == [
        (2, "heading1", "manual.pdf"), (2, "heading1", "Manual"), (2, "paragraph", "Page one."),
        (3, "paragraph", "Page two."),
    ]  # fmt: skip
    assert blocks[8:10] == [(4, "heading1", "Re.eml"), (4, "heading1", "Re")]
    page = document.pages[1]
    assert [page.text[line.start : line.end] for line in page.lines] == ["Manual", "Page one."]
    (note,) = document.notes
    assert "\u201csetup.exe\u201d seems to be a Windows program" in note


def test_html_is_read_when_there_is_no_text() -> None:
    message = packages.mail("x")
    message.set_content("<h1>Big</h1><p>Some <b>words</b>.</p><script>no</script>", subtype="html")
    assert told(read_document(message.as_bytes(), "a.eml"))[2:] == [
        (1, "heading2", "Big"),
        (1, "paragraph", "Some words."),
    ]


def test_a_message_shows_in_its_first_lines() -> None:
    data = packages.mail("Hello.").as_bytes()
    assert read_document(data, "upload").kind == "email"
    assert read_document(data, "upload.txt").kind == "text"
    assert read_document(b"Note: one\nNote: two\nAlso: three\n\nThis is a text.", "upload").kind == "text"


def test_messages_within_messages_are_read_to_a_depth() -> None:
    message = packages.mail("The innermost.", subject="0")
    for depth in range(1, 6):
        message = packages.mail(f"Level {depth}.", subject=str(depth), inner=message)
    document = read_document(message.as_bytes(), "a.eml")
    assert [page.text for page in document.pages if "Level" in page.text][-1].endswith("Level 2.")
    assert any("files deep inside others" in note for note in document.notes)


@pytest.mark.parametrize(
    "data",
    [
        b"From: <<<>>>@@\nTo: =?utf-8?q?=ff?=, \x00\xff\nDate: never\nSubject: =?x?b?!!?=\n\n",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed\n\n--b",
        b"Subject: x\nContent-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n!!!",
    ],
)
def test_malformed_messages_are_read_or_told(data: bytes) -> None:
    try:
        told(read_document(data, "a.eml"))
    except UnreadableDocument as error:
        assert "a.eml" in error.message  # noqa: PT017 - either outcome is right
