"""Markdown: the text stays as it was written; headings, lists, tables and code are recognised in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from markdown_it import MarkdownIt

from inference.functions.reading.charsets import charset_of, decode
from inference.functions.reading.document import Block, BlockKind, Page, ReadDocument, clean, one_line
from inference.functions.reading.task import Task

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FRONT_TITLE = re.compile(r"^title:(.+)$", re.M)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_EMPHASIS = re.compile(r"`+|\*\*|__|~~|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")

_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
}
"""What stands at the outermost level; everything else (quotes, HTML) is a paragraph."""


def read(task: Task) -> ReadDocument:
    """Reads Markdown as one page. Its title is the front matter's, else the first heading."""
    decoded = decode(task.data, charset_of(task.content_type))
    text = clean(decoded.text)
    front = _FRONT_MATTER.match(text)
    body = front.end() if front else 0
    blocks = [Block(0, len(text[:body].rstrip()), "code")] if front else []
    blocks += _blocks(text, body)
    titled = _FRONT_TITLE.search(text, 0, body)
    first = next((block.title for block in blocks if block.title), None)
    task.on_page(1, 1)
    title = _unquoted(titled.group(1)) if titled else first
    return ReadDocument("markdown", title, [Page(1, text, blocks)], decoded.notes)


def _unquoted(value: str) -> str:
    words = value.strip(" \t")
    return one_line(words[words.startswith(("'", '"')) : len(words) - words.endswith(("'", '"'))])


def _blocks(text: str, body: int) -> Iterator[Block]:
    """The blocks of `text[body:]`. Lines that belong to no token (rules, link definitions) become paragraphs."""
    lines = text[body:].split("\n")
    offsets = [*accumulate((len(line) + 1 for line in lines), initial=body)]
    reached = 0
    for kind, level, title, first, end in _outermost(text[body:]):
        yield from _stretch(text, offsets[reached], offsets[first])
        yield from _stretch(text, offsets[first], offsets[end], kind, level, title)
        reached = end
    yield from _stretch(text, offsets[reached], len(text))


def _stretch(
    text: str, start: int, end: int, kind: BlockKind = "paragraph", level: int = 0, title: str = ""
) -> Iterator[Block]:
    """`text[start:end]` as a block without the blank lines around it; nothing when it is blank."""
    content = text[start:end]
    words = content.rstrip()
    if words:
        indent = len(words) - len(words.lstrip())
        yield Block(start + words.rfind("\n", 0, indent) + 1, start + len(words), kind, level, title)


def _outermost(text: str) -> Iterator[tuple[BlockKind, int, str, int, int]]:
    """Kind, level, title, first line and line after the last of each block that is in no other.

    Only the block structure is parsed: inline markup cannot change offsets and costs most of the time.
    """
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    tokens = parser.parse(text)
    for at, token in enumerate(tokens):
        if token.level or not token.map or token.nesting < 0 or token.type in ("inline", "hr"):
            continue
        kind = _KINDS.get(token.type, "paragraph")
        first, end = token.map
        if kind == "heading":
            yield kind, int(token.tag[1:]), _plain(tokens[at + 1].content), first, end
        else:
            yield kind, 0, "", first, end


def _plain(markup: str) -> str:
    """A heading's words without marks of links and emphasis."""
    return one_line(_EMPHASIS.sub("", _LINK.sub(r"\1", markup[:1000])))
