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


class WordPieces:
    """`TokenCounter` over a tokenizer; may be used from several threads."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.by_words = _splits_at_spaces(tokenizer)

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def spans(self, text: str) -> list[tuple[int, int]]:
        return self._tokenizer.encode(text, add_special_tokens=False).offsets


def _splits_at_spaces(tokenizer: Tokenizer) -> bool:
    """Whether white space ends every token, as BERT has it, and means nothing else."""
    parts = (type(tokenizer.normalizer).__name__, type(tokenizer.pre_tokenizer).__name__)
    added = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    return parts == ("BertNormalizer", "BertPreTokenizer") and not any(len(token.split()) > 1 for token in added)


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
