"""A passage to sentences, whether its text was wrapped by a PDF, listed, tabled or typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

LONGEST = 400  # characters of a sentence that is still quoted whole
SHORT_LINE = 0.7  # of the widest line: a line that ends before this was not wrapped, it ended
MIN_WIDTH = 50  # characters: a passage of narrower lines was not wrapped at all, it has rows
HEADING_WORDS = 10
SHORT_WORDS = 8  # a sentence this short is understood only with its heading
CELL = " | "  # between two cells of a table's row
SUBJECT_WORDS = 6  # at the beginning of a sentence, enough to name what it is about

_BULLET = re.compile(r"[-*•·‣▪◦–—]\s+")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]\s+")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+")
_PRONOUN = re.compile(r"^(?:this|these|those|its|his|her|their)\b|\b(?:it|he|she|they)\b", re.IGNORECASE)
_ANSWER_LABEL = re.compile(r"^A(?:nswer)?:\s*(?=\S)")
_NUMBERING = re.compile(r"^[\d.]+\s+")
_BOUNDARY = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[。！？]+[」』”’）]*")
_LAST_WORD = re.compile(r"([\w.]*\w)$")
_INITIAL = re.compile(r"(?<!\d )(?<![^\s(])[A-Z]$")  # J. Smith, but not 90 °C. or 12 V.
_TERMINAL = re.compile(r"[.!?…。！？;][\"'”’)\]」』）]*$")
_SHORTENED = """
e.g i.e etc vs dr mr mrs ms prof st jr sr inc ltd co corp dept est cf al resp incl excl z.b d.h bzw ggf u.s u.k
"""
_ABBREVIATIONS = frozenset(_SHORTENED.split())
# A full stop after these belongs to the word when a number follows.
_SHORTENED_BEFORE_NUMBERS = "no nr fig figs max min approx ca p pp sec vol ch art tab eq rev ver par"
_BEFORE_NUMBERS = frozenset(_SHORTENED_BEFORE_NUMBERS.split())


class Block(NamedTuple):
    """`mark` is "-" for an item of a list, "1" for what is numbered (an item or a heading), CELL for a row of a table,
    else empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` can be quoted. `context` says what it is about where it does not: the heading or question above it, the
    first row of its table, or the beginning of the sentence that its pronoun points back to. `section` counts the
    headings before it."""

    text: str
    context: str = ""
    section: int = 0

    @property
    def in_context(self) -> str:
        return f"{self.context}: {self.text}" if self.context else self.text


def split_sentences(text: str, above: str = "") -> list[Sentence]:
    """The passage's sentences in order, and the rows of its tables. Headings and questions are context of what follows
    them, never sentences. `above`: what the passage stands under, which ends in the first row of a table that it begins
    inside of."""
    found: list[Sentence] = []
    heading = subject = ""
    columns = above if CELL in above else ""
    section = 0
    blocks = [*_blocks(text), Block("")]
    for before, (block, mark), after in zip([Block(""), *blocks], blocks, blocks[1:], strict=False):
        if mark == CELL:
            rows = (row for row in _quotable(block) if any(map(str.isalnum, row)))
            found += [Sentence(row, columns or heading, section) for row in rows]
            columns = columns or block
            continue
        columns = ""
        if not block:
            continue
        in_list = mark == "-" or (mark == "1" and "1" in (before.mark, after.mark))
        if not in_list and _is_heading(block):
            heading, subject = _NUMBERING.sub("", block).rstrip(":").strip(), ""
            section += 1
            continue
        for place, sentence in enumerate(_sentences(block)):
            if sentence.endswith("?"):
                heading, subject = sentence, ""
                section += 1
            elif any(character.isalnum() for character in sentence):
                words = sentence.split()
                context = heading if place == 0 else ""
                if _PRONOUN.search(" ".join(words[:SUBJECT_WORDS])):
                    context = subject or heading
                elif place and len(words) <= SHORT_WORDS:
                    context = heading or subject
                else:
                    subject = " ".join(words[:SUBJECT_WORDS])
                found.append(Sentence(_ANSWER_LABEL.sub("", sentence), context, section))
                if heading.endswith("?"):
                    heading = ""  # a question has one answer
    return found


def _blocks(text: str) -> Iterator[Block]:
    """Paragraphs, list items, table rows and headings, each in one line; an empty one where a table ends."""
    lines = [line.strip() for line in text.replace("\u00ad\n", "").replace("\u00ad", "").splitlines()]
    width = max([MIN_WIDTH, *map(len, lines)])
    block, mark, previous = "", "", ""
    in_table = False
    for line in lines:
        if CELL in line:
            if block:
                yield Block(block, mark)
            yield Block(line, CELL)
            block, mark, previous, in_table = "", "", "", True
            continue
        if in_table and not line:
            yield Block("")
        in_table = False
        marked = _BULLET.match(line) or _NUMBER.match(line) or _MARKDOWN_HEADING.match(line)
        if block and (not line or marked or _ended(previous, line, width)):
            yield Block(block, mark)
            block, mark = "", ""
        if marked:
            mark = "-" if marked.re is _BULLET else "1" if marked.re is _NUMBER else ""
            line = line[marked.end() :]
        block = _joined(block, " ".join(line.split()))
        previous = line
    if block:
        yield Block(block, mark)


def _ended(previous: str, line: str, width: int) -> bool:
    """Whether `previous` was a line of its own and not wrapped into `line`."""
    if not previous or not line or len(previous) >= SHORT_LINE * width:
        return False
    return not (line[0].islower() or previous.endswith((",", "-")))


def _joined(block: str, line: str) -> str:
    if not block:
        return line
    if block.endswith("-") and block[-2:-1].isalpha() and line[:1].islower():
        return block[:-1] + line
    return f"{block} {line}"


def _is_heading(block: str) -> bool:
    title = _NUMBERING.sub("", block)
    if _TERMINAL.search(block) or any(character.isdigit() for character in title):
        return False
    return block.endswith(":") or (len(block.split()) <= HEADING_WORDS and not title[:1].islower() and len(block) < 100)


def _sentences(block: str) -> Iterator[str]:
    start = 0
    for match in _BOUNDARY.finditer(block):
        if _ends(block, match):
            yield from _quotable(block[start : match.end()].strip())
            start = match.end()
    if rest := block[start:].strip():
        yield from _quotable(rest)


def _ends(block: str, match: re.Match[str]) -> bool:
    if match.group()[0] in "。！？":
        return True
    following = block[match.end() : match.end() + 3].strip()
    if not following or following[0].islower():
        return not following
    if match.group() != ".":
        return True
    before = block[max(0, match.start() - 20) : match.start()]
    word = _LAST_WORD.search(before)
    last = word.group(1).casefold() if word else ""
    if last in _ABBREVIATIONS or (last in _BEFORE_NUMBERS and following[0].isdigit()):
        return False
    return not _INITIAL.search(before)


def _quotable(sentence: str) -> Iterator[str]:
    """A sentence in pieces that can be quoted, cut between words."""
    while len(sentence) > LONGEST:
        cut = max(sentence.rfind("; ", 0, LONGEST) + 1, sentence.rfind(" ", LONGEST // 2, LONGEST), 0) or LONGEST
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence
