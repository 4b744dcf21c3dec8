"""Estimates against figures that others have measured or published, and on whatever terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.runner.estimate import (
    Architecture,
    Attention,
    Estimate,
    Inestimable,
    ModelFiles,
    Terms,
    estimate,
    smaller_context,
)
from inference.runner.policy import Way
from tests.unit.runner.published_models import (
    DEEPSEEK_V3,
    GEMMA3_4B,
    GEMMA3_27B,
    GIB,
    GPT_OSS_20B,
    LLAMA_8B,
    LLAMA_70B,
    MIB,
    QWEN3_235B,
    QWEN36_27B,
    QWEN_72B,
    cache_of,
    described,
)


class TestPublishedFigures:
    def test_llama(self, tmp_path: Path) -> None:
        """https://huggingface.co/blog/llama31: KV cache in FP16 at 128k (128 000) tokens: 15.62 and 39.06 GB."""
        assert cache_of(tmp_path, LLAMA_8B, "vllm", 128_000) / GIB == pytest.approx(15.62, abs=0.01)
        assert cache_of(tmp_path, LLAMA_70B, "vllm", 128_000) / GIB == pytest.approx(39.06, abs=0.01)

    @pytest.mark.parametrize(("config", "kilobytes"), [(DEEPSEEK_V3, 70.272), (QWEN_72B, 327.680)])
    def test_deepseek_beside_qwen(self, tmp_path: Path, config: dict[str, Any], kilobytes: float) -> None:
        """Insights into DeepSeek-V3 (arXiv 2505.09343), table 1: cache a token in BF16."""
        assert cache_of(tmp_path, config, "vllm", 16) / 16 == kilobytes * 1000

    def test_deepseek_where_it_ran(self, tmp_path: Path) -> None:
        """https://github.com/ikawrakow/ik_llama.cpp/pull/259: 1166.62 MiB in q8_0 at 32 768 tokens."""
        size = cache_of(tmp_path, DEEPSEEK_V3, "llamacpp", 32_768, cache_type="q8_0")
        assert size / MIB == pytest.approx(1166.62, abs=0.01)

    def test_transformers_keeps_the_latent_computed(self, tmp_path: Path) -> None:
        """arXiv 2405.04434, table 1: 2 n_h d_h of attention with all heads against (d_c + d_h^R) of the latent."""
        assert cache_of(tmp_path, DEEPSEEK_V3, "transformers", 1) == 61 * 128 * (192 + 128) * 2

    def test_gpt_oss(self, tmp_path: Path) -> None:
        """https://github.com/alvarobartt/hf-mem/pull/70: 8192 tokens, 32 sequences, BF16, windows of 128: 6.09 GiB."""
        size = cache_of(tmp_path, GPT_OSS_20B, "transformers", 8192, sequences=32)
        assert size / GIB == pytest.approx(6.09, abs=0.01)

    @pytest.mark.parametrize(("config", "full", "windows"), [(GEMMA3_27B, 5120, 624), (GEMMA3_4B, 1280, 174)])
    def test_gemma3(self, tmp_path: Path, config: dict[str, Any], full: float, windows: float) -> None:
        """ymcki of https://github.com/ggml-org/llama.cpp/pull/13194, in r/LocalLLaMA 1krr7hn: MiB at 64k tokens and
        a batch of 512."""
        assert cache_of(tmp_path, config, "llamacpp", 65_536) / MIB == full + windows

    def test_qwen_with_recurrent_layers(self, tmp_path: Path) -> None:
        """https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1862: llama.cpp's log for Qwen3.6-27B: 16384 MiB
        in 16 layers at 262 144 tokens, and 598.50 MiB of states for 4 sequences."""
        size = cache_of(tmp_path, QWEN36_27B, "llamacpp", 65_536, sequences=4)
        assert size / MIB == 16_384 + 598.5

    def test_tensor_parallel_in_vllm(self, tmp_path: Path) -> None:
        """https://github.com/vllm-project/vllm/issues/21348: 178 880 tokens in 8.11 GiB on each of 4 devices."""
        files = described(tmp_path, QWEN3_235B)
        alone, four = (estimate(files, Terms("vllm", 178_880, gpu=True)).on_each(count) for count in (1, 4))
        cache = (alone - four) * 4 / 3 / 4
        assert cache / GIB == pytest.approx(8.11, rel=0.02)

    def test_buffers_of_llama_cpp(self) -> None:
        """https://github.com/JamePeng/llama-cpp-python/pull/1: at 2048 tokens 304 MiB compute buffer, 112 MiB KV."""
        shape = Architecture("qwen2", (Attention(4, 128, 128),) * 28, 3584, 18944, 28, 152_064, 32_768)
        found = estimate(ModelFiles("x", "gguf", 0, shape), Terms("llamacpp", 2048))
        assert found.buffers == 304 * MIB
        assert found.cache == 112 * MIB


class TestTerms:
    def test_each_device_has_its_part_and_what_cannot_be_divided(self) -> None:
        found = Estimate(weights=100, cache=40, buffers=7, overhead=5, host=3, context=1, cache_split=2)
        assert [found.on_each(count) for count in (1, 2, 4)] == [152, 82, 57]
        assert found.way(4) == Way("gpu", 4, 57, 12)
        assert found.way(1, "cpu") == Way("cpu", 1, 152)
        assert found.with_residual(-10).total == 142
        assert found.with_residual(-1000).total == 0

    def test_a_latent_is_on_every_device(self, tmp_path: Path) -> None:
        assert described(tmp_path, DEEPSEEK_V3).architecture.cache_split == 1

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
            estimate(described(tmp_path, LLAMA_8B), terms)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, 40 * GIB))
    def test_the_longest_context_that_fits(self, tmp_path: Path, room: int) -> None:
        files, terms = described(tmp_path, LLAMA_8B, 16 * GIB), Terms("vllm", gpu=True)
        context = smaller_context(files, terms, room)
        if context is None:
            assert estimate(files, Terms("vllm", 256, gpu=True)).on_each(1) > room
            return
        assert context % 256 == 0
        assert context < files.context
        assert estimate(files, Terms("vllm", context, gpu=True)).on_each(1) <= room
        if context + 256 < files.context:
            assert estimate(files, Terms("vllm", context + 256, gpu=True)).on_each(1) > room
