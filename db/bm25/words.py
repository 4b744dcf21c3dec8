"""Where the words of a text are. Pure; one rule for texts and queries.

A word is a run of letters, digits and the marks that belong to them. Scripts that put no spaces between words (Chinese,
Japanese, Thai and others) are cut into overlapping pairs of characters, as Lucene's CJKBigramFilter does, and Hangul
with them. What stems a word has, and whether it is a stop word, PostgreSQL's dictionaries say.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache

# No dictionary knows longer words; Lucene's StandardTokenizer cuts here too.
LONGEST = 255

_SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3040-\u309f\u30a1-\u30fa\u30fc-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"  # Han, Kana, Bopomofo
)
_ASCII = re.compile(rf"[A-Za-z0-9]{{1,{LONGEST}}}")


def split(text: str) -> list[str]:
    """The words of a text in order, as they are written."""
    if text.isascii():
        return _ASCII.findall(text)
    return [text[start:end] for start, end in spans(text)]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text are, in order: start and end in characters."""
    if text.isascii():
        yield from (found.span() for found in _ASCII.finditer(text))
        return
    for found in _any_script().finditer(text):
        start, end = found.span()
        if found.lastgroup == "spaceless" and end - start > 1:
            yield from ((place, place + 2) for place in range(start, end - 1))
        else:
            yield from ((place, min(place + LONGEST, end)) for place in range(start, end, LONGEST))


def is_whole(word: str) -> bool:
    """Whether a word is a pair of characters (or one that stands alone), which no dictionary is to be asked for."""
    return word[0] >= "\u0e00" and _spaceless().match(word) is not None


def normalised(word: str) -> str:
    """A word in the form in which it is looked up: compatible characters made one, small letters. That of İ is i,
    without the second dot that Unicode puts above it (SpecialCasing.txt) to tell it from that of I."""
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).lower().replace("i\u0307", "i")


@cache
def _spaceless() -> re.Pattern[str]:
    return re.compile(f"[{_SPACELESS}]")


@cache
def _any_script() -> re.Pattern[str]:
    letter = rf"[^\W_{_SPACELESS}]"
    marks = "".join(_marks())
    return re.compile(rf"(?P<spaceless>[{_SPACELESS}]+)|{letter}+(?:[{marks}]+{letter}*)*")


def _marks() -> Iterator[str]:
    """Characters that belong to the letter before them (accents, vowel signs), which `re` does not count as letters."""
    # Behind the first two planes there are none but variation selectors.
    for code in range(0x300, min(0x20000, sys.maxunicode)):
        character = chr(code)
        if unicodedata.category(character)[0] == "M":
            yield character
