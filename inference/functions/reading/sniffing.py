"""What bytes seem to be, whatever their name says."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from inference.errors import UnreadableDocument
from inference.functions.reading.document import Kind

TAKEN = "PDF, DOCX, HTML, Markdown and plain text are taken"

_WORDS: dict[Kind, str] = {
    "pdf": "a PDF",
    "docx": "a Word document (DOCX)",
    "html": "an HTML page",
    "markdown": "Markdown",
    "text": "plain text",
}

_EXTENSIONS: dict[str, Kind] = {
    "pdf": "pdf",
    "docx": "docx",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "md": "markdown",
    "markdown": "markdown",
    "txt": "text",
    "text": "text",
    "log": "text",
}

_CONTENT_TYPES: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
}

# First bytes of formats that people upload by mistake: https://en.wikipedia.org/wiki/List_of_file_signatures
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a Matroska video"),
)
_TEXTUAL_SIGNATURES = frozenset({b"BM", b"MZ", b"BZh", b"ID3"})
"""Signatures that are also the beginning of a word; they count only when the rest is not text."""

_RIFF = {b"WEBP": "a WebP picture", b"WAVE": "a WAV recording", b"AVI ": "an AVI video"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]", re.I | re.S)


def sniff(data: bytes, name: str, content_type: str | None) -> Kind:
    """The kind that `data` is read as.

    Content decides between PDF, DOCX and text; among texts, which look alike, the name decides, then the content type.

    Raises:
        UnreadableDocument: it is empty, of no kind that is taken, or of another kind than its name says.
    """
    if not data:
        raise UnreadableDocument(f"{quoted(name)} is empty: it has 0 bytes.")
    if not data.strip(b"\x00\t\n\r\x0b\x0c "):
        raise UnreadableDocument(f"{quoted(name)} is blank: there is nothing in it but white space.")
    named = _EXTENSIONS.get(PurePosixPath(name.replace("\\", "/")).suffix[1:].lower())
    found = _binary_kind(data, name)
    if found is None:
        return _textual_kind(data, name, named, content_type)
    if named is not None and named != found:
        raise _mismatch(name, named, _WORDS[found])
    return found


def quoted(name: str) -> str:
    """A file's name as a message shows it: its last part, on one line, not too long."""
    last = re.split(r"[/\\]", name)[-1] or name
    return f"“{''.join(c if c.isprintable() else '?' for c in last)[:120]}”"


def _binary_kind(data: bytes, name: str) -> Kind | None:
    """PDF or DOCX; None for what may be text."""
    # A PDF may begin with other bytes (ISO 32000-1, implementation note 13), and a text may speak of "%PDF-".
    if data.lstrip().startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"endobj" in data):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        seems = _zip_content(data)
        if seems is None:
            return "docx"
        raise _not_taken(name, seems)
    seems = _signature(data)
    if seems is not None:
        raise _not_taken(name, seems)
    return None


def _textual_kind(data: bytes, name: str, named: Kind | None, content_type: str | None) -> Kind:
    if _is_binary(data):
        raise _not_taken(name, "a binary file of a kind that is not known here")
    looks_like_html = _HTML.match(data[:4096]) is not None
    if named in ("pdf", "docx"):
        raise _mismatch(name, named, _WORDS["html" if looks_like_html else "text"])
    if named is not None:
        return named
    declared = _CONTENT_TYPES.get((content_type or "").partition(";")[0].strip().lower())
    return declared or ("html" if looks_like_html else "text")


def _signature(data: bytes) -> str | None:
    for signature, seems in _SIGNATURES:
        if data.startswith(signature) and (signature not in _TEXTUAL_SIGNATURES or _is_binary(data)):
            return seems
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12], "a RIFF file")
    if data[4:8] == b"ftyp":
        return "an MP4 video or an HEIC picture"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "an Office document that is protected by a password; save it without one"
        return "an Office document of the format before 2007; save it as DOCX"
    return None


def _zip_content(data: bytes) -> str | None:
    """What a zip seems to be; None when it is a Word document, or broken in a way that its reader tells better."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    return _open_document(entry.read(200))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return "a damaged zip archive" if b"word/" not in data else None
    if "[Content_Types].xml" not in names:
        return "a zip archive"
    for folder, seems in (("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation")):
        if any(entry.startswith(folder) for entry in names):
            return seems
    return None if any(entry.startswith("word/") for entry in names) else "a zip archive"


def _open_document(mimetype: bytes) -> str:
    if b"opendocument.text" in mimetype:
        return "an OpenDocument text (ODT); save it as DOCX or PDF"
    return "an EPUB book" if b"epub" in mimetype else "an OpenDocument file"


def _is_binary(data: bytes) -> bool:
    """Whether `data` is no text: no mark of UTF-16, and more than one control or NUL in twenty bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    sample = data[:65536]
    controls = len(sample) - len(sample.translate(None, bytes([*range(9), *range(14, 27), *range(28, 32), 127])))
    return controls * 20 > len(sample)


def _not_taken(name: str, seems: str) -> UnreadableDocument:
    return UnreadableDocument(f"{quoted(name)} seems to be {seems}. {TAKEN}.")


def _mismatch(name: str, named: Kind, seems: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"{quoted(name)} is called {_WORDS[named]}, but seems to be {seems}. Give it the ending that fits what it "
        f"is; {TAKEN}."
    )
