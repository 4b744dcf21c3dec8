"""What chunks are put together from: sentences, lines of lists, tables and code, pieces of what is too long."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from inference.functions.reading.chunks import TokenCounter
from inference.functions.reading.document import Block, Page
from inference.functions.reading.sentences import lines, sentences

_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
_SPACES = " \n"
_BY_LINE = frozenset(["list", "table", "code"])
"""Kinds of blocks whose lines stand for themselves."""
_SLICE = 50_000
"""Characters that are tokenised at once: a tokenizer holds some hundred bytes for every token of its input."""
_LONGEST_TOKEN = 16
"""Characters. A longer token (WordPiece makes one of any word of more than 100 letters) counts for several, so that a
page without spaces is cut like any other."""
_LONGEST_GAP = 64
"""Characters between two tokens that count for nothing; more of them (spaces, what no tokenizer knows) do count."""
_WIDE = " " * (_LONGEST_GAP + 1)


class Seam(IntEnum):
    """What a cut just before an atom would tear apart, the least first."""

    BLOCK = 0
    LINE = 1
    SENTENCE = 2
    WORD = 3


@dataclass(frozen=True, slots=True)
class Atom:
    """`text[start:end]` of the page at index `page`, never blank, of `tokens` tokens as weighed within the page."""

    page: int
    start: int
    end: int
    tokens: int
    seam: Seam
    heading: bool = False


class TokenisedPage:
    """A page's text with the places where its tokens begin, found once."""

    def __init__(self, page: Page, counter: TokenCounter) -> None:
        self.text = page.text
        self._starts = array("q")
        self._is_exact = counter.by_words
        self._has_gaps = False
        self._first = self._after_space(0)
        has_gap = _WIDE in page.text.replace("\n", " ")
        reached = 0
        for begin, finish in _slices(page):
            text = page.text[begin:finish]
            starts = None if has_gap else counter.starts(text, _LONGEST_TOKEN)
            if starts is None:
                reached = self._take(counter.spans(text), begin, reached)
            elif starts:
                self._fill(reached, begin + starts[0])
                self._starts.extend([begin + start for start in starts] if begin else starts)
                reached = begin + len(text.rstrip(_SPACES))
        self._fill(reached, len(self.text))

    def count(self, start: int, end: int) -> int:
        """Tokens that begin in `text[start:end]`."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def weight(self, start: int, end: int) -> int:
        """What `text[start:end]` takes of a passage: its tokens, and what counts of the white space that follows it, or
        that the page begins with. That is not much: else few words would make a passage without end."""
        if self._has_gaps:
            start, end = 0 if start <= self._first else start, self._after_space(end)
        return self.count(start, end)

    def exact(self, start: int, end: int) -> int | None:
        """What the counter says of `text[start:end]`; None where that does not follow from the page's tokens."""
        if not self._is_exact or not self._parts(start) or not self._parts(end):
            return None
        return self.count(start, end)

    def _parts(self, at: int) -> bool:
        """Whether a word ends or begins there."""
        return at in (0, len(self.text)) or self.text[at - 1] in _SPACES or self.text[at] in _SPACES

    def pieces(self, start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
        """`text[start:end]` in pieces of at most `most` tokens, cut at a line's end or a space if one is near."""
        at, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        begin = start
        while last - at > most:
            at = self._cut(at + max(most // 2, 1), at + most)
            yield from self._stripped(begin, self._starts[at])
            begin = self._after_space(max(begin, self._starts[at]))
        yield from self._stripped(begin, end)

    def _cut(self, first: int, last: int) -> int:
        """The best token to cut before, of those from `first` to `last`; the later, the better."""
        spaced = last
        for at in range(last, first - 1, -1):
            before = self.text[self._starts[at] - 1]
            if before == "\n":
                return at
            if spaced == last and before.isspace():
                spaced = at
        return spaced

    def _after_space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _stripped(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        kept = len(self.text[start:end].rstrip())
        if kept:
            yield start, start + kept

    def _take(self, spans: list[tuple[int, int]], begin: int, reached: int) -> int:
        """Adds the tokens of a slice that begins at `begin`; how far the page is covered then."""
        for first, last in spans:
            start, end = begin + first, begin + last
            if reached <= start <= reached + _LONGEST_GAP and start < end <= start + _LONGEST_TOKEN:
                self._starts.append(start)
                reached = end
            else:
                reached = self._add(start, end, reached)
        return reached

    def _add(self, start: int, end: int, reached: int) -> int:
        """Adds a token that is none, or does not count as one."""
        self._is_exact = False
        if start == end:
            return reached
        if start < reached:  # several tokens of one character
            return max(reached, end)
        self._fill(reached, start)
        self._starts.extend(range(start, end, _LONGEST_TOKEN))
        return end

    def _fill(self, start: int, end: int) -> None:
        """Counts what there is in a gap between tokens."""
        gap = range(start + _LONGEST_GAP, end, _LONGEST_GAP)
        if gap:
            self._starts.extend(gap)
            self._has_gaps, self._is_exact = True, False


def atoms_of(page: TokenisedPage, index: int, block: Block, limit: int) -> Iterator[Atom]:
    """A block's atoms. `limit` is that of a chunk; an atom of more than half of it, a table's row of more than all of
    it, is cut into eighths."""
    whole = [(block.start, block.end)] if block.kind == "heading" else _inner(page, block)
    return _atoms(page, index, block, limit, limit if block.kind == "table" else limit // 2, whole)


def sentences_of(page: TokenisedPage, index: int, block: Block, limit: int) -> Iterator[Atom]:
    """A block's sentences, or lines; cut only where they are longer than a chunk."""
    return _atoms(page, index, block, limit, limit, _inner(page, block))


def words_of(page: TokenisedPage, index: int, block: Block, limit: int) -> Iterator[Atom]:
    """A block's words as they stand between white space; what has none, in eighths of a chunk."""
    words = (found.span() for found in _WORD.finditer(page.text, block.start, block.end))
    return _atoms(page, index, block, limit, max(limit // 8, 1), words)


def _inner(page: TokenisedPage, block: Block) -> Iterable[tuple[int, int]]:
    return (lines if block.kind in _BY_LINE else sentences)(page.text, block.start, block.end)


def _atoms(
    page: TokenisedPage, index: int, block: Block, limit: int, most: int, whole: Iterable[tuple[int, int]]
) -> Iterator[Atom]:
    """Stretches of a block as atoms; those of more than `most` tokens cut into eighths of a chunk."""
    seam = Seam.SENTENCE if block.continues else Seam.BLOCK
    for start, end in whole:
        if page.count(start, end) <= most:
            yield Atom(index, start, end, page.weight(start, end), seam, block.kind == "heading")
        else:
            for first, last in page.pieces(start, end, max(limit // 8, 1)):
                yield Atom(index, first, last, page.weight(first, last), seam, block.kind == "heading")
                seam = Seam.WORD
        seam = Seam.LINE if block.kind in _BY_LINE else Seam.SENTENCE


def halves(atom: Atom) -> list[Atom]:
    """An atom in two, wherever its middle is: for what a counter finds more tokens in alone than within its page."""
    middle = (atom.start + atom.end) // 2
    tokens = max(atom.tokens // 2, 1)
    return [
        Atom(atom.page, atom.start, middle, tokens, atom.seam, atom.heading),
        Atom(atom.page, middle, atom.end, tokens, Seam.WORD, atom.heading),
    ]


def _slices(page: Page) -> Iterator[tuple[int, int]]:
    """The page in slices of about `_SLICE` characters, cut between blocks or at a space where there is one."""
    start = 0
    for block in page.blocks:
        while block.end - start > _SLICE:
            if block.start > start:
                end = block.start
            else:
                end = start + _SLICE
                space = max(
                    page.text.rfind(" ", start + _SLICE // 2, end), page.text.rfind("\n", start + _SLICE // 2, end)
                )
                end = space + 1 if space >= 0 else end
            yield start, end
            start = end
    yield start, len(page.text)
