"""Arabic and Hebrew words of a PDF in the order in which they are read, where they were drawn from left to right."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

_LETTERS = "\u0591-\u05f4\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_WORD = re.compile(rf"[{_LETTERS}]{{2,}}")
_LETTER = re.compile(rf"[{_LETTERS}]")


def has_right_to_left(text: str) -> bool:
    """Whether letters in it are read from right to left."""
    return not text.isascii() and _LETTER.search(text) is not None


def in_reading_direction(text: str, left_of: Callable[[int], float]) -> str:
    """`text` of a line with each word's letters from right to left as they stand on the page, where the character at
    an index begins at `left_of` it. Letters at one place are of one ligature, in which they stand as they are read."""

    def turned(word: re.Match[str]) -> str:
        letters = [at for at in range(*word.span()) if text[at].isalpha()]
        if len(letters) < 2 or left_of(letters[0]) >= left_of(letters[-1]):
            return word[0]
        places = [list(place) for _, place in groupby(range(*word.span()), left_of)]
        return "".join(text[at] for place in reversed(places) for at in place)

    return _WORD.sub(turned, text)
