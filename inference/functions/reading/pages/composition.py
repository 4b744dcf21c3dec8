"""Lines of pages into text: joined into paragraphs, divided words whole again, running heads left out."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from inference.functions.reading.boxes import Line
from inference.functions.reading.document import Page, PageWriter, clean
from inference.functions.reading.pages.columns import in_reading_order
from inference.functions.reading.pages.layout import (
    HEADING_SIZE,
    LEADER,
    Look,
    Part,
    join,
    look_of,
    parts_of,
    usual_size,
)
from inference.functions.reading.pages.placing import place, rows_of
from inference.functions.reading.pages.rawlines import LINE_END_HYPHEN, RawLine, RawPage

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# The second part is looked at only: it may be the first of another that was divided.
_DIVIDED = re.compile(rf"(?<![^\W_])([^\W_]*+) ?{LINE_END_HYPHEN}\s*+(?=([^\W_]*+))")
# First parts that English writes with a hyphen, and what goes on with some of them without one.
_FIRST_PARTS = re.compile(
    "all|cross|double|half|high|long|low|non|self|short|single|three|triple|two|well|(?:twen|thir|for|fif|six|seven|eigh"
    "|nine)ty",
    re.I,
)
_SECOND_PARTS = re.compile(
    "ages?|breads?|chalant(?:ly)?|comings?|cuts?|en|ened|ener|ening|ens|er|ered|ering|ers|es|est|falls?|fold|hand|hood"
    "|ings?|ish(?:ly|ness)?|land(?:s|ers?)?|less(?:ly|ness)?|light(?:s|ed|ers?|ing)?|list(?:s|ed)?|ly|ness|overs?|roads?"
    "|sense|sensical|shore|some|tons?|wave|ways?|wise|words?"
)
_SUSPENDED = frozenset(("and", "or", "und", "oder"))
"""What follows a hyphen that stands for the rest of a word: "two- and three-stage"."""
# What typesetters draw and nobody types: ligatures, no-break and other fixed spaces, bullets of symbol fonts.
_TYPED: dict[int, str] = {
    **{0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"},
    **dict.fromkeys([0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F], " "),
    **dict.fromkeys([0xF0B7, 0xF0A7], "\u2022"),
}
_NUMBER = re.compile(r"[0-9]{1,9}")
_BEFORE_PAGE = re.compile(r"(?:^|\b(?:page|pg?|seite|s|sheet|blatt|p[áa]gina|sida|side|стр|лист))\W*$", re.I)
_AFTER_PAGE = re.compile(r"\W*$|\s*(?:/|of|von|de|di|sur|van|av|af|из)\s*[0-9]", re.I)
"""What makes a number that of its page: it begins or ends its line, or is the one of "page 3" or of "3 / 12"."""
_PAGE_WORD = 12
"""Characters before a number in which the word for a page is looked for."""
_ROMAN = re.compile(r"^\W*[ivxlc]+\W*$", re.I)
_MARGIN = 0.12
"""Of a page's height, above and below: where running heads and page numbers stand."""
_NEARBY = 4
"""Pages before and after on which a running head is looked for: heads change with the chapter."""


def compose(raw: Sequence[RawPage]) -> list[Page]:
    """A document's pages, numbered from 1, from the lines of all of them."""
    running = _running(raw)
    bodies = [
        in_reading_order([line for at, line in enumerate(page.lines) if (number, at) not in running])
        for number, page in enumerate(raw)
    ]
    look = look_of(bodies)
    parts = [parts_of(lines, look) for lines in bodies]
    for page, following in pairwise(parts):
        if following and _continues(page, following[0]):
            _make_whole(page[-1].lines, following[0].lines)
    return _pages(raw, parts, look)


def _running(pages: Sequence[RawPage]) -> set[tuple[int, int]]:
    """Page and line of running heads and page numbers: what stands in the margin at the same height on pages nearby.

    A number in it must count with the pages, or it is no page's number but, say, an invoice's, and words with it are
    not larger than the body: "Exercise 3" on the third page may be its title. A head without one stays where it stands
    first: it may say what nothing else does.
    """
    seen: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for at, line in enumerate(page.lines):
            if line.base > (1 - _MARGIN) * page.height or line.top < _MARGIN * page.height:
                seen[_key(line.text), round(line.base / 4)].append((number, at))
    running: set[tuple[int, int]] = set()
    worded: set[tuple[int, int]] = set()
    for places in seen.values():
        varies = len({pages[number].lines[at].text for number, at in places}) > 1
        for order, found in enumerate(places):
            nearby = [other for other in places[max(0, order - 2) : order + 3] if abs(other[0] - found[0]) <= _NEARBY]
            texts = [(number, pages[number].lines[at].text) for number, at in nearby]
            if len(nearby) >= 3 and (_counts(texts) if varies else order):
                is_worded = varies and any(map(str.isalpha, pages[found[0]].lines[found[1]].text))
                (worded if is_worded else running).add(found)
    if worded:
        largest = HEADING_SIZE * usual_size([page.lines for page in pages])
        running |= {(number, at) for number, at in worded if pages[number].lines[at].size < largest}
    return running


def _key(text: str) -> str:
    """A head without its numbers."""
    return _ROMAN.sub("#", _NUMBER.sub("#", text))


def _counts(heads: list[tuple[int, str]]) -> bool:
    """Whether, of the numbers in heads on these pages, one goes up with the page, where a page's number may stand, and
    the others stay."""
    numbers = [list(_NUMBER.finditer(text)) for _, text in heads]
    if not all(numbers):
        return True  # Roman
    if len({len(row) for row in numbers}) > 1:
        return False
    counts = False
    for column in zip(*numbers, strict=True):
        values = [int(found[0]) for found in column]
        if len({value - page for value, (page, _) in zip(values, heads, strict=True)}) == 1:
            counts = counts or all(map(_is_page, column))
        elif len(set(values)) > 1:
            return False
    return counts


def _is_page(number: re.Match[str]) -> bool:
    """Whether a number stands in its line where that of a page may."""
    text, (start, end) = number.string, number.span()
    return (
        _AFTER_PAGE.match(text, end) is not None
        or _BEFORE_PAGE.search(text, max(start - _PAGE_WORD, 0), start) is not None
    )


def _pages(raw: Sequence[RawPage], parts: list[list[Part]], look: Look) -> list[Page]:
    words = _vocabulary(parts)
    pages: list[Page] = []
    for number, (page, shown) in enumerate(zip(parts, raw, strict=True), 1):
        writer = PageWriter(*shown.shown)
        for at, part in enumerate(page):
            continues = at == 0 and number > 1 and _continues(parts[number - 2], part)
            level = look.level(part.lines[0].size) if part.kind == "heading" else 0
            rows = [_typed(row, words) for row in part.rows or [part.text]]
            text = "\n".join(row for row in rows if row)
            start = writer.add(part.kind, text, level=level, continues=continues)
            writer.lines += _lines(part, rows, text, start, shown)
        pages.append(writer.page(number))
    return pages


def _lines(part: Part, rows: list[str], text: str, start: int, page: RawPage) -> Iterator[Line]:
    if not part.rows:
        return place(text, start, rows_of(part.lines), page, _typed)
    boxed = ((row, box) for row, box in zip(rows, part.boxes, strict=True) if row and box)
    return place(text, start, boxed, page, _typed)


def _continues(before: list[Part], part: Part) -> bool:
    """Whether `part`, the first of its page, goes on with a sentence of the page before."""
    last = before[-1] if before else None
    return (
        last is not None
        and last.is_open
        and part.kind == "paragraph"
        and abs(last.lines[-1].size - part.lines[0].size) < 0.5
        and not part.lines[0].text[0].isupper()
    )


def _make_whole(lines: list[RawLine], following: list[RawLine]) -> None:
    """A word that the page's end divides goes to the page where it begins."""
    word, space, rest = following[0].text.partition(" ")
    joined = join([lines[-1].text, word])
    if space and joined[len(lines[-1].text) - 1] == LINE_END_HYPHEN:
        lines[-1] = replace(lines[-1], text=joined)
        following[0] = replace(following[0], text=rest.lstrip())


def _vocabulary(parts: list[list[Part]]) -> frozenset[str]:
    """The document's words, when there are divided ones to look up in it."""
    texts = [part.text for page in parts for part in page]
    if not any(LINE_END_HYPHEN in text for text in texts):
        return frozenset()
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))


def _typed(text: str, words: frozenset[str] = frozenset()) -> str:
    """`text` as it would be typed: divided words whole again, ligatures and fixed spaces as letters and spaces."""

    def whole(found: re.Match[str]) -> str:
        left, right = found.groups()
        if not right:
            return left + "-"
        if (left + right).lower() in words:
            return left
        if right in _SUSPENDED:
            return left + "- "
        with_hyphen = left + "-"
        if (
            (with_hyphen + right).lower() in words
            or not (left[-1:].isalpha() and right[0].islower())
            or ("the" in words and _FIRST_PARTS.fullmatch(left) and not _SECOND_PARTS.fullmatch(right))
        ):
            return with_hyphen
        return left

    if LINE_END_HYPHEN in text:
        text = _DIVIDED.sub(whole, text)
    text = " ".join(clean(LEADER.sub(" … ", text).translate(_TYPED)).split())
    return unicodedata.normalize("NFC", text)
