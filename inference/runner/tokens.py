"""How an embedding model on this machine cuts a text into tokens."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from inference.errors import NotFound
from inference.runner import DEFAULT_EMBEDDER
from inference.runner.engines.onnx.weights import published_folder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from inference.runner import TokenCounter


class WordPieces:
    """`TokenCounter` over a tokenizer; may be used from several threads."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def spans(self, text: str) -> list[tuple[int, int]]:
        return self._tokenizer.encode(text, add_special_tokens=False).offsets


@cache
def counter_of(model: str) -> TokenCounter:
    if model != DEFAULT_EMBEDDER:
        raise NotFound(
            f"No tokenizer of the model {model!r} is on this machine; {DEFAULT_EMBEDDER!r} has one.", field="model"
        )
    tokenizer: Tokenizer = import_module("tokenizers").Tokenizer.from_file(str(published_folder() / "tokenizer.json"))
    # The file asks for 128 tokens, always: a counter must see what a text has.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return WordPieces(tokenizer)
