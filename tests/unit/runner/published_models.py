"""Models that are published, by their config.json alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inference.runner.estimate import EngineName, ModelFiles, Terms, estimate
from inference.runner.estimate.config import read_config

MIB = 1 << 20
GIB = 1 << 30

# From the config.json that each model's publisher has on its page.
LLAMA_8B: dict[str, Any] = {
    "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072,
}  # fmt: skip
LLAMA_70B = LLAMA_8B | {"hidden_size": 8192, "num_hidden_layers": 80, "num_attention_heads": 64}
QWEN_72B: dict[str, Any] = {
    "model_type": "qwen2", "hidden_size": 8192, "num_hidden_layers": 80, "num_attention_heads": 64,
    "num_key_value_heads": 8, "use_sliding_window": False, "sliding_window": 131072, "max_window_layers": 70,
    "vocab_size": 152064,
}  # fmt: skip
DEEPSEEK_V3: dict[str, Any] = {
    "model_type": "deepseek_v3", "hidden_size": 7168, "num_hidden_layers": 61, "num_attention_heads": 128,
    "num_key_value_heads": 128, "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128,
    "max_position_embeddings": 163840, "vocab_size": 129280,
}  # fmt: skip
GPT_OSS_20B: dict[str, Any] = {
    "model_type": "gpt_oss", "hidden_size": 2880, "num_hidden_layers": 24, "num_attention_heads": 64,
    "num_key_value_heads": 8, "head_dim": 64, "sliding_window": 128, "vocab_size": 201088,
    "layer_types": ["sliding_attention", "full_attention"] * 12,
}  # fmt: skip
QWEN3_235B: dict[str, Any] = {
    "model_type": "qwen3_moe", "hidden_size": 4096, "num_hidden_layers": 94, "num_attention_heads": 64,
    "num_key_value_heads": 4, "head_dim": 128, "sliding_window": None, "use_sliding_window": False,
}  # fmt: skip
GEMMA3_27B: dict[str, Any] = {
    "model_type": "gemma3",
    "text_config": {
        "model_type": "gemma3_text", "hidden_size": 5376, "intermediate_size": 21504, "num_hidden_layers": 62,
        "num_attention_heads": 32, "num_key_value_heads": 16, "head_dim": 128, "sliding_window": 1024,
    },
}  # fmt: skip
GEMMA3_4B: dict[str, Any] = {  # leaves to transformers what is its default
    "model_type": "gemma3",
    "text_config": {
        "model_type": "gemma3_text", "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34,
        "sliding_window": 1024,
    },
}  # fmt: skip
QWEN36_27B: dict[str, Any] = {
    "model_type": "qwen3_5",
    "text_config": {
        "model_type": "qwen3_5_text", "hidden_size": 5120, "num_hidden_layers": 64, "num_attention_heads": 24,
        "num_key_value_heads": 4, "head_dim": 256, "full_attention_interval": 4, "linear_num_key_heads": 16,
        "linear_num_value_heads": 48, "linear_key_head_dim": 128, "linear_value_head_dim": 128,
        "linear_conv_kernel_dim": 4, "vocab_size": 248320,
    },
}  # fmt: skip


def described(tmp_path: Path, config: dict[str, Any], weights: int = 0) -> ModelFiles:
    """A model with this config.json and so many bytes of weights."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    return ModelFiles(str(tmp_path), "safetensors", weights, read_config(path))


def cache_of(tmp_path: Path, config: dict[str, Any], engine: EngineName, context: int, **terms: Any) -> int:
    """Bytes of the cache of a model with this config.json."""
    return estimate(described(tmp_path, config), Terms(engine, context, **terms)).cache
