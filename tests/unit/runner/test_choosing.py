"""Which of a model's files are taken."""

from __future__ import annotations

import pytest

from inference.errors import InvalidInput, NotFound
from inference.runner.pulling.choosing import HubFile, choose


def _paths(*paths: str, patterns: tuple[str, ...] = ()) -> list[str]:
    return [file.path for file in choose([HubFile(path, 1, blob="x") for path in paths], patterns)]


def test_safetensors_go_before_everything() -> None:
    assert _paths(
        "model.safetensors", "consolidated.safetensors", "m.gguf", "onnx/model.onnx", "config.json", "merges.txt",
        "tokenizer.model", "1_Pooling/config.json", "original/params.json", "weights.model", "README.md",
    ) == ["1_Pooling/config.json", "config.json", "merges.txt", "model.safetensors", "tokenizer.model"]  # fmt: skip


def test_one_gguf_and_its_parts() -> None:
    assert _paths("m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "config.json") == [
        "m-00001-of-00002.gguf", "m-00002-of-00002.gguf",
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match=r"Q4.*There are: m-Q4\.gguf, m-Q8\.gguf"):
        _paths("m-Q4.gguf", "m-Q8.gguf")
    assert _paths("m-Q4.gguf", "m-Q8.gguf", patterns=("*Q8*",)) == ["m-Q8.gguf"]


def test_a_graph() -> None:
    assert _paths("onnx/model.onnx", "onnx/model_quantized.onnx", "config.json") == [
        "config.json", "onnx/model.onnx",
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", ["*.bin", "*.py", "pytorch_model.bin", "*"])
def test_no_pattern_takes_pickles_or_code(pattern: str) -> None:
    with pytest.raises(NotFound, match="nothing"):
        _paths("pytorch_model.bin", "model.pt", "x.py", "x.so", "x.pkl", patterns=(pattern,))
