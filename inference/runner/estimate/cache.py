"""What keys, values and recurrent states take. Pure."""

from __future__ import annotations

import math

from inference.runner.estimate.facts import Architecture, Attention, Inestimable, State, Terms

# Bytes of a number by the name that engines give a cache's type; those of ggml have a scale for 32 numbers.
WIDTHS = {
    "f32": 4.0, "float32": 4.0, "f16": 2.0, "float16": 2.0, "half": 2.0, "bf16": 2.0, "bfloat16": 2.0,
    "fp8": 1.0, "fp8_e4m3": 1.0, "fp8_e5m2": 1.0, "int8": 1.0,
    "q8_0": 34 / 32, "q5_1": 24 / 32, "q5_0": 22 / 32, "q4_1": 20 / 32, "q4_0": 18 / 32, "iq4_nl": 18 / 32,
}  # fmt: skip
BATCH = {"vllm": 2048, "llamacpp": 512, "transformers": 512, "onnx": 512, "colpali": 4096}
"""Tokens that an engine computes at once by itself: `max_num_batched_tokens`, `ubatch`."""
_PAD = 256
"""llama.cpp's caches are multiples of so many cells (llama-kv-cache-iswa.cpp)."""
_BLOCK = 16
"""vLLM hands out its cache in blocks of so many tokens."""


def cache_bytes(model: Architecture, terms: Terms, context: int) -> int:
    """Of all sequences with `context` tokens each. Raises Inestimable for a cache type that is not known."""
    if terms.cache_type not in WIDTHS and terms.cache_type != "auto":
        raise Inestimable("models.yaml", "cache_type", f"there is no type {terms.cache_type!r}: {', '.join(WIDTHS)}")
    width = WIDTHS.get(terms.cache_type, 2.0)
    each = sum(
        _state(layer, terms) if isinstance(layer, State) else _attention(layer, terms, context, width)
        for layer in model.caches
    )
    return math.ceil(each * terms.sequences)


def batch_of(terms: Terms) -> int:
    return terms.batch or BATCH[terms.engine]


def _attention(layer: Attention, terms: Terms, context: int, width: float) -> float:
    numbers = layer.expanded if layer.latent and terms.engine == "transformers" else layer.numbers
    return numbers * width * _tokens(layer, terms, context)


def _tokens(layer: Attention, terms: Terms, context: int) -> int:
    """Tokens of a sequence that the layer keeps. A window slides while a batch is computed: it keeps that much more."""
    pad = {"llamacpp": _PAD, "vllm": _BLOCK}.get(terms.engine, 1)
    if layer.window is None:
        return _up(context, pad)
    more = 0 if terms.engine == "transformers" else batch_of(terms)
    return _up(min(context, layer.window + more), pad)


def _state(layer: State, terms: Terms) -> float:
    """llama.cpp keeps both parts in 32 bits; others the convolution's inputs as the model's weights."""
    return layer.convolution * (4.0 if terms.engine == "llamacpp" else 2.0) + layer.recurrent * 4.0


def _up(number: int, multiple: int) -> int:
    return -(-number // multiple) * multiple
