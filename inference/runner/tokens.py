"""How an embedding model cuts a text into tokens."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from itertools import accumulate, pairwise, repeat
from pathlib import Path
from typing import TYPE_CHECKING, cast

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

_Starts = tuple[int, ...]
"""Where each token of a word begins, in characters from the word's start."""


class WordPieces:
    """`TokenCounter` over a tokenizer; may be used from several threads.

    Where spaces end every token, each word is cut once and then known: a page has few words that the pages before had
    not (Zipf's law), and looking a word up costs a tenth of cutting it.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.by_words = _splits_at_spaces(tokenizer)
        self._known: dict[str, _Starts] = {"": ()}
        # Those that their tokens do not cover from end to end: a tab in the middle is in none.
        self._uneven: set[str] = set()

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def spans(self, text: str) -> list[tuple[int, int]]:
        return self._tokenizer.encode(text, add_special_tokens=False).offsets

    def starts(self, text: str, longest: int) -> list[int] | None:
        if not self.by_words:
            return None
        words = text.replace("\n", " ").split(" ")
        if len(self._known) + len(self._uneven) > _KNOWN_WORDS:
            self._known, self._uneven = {"": ()}, set()  # not emptied: another thread may be reading the old ones
        if self._uneven and not self._uneven.isdisjoint(words):
            return None
        found = list(map(self._known.get, words))
        if None in found:
            fresh = self._cut(
                list(dict.fromkeys(word for word, known in zip(words, found, strict=True) if known is None))
            )
            self._known.update({word: starts for word, starts in fresh.items() if starts and _is_common(word, starts)})
            found = [fresh[word] if known is None else known for word, known in zip(words, found, strict=True)]
            if None in found:
                self._uneven.update(word for word, starts in fresh.items() if starts is None and _is_common(word, ()))
                return None
        covered = cast("list[_Starts]", found)
        steps = [len(word) + 1 for word in words]
        if max(steps) > longest + 1 and any(map(_has_longer, words, covered, repeat(longest))):
            return None
        places = accumulate(steps, initial=0)
        return [at + start for at, starts in zip(places, covered, strict=False) for start in starts]

    def _cut(self, words: list[str]) -> dict[str, _Starts | None]:
        """The tokens of each word, all found at once; None of a word that they do not cover from end to end."""
        tokens = iter(self.spans(" ".join(words)))
        cut: dict[str, _Starts | None] = {}
        at, token = 0, next(tokens, None)
        for word in words:
            starts: list[int] = []
            reached, end = at, at + len(word)
            covered = True
            while token is not None and token[0] < end:
                covered = covered and token[0] == reached
                starts.append(token[0] - at)
                reached, token = token[1], next(tokens, None)
            cut[word] = tuple(starts) if covered and reached == end else None
            at = end + 1
        return cut


def _is_common(word: str, starts: _Starts) -> bool:
    return len(word) <= _LONGEST_KNOWN and len(starts) <= _MOST_TOKENS_KNOWN


def _has_longer(word: str, starts: _Starts, longest: int) -> bool:
    """Whether a token of a word has more than `longest` characters."""
    return len(word) > longest and any(end - start > longest for start, end in pairwise((*starts, len(word))))


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
