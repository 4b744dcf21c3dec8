"""Styles and numbering of a Word document: which paragraphs are headings, what stands before a list's items."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from inference.functions.reading.markup import Element
from inference.functions.reading.wordml import W, value

_HEADING = re.compile(r"heading ([1-9])$", re.I)
_MAX_DEPTH = 9  # levels of a list and of headings, ECMA-376 part 1, 17.9.6 and 17.3.1.20
_MAX_STYLES = 64  # styles that a chain of `basedOn` may have before it is taken for a ring


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    base: str | None
    outline: str | None
    numbering: Element | None


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    pattern: str
    start: int


class Numbering:
    """Answers for paragraphs in the order of the document: numbers count on from one call to the next."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        self._styles = dict(_styles(styles)) if styles is not None else {}
        self._lists = dict(_lists(numbering)) if numbering is not None else {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def heading_level(self, paragraph: Element) -> int:
        """1 to 9 for a heading, 0 for what is none; the document's title is a heading of level 1."""
        outline = value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        for style in self._chain(paragraph):
            named = _HEADING.match(style.name)
            if named:
                return int(named.group(1))
            if style.name.lower() == "title":
                return 1
            outline = outline or style.outline
        level = _number(outline, _MAX_DEPTH)
        return level + 1 if level < _MAX_DEPTH else 0

    def mark(self, paragraph: Element) -> str | None:
        """`- ` or the number of an item with its indentation; None for a paragraph that is in no list."""
        numbering = paragraph.find(f"{W}pPr/{W}numPr")
        if numbering is None:
            numbering = next((style.numbering for style in self._chain(paragraph) if style.numbering is not None), None)
        if numbering is None:
            return None
        key = value(numbering.find(W + "numId"))
        if key is None or key == "0":
            return None
        depth = min(_number(value(numbering.find(W + "ilvl")), 0), _MAX_DEPTH - 1)
        levels = self._lists.get(key, {})
        level = levels.get(depth)
        if level is None or level.format in ("bullet", "none"):
            return "  " * depth + "- "
        counts = self._counts[key]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return "  " * depth + _numbered(level.pattern, counts, levels) + " "

    def _chain(self, paragraph: Element) -> list[_Style]:
        """The paragraph's style and those that it is based on."""
        chain: list[_Style] = []
        key = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        while key is not None and (style := self._styles.get(key)) is not None and len(chain) < _MAX_STYLES:
            chain.append(style)
            key = style.base
        return chain


def _numbered(pattern: str, counts: dict[int, int], levels: dict[int, _Level]) -> str:
    """`%1.%2` with the counts of the levels in place."""

    def number(found: re.Match[str]) -> str:
        depth = int(found.group(1)) - 1
        level = levels.get(depth)
        count = counts.get(depth, level.start if level else 1)
        if level and level.format in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
            return chr((96 if level.format == "lowerLetter" else 64) + count)
        return str(count)

    return re.sub(r"%([1-9])", number, pattern)


def _styles(styles: Element) -> list[tuple[str, _Style]]:
    return [
        (
            style.get(W + "styleId") or "",
            _Style(
                name=value(style.find(W + "name")) or "",
                base=value(style.find(W + "basedOn")),
                outline=value(style.find(f"{W}pPr/{W}outlineLvl")),
                numbering=style.find(f"{W}pPr/{W}numPr"),
            ),
        )
        for style in styles.iter(W + "style")
    ]


def _lists(numbering: Element) -> list[tuple[str, dict[int, _Level]]]:
    abstract = {element.get(W + "abstractNumId"): _levels(element) for element in numbering.iter(W + "abstractNum")}
    return [
        (element.get(W + "numId") or "", abstract.get(value(element.find(W + "abstractNumId")), {}))
        for element in numbering.iter(W + "num")
    ]


def _levels(abstract: Element) -> dict[int, _Level]:
    return {
        _number(level.get(W + "ilvl"), 0): _Level(
            format=value(level.find(W + "numFmt")) or "decimal",
            pattern=(value(level.find(W + "lvlText")) or "%1.")[:40],
            start=_number(value(level.find(W + "start")), 1),
        )
        for level in abstract.iter(W + "lvl")
    }


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else otherwise
