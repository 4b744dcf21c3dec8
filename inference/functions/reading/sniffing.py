"""What bytes seem to be, whatever their name says."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from inference.errors import UnreadableDocument
from inference.functions.reading.document import Kind
from inference.functions.reading.zips import entry_names, open_zip

TAKEN = (
    "PDF, Word, PowerPoint, Excel, OpenDocument, EPUB, HTML, Markdown, plain text, CSV, JSON, e-mail, pictures (PNG, "
    "JPEG, TIFF, WebP, BMP, GIF) and zip and tar archives of these are taken"
)

_WORDS: dict[Kind, str] = {
    "pdf": "a PDF",
    "docx": "a Word document (DOCX)",
    "pptx": "a PowerPoint presentation (PPTX)",
    "xlsx": "an Excel workbook",
    "odf": "an OpenDocument file",
    "html": "an HTML page",
    "markdown": "Markdown",
    "text": "plain text",
    "csv": "a table of values (CSV)",
    "json": "JSON",
    "email": "an e-mail",
    "epub": "an EPUB book",
    "image": "a picture",
}
_TEXTS: frozenset[Kind] = frozenset(["html", "markdown", "text", "csv", "json", "email"])
"""Kinds that look alike: only their names and their content types tell them apart for certain."""

_EXTENSIONS: dict[str, Kind] = {
    **dict.fromkeys(["pdf"], "pdf"),
    **dict.fromkeys(["docx", "docm", "dotx"], "docx"),
    **dict.fromkeys(["pptx", "pptm", "ppsx", "potx"], "pptx"),
    **dict.fromkeys(["xlsx", "xlsm", "xltx", "xlsb", "xls"], "xlsx"),
    **dict.fromkeys(["odt", "ods", "odp", "odg", "ott"], "odf"),
    **dict.fromkeys(["html", "htm", "xhtml"], "html"),
    **dict.fromkeys(["md", "markdown"], "markdown"),
    **dict.fromkeys(["txt", "text", "log"], "text"),
    **dict.fromkeys(["csv", "tsv"], "csv"),
    **dict.fromkeys(["json", "jsonl", "ndjson"], "json"),
    **dict.fromkeys(["eml"], "email"),
    **dict.fromkeys(["epub"], "epub"),
    **dict.fromkeys(["png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp", "gif"], "image"),
}

_CONTENT_TYPES: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/json": "json",
    "application/jsonl": "json",
    "application/x-ndjson": "json",
    "message/rfc822": "email",
}

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
"""First bytes of PNG, JPEG, GIF and TIFF."""
# First bytes of formats that people upload by mistake: https://en.wikipedia.org/wiki/List_of_file_signatures
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"8BPS", "a Photoshop picture"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"%!PS", "a PostScript file"),
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
_TEXTUAL_SIGNATURES = frozenset({b"MZ", b"ID3"})
"""Signatures that are also the beginning of a word; they count only when the rest is not text."""

_FOLDERS: dict[Kind, str] = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
"""Of an Office package (ECMA-376, part 2), by what it is."""
_BROKEN_LOOK = 64 * 1024 * 1024
_COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
_ENDINGS = {
    "zip": (".zip",),
    "tar": (".tar",),
    "gzip": (".gz", ".tgz"),
    "bzip2": (".bz2", ".tbz2"),
    "xz": (".xz", ".txz"),
}
_TAR_MARK_AT = 257  # POSIX.1-1988, ustar
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_RIFF = {b"WAVE": "a WAV recording", b"AVI ": "an AVI video"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = "Workbook".encode("utf-16-le")
_MAIL = re.compile(rb"(?:(?:[!-9;-~]{1,60}):[^\n]*+\n(?:[ \t][^\n]*+\n)*+){3,}+", re.S)
"""Three fields of a header (RFC 5322, section 2.2), folded or not."""
_MAIL_FIELDS = re.compile(rb"^(?:from|received|return-path|message-id|mime-version|subject|date):", re.I | re.M)
# A comment ends at its first "-->": were others tried, a page of comments would take longer than there is time.
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s++html|html|head|body)[\s>]", re.I | re.S
)


def sniff(data: bytes, name: str, content_type: str | None) -> Kind:
    """The kind that `data` is read as.

    Content decides between what is no text; among texts, which look alike, the name decides, then the content type.

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
    """The kind of what is no text; None for what may be text."""
    # A PDF may begin with other bytes (ISO 32000-1, implementation note 13), and a text may speak of "%PDF-".
    if data.lstrip().startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"endobj" in data):
        return "pdf"
    archive = archive_format(io.BytesIO(data))
    if archive is not None and (archive != "bzip2" or _is_binary(data)):
        raise UnreadableDocument(_archive(data, name, archive))
    if data.startswith(ZIP):
        return zip_kind(io.BytesIO(data))
    if _is_picture(data):
        return "image"
    if data.startswith(_OLE) and _WORKBOOK in data:
        return "xlsx"
    seems = _signature(data)
    if seems is not None:
        raise _not_taken(name, seems)
    return None


def _is_picture(data: bytes) -> bool:
    if data.startswith(b"BM"):  # also the beginning of a word
        return data[6:10] == bytes(4) and 12 <= int.from_bytes(data[14:18], "little") <= 124
    return data.startswith(_PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")


def _archive(data: bytes, name: str, form: str) -> str:
    """What to say of an archive where a document is expected."""
    if form == "zip" and not _is_whole_zip(data):
        return f"{quoted(name)} is a damaged zip archive. Make or download it anew."
    named = _EXTENSIONS.get(PurePosixPath(name.replace("\\", "/")).suffix[1:].lower())
    if named is not None:
        return (
            f"{quoted(name)} is called {_WORDS[named]}, but seems to be a {form} archive. Give it the ending that fits "
            "what it is; the files in an archive are read one by one."
        )
    if PurePosixPath(name).suffix.lower() in _ENDINGS[form]:
        return f"{quoted(name)} is a {form} archive: the files in it are read one by one, not the archive itself."
    return (
        f"{quoted(name)} is a {form} archive, which its name does not say. Give it the ending {_ENDINGS[form][0]}, and "
        "the files in it are read one by one."
    )


def _textual_kind(data: bytes, name: str, named: Kind | None, content_type: str | None) -> Kind:
    if _is_binary(data):
        raise _not_taken(name, "a binary file of a kind that is not known here")
    seems = _look(data)
    if named is not None and named not in _TEXTS:
        raise _mismatch(name, named, _WORDS[seems])
    declared = _CONTENT_TYPES.get((content_type or "").partition(";")[0].strip().lower())
    return named or declared or seems


def _look(data: bytes) -> Kind:
    """What a text that nothing else is known of looks like."""
    if _HTML.match(data[:4096]):
        return "html"
    head = _MAIL.match(data[:16384])
    if head and len(_MAIL_FIELDS.findall(head.group())) >= 2:
        return "email"
    return "text"


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
        return "an Office document of the format before 2007; save it as DOCX, PPTX or PDF"
    return None


def archive_format(file: BinaryIO) -> str | None:
    """`zip`, `tar`, `gzip`, `bzip2` or `xz` for an archive, also a damaged one; None for any other file.

    An office file is no archive, though it is a zip; what is compressed is one, be it a tar or one file.
    """
    file.seek(0)
    head = file.read(_TAR_MARK_AT + 5)
    file.seek(0)
    if head.startswith(ZIP):
        kind = zip_kind(file)
        file.seek(0)
        return "zip" if kind is None else None
    if head[_TAR_MARK_AT:] == b"ustar":
        return "tar"
    return next((name for mark, name in _COMPRESSED.items() if head.startswith(mark)), None)


def is_archive(source: bytes | Path) -> bool:
    """Whether a file is one to be expanded into the files in it, by its content."""
    if isinstance(source, bytes):
        return archive_format(io.BytesIO(source)) is not None
    with source.open("rb") as file:
        return archive_format(file) is not None


def zip_kind(file: BinaryIO) -> Kind | None:
    """The kind of document that a zip is, also a broken one; None for an archive of files."""
    try:
        with open_zip(file) as archive:
            names = set(archive.namelist())
            mimetype = b""
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    mimetype = entry.read(200)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        file.seek(0)
        return _broken_zip_kind(file.read(_BROKEN_LOOK))
    if b"opendocument" in mimetype:
        return "odf"
    if b"epub" in mimetype or "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for kind, folder in _FOLDERS.items() if any(entry.startswith(folder) for entry in names)), None)


def _broken_zip_kind(data: bytes) -> Kind | None:
    """By the names of files in it, not by those in archives that it holds; its reader tells what is wrong with it."""
    names = list(entry_names(data))
    if names[:1] == [b"mimetype"]:
        marks: dict[bytes, Kind] = {b"opendocument": "odf", b"epub+zip": "epub"}
        return next((kind for mark, kind in marks.items() if mark in data[:200]), None)
    return next(
        (kind for kind, folder in _FOLDERS.items() if any(name.startswith(folder.encode()) for name in names)), None
    )


def _is_whole_zip(data: bytes) -> bool:
    try:
        open_zip(io.BytesIO(data)).close()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return True


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
