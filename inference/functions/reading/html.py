"""HTML: what a reader of the page reads, without its furniture. Nothing is fetched and no script runs."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from inference.errors import UnreadableDocument
from inference.functions.reading.charsets import charset_of, decode
from inference.functions.reading.document import (
    BlockKind,
    Page,
    PageWriter,
    ReadDocument,
    clean,
    one_line,
    table_row,
)
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.spans import MOST_COLUMNS, MOST_ROWS, Cell, Grid
from inference.functions.reading.task import Task

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.I)

# fmt: off
_UNREAD = frozenset([
    "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input", "math", "noscript", "object",
    "script", "select", "style", "svg", "template", "textarea", "video",
])
"""Never text of the page."""
_FURNITURE = frozenset(["nav", "footer"])
_FURNITURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "menu", "menubar", "dialog"])

_ROW_GROUPS = frozenset(["thead", "tbody", "tfoot"])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKING = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html",
    "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul",
])
"""Elements that begin and end a paragraph (HTML Living Standard, 15.3, what is not displayed inline)."""
# fmt: on
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_DEEPEST_LIST = 16
"""Lists in lists beyond which none is indented further: what is inside of thousands would be all white space."""
_NUMBER = re.compile(r"[ \t\n\f\r]*+\+?([0-9]{1,6})")
"""A whole number that begins an attribute; of a longer one, what is more than any span."""
_INTEGER = re.compile(r"[ \t\n\f\r]*+([+-]?[0-9]{1,9})(?![0-9])")
_BREAK = "\x0b"
"""Stands for `<br>` while white space is collapsed; `clean` leaves none of these in a text."""
_SPACES = re.compile(r"[ \t\n\u00a0]+")
_BREAKS = re.compile(f" ?{_BREAK} ?")


def read(task: Task) -> ReadDocument:
    """Reads HTML as one page: the `main` or only `article` element when there is one with text, else the body."""
    decoded = decode(task.data, charset_of(task.content_type) or _declared(task.data))
    try:
        parser = LexborHTMLParser(decoded.text)
    except Exception as error:  # selectolax raises its own class for some faults and built-in ones for others
        raise UnreadableDocument(f"{quoted(task.name)} could not be parsed as HTML ({error}).") from error
    page = _Walk(task).page(parser)
    task.on_page(1, 1)
    head = parser.css_first("title")
    title = one_line(clean(head.text())) if head else ""
    title = title or next((block.title for block in page.blocks if block.title), "")
    return ReadDocument("html", title or None, [page], decoded.notes)


def _declared(data: bytes) -> str:
    """The encoding that a page says it is in, which counts when whoever sent it said nothing (HTML Living Standard,
    13.2.3.2). A page that can be asked is not in UTF-16."""
    charset = _META_CHARSET.search(data[:4096])
    named = charset_of(f"charset={charset.group(1).decode('ascii', 'replace')}") if charset else ""
    return "" if named.startswith("utf-16") else named


class _Walk:
    """One pass over the tree in document order, without recursion: a page may be nested as deep as it likes."""

    def __init__(self, task: Task) -> None:
        self._writer = PageWriter()
        self._grid = Grid(task)
        self._words: list[str] = []
        self._lists: list[int] = []
        self._marker = ""
        self._level = 0
        self._preformatted = 0
        self._in_table = False
        self._cells: list[Cell] | None = None

    def page(self, parser: LexborHTMLParser) -> Page:
        """The page; when its main part holds no text, the whole body counts."""
        self._run(_main(parser))
        if not self._writer and parser.body is not None:
            self._run(parser.body)
        return self._writer.page(1)

    def _run(self, root: LexborNode | None) -> None:
        stack: list[tuple[LexborNode, bool]] = [(root, False)] if root is not None else []
        while stack:
            node, leaving = stack.pop()
            if leaving:
                self._leave(node.tag or "", node)
                continue
            if node is not root and (following := node.next) is not None:
                stack.append((following, False))
            if self._enter(node):
                stack.append((node, True))
                if (child := node.first_child) is not None:
                    stack.append((child, False))
        self._flush()

    def _enter(self, node: LexborNode) -> bool:
        """Takes the node's beginning; true when its inside is to be read."""
        tag = node.tag or ""
        if tag == "-text":
            self._words.append(clean(node.text_content or ""))
        elif tag == "br":
            self._words.append("\n" if self._preformatted else _BREAK)
        if tag.startswith("-") or tag == "br" or tag in _UNREAD or _is_furniture(tag, node):
            return False
        self._begin(tag, node)
        return True

    def _begin(self, tag: str, node: LexborNode) -> None:
        if tag == "table" and not self._in_table and not _is_layout(node):
            self._flush()
            self._in_table = True
        elif tag == "tr" and self._in_table:
            self._flush()
            self._cells = []
        elif tag in _BREAKING:
            self._flush()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag == "pre":
            self._preformatted += 1
        elif tag in ("ul", "ol"):
            self._lists.append(_ordinal(node, "start", 1) - 1)
        elif tag == "li" and self._cells is None:
            self._marker = self._next_marker(node)

    def _leave(self, tag: str, node: LexborNode) -> None:
        if tag in ("td", "th") and self._cells is not None:
            self._cells.append(_cell(node, self._taken().replace("\n", " ")))
        elif tag == "tr" and self._cells is not None:
            self._grid.add(self._cells)
            self._cells = None
        elif tag in _ROW_GROUPS and self._in_table and self._cells is None:
            self._grid.end_group()
        elif tag == "table" and self._in_table and self._cells is None:
            self._in_table = False
            self._write_table()
        elif tag in _BREAKING:
            self._flush()
        if tag in _HEADINGS:
            self._level = 0
        elif tag == "pre":
            self._preformatted -= 1
        elif tag in ("ul", "ol"):
            self._lists.pop()

    def _write_table(self) -> None:
        rows = [row for row in self._grid.taken() if row]
        kind: BlockKind = "table" if any(len(row) > 1 for row in rows) else "paragraph"
        self._writer.add(kind, "\n".join(map(table_row, rows)))

    def _next_marker(self, item: LexborNode) -> str:
        if not self._lists:
            return "- "
        self._lists[-1] = _ordinal(item, "value", self._lists[-1] + 1)
        ordered = item.parent is not None and item.parent.tag == "ol"
        return _indent(len(self._lists) - 1) + (f"{self._lists[-1]}. " if ordered else "- ")

    def _taken(self) -> str:
        text = "".join(self._words)
        self._words.clear()
        if self._preformatted and self._cells is None:
            return text
        text = _SPACES.sub(" ", text)
        return (_BREAKS.sub("\n", text) if _BREAK in text else text).strip()

    def _flush(self) -> None:
        """Ends a paragraph; inside a table's cell that is but a space."""
        if self._cells is not None:
            self._words.append(" ")
            return
        text = self._taken()
        if not text.strip():
            return
        kind: BlockKind = "paragraph"
        if self._preformatted:
            kind = "code"
        elif self._level:
            kind, text = "heading", text.replace("\n", " ")
        elif self._lists:
            kind = "list"
            text = self._marker + text if self._marker else _indent(len(self._lists)) + text
            self._marker = ""
        self._writer.add(kind, text, level=self._level if kind == "heading" else 0)


def _cell(node: LexborNode, text: str) -> Cell:
    """A cell and what it spans. No rows stand for all that follow in its group."""
    attributes = node.attributes
    columns = _number(attributes.get("colspan"), 0) or 1
    rows = _number(attributes.get("rowspan"), 1) or MOST_ROWS
    return Cell(text, min(columns, MOST_COLUMNS), min(rows, MOST_ROWS))


def _number(value: str | None, otherwise: int) -> int:
    found = _NUMBER.match(value) if value else None
    return int(found.group(1)) if found else otherwise


def _ordinal(node: LexborNode, attribute: str, otherwise: int) -> int:
    """The number that an ordered list begins with, or that an item of it has (HTML Living Standard, 4.4.5)."""
    found = _INTEGER.match(node.attributes.get(attribute) or "")
    return int(found.group(1)) if found else otherwise


def _indent(depth: int) -> str:
    return "  " * min(depth, _DEEPEST_LIST)


def _main(parser: LexborHTMLParser) -> LexborNode | None:
    for query in ("main, [role=main]", "article"):
        found = parser.css(query)
        if len(found) == 1 and found[0].text().strip():
            return found[0]
    return parser.body


def _is_furniture(tag: str, node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        tag in _FURNITURE
        or (attributes.get("role") or "") in _FURNITURE_ROLES
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _INVISIBLE.search(attributes.get("style") or "") is not None
    )


def _is_layout(table: LexborNode) -> bool:
    """Whether a table only places things: it says so, or holds a table, a large heading or preformatted text."""
    role = table.attributes.get("role") or ""
    # The first is enough: of tables in tables, each would otherwise be searched from end to end.
    return role in ("presentation", "none") or any(
        part.css_first("table, h1, h2, h3, pre") is not None for part in table.iter()
    )
