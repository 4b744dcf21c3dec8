"""A model's shape from config.json as Hugging Face's transformers writes it.

The names of fields are those of the configuration classes in transformers/models/<model_type>/.
"""

from __future__ import annotations

from pathlib import Path

from inference.runner.estimate.facts import Architecture, Attention, Inestimable, State
from inference.runner.estimate.fields import MOST_LAYERS, Fields
from inference.runner.estimate.safetensors import read_json

MAX_CONFIG_BYTES = 4 << 20
# Where one of these stands, every layer attends to all tokens at once and nothing is kept for the next.
_ENCODERS = frozenset((
    "bert", "roberta", "xlm-roberta", "distilbert", "mpnet", "modernbert", "electra", "deberta-v2", "nomic_bert", "new",
    "camembert", "albert",
))  # fmt: skip
# The text model's part of a model that also sees or hears.
_INNER = ("text_config", "language_config", "llm_config", "thinker_config")
# What the classes of transformers assume where an inner part leaves a field out, as files of these kinds do.
_ASSUMED: dict[str, dict[str, int]] = {
    "gemma3_text": {
        "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 262_208,
        "max_position_embeddings": 131_072,
    },
    "llama": {
        "hidden_size": 4096, "intermediate_size": 11_008, "num_hidden_layers": 32, "num_attention_heads": 32,
        "vocab_size": 32_000, "max_position_embeddings": 2048,
    },
    "mistral": {
        "hidden_size": 4096, "intermediate_size": 14_336, "num_hidden_layers": 32, "num_attention_heads": 32,
        "num_key_value_heads": 8, "vocab_size": 32_000, "max_position_embeddings": 131_072,
    },
}  # fmt: skip
# Every n-th layer attends to all tokens, the others to a window, where the file does not say so itself.
_PATTERNS = {"gemma2": 2, "gemma3_text": 6, "gemma3": 6, "cohere2": 4, "gpt_oss": 2}
# Signs of layers that keep something which is not known here.
_STRANGE = ("rwkv_version", "time_mix_extra_dim", "state_size", "ssm_cfg", "xlstm_hidden_size")

Layer = tuple[Attention | State, ...]


def read_config(path: Path) -> Architecture:
    """Raises Inestimable naming the field that is missing or wrong."""
    outer = Fields(str(path), read_json(path, MAX_CONFIG_BYTES))
    inner = next((found for name in _INNER if (found := outer.below(name))), outer)
    inner = inner.below("text_config") or inner  # thinker_config holds one of its own
    kind = inner.text("model_type") or outer.text("model_type")
    return architecture(inner if inner is outer else inner.assuming(_ASSUMED.get(kind, {})), kind)


def architecture(config: Fields, kind: str) -> Architecture:
    """Of a text model's fields. Raises Inestimable."""
    layers = config.layers("num_hidden_layers", "n_layer", "num_layers")
    hidden = config.number("hidden_size", "n_embd", "d_model", "dim")
    heads = config.number_or(0, "num_attention_heads", "n_head", "n_heads")
    caches = () if kind in _ENCODERS else tuple(cache for layer in _layers(config, kind, layers) for cache in layer)
    return Architecture(
        name=kind or "unknown",
        caches=caches,
        hidden=hidden,
        intermediate=config.number_or(4 * hidden, "intermediate_size", "n_inner", "ffn_dim", "hidden_dim"),
        heads=heads,
        vocabulary=config.number_or(0, "vocab_size"),
        context=config.number_or(
            4096, "max_position_embeddings", "max_sequence_length", "n_positions", "n_ctx", "seq_length", "max_seq_len"
        ),
    )


def _layers(config: Fields, kind: str, count: int) -> list[Layer]:
    if config.has("hybrid_override_pattern"):
        return _nemotron(config)
    kinds = _kinds(config, kind, count)
    made = {name: _layer(config, kind, name) for name in dict.fromkeys(kinds)}
    # The last layers of some models read what an earlier one kept.
    shared = config.number_or(0, "num_kv_shared_layers")
    return [made[name] for name in kinds][: max(count - shared, 0)]


def _kinds(config: Fields, kind: str, count: int) -> list[str]:
    """What each layer is, in the words of `layer_types`."""
    told = config.texts("layer_types") or config.texts("layers_block_type")
    if told is not None:
        if len(told) < count:
            raise config.fault("layer_types", f"it must name the kinds of {count} layers")
        return told[:count]
    if config.has("attn_layer_period"):  # Jamba
        period, offset = max(config.number("attn_layer_period"), 1), config.number_or(0, "attn_layer_offset")
        return ["attention" if layer % period == offset else "mamba" for layer in range(count)]
    if config.has("full_attention_interval"):  # Qwen3-Next
        every = max(config.number("full_attention_interval"), 1)
        return ["full_attention" if (layer + 1) % every == 0 else "linear_attention" for layer in range(count)]
    if config.has("attention_chunk_size"):  # Llama 4: of four layers one attends to all tokens
        return ["full_attention" if (layer + 1) % 4 == 0 else "chunked_attention" for layer in range(count)]
    if strange := next((name for name in _STRANGE if config.has(name)), None):
        raise config.fault(strange, f"what layers of {kind or 'this kind'} keep is not known")
    if not config.number_or(0, "sliding_window") or not config.truth("use_sliding_window", default=True):
        return ["full_attention"] * count
    every = config.number_or(_PATTERNS.get(kind, 0), "sliding_window_pattern", "_sliding_window_pattern")
    if every:
        return ["sliding_attention" if (layer + 1) % every else "full_attention" for layer in range(count)]
    first = config.number_or(0, "max_window_layers") if kind.startswith("qwen") else 0
    return ["full_attention"] * min(first, count) + ["sliding_attention"] * max(count - first, 0)


def _layer(config: Fields, kind: str, name: str) -> Layer:
    if name in ("full_attention", "attention", "global"):
        layer = _attention(config, None)
        return (layer, _mamba(config)) if kind == "falcon_h1" else (layer,)
    if name in ("sliding_attention", "chunked_attention", "local"):
        return (_attention(config, config.number("sliding_window", "attention_chunk_size")),)
    if name == "linear_attention":
        return (_linear(config),)
    if name in ("mamba", "mamba2"):
        return (_mamba(config),)
    if name in ("hybrid", "hybrid_attention"):
        return (_attention(config, None), _mamba(config))
    if name == "conv":  # LFM2
        return (State(config.number("hidden_size") * max(config.number("conv_L_cache") - 1, 0), 0),)
    if name in ("mlp", "moe"):
        return ()
    raise config.fault("layer_types", f"what a layer of the kind {name[:100]!r} keeps is not known")


def _attention(config: Fields, window: int | None) -> Attention:
    if config.has("kv_lora_rank"):
        return _latent(config)
    heads = config.number("num_attention_heads", "n_head", "n_heads")
    if not heads:
        raise config.fault("num_attention_heads", "it is 0")
    kv_heads = config.number_or(heads, "num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num")
    size = config.number_or(config.number_or(0, "hidden_size", "n_embd", "d_model", "dim") // heads, "head_dim")
    if window is None:  # Gemma 4 attends to all tokens with wider and fewer heads
        size = config.number_or(size, "global_head_dim")
        kv_heads = config.number_or(kv_heads, "num_global_key_value_heads")
    return Attention(kv_heads, size, config.number_or(size, "v_head_dim"), window)


def _latent(config: Fields) -> Attention:
    """DeepSeek's multi-head latent attention (arXiv 2405.04434, section 2.1): the latent, and the key's rotated
    part."""
    heads = config.number("num_attention_heads")
    rope = config.number("qk_rope_head_dim")
    expanded = heads * (config.number("qk_nope_head_dim") + rope + config.number("v_head_dim"))
    return Attention(1, config.number("kv_lora_rank") + rope, 0, latent=True, expanded=expanded)


def _linear(config: Fields) -> State:
    """Gated DeltaNet of Qwen3-Next: a matrix a head, and the last inputs of the convolution before it."""
    key_heads, value_heads = config.number("linear_num_key_heads"), config.number("linear_num_value_heads")
    key, value = config.number("linear_key_head_dim"), config.number("linear_value_head_dim")
    kept = max(config.number("linear_conv_kernel_dim") - 1, 0)
    return State(kept * (2 * key_heads * key + value_heads * value), value_heads * key * value)


def _mamba(config: Fields) -> State:
    """Mamba 2 where heads are told (arXiv 2405.21060), Mamba (arXiv 2312.00752) otherwise."""
    kept = max(config.number("mamba_d_conv", "conv_kernel") - 1, 0)
    states = config.number("mamba_d_state", "ssm_state_size")
    if config.has("mamba_n_heads") or config.has("mamba_num_heads"):
        heads = config.number("mamba_n_heads", "mamba_num_heads")
        inner = heads * _head(config, heads)
        groups = config.number_or(1, "mamba_n_groups", "n_groups")
        return State(kept * (inner + 2 * groups * states), inner * states)
    inner = config.number("hidden_size") * config.number("mamba_expand")
    return State(kept * inner, inner * states)


def _head(config: Fields, heads: int) -> int:
    """Width of a head of Mamba 2, which some files leave to be worked out."""
    if size := config.number_or(0, "mamba_d_head", "mamba_head_dim"):
        return size
    return config.number_or(2, "mamba_expand") * config.number("hidden_size") // max(heads, 1)


def _nemotron(config: Fields) -> list[Layer]:
    """Nemotron-H tells its layers by letters: M Mamba 2, * attention, - and E feed-forward."""
    pattern = config.text("hybrid_override_pattern")[:MOST_LAYERS]
    made: dict[str, Layer] = {"-": (), "E": ()}
    for letter in dict.fromkeys(pattern):
        if letter == "M":
            made[letter] = (_mamba(config),)
        elif letter == "*":
            made[letter] = (_attention(config, None),)
        elif letter not in made:
            raise Inestimable(config.file, "hybrid_override_pattern", f"the layer {letter!r} is not known")
    return [made[letter] for letter in pattern]
