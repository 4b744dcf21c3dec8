"""Counting tokens as the embedder does, and the lightness of the face."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import inference.runner
from inference.errors import NotFound
from inference.runner import Embedder, FakeRunner, token_counter
from tests.tiny_models import write_embedder


def test_counts_and_places_of_tokens() -> None:
    text = "Größe: 16 bar 😀"
    counter = token_counter()
    spans = counter.spans(text)
    assert counter.count(text) == len(spans)
    assert [text[start:end] for start, end in spans][-3:] == ["16", "bar", "😀"]
    assert counter.count("") == 0


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
