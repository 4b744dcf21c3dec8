from __future__ import annotations

import pytest

from inference.errors import UnreadableDocument
from inference.functions.reading import Kind, read_document
from tests import documents
from tests.manual import operating_manual

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "name", "content_type", "kind"),
    [
        (operating_manual(), "manual.pdf", None, "pdf"),
        (operating_manual(), "manual", "application/octet-stream", "pdf"),
        (operating_manual(), "MANUAL.PDF", "text/plain", "pdf"),
        (b"\n\n" + operating_manual(), "manual.pdf", None, "pdf"),
        (documents.docx(["x"]), "x.docx", None, "docx"),
        (documents.docx(["x"]), "x", None, "docx"),
        (documents.html(), "page.html", None, "html"),
        (documents.html(), "page", None, "html"),
        (b"<?xml version='1.0'?><html><body>x</body></html>", "page", None, "html"),
        (b"<b>no document</b>", "x", "text/html; charset=utf-8", "html"),
        (b"# One", "a.md", None, "markdown"),
        (b"# One", "a", "text/markdown", "markdown"),
        (documents.html(), "page.txt", None, "text"),
        (b"a,b\n1,2\n", "table.csv", None, "csv"),
        (b"a,b\n1,2\n", "table", "text/csv", "csv"),
        (b"a,b\n1,2\n", "table.txt", "text/csv", "text"),
        (b'{"a": 1}', "a", "application/json; charset=utf-8", "json"),
        (b"BM is how this text begins", "a.txt", None, "text"),
        (b"A PDF begins with %PDF-1.7.", "about.md", None, "markdown"),
        ("gr\u00fc\u00df".encode("utf-16"), "a.txt", None, "text"),
    ],
)
def test_content_decides_and_names_tell_texts_apart(
    data: bytes, name: str, content_type: str | None, kind: Kind
) -> None:
    assert read_document(data, name, content_type).kind == kind


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (documents.png(), "scan.pdf", "is called a PDF, but seems to be a picture. Give it the ending that fits"),
        (operating_manual(), "manual.txt", "is called plain text, but seems to be a PDF"),
        (operating_manual(), "manual.png", "is called a picture, but seems to be a PDF"),
        (documents.archive(), "report.docx", "is called a Word document (DOCX), but seems to be a zip archive"),
        (documents.archive(), "all.zip", "is a zip archive: the files in it are read one by one"),
        (documents.archive(), "all.jar", "is a zip archive, which its name does not say. Give it the ending .zip, and"),
        (b"\x1f\x8b\x08" + bytes(20), "all.tgz", "is a gzip archive: the files in it are read one by one"),
        (documents.docx(["x"]), "x.pdf", "is called a PDF, but seems to be a Word document"),
        (b"just words", "x.pdf", "is called a PDF, but seems to be plain text"),
        (documents.html(), "x.docx", "is called a Word document (DOCX), but seems to be an HTML page"),
        (_OLE, "old.doc", "of the format before 2007; save it as DOCX"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "x.docx", "protected by a password"),
        (b"{\\rtf1 hello}", "x.rtf", "a rich text document"),
        (b"\x00\x01\x02\x03" * 50, "x.txt", "a binary file of a kind that is not known here"),
        (b"MZ\x90\x00\x03" + bytes(200) + b"x", "setup.txt", "a Windows program"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x.webp", "a damaged picture"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "x.wav", "seems to be a WAV recording. PDF, Word, PowerPoint, Excel"),
        (b"\x00\x00\x00\x18ftypmp42", "x.mp4", "an MP4 video"),
        (b"PK\x03\x04 and then nothing", "x.zip", "a damaged zip archive"),
        (b"", "x.pdf", "“x.pdf” is empty: it has 0 bytes"),
        (b" \n\t \n", "x.md", "“x.md” is blank"),
        (b"\x00" * 100, "x.bin", "is blank"),
        (b"<html><body><script>1</script></body></html>", "x.html", "holds no text"),
    ],
)
def test_what_is_not_taken_is_told_in_words(data: bytes, name: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(data, name)
    assert words in caught.value.message


def test_a_name_is_shown_by_its_last_part_and_cannot_forge_lines() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(b"", "../../etc/pass\nwd\u202e.pdf")
    assert caught.value.message.startswith("“pass?wd?.pdf” is empty")
