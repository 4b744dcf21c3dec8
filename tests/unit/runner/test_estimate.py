"""Estimates against figures that others have measured or published, and files that lie."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.runner.estimate import (
    Architecture,
    Attention,
    EngineName,
    Estimate,
    Inestimable,
    ModelFiles,
    State,
    Terms,
    estimate,
    read_files,
    smaller_context,
)
from inference.runner.estimate.config import read_config
from inference.runner.estimate.gguf import KEPT_ITEMS, read_gguf
from inference.runner.policy import Way
from tests.gguf_files import F16, F32, Q4_0, Q8_0, write_gguf

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


def _files(tmp_path: Path, config: dict[str, Any], weights: int = 0) -> ModelFiles:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    return ModelFiles(str(tmp_path), "safetensors", weights, read_config(path))


def _cache(tmp_path: Path, config: dict[str, Any], engine: EngineName, context: int, **terms: Any) -> int:
    return estimate(_files(tmp_path, config), Terms(engine, context, **terms)).cache


class TestPublishedFigures:
    def test_llama(self, tmp_path: Path) -> None:
        """https://huggingface.co/blog/llama31: KV cache in FP16 at 128k (128 000) tokens: 15.62 and 39.06 GB."""
        assert _cache(tmp_path, LLAMA_8B, "vllm", 128_000) / GIB == pytest.approx(15.62, abs=0.01)
        assert _cache(tmp_path, LLAMA_70B, "vllm", 128_000) / GIB == pytest.approx(39.06, abs=0.01)

    @pytest.mark.parametrize(("config", "kilobytes"), [(DEEPSEEK_V3, 70.272), (QWEN_72B, 327.680)])
    def test_deepseek_beside_qwen(self, tmp_path: Path, config: dict[str, Any], kilobytes: float) -> None:
        """Insights into DeepSeek-V3 (arXiv 2505.09343), table 1: cache a token in BF16."""
        assert _cache(tmp_path, config, "vllm", 16) / 16 == kilobytes * 1000

    def test_deepseek_where_it_ran(self, tmp_path: Path) -> None:
        """https://github.com/ikawrakow/ik_llama.cpp/pull/259: 1166.62 MiB in q8_0 at 32 768 tokens."""
        size = _cache(tmp_path, DEEPSEEK_V3, "llamacpp", 32_768, cache_type="q8_0")
        assert size / MIB == pytest.approx(1166.62, abs=0.01)

    def test_transformers_keeps_the_latent_computed(self, tmp_path: Path) -> None:
        """arXiv 2405.04434, table 1: 2 n_h d_h of attention with all heads against (d_c + d_h^R) of the latent."""
        assert _cache(tmp_path, DEEPSEEK_V3, "transformers", 1) == 61 * 128 * (192 + 128) * 2

    def test_gpt_oss(self, tmp_path: Path) -> None:
        """https://github.com/alvarobartt/hf-mem/pull/70: 8192 tokens, 32 sequences, BF16, windows of 128: 6.09 GiB."""
        size = _cache(tmp_path, GPT_OSS_20B, "transformers", 8192, sequences=32)
        assert size / GIB == pytest.approx(6.09, abs=0.01)

    @pytest.mark.parametrize(("config", "full", "windows"), [(GEMMA3_27B, 5120, 624), (GEMMA3_4B, 1280, 174)])
    def test_gemma3(self, tmp_path: Path, config: dict[str, Any], full: float, windows: float) -> None:
        """ymcki of https://github.com/ggml-org/llama.cpp/pull/13194, in r/LocalLLaMA 1krr7hn: MiB at 64k tokens and
        a batch of 512."""
        assert _cache(tmp_path, config, "llamacpp", 65_536) / MIB == full + windows

    def test_qwen_with_recurrent_layers(self, tmp_path: Path) -> None:
        """https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1862: llama.cpp's log for Qwen3.6-27B: 16384 MiB
        in 16 layers at 262 144 tokens, and 598.50 MiB of states for 4 sequences."""
        size = _cache(tmp_path, QWEN36_27B, "llamacpp", 65_536, sequences=4)
        assert size / MIB == 16_384 + 598.5

    def test_tensor_parallel_in_vllm(self, tmp_path: Path) -> None:
        """https://github.com/vllm-project/vllm/issues/21348: 178 880 tokens in 8.11 GiB on each of 4 devices."""
        files = _files(tmp_path, QWEN3_235B)
        alone, four = (estimate(files, Terms("vllm", 178_880, gpu=True)).on_each(count) for count in (1, 4))
        cache = (alone - four) * 4 / 3 / 4
        assert cache / GIB == pytest.approx(8.11, rel=0.02)

    def test_buffers_of_llama_cpp(self) -> None:
        """https://github.com/JamePeng/llama-cpp-python/pull/1: at 2048 tokens 304 MiB compute buffer, 112 MiB KV."""
        shape = Architecture("qwen2", (Attention(4, 128, 128),) * 28, 3584, 18944, 28, 152_064, 32_768)
        found = estimate(ModelFiles("x", "gguf", 0, shape), Terms("llamacpp", 2048))
        assert found.buffers == 304 * MIB
        assert found.cache == 112 * MIB


class TestShapes:
    def test_windows_by_the_kind_s_pattern(self, tmp_path: Path) -> None:
        shape = _files(tmp_path, GEMMA3_27B).architecture
        assert [isinstance(layer, Attention) and layer.window for layer in shape.caches[:6]] == [1024] * 5 + [None]

    def test_mistral_slides_everywhere_and_qwen_only_where_it_says(self, tmp_path: Path) -> None:
        mistral = LLAMA_8B | {"model_type": "mistral", "sliding_window": 4096}
        assert _cache(tmp_path, mistral, "transformers", 32_768) == _cache(tmp_path, LLAMA_8B, "transformers", 4096)
        windows = QWEN_72B | {"use_sliding_window": True, "sliding_window": 4096}
        layers = _files(tmp_path, windows).architecture.caches
        assert [isinstance(layer, Attention) and layer.window for layer in layers[69:71]] == [None, 4096]

    def test_hybrids(self, tmp_path: Path) -> None:
        mamba2 = {"mamba_n_heads": 48, "mamba_d_head": 64, "mamba_d_state": 128, "mamba_d_conv": 4, "mamba_n_groups": 1}
        state = State(3 * (48 * 64 + 2 * 128), 48 * 64 * 128)
        granite = LLAMA_8B | mamba2 | {"layer_types": ["mamba"] * 31 + ["attention"]}
        assert _files(tmp_path, granite).architecture.caches == (*[state] * 31, Attention(8, 128, 128))
        nemotron = LLAMA_8B | mamba2 | {"hybrid_override_pattern": "M-M*-E"}
        assert _files(tmp_path, nemotron).architecture.caches == (state, state, Attention(8, 128, 128))
        falcon = LLAMA_8B | mamba2 | {"model_type": "falcon_h1"}
        assert len(_files(tmp_path, falcon).architecture.caches) == 64
        jamba = LLAMA_8B | {
            "attn_layer_period": 8, "attn_layer_offset": 4, "mamba_d_conv": 4, "mamba_d_state": 16, "mamba_expand": 2,
        }  # fmt: skip
        caches = _files(tmp_path, jamba).architecture.caches
        assert [place for place, layer in enumerate(caches) if isinstance(layer, Attention)] == [4, 12, 20, 28]
        assert caches[0] == State(3 * 8192, 8192 * 16)

    def test_encoders_keep_nothing(self, tmp_path: Path) -> None:
        bert = {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12}
        assert _cache(tmp_path, bert, "onnx", 512) == 0

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
    def test_what_is_missing_or_wrong_is_named(self, tmp_path: Path, change: dict[str, Any], field: str) -> None:
        with pytest.raises(Inestimable, match=field) as caught:
            _files(tmp_path, LLAMA_8B | change)
        assert caught.value.field == field
        assert caught.value.file.endswith("config.json")

    @pytest.mark.parametrize("text", ["[]", "{", "\xff", "[" * 100_000, "null"])
    def test_a_config_that_is_none(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "config.json").write_text(text)
        with pytest.raises(Inestimable):
            read_config(tmp_path / "config.json")


class TestTerms:
    def test_each_device_has_its_part_and_what_cannot_be_divided(self) -> None:
        found = Estimate(weights=100, cache=40, buffers=7, overhead=5, host=3, context=1, cache_split=2)
        assert [found.on_each(count) for count in (1, 2, 4)] == [152, 82, 57]
        assert found.way(4) == Way("gpu", 4, 57, 12)
        assert found.way(1, "cpu") == Way("cpu", 1, 152)
        assert found.with_residual(-10).total == 142
        assert found.with_residual(-1000).total == 0

    def test_a_latent_is_on_every_device(self, tmp_path: Path) -> None:
        assert _files(tmp_path, DEEPSEEK_V3).architecture.cache_split == 1

    def test_vllm_halves_32_bit_weights(self) -> None:
        shape = Architecture("llama", (), 8, 8, 1, 8, 64)
        files = ModelFiles("x", "safetensors", 1000, shape, wide=600)
        assert estimate(files, Terms("vllm")).weights == 700
        assert estimate(files, Terms("transformers")).weights == 1000

    def test_llama_cpp_leaves_the_tokens_table_on_the_host(self) -> None:
        shape = Architecture("llama", (), 8, 8, 1, 8, 64)
        files = ModelFiles("x", "gguf", 1000, shape, embedding=300)
        assert estimate(files, Terms("llamacpp")).weights == 1000
        gpu, plain = estimate(files, Terms("llamacpp", gpu=True)), estimate(files, Terms("vllm", gpu=True))
        assert gpu.weights == 700
        assert gpu.host > 300
        assert plain.weights == 1000

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            (Terms("vllm", 0), "context"),
            (Terms("vllm", 1 << 40), "context"),
            (Terms("vllm", sequences=0), "sequences"),
            (Terms("llamacpp", cache_type="q3"), "cache_type"),
        ],
    )
    def test_terms_that_nothing_can_have(self, tmp_path: Path, terms: Terms, field: str) -> None:
        with pytest.raises(Inestimable, match=field):
            estimate(_files(tmp_path, LLAMA_8B), terms)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, 40 * GIB))
    def test_the_longest_context_that_fits(self, tmp_path: Path, room: int) -> None:
        files, terms = _files(tmp_path, LLAMA_8B, 16 * GIB), Terms("vllm", gpu=True)
        context = smaller_context(files, terms, room)
        if context is None:
            assert estimate(files, Terms("vllm", 256, gpu=True)).on_each(1) > room
            return
        assert context % 256 == 0
        assert context < files.context
        assert estimate(files, Terms("vllm", context, gpu=True)).on_each(1) <= room
        if context + 256 < files.context:
            assert estimate(files, Terms("vllm", context + 256, gpu=True)).on_each(1) > room


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


class TestSafetensors:
    def test_one_file(self, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
        _safetensors(
            tmp_path / "model.safetensors", {"model.embed_tokens.weight": ("BF16", 5000), "norm": ("F32", 400)}
        )
        files = read_files(tmp_path)
        assert (files.weights, files.wide, files.embedding, files.format) == (5400, 400, 5000, "safetensors")
        assert files.context == 131_072

    def test_only_the_shards_of_the_index_count(self, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
        for name in ("model-00001-of-00002", "model-00002-of-00002", "consolidated"):
            _safetensors(tmp_path / f"{name}.safetensors", {"a": ("BF16", 5000)})
        index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
        (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
        assert read_files(tmp_path).weights == 10_000

    @pytest.mark.parametrize(
        "named", ["../../etc/passwd", "/etc/passwd", "a/b.safetensors", "gone.safetensors", "model.bin", 7, None]
    )
    def test_an_index_that_leads_elsewhere(self, tmp_path: Path, named: object) -> None:
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
    def test_a_file_that_lies(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
        (tmp_path / "model.safetensors").write_bytes(content)
        with pytest.raises(Inestimable, match=r"model\.safetensors"):
            read_files(tmp_path)

    def test_a_file_that_is_not_whole(self, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
        _safetensors(tmp_path / "model.safetensors", {"a": ("BF16", 5000)}, cut=1)
        with pytest.raises(Inestimable, match="may not be whole"):
            read_files(tmp_path)

    def test_a_folder_without_weights(self, tmp_path: Path) -> None:
        with pytest.raises(Inestimable, match="no weights"):
            read_files(tmp_path)
        with pytest.raises(Inestimable, match="neither a folder"):
            read_files(tmp_path / "nowhere")

    def test_a_graph(self, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text(
            '{"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}'
        )
        (tmp_path / "model.onnx").write_bytes(b"x" * 100)
        (tmp_path / "model.onnx_data").write_bytes(b"x" * 900)
        assert read_files(tmp_path).weights == 1000


GEMMA_GGUF: dict[str, Any] = {
    "general.architecture": "gemma3",
    "gemma3.block_count": 34, "gemma3.embedding_length": 2560, "gemma3.feed_forward_length": 10240,
    "gemma3.attention.head_count": 8, "gemma3.attention.head_count_kv": 4, "gemma3.attention.key_length": 256,
    "gemma3.attention.value_length": 256, "gemma3.attention.sliding_window": 1024, "gemma3.context_length": 131072,
}  # fmt: skip


class TestGguf:
    def test_a_model(self, tmp_path: Path) -> None:
        tensors = {"token_embd.weight": (Q8_0, 32_000), "blk.0.attn_q.weight": (Q4_0, 3200), "norm": (F32, 100)}
        path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF, tensors)
        files = read_files(path)
        assert files == read_files(tmp_path)
        assert files.weights == 34_000 + 1800 + 400
        assert (files.embedding, files.tied) == (34_000, True)
        assert estimate(files, Terms("llamacpp", 65_536)).cache == (1280 + 174) * MIB

    def test_what_llama_cpp_tells_of_layers(self, tmp_path: Path) -> None:
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

    def test_deepseek_s_latent(self, tmp_path: Path) -> None:
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

    def test_shards(self, tmp_path: Path) -> None:
        first = write_gguf(tmp_path / "m-00001-of-00002.gguf", GEMMA_GGUF, {"a": (F16, 160)})
        with pytest.raises(Inestimable, match=r"m-00002-of-00002\.gguf, which belongs to it, is not there"):
            read_files(first)
        write_gguf(tmp_path / "m-00002-of-00002.gguf", {}, {"output.weight": (F16, 320)})
        assert read_files(tmp_path).weights == 960

    def test_which_of_two_is_not_guessed(self, tmp_path: Path) -> None:
        write_gguf(tmp_path / "a.gguf", GEMMA_GGUF, {})
        write_gguf(tmp_path / "mmproj-a.gguf", {}, {})
        read_files(tmp_path)
        write_gguf(tmp_path / "b.gguf", GEMMA_GGUF, {})
        with pytest.raises(Inestimable, match="name the file"):
            read_files(tmp_path)

    def test_a_vocabulary_is_counted_and_not_kept(self, tmp_path: Path) -> None:
        words = ["word"] * (KEPT_ITEMS + 1)
        path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF | {"tokenizer.ggml.tokens": words}, {})
        assert "tokenizer.ggml.tokens" not in read_gguf(path).metadata
        assert read_files(path).architecture.vocabulary == KEPT_ITEMS + 1

    def test_a_type_that_is_newer_than_the_table(self, tmp_path: Path) -> None:
        path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF, {"a": (250, 64), "b": (250, 96)})
        assert [tensor.size for tensor in read_gguf(path).tensors] == [64, 96]

    def test_a_file_that_is_not_whole(self, tmp_path: Path) -> None:
        path = write_gguf(tmp_path / "m.gguf", GEMMA_GGUF, {"a": (F16, 160)}, size=300)
        with pytest.raises(Inestimable, match="may not be whole"):
            read_files(path)

    @pytest.mark.parametrize(
        ("key", "value"), [("gemma3.block_count", "many"), ("gemma3.context_length", None), ("general.architecture", 3)]
    )
    def test_what_is_missing_or_wrong_is_named(self, tmp_path: Path, key: str, value: Any) -> None:
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
    def test_a_file_that_lies(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "m.gguf").write_bytes(content)
        with pytest.raises(Inestimable, match=r"m\.gguf"):
            read_files(tmp_path / "m.gguf")

    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_whatever_is_changed_or_cut_is_an_error_or_an_estimate(self, tmp_path: Path, data: st.DataObject) -> None:
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
