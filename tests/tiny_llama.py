"""A small Llama with random weights, as engines load them: a folder of a hub's form, and a GGUF file. No torch.

What it says is nonsense, and at temperature 0 it is the same nonsense in every engine that computes it rightly.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

Array = NDArray[np.float32]
HIDDEN, LAYERS, HEADS, KV_HEADS, INTERMEDIATE, VOCABULARY, CONTEXT = 256, 2, 8, 4, 512, 512, 1024
HEAD = HIDDEN // HEADS
EPSILON, ROPE_BASE = 1e-5, 10_000.0
TOKENIZER_WORDS = "gpt2"  # what GGUF calls a tokenizer of this kind
END, *_ = SPECIAL = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"]
# Tools and their calls in the form of Hermes, which engines know.
TEMPLATE = """\
{%- if tools %}<|system|><tools>{% for tool in tools %}
{{ tool | tojson }}{% endfor %}
</tools>
Call one as <tool_call>
{"name": <name>, "arguments": <arguments>}
</tool_call><|end|>{% endif -%}
{%- for message in messages %}<|{{ message.role }}|>{{ message.content or "" }}
{%- for call in message.tool_calls or [] %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>
{%- endfor %}<|end|>{% endfor -%}
{%- if add_generation_prompt %}<|assistant|>{% endif -%}"""


def write_folder(folder: Path, seed: int = 1) -> Path:
    """config.json, bfloat16 safetensors, tokenizer and chat template."""
    folder.mkdir(parents=True)
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD,
        "intermediate_size": INTERMEDIATE,
        "vocab_size": VOCABULARY,
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": EPSILON,
        "rope_theta": ROPE_BASE,
        "hidden_act": "silu",
        "eos_token_id": 0,
        "bos_token_id": 0,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
    }
    told = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END, "model_max_length": CONTEXT}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(json.dumps(told | {"chat_template": TEMPLATE}))
    (folder / "tokenizer.json").write_text(_tokenizer().to_str())
    (folder / "model.safetensors").write_bytes(_bfloat16(weights(seed)))
    return folder


def write_adapter(folder: Path, rank: int = 8, seed: int = 7) -> Path:
    """A LoRA adapter (https://github.com/huggingface/peft) of the queries, large enough to change every answer."""
    folder.mkdir(parents=True)
    told = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": rank,
        "lora_alpha": 16 * rank,
        "target_modules": ["q_proj"],
        "bias": "none",
    }
    numbers = np.random.default_rng(seed)
    parts: dict[str, Array] = {}
    for layer in range(LAYERS):
        name = f"base_model.model.model.layers.{layer}.self_attn.q_proj"
        parts[f"{name}.lora_A.weight"] = _drawn(numbers, rank, HIDDEN)
        parts[f"{name}.lora_B.weight"] = _drawn(numbers, HIDDEN, rank)
    (folder / "adapter_config.json").write_text(json.dumps(told))
    (folder / "adapter_model.safetensors").write_bytes(_bfloat16(parts))
    return folder


def write_gguf(path: Path, seed: int = 1) -> Path:
    """The same in 32-bit floats, in the form of https://github.com/ggml-org/ggml/blob/master/docs/gguf.md."""
    from gguf import GGUFWriter  # noqa: PLC0415 - it takes a while, and half of the tests do without

    path.parent.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INTERMEDIATE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_vocab_size(VOCABULARY)
    writer.add_file_type(0)
    told: dict[str, Any] = json.loads(_tokenizer().to_str())["model"]
    tokens = sorted(told["vocab"], key=told["vocab"].__getitem__)
    writer.add_tokenizer_model(TOKENIZER_WORDS)
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in SPECIAL else 1 for token in tokens])  # control, normal
    writer.add_token_merges([" ".join(pair) for pair in told["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, value in weights(seed).items():
        writer.add_tensor(_gguf_name(name), _rounded(_paired(name, value)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def weights(seed: int) -> dict[str, Array]:
    numbers = np.random.default_rng(seed)
    found = {
        "model.embed_tokens.weight": _drawn(numbers, VOCABULARY, HIDDEN),
        "model.norm.weight": np.ones(HIDDEN, np.float32),
        "lm_head.weight": _drawn(numbers, VOCABULARY, HIDDEN),
    }
    for layer in range(LAYERS):
        name = f"model.layers.{layer}"
        found |= {
            f"{name}.self_attn.q_proj.weight": _drawn(numbers, HIDDEN, HIDDEN),
            f"{name}.self_attn.k_proj.weight": _drawn(numbers, KV_HEADS * HEAD, HIDDEN),
            f"{name}.self_attn.v_proj.weight": _drawn(numbers, KV_HEADS * HEAD, HIDDEN),
            f"{name}.self_attn.o_proj.weight": _drawn(numbers, HIDDEN, HIDDEN),
            f"{name}.mlp.gate_proj.weight": _drawn(numbers, INTERMEDIATE, HIDDEN),
            f"{name}.mlp.up_proj.weight": _drawn(numbers, INTERMEDIATE, HIDDEN),
            f"{name}.mlp.down_proj.weight": _drawn(numbers, HIDDEN, INTERMEDIATE),
            f"{name}.input_layernorm.weight": np.ones(HIDDEN, np.float32),
            f"{name}.post_attention_layernorm.weight": np.ones(HIDDEN, np.float32),
        }
    return found


def blank_tokens() -> list[int]:
    """Those that are white space, in which it loses itself where JSON allows any."""
    return [place for place in range(VOCABULARY) if _tokenizer().decode([place]).isspace()]


@cache
def _tokenizer() -> Tokenizer:
    """Bytes and pairs of them, learnt from words that mean nothing."""
    numbers = random.Random(1)
    words = (
        "".join(numbers.choice("bdfgklmnprstvz") + numbers.choice("aeiou") for _ in range(numbers.randint(1, 4)))
        for _ in range(2000)
    )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([" ".join(words)], trainer)
    assert tokenizer.get_vocab_size() == VOCABULARY
    return tokenizer


def _drawn(numbers: np.random.Generator, *shape: int) -> Array:
    return (0.05 * numbers.standard_normal(shape)).astype(np.float32)


def _bfloat16(parts: dict[str, Array]) -> bytes:
    """A safetensors file (https://github.com/huggingface/safetensors#format)."""
    header: dict[str, Any] = {}
    place = 0
    for name, value in parts.items():
        header[name] = {"dtype": "BF16", "shape": value.shape, "data_offsets": [place, place + value.size * 2]}
        place += value.size * 2
    text = json.dumps(header).encode()
    data = b"".join((value.view(np.uint32) >> 16).astype(np.uint16).tobytes() for value in parts.values())
    return len(text).to_bytes(8, "little") + text + data


def _rounded(value: Array) -> Array:
    """To what bfloat16 holds, so that both files have the same weights."""
    return (np.ascontiguousarray(value).view(np.uint32) & 0xFFFF0000).view(np.float32)


def _paired(name: str, value: Array) -> Array:
    """llama.cpp turns neighbouring numbers of queries and keys together, Hugging Face those of the two halves."""
    heads = HEADS if "q_proj" in name else KV_HEADS if "k_proj" in name else 0
    if not heads:
        return value
    halves = value.reshape(heads, 2, len(value) // heads // 2, value.shape[1])
    return halves.swapaxes(1, 2).reshape(value.shape)


def _gguf_name(name: str) -> str:
    for theirs, own in (
        ("model.embed_tokens", "token_embd"),
        ("model.norm", "output_norm"),
        ("lm_head", "output"),
        ("model.layers.", "blk."),
        ("self_attn.o_proj", "attn_output"),
        ("self_attn.", "attn_"),
        ("mlp.", "ffn_"),
        ("input_layernorm", "attn_norm"),
        ("post_attention_layernorm", "ffn_norm"),
        ("_proj", ""),
    ):
        name = name.replace(theirs, own)
    return name
