"""Counting tokens as the embedder does, and the lightness of the face."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

import inference.runner
from inference.errors import NotFound
from inference.runner import Embedder, FakeRunner, token_counter, tokens
from inference.runner.engines.onnx.published import published_folder
from tests.tiny_models import write_embedder


def test_counts_and_places_of_tokens() -> None:
    text = "Größe: 16 bar 😀"
    counter = token_counter()
    spans = counter.spans(text)
    assert counter.count(text) == len(spans)
    assert [text[start:end] for start, end in spans][-3:] == ["16", "bar", "😀"]
    assert counter.count("") == 0


_TOKENIZER: Tokenizer = Tokenizer.from_file(str(published_folder() / "tokenizer.json"))
_TOKENIZER.no_truncation()
_TOKENIZER.no_padding()
_STRANGE = [
    "valve", "Valve.", "über-größe", "e\u0301te", "\u0301", "漢字", "x" * 150, "a\tb", "a\x1fb", "a\u00a0b\u2003c",
    "a\r", "\x00", "😀", "[MASK]", "[CLS]a", "ﬁne", "İ", "", "\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(_STRANGE) | st.text(max_size=6), max_size=30), st.sampled_from([" ", "\n"]))
def test_a_word_that_is_known_is_cut_as_within_its_text(words: list[str], between: str) -> None:
    text = between.join(words)
    offsets = _TOKENIZER.encode(text, add_special_tokens=False).offsets
    left_out = set(range(len(text))) - {at for start, end in offsets for at in range(start, end)}
    is_regular = {text[at] for at in left_out} <= {" ", "\n"} and all(end - start <= 5 for start, end in offsets)
    distinct = len({start for start, _ in offsets}) == len(offsets)
    for _ in range(2):
        assert token_counter().starts(text, 5) == ([start for start, _ in offsets] if is_regular and distinct else None)


def test_words_that_are_known_take_no_more_memory_than_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_KNOWN_WORDS", 3)
    cut: list[int] = []

    class Counting:
        """The built-in tokenizer, which tells how much it is asked to cut."""

        def __getattr__(self, name: str) -> object:
            return getattr(_TOKENIZER, name)

        def encode(self, text: str, *, add_special_tokens: bool) -> object:
            cut.append(len(text))
            return _TOKENIZER.encode(text, add_special_tokens=add_special_tokens)

    counter = tokens.WordPieces(cast(Tokenizer, Counting()))
    lines = "漢字" * 20
    for text in (f"one {lines}", f"one {lines}", "two three four", "five", "one"):
        offsets = _TOKENIZER.encode(text, add_special_tokens=False).offsets
        assert counter.starts(text, 16) == [start for start, _ in offsets]
    # What is known is not cut again; a line of a script without spaces is never known; past the limit all is new.
    assert cut == [44, 40, 14, 4, 3]
    # Nor is what is known to be uneven.
    monkeypatch.setattr(tokens, "_KNOWN_WORDS", 9)
    for _ in range(2):
        assert counter.starts("one a\tb", 16) is None
    assert cut == [44, 40, 14, 4, 3, 3]


def test_nothing_is_cut() -> None:
    assert token_counter().count("pump " * 3000) == 3000


def test_of_an_embedder(tmp_path: Path) -> None:
    known = Embedder("m", 48, 64, "fp32", "0", str(write_embedder(tmp_path / "m").folder / "tokenizer.json"))
    assert token_counter(known).count("pump valve") == 2
    at_a_provider = Embedder("m", 48, 64, "remote", "0")
    assert token_counter(at_a_provider).count("pump valve") == 2
    with pytest.raises(NotFound, match="nowhere"):
        token_counter(replace(known, tokenizer="/nowhere/tokenizer.json"))


def test_the_face_is_light() -> None:
    heavy = "{'numpy', 'onnx', 'onnxruntime', 'tokenizers', 'uvicorn', 'aiohttp', 'pydantic'}"
    code = f"import sys, inference.runner; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_face_has_no_other_names() -> None:
    assert inference.runner.FakeRunner is FakeRunner
    with pytest.raises(AttributeError, match="Nothing"):
        _ = inference.runner.Nothing  # pyright: ignore[reportAttributeAccessIssue] - that is the question
