"""How an embedding model cuts a text into tokens."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from inference.errors import NotFound
from inference.runner.engines.onnx.published import published_folder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from inference.runner import TokenCounter

KEPT = 8  # tokenizers take tens of MiB each
_KNOWN_WORDS = 50_000
"""Of each tokenizer; they take about 15 MB, and 40 at the most. A book in one language has 10 to 20 thousand."""
_LONGEST_KNOWN = 64
"""Characters. What is longer hardly ever comes again."""
_MOST_TOKENS_KNOWN = 8
"""Of a word. Lines of a script without spaces have more, and hardly ever come again; they would take 200 MB."""

_Words = dict[str, tuple[tuple[int, int], ...]]
"""Start and end of each token of a word, in characters from the word's start."""


class WordPieces:
    """`TokenCounter` over a tokenizer; may be used from several threads.

    Where spaces end every token, each word is cut once and then known: a page has few words that the pages before had
    not (Zipf's law), and looking a word up costs a quarter of cutting it.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.by_words = _splits_at_spaces(tokenizer)
        self._known: _Words = {}

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def spans(self, text: str) -> list[tuple[int, int]]:
        if not self.by_words:
            return self._tokenizer.encode(text, add_special_tokens=False).offsets
        words = text.replace("\n", " ").split(" ")
        if len(self._known) > _KNOWN_WORDS:
            self._known = {}  # not emptied: another thread may be reading the old one
        known = self._known
        fresh = self._cut([word for word in dict.fromkeys(words) if word not in known])
        known.update({word: spans for word, spans in fresh.items() if _is_common(word, spans)})
        found: list[tuple[int, int]] = []
        at = 0
        for word in words:
            spans = known.get(word)
            for start, end in fresh[word] if spans is None else spans:
                found.append((at + start, at + end))
            at += len(word) + 1
        return found

    def _cut(self, words: list[str]) -> _Words:
        """The tokens of each word, all found at once."""
        offsets = iter(self._tokenizer.encode(" ".join(words), add_special_tokens=False).offsets if words else ())
        cut: _Words = {}
        at, token = 0, next(offsets, None)
        for word in words:
            spans: list[tuple[int, int]] = []
            while token is not None and token[0] < at + len(word):
                spans.append((token[0] - at, token[1] - at))
                token = next(offsets, None)
            cut[word] = tuple(spans)
            at += len(word) + 1
        return cut


def _is_common(word: str, spans: tuple[tuple[int, int], ...]) -> bool:
    return len(word) <= _LONGEST_KNOWN and len(spans) <= _MOST_TOKENS_KNOWN


def _splits_at_spaces(tokenizer: Tokenizer) -> bool:
    """Whether white space ends every token, as BERT has it, and means nothing else."""
    parts = (type(tokenizer.normalizer).__name__, type(tokenizer.pre_tokenizer).__name__)
    added = tokenizer.get_added_tokens_decoder().values()
    across = any(len(token.content.split()) > 1 or token.lstrip or token.rstrip for token in added)
    return parts == ("BertNormalizer", "BertPreTokenizer") and not across


@lru_cache(KEPT)
def counter_of(path: str) -> TokenCounter:
    """Of a tokenizer.json; an empty path is that of the built-in embedder. Raises NotFound."""
    file = Path(path) if path else published_folder() / "tokenizer.json"
    if not file.is_file():
        raise NotFound(f"The tokenizer {file} is not on this machine.", field="model")
    tokenizer: Tokenizer = import_module("tokenizers").Tokenizer.from_file(str(file))
    # A file may ask for a length of its own, always: a counter must see what a text has.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return WordPieces(tokenizer)
