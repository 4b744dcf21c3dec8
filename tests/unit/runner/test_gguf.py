"""What is told of a model by the header of its GGUF files, and by files that lie."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.runner.estimate import Attention, Inestimable, State, Terms, estimate, read_files
from inference.runner.estimate.gguf import KEPT_ITEMS, read_gguf
from tests.gguf_files import F16, F32, Q4_0, Q8_0, write_gguf
from tests.unit.runner.published_models import GIB, MIB

GEMMA_GGUF: dict[str, Any] = {
    "general.architecture": "gemma3",
    "gemma3.block_count": 34, "gemma3.embedding_length": 2560, "gemma3.feed_forward_length": 10240,
    "gemma3.attention.head_count": 8, "gemma3.attention.head_count_kv": 4, "gemma3.attention.key_length": 256,
    "gemma3.attention.value_length": 256, "gemma3.attention.sliding_window": 1024, "gemma3.context_length": 131072,
}  # fmt: skip


def test_a_model(tmp_path: Path) -> None:
    tensors = {"token_embd.weight": (Q8_0, 32_000), "blk.0.attn_q.weight": (Q4_0, 3200), "norm": (F32, 100)}
    path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF, tensors)
    files = read_files(path)
    assert files == read_files(tmp_path)
    assert files.weights == 34_000 + 1800 + 400
    assert (files.embedding, files.tied) == (34_000, True)
    assert estimate(files, Terms("llamacpp", 65_536)).cache == (1280 + 174) * MIB


def test_what_llama_cpp_tells_of_layers(tmp_path: Path) -> None:
    flags = GEMMA_GGUF | {"gemma3.attention.sliding_window_pattern": [True] * 33 + [False]}
    caches = read_files(write_gguf(tmp_path / "a.gguf", flags, {})).architecture.caches
    assert sum(isinstance(layer, Attention) and layer.window is None for layer in caches) == 1
    heads = {"general.architecture": "jamba"} | {
        f"jamba.{key}": value
        for key, value in {
            "block_count": 3, "embedding_length": 64, "attention.head_count": 4, "context_length": 256,
            "attention.head_count_kv": [0, 2, 0], "ssm.inner_size": 128, "ssm.state_size": 16, "ssm.conv_kernel": 4,
        }.items()
    }  # fmt: skip
    found = read_files(write_gguf(tmp_path / "b.gguf", heads, {})).architecture
    assert found.caches == (State(3 * 128, 128 * 16), Attention(2, 16, 16), State(3 * 128, 128 * 16))


def test_deepseek_s_latent(tmp_path: Path) -> None:
    """Keys as in the log of https://github.com/ikawrakow/ik_llama.cpp/issues/455; 68.625 GiB at 1 M tokens by one
    who ran it, https://provide.ai/the-exact-kv-cache-usage-of-deepseek-v4/."""
    keys = {
        "block_count": 61, "embedding_length": 7168, "context_length": 163_840, "attention.head_count": 128,
        "attention.head_count_kv": 1, "attention.key_length": 576, "attention.value_length": 512,
        "attention.key_length_mla": 192, "attention.value_length_mla": 128,
    }  # fmt: skip
    named = {"general.architecture": "deepseek2"} | {f"deepseek2.{key}": value for key, value in keys.items()}
    files = read_files(write_gguf(tmp_path / "d.gguf", named, {}))
    assert estimate(files, Terms("llamacpp", 1 << 20)).cache / GIB == 68.625


def test_shards(tmp_path: Path) -> None:
    first = write_gguf(tmp_path / "m-00001-of-00002.gguf", GEMMA_GGUF, {"a": (F16, 160)})
    with pytest.raises(Inestimable, match=r"m-00002-of-00002\.gguf, which belongs to it, is not there"):
        read_files(first)
    write_gguf(tmp_path / "m-00002-of-00002.gguf", {}, {"output.weight": (F16, 320)})
    assert read_files(tmp_path).weights == 960


def test_which_of_two_is_not_guessed(tmp_path: Path) -> None:
    write_gguf(tmp_path / "a.gguf", GEMMA_GGUF, {})
    write_gguf(tmp_path / "mmproj-a.gguf", {}, {})
    read_files(tmp_path)
    write_gguf(tmp_path / "b.gguf", GEMMA_GGUF, {})
    with pytest.raises(Inestimable, match="name the file"):
        read_files(tmp_path)


def test_a_vocabulary_is_counted_and_not_kept(tmp_path: Path) -> None:
    words = ["word"] * (KEPT_ITEMS + 1)
    path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF | {"tokenizer.ggml.tokens": words}, {})
    assert "tokenizer.ggml.tokens" not in read_gguf(path).metadata
    assert read_files(path).architecture.vocabulary == KEPT_ITEMS + 1


def test_a_type_that_is_newer_than_the_table(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF, {"a": (250, 64), "b": (250, 96)})
    assert [tensor.size for tensor in read_gguf(path).tensors] == [64, 96]


def test_a_file_that_is_not_whole(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF, {"a": (F16, 160)}, size=300)
    with pytest.raises(Inestimable, match="may not be whole"):
        read_files(path)


@pytest.mark.parametrize(
    ("key", "value"), [("gemma3.block_count", "many"), ("gemma3.context_length", None), ("general.architecture", 3)]
)
def test_what_is_missing_or_wrong_is_named(tmp_path: Path, key: str, value: Any) -> None:
    keys = {name: content for name, content in (GEMMA_GGUF | {key: value}).items() if content is not None}
    with pytest.raises(Inestimable, match=key):
        read_files(write_gguf(tmp_path / "m.gguf", keys, {}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGUF",
        b"GGML" + b"\0" * 40,
        b"GGUF" + struct.pack("<IQQ", 1, 0, 0) + b"\0" * 8,
        b"GGUF" + struct.pack(">IQQ", 3, 0, 0) + b"\0" * 8,
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0) + b"\0" * 8,
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60) + b"\0" * 8,
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 50) + b"a" * 80,
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 8, 1 << 26) + b"\0" * 80,
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 9, 1) + b"\0" * 80,
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<I", 77) + b"\0" * 80,
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"a" + struct.pack("<I", 1 << 31) + b"\0" * 80,
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"a" + struct.pack("<IQIQ", 1, 1 << 63, 1, 0) + b"\0" * 80,
    ],
)
def test_a_file_that_lies(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.gguf").write_bytes(content)
    with pytest.raises(Inestimable, match=r"m\.gguf"):
        read_files(tmp_path / "m.gguf")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_changed_or_cut_is_an_error_or_an_estimate(tmp_path: Path, data: st.DataObject) -> None:
    path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF, {"token_embd.weight": (Q4_0, 640), "b": (F32, 10)})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        found = read_files(path)
    except Inestimable:
        return
    assert found.weights >= 0
    try:
        assert estimate(found, Terms("llamacpp")).total >= 0
    except Inestimable:
        return
