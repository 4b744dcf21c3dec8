"""Counting tokens as the embedder does, and the lightness of the face."""

from __future__ import annotations

import subprocess
import sys

import pytest

import inference.runner
from inference.errors import NotFound
from inference.runner import FakeRunner, token_counter


def test_counts_and_places_of_tokens() -> None:
    text = "Größe: 16 bar 😀"
    counter = token_counter()
    spans = counter.spans(text)
    assert counter.count(text) == len(spans)
    assert [text[start:end] for start, end in spans][-3:] == ["16", "bar", "😀"]
    assert counter.count("") == 0


def test_nothing_is_cut() -> None:
    assert token_counter().count("pump " * 3000) == 3000


def test_other_models_have_no_tokenizer_here() -> None:
    with pytest.raises(NotFound, match="openai/gpt"):
        token_counter("openai/gpt")


def test_the_face_is_light() -> None:
    heavy = "{'numpy', 'onnx', 'onnxruntime', 'tokenizers', 'uvicorn', 'aiohttp', 'pydantic'}"
    code = f"import sys, inference.runner; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_face_has_no_other_names() -> None:
    assert inference.runner.FakeRunner is FakeRunner
    with pytest.raises(AttributeError, match="Nothing"):
        _ = inference.runner.Nothing  # pyright: ignore[reportAttributeAccessIssue] - that is the question
