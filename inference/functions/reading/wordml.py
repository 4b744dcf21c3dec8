"""WordprocessingML (ECMA-376, part 1, section 17) as far as text, headings, lists and page breaks go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inference.functions.reading.markup import Element
from inference.functions.reading.spans import MOST_COLUMNS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
# The same drawing for applications that do not know a newer one: reading both would say everything twice.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

PAGE_BREAK = "\x0c"
"""Stands in the text of a paragraph where its page ends; no XML can hold this character."""

_CONTAINERS = frozenset(W + tag for tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_UNREAD = frozenset([_FALLBACK, *(W + tag for tag in ("pPr", "rPr", "del", "moveFrom", "txbxContent", "rt"))])


def blocks(parent: Element) -> Iterator[Element]:
    """The paragraphs (`w:p`) and tables (`w:tbl`) of a body, cell or text box, also those in content controls."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in _CONTAINERS:
            yield from blocks(child)


def text_boxes(element: Element) -> Iterator[Element]:
    """The `w:txbxContent` of the text boxes that are anchored in a paragraph."""
    for child in element:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag != _FALLBACK:
            yield from text_boxes(child)


def text(element: Element, *, rendered: bool) -> str:
    """A paragraph's text as it stands after all changes are accepted, with PAGE_BREAK where a page ends.

    `rendered` says that the document tells where Word last broke its pages; then only those breaks count.
    """
    return "".join(_pieces(element, rendered))


def _pieces(element: Element, rendered: bool) -> Iterable[str]:
    for child in element:
        tag = child.tag
        if tag in (W + "t", _MATH_TEXT):
            yield child.text or ""
        elif tag == W + "br":
            page = child.get(W + "type") == "page"
            yield (PAGE_BREAK if not rendered else "") if page else "\n"
        elif tag == W + "lastRenderedPageBreak":
            yield PAGE_BREAK if rendered else ""
        elif tag in (W + "tab", W + "ptab"):
            yield "\t"
        elif tag == W + "cr":
            yield "\n"
        elif tag == W + "noBreakHyphen":
            yield "-"
        elif isinstance(tag, str) and tag not in _UNREAD:
            yield from _pieces(child, rendered)


def breaks_before(paragraph: Element) -> bool:
    """Whether the paragraph asks to stand at the top of a page."""
    return switched_on(paragraph.find(f"{W}pPr/{W}pageBreakBefore"))


def breaks_after(paragraph: Element) -> bool:
    """Whether a section ends with the paragraph whose successor begins on a new page."""
    section = paragraph.find(f"{W}pPr/{W}sectPr")
    if section is None:
        return False
    kind = section.find(W + "type")
    return kind is None or kind.get(W + "val") not in ("continuous", "nextColumn")


def columns(cell: Element) -> int:
    """How many columns of its table a cell takes up (`w:gridSpan`). What one covers below it are cells themselves."""
    return max(_columns(cell.find(f"{W}tcPr/{W}gridSpan")), 1)


def columns_before(row: Element) -> int:
    """How many columns of its table a row leaves out before its first cell (`w:gridBefore`)."""
    return _columns(row.find(f"{W}trPr/{W}gridBefore"))


def _columns(element: Element | None) -> int:
    number = value(element) or ""
    return min(int(number[:8]), MOST_COLUMNS) if number.isascii() and number.isdigit() else 0


def switched_on(switch: Element | None) -> bool:
    """The value of an on/off element: there, and not said to be off."""
    return switch is not None and switch.get(W + "val") not in ("0", "false", "off")


def value(element: Element | None) -> str | None:
    """The `w:val` of an element that may not be there."""
    return element.get(W + "val") if element is not None else None
