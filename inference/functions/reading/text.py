"""Plain text: paragraphs apart by empty lines, pages apart by form feeds; kept as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inference.functions.reading.charsets import charset_of, decode
from inference.functions.reading.document import Block, BlockKind, Page, ReadDocument, clean
from inference.functions.reading.task import Task

_POINT = re.compile(r"[ \t]*(?:[-*+•‣▪◦–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]+\S")
_PARAGRAPH = re.compile(r"^(?:[^\S\n]*+\S[^\n]*+(?:\n|\Z))++", re.M)


def read(task: Task) -> ReadDocument:
    """Reads plain text. The document has no title: nothing says which line would be one."""
    decoded = decode(task.data, charset_of(task.content_type))
    parts = decoded.text.split("\f")
    pages: list[Page] = []
    for number, part in enumerate(parts, 1):
        text = clean(part)
        pages.append(Page(number, text, list(_blocks(text))))
        task.on_page(number, len(parts))
    while len(pages) > 1 and not pages[-1].blocks:  # a form feed at the end begins no page
        pages.pop()
    return ReadDocument("text", None, pages, decoded.notes)


def _blocks(text: str) -> Iterator[Block]:
    for found in _PARAGRAPH.finditer(text):
        start, end = found.start(), found.start() + len(found.group().rstrip())
        kind: BlockKind = "list" if _POINT.match(text, start) else "paragraph"
        yield Block(start, end, kind)
