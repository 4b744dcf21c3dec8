"""Plain text: paragraphs apart by empty lines, pages apart by form feeds; kept as it was written."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from inference.functions.reading.document import Block, BlockKind, Page, ReadDocument, clean
from inference.functions.reading.task import Task

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_POINT = re.compile(r"[ \t]*(?:[-*+•‣▪◦–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]+\S")
_PARAGRAPH = re.compile(r"^(?:[^\S\n]*+\S[^\n]*+(?:\n|\Z))++", re.M)


def read(task: Task) -> ReadDocument:
    """Reads plain text. The document has no title: nothing says which line would be one."""
    parts = decode(task.data, task.content_type).split("\f")
    pages: list[Page] = []
    for number, part in enumerate(parts, 1):
        text = clean(part)
        pages.append(Page(number, text, list(_blocks(text))))
        task.on_page(number, len(parts))
    while len(pages) > 1 and not pages[-1].blocks:  # a form feed at the end begins no page
        pages.pop()
    return ReadDocument("text", None, pages)


def decode(data: bytes, content_type: str | None = None) -> str:
    """Bytes as text: by byte order mark, as UTF-8, by the charset that the content type names, else as Windows-1252.

    Never fails: the one byte in fifty that no guess explains becomes U+FFFD.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _CHARSET.search(content_type or "")
    for encoding in ("utf-8", declared.group(1) if declared else ""):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _blocks(text: str) -> Iterator[Block]:
    for found in _PARAGRAPH.finditer(text):
        start, end = found.start(), found.start() + len(found.group().rstrip())
        kind: BlockKind = "list" if _POINT.match(text, start) else "paragraph"
        yield Block(start, end, kind)
