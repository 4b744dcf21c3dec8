"""Layers as a config.json describes them, and what is missing or wrong in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.runner.estimate import Attention, Inestimable, State
from inference.runner.estimate.config import read_config
from tests.unit.runner.published_models import GEMMA3_27B, LLAMA_8B, QWEN_72B, cache_of, described


def test_windows_by_the_kind_s_pattern(tmp_path: Path) -> None:
    shape = described(tmp_path, GEMMA3_27B).architecture
    assert [isinstance(layer, Attention) and layer.window for layer in shape.caches[:6]] == [1024] * 5 + [None]


def test_mistral_slides_everywhere_and_qwen_only_where_it_says(tmp_path: Path) -> None:
    mistral = LLAMA_8B | {"model_type": "mistral", "sliding_window": 4096}
    assert cache_of(tmp_path, mistral, "transformers", 32_768) == cache_of(tmp_path, LLAMA_8B, "transformers", 4096)
    windows = QWEN_72B | {"use_sliding_window": True, "sliding_window": 4096}
    layers = described(tmp_path, windows).architecture.caches
    assert [isinstance(layer, Attention) and layer.window for layer in layers[69:71]] == [None, 4096]


def test_hybrids(tmp_path: Path) -> None:
    mamba2 = {"mamba_n_heads": 48, "mamba_d_head": 64, "mamba_d_state": 128, "mamba_d_conv": 4, "mamba_n_groups": 1}
    state = State(3 * (48 * 64 + 2 * 128), 48 * 64 * 128)
    granite = LLAMA_8B | mamba2 | {"layer_types": ["mamba"] * 31 + ["attention"]}
    assert described(tmp_path, granite).architecture.caches == (*[state] * 31, Attention(8, 128, 128))
    nemotron = LLAMA_8B | mamba2 | {"hybrid_override_pattern": "M-M*-E"}
    assert described(tmp_path, nemotron).architecture.caches == (state, state, Attention(8, 128, 128))
    falcon = LLAMA_8B | mamba2 | {"model_type": "falcon_h1"}
    assert len(described(tmp_path, falcon).architecture.caches) == 64
    jamba = LLAMA_8B | {
        "attn_layer_period": 8, "attn_layer_offset": 4, "mamba_d_conv": 4, "mamba_d_state": 16, "mamba_expand": 2,
    }  # fmt: skip
    caches = described(tmp_path, jamba).architecture.caches
    assert [place for place, layer in enumerate(caches) if isinstance(layer, Attention)] == [4, 12, 20, 28]
    assert caches[0] == State(3 * 8192, 8192 * 16)


def test_encoders_keep_nothing(tmp_path: Path) -> None:
    bert = {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12}
    assert cache_of(tmp_path, bert, "onnx", 512) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"num_hidden_layers": None}, "num_hidden_layers"),
        ({"num_hidden_layers": 10**9}, "num_hidden_layers"),
        ({"num_attention_heads": None}, "num_attention_heads"),
        ({"num_attention_heads": 0}, "num_attention_heads"),
        ({"num_key_value_heads": -8}, "num_key_value_heads"),
        ({"head_dim": "wide"}, "head_dim"),
        ({"hidden_size": 1e300}, "hidden_size"),
        ({"hidden_size": float("inf")}, "hidden_size"),
        ({"hidden_size": True}, "hidden_size"),
        ({"layer_types": ["full_attention"]}, "layer_types"),
        ({"layer_types": ["quantum"] * 32}, "layer_types"),
        ({"rwkv_version": 7}, "rwkv_version"),
        ({"hybrid_override_pattern": "M?"}, "mamba_d_conv"),
        ({"hybrid_override_pattern": "?"}, "hybrid_override_pattern"),
        ({"kv_lora_rank": 512}, "qk_rope_head_dim"),
    ],
)
def test_what_is_missing_or_wrong_is_named(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Inestimable, match=field) as caught:
        described(tmp_path, LLAMA_8B | change)
    assert caught.value.field == field
    assert caught.value.file.endswith("config.json")


@pytest.mark.parametrize("text", ["[]", "{", "\xff", "[" * 100_000, "null"])
def test_a_config_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(Inestimable):
        read_config(tmp_path / "config.json")
