"""A model's shape from the metadata of a GGUF file.

Keys: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; what llama.cpp takes where a key is missing is in its
src/models/<architecture>.cpp.
"""

from __future__ import annotations

from inference.runner.estimate.facts import Architecture, Attention, State
from inference.runner.estimate.fields import Fields
from inference.runner.estimate.gguf import Gguf

# Every n-th layer attends to all tokens; llama.cpp knows it by the architecture's name.
_PATTERNS = {
    "gemma2": 2, "gemma3": 6, "gemma3n": 5, "gpt-oss": 2, "cohere2": 4, "llama4": 4, "exaone4": 4, "olmo2": 4,
    "smallthinker": 4, "afmoe": 4, "gemma-embedding": 6,
}  # fmt: skip
_ENCODERS = frozenset(
    ("bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "neo-bert", "modern-bert")
)
_RWKV = frozenset(("rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"))
_CHUNK = 8192  # Llama 4's window, which its files do not tell


def read_metadata(gguf: Gguf) -> Architecture:
    """Raises Inestimable."""
    top = Fields(str(gguf.path), gguf.metadata)
    name = top.text("general.architecture")
    if not name:
        raise top.fault("general.architecture", "it is missing")
    fields = Fields(str(gguf.path), gguf.metadata, f"{name}.")
    if name in _RWKV:
        raise top.fault("general.architecture", f"what layers of {name} keep is not known")
    layers = fields.layers("block_count")
    hidden = fields.number("embedding_length")
    heads = fields.numbers("attention.head_count", layers) or [0]
    return Architecture(
        name=name,
        caches=() if name in _ENCODERS else _caches(fields, name, layers, hidden),
        hidden=hidden,
        intermediate=max(fields.numbers("feed_forward_length", layers) or [4 * hidden]),
        heads=max(heads),
        vocabulary=fields.number_or(_tokens(gguf), "vocab_size"),
        context=fields.number("context_length"),
    )


def _tokens(gguf: Gguf) -> int:
    tokens = gguf.metadata.get("tokenizer.ggml.tokens")
    return len(tokens) if isinstance(tokens, list) else gguf.lengths.get("tokenizer.ggml.tokens", 0)


def _caches(fields: Fields, name: str, layers: int, hidden: int) -> tuple[Attention | State, ...]:
    windowed = _windowed(fields, name, layers)
    recurrent = _recurrent(fields, name, layers)
    caches: list[Attention | State] = []
    kept = layers - fields.number_or(0, "attention.shared_kv_layers")
    for layer in range(max(kept, 0)):
        if recurrent[layer] and (state := _state(fields, hidden)):
            caches.append(state)
        if (attention := _attention(fields, layer, layers, windowed[layer])) and (
            not recurrent[layer] or name == "falcon-h1"
        ):
            caches.append(attention)
    return tuple(caches)


def _attention(fields: Fields, layer: int, layers: int, window: int | None) -> Attention | None:
    heads = (fields.numbers("attention.head_count", layers) or [0] * layers)[layer]
    kv_heads = (fields.numbers("attention.head_count_kv", layers) or [heads] * layers)[layer]
    if not kv_heads:
        return None
    width = fields.number("embedding_length") // heads if heads else 0
    key = fields.number_or(width, "attention.key_length")
    value = fields.number_or(width, "attention.value_length")
    if window is not None:
        key = fields.number_or(key, "attention.key_length_swa")
        value = fields.number_or(value, "attention.value_length_swa")
    if fields.has("attention.key_length_mla"):  # the latent holds the values, which are not kept again
        expanded = heads * (fields.number("attention.key_length_mla") + fields.number("attention.value_length_mla"))
        return Attention(1, key, 0, latent=True, expanded=expanded)
    return Attention(kv_heads, key, value, window)


def _windowed(fields: Fields, name: str, layers: int) -> list[int | None]:
    """Each layer's window, None for one that attends to all tokens."""
    window = fields.number_or(_CHUNK if name == "llama4" else 0, "attention.sliding_window")
    if not window:
        return [None] * layers
    if (flags := fields.flags("attention.sliding_window_pattern", layers)) is not None:
        return [window if flag else None for flag in flags]
    every = fields.number_or(_PATTERNS.get(name, 0), "attention.sliding_window_pattern")
    if not every:
        return [None] * layers  # llama.cpp does not use it for this architecture
    return [window if (layer + 1) % every else None for layer in range(layers)]


def _recurrent(fields: Fields, name: str, layers: int) -> list[bool]:
    if not fields.has("ssm.state_size") and not fields.has("shortconv.l_cache"):
        return [False] * layers
    if name == "falcon-h1":
        return [True] * layers
    if fields.has("full_attention_interval") or name in ("qwen3next", "qwen35", "qwen35moe"):
        every = max(fields.number_or(4, "full_attention_interval"), 1)
        return [(layer + 1) % every != 0 for layer in range(layers)]
    kv_heads = fields.numbers("attention.head_count_kv", layers) or [0] * layers
    wide = fields.numbers("feed_forward_length", layers) or [0] * layers
    # Of Nemotron-H's layers those that are only feed-forward keep nothing.
    plain = name.startswith("nemotron_h")
    return [not heads and not (plain and width) for heads, width in zip(kv_heads, wide, strict=True)]


def _state(fields: Fields, hidden: int) -> State | None:
    """As n_embd_r and n_embd_s of llama.cpp's llama-hparams.cpp."""
    if fields.has("shortconv.l_cache"):
        return State(hidden * max(fields.number("shortconv.l_cache") - 1, 0), 0)
    inner, states = fields.number("ssm.inner_size"), fields.number("ssm.state_size")
    groups = fields.number_or(0, "ssm.group_count")
    kept = max(fields.number("ssm.conv_kernel") - 1, 0)
    return State(kept * (inner + 2 * groups * states), inner * states)
