"""Folders of models: which files are their weights, and files that lie."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from inference.runner.estimate import Inestimable, read_files
from tests.unit.runner.published_models import LLAMA_8B


def _safetensors(path: Path, tensors: dict[str, tuple[str, int]], *, cut: int = 0) -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (kind, size) in tensors.items():
        header[name] = {"dtype": kind, "shape": [size], "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end - cut)


def test_one_file(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    _safetensors(tmp_path / "model.safetensors", {"model.embed_tokens.weight": ("BF16", 5000), "norm": ("F32", 400)})
    files = read_files(tmp_path)
    assert (files.weights, files.wide, files.embedding, files.format) == (5400, 400, 5000, "safetensors")
    assert files.context == 131_072


def test_only_the_shards_of_the_index_count(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    for name in ("model-00001-of-00002", "model-00002-of-00002", "consolidated"):
        _safetensors(tmp_path / f"{name}.safetensors", {"a": ("BF16", 5000)})
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    assert read_files(tmp_path).weights == 10_000


@pytest.mark.parametrize(
    "named", ["../../etc/passwd", "/etc/passwd", "a/b.safetensors", "gone.safetensors", "model.bin", 7, None]
)
def test_an_index_that_leads_elsewhere(tmp_path: Path, named: object) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    _safetensors(tmp_path / "model.safetensors", {"a": ("BF16", 10)})
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": named}}))
    with pytest.raises(Inestimable, match="weight_map"):
        read_files(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        struct.pack("<Q", 1 << 40),
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 3) + b"{{{",
        struct.pack("<Q", 10) + b'{"a":null}',
        struct.pack("<Q", 32) + b'{"a":{"data_offsets":[10,9999]}}',
        struct.pack("<Q", 33) + b'{"a":{"data_offsets":[true,1.5]}}',
    ],
)
def test_a_file_that_lies(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(Inestimable, match=r"model\.safetensors"):
        read_files(tmp_path)


def test_a_file_that_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    _safetensors(tmp_path / "model.safetensors", {"a": ("BF16", 5000)}, cut=1)
    with pytest.raises(Inestimable, match="may not be whole"):
        read_files(tmp_path)


def test_a_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(Inestimable, match="no weights"):
        read_files(tmp_path)
    with pytest.raises(Inestimable, match="neither a folder"):
        read_files(tmp_path / "nowhere")


def test_a_graph(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        '{"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}'
    )
    (tmp_path / "model.onnx").write_bytes(b"x" * 100)
    (tmp_path / "model.onnx_data").write_bytes(b"x" * 900)
    assert read_files(tmp_path).weights == 1000
