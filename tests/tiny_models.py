"""Small BERTs with random weights and a real tokenizer, in files as published models are, and in numpy."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from inference.runner.engines.onnx.published import published_folder

Array = NDArray[np.float32]
VOCABULARY = 30_522  # the tokenizer's
PLACES = 64
_erf = np.vectorize(math.erf, otypes=[np.float64])


@dataclass(frozen=True)
class TinyBert:
    """Two layers, two heads."""

    folder: Path
    weights: dict[str, Array]
    dimensions: int

    def vector(self, text: str, *, pooling: str = "mean", normalise: bool = True) -> NDArray[np.float64]:
        hidden = self._hidden(_tokenizer().encode(text).ids, None)
        pooled = hidden[0] if pooling == "cls" else hidden.mean(axis=0)
        return pooled / np.linalg.norm(pooled) if normalise else pooled

    def score(self, query: str, text: str) -> float:
        encoding = _tokenizer().encode(query, text)
        first = self._hidden(encoding.ids, encoding.type_ids)[0]
        pooled = np.tanh(self._dense("pooler.dense", first))
        (logit,) = self._dense("classifier", pooled)
        return 1 / (1 + math.exp(-logit))

    def _hidden(self, ids: list[int], kinds: list[int] | None) -> NDArray[np.float64]:
        ids = ids[:PLACES]
        table = {name.removeprefix("bert."): value for name, value in self.weights.items()}
        words = table["embeddings.word_embeddings.weight"][ids].astype(np.float64)
        words += table["embeddings.position_embeddings.weight"][: len(ids)]
        words += table["embeddings.token_type_embeddings.weight"][kinds or [0] * len(ids)]
        hidden = self._norm("embeddings.LayerNorm", words)
        for layer in range(2):
            prefix = f"encoder.layer.{layer}."
            middle = self._norm(
                f"{prefix}attention.output.LayerNorm",
                hidden + self._dense(f"{prefix}attention.output.dense", self._attention(prefix, hidden)),
            )
            wide = self._dense(f"{prefix}intermediate.dense", middle)
            active = wide * (1 + _erf(wide / math.sqrt(2))) / 2
            hidden = self._norm(f"{prefix}output.LayerNorm", middle + self._dense(f"{prefix}output.dense", active))
        return hidden

    def _attention(self, prefix: str, hidden: NDArray[np.float64]) -> NDArray[np.float64]:
        size = self.dimensions // 2
        parts = [self._dense(f"{prefix}attention.self.{name}", hidden) for name in ("query", "key", "value")]
        heads: list[NDArray[np.float64]] = []
        for head in range(2):
            query, key, value = (part[:, head * size : (head + 1) * size] for part in parts)
            shares = np.exp(query @ key.T / math.sqrt(size))
            heads.append(shares / shares.sum(axis=1, keepdims=True) @ value)
        return np.concatenate(heads, axis=1)

    def _dense(self, name: str, given: NDArray[np.float64]) -> NDArray[np.float64]:
        return given @ self._weight(f"{name}.weight").T + self._weight(f"{name}.bias")

    def _norm(self, name: str, given: NDArray[np.float64]) -> NDArray[np.float64]:
        centred = given - given.mean(axis=-1, keepdims=True)
        length = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return centred / length * self._weight(f"{name}.weight") + self._weight(f"{name}.bias")

    def _weight(self, name: str) -> Array:
        return self.weights[name] if name in self.weights else self.weights[f"bert.{name}"]


def write_embedder(folder: Path, dimensions: int = 48, seed: int = 1) -> TinyBert:
    return _write(folder, _bert(dimensions, seed), dimensions, {})


def write_cross_encoder(folder: Path, dimensions: int = 32, seed: int = 2) -> TinyBert:
    random = np.random.default_rng(seed)
    weights = {f"bert.{name}": value for name, value in _bert(dimensions, seed).items()}
    _add_dense(weights, random, "bert.pooler.dense", dimensions, dimensions)
    _add_dense(weights, random, "classifier", dimensions, 1)
    return _write(folder, weights, dimensions, {"id2label": {"0": "LABEL_0"}})


def _bert(dimensions: int, seed: int) -> dict[str, Array]:
    random = np.random.default_rng(seed)
    weights: dict[str, Array] = {}
    for name, rows in (("word", VOCABULARY), ("position", PLACES), ("token_type", 2)):
        weights[f"embeddings.{name}_embeddings.weight"] = _drawn(random, rows, dimensions)
    _add_norm(weights, random, "embeddings.LayerNorm", dimensions)
    for layer in range(2):
        prefix = f"encoder.layer.{layer}."
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            _add_dense(weights, random, f"{prefix}attention.{name}", dimensions, dimensions)
        _add_dense(weights, random, f"{prefix}intermediate.dense", dimensions, 4 * dimensions)
        _add_dense(weights, random, f"{prefix}output.dense", 4 * dimensions, dimensions)
        _add_norm(weights, random, f"{prefix}attention.output.LayerNorm", dimensions)
        _add_norm(weights, random, f"{prefix}output.LayerNorm", dimensions)
    return weights


def _write(folder: Path, weights: dict[str, Array], dimensions: int, more: dict[str, Any]) -> TinyBert:
    folder.mkdir(parents=True)
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "hidden_size": dimensions,
        "vocab_size": VOCABULARY,
        "max_position_embeddings": PLACES,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(config | more))
    (folder / "model.safetensors").write_bytes(safetensors(weights))
    shutil.copy(published_folder() / "tokenizer.json", folder)
    return TinyBert(folder, weights, dimensions)


def safetensors(weights: dict[str, Array]) -> bytes:
    """The file's bytes (https://github.com/huggingface/safetensors#format)."""
    header: dict[str, Any] = {}
    place = 0
    for name, value in weights.items():
        header[name] = {"dtype": "F32", "shape": value.shape, "data_offsets": [place, place + value.nbytes]}
        place += value.nbytes
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + b"".join(value.tobytes() for value in weights.values())


def _add_dense(weights: dict[str, Array], random: np.random.Generator, name: str, given: int, made: int) -> None:
    weights[f"{name}.weight"] = _drawn(random, made, given)
    weights[f"{name}.bias"] = _drawn(random, made)


def _add_norm(weights: dict[str, Array], random: np.random.Generator, name: str, size: int) -> None:
    weights[f"{name}.weight"] = 1 + _drawn(random, size)
    weights[f"{name}.bias"] = _drawn(random, size)


def _drawn(random: np.random.Generator, *shape: int) -> Array:
    return (0.2 * random.standard_normal(shape)).astype(np.float32)


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(published_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
