"""What the engine is told of its model, and what the model's config.json says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, cast

from inference.runner.kinds import Unusable

WEIGHTS = "model.safetensors"
READY_GRAPHS = ("model.onnx", "onnx/model.onnx")
MAX_CONFIG_BYTES = 1 << 20
_SAMPLES, _SAMPLE_BYTES = 16, 1 << 16

Kind = Literal["embedding", "rerank"]
Pooling = Literal["mean", "cls"]
Precision = Literal["fp32", "int8"]


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """An embedder or cross-encoder of BERT's kind. `weights` is a path: safetensors, or a graph that is ready (.onnx).

    `sha256` of the weights is empty where nobody knows what it should be. `fingerprint` changes when the vectors do.
    """

    id: str
    kind: Kind
    weights: str
    config: str
    tokenizer: str
    dimensions: int
    max_tokens: int
    pooling: Pooling
    normalise: bool
    query_prefix: str
    passage_prefix: str
    precision: Precision
    threads: int | None
    sha256: str
    fingerprint: str

    @property
    def ready_made(self) -> bool:
        return self.weights.endswith(".onnx")

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> OnnxModel:
        return OnnxModel(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT (https://arxiv.org/abs/1810.04805), as its config.json has them."""

    layers: int
    heads: int
    dimensions: int
    vocabulary: int
    places: int
    epsilon: float
    labels: int


def read_shape(path: Path, *, any_model: bool = False) -> Shape:
    """Raises Unusable where config.json is none, or tells of something that bert.py does not build.

    `any_model`: the graph is there already, whatever it is of.
    """
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise Unusable(("source", f"{path} is larger than {MAX_CONFIG_BYTES} bytes: it is no config.json"))
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Unusable(("source", f"{path} cannot be read: {error}")) from None
    config = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    wanted = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for key, value in wanted.items():
        if config.get(key, value) != value and not any_model:
            raise Unusable(("source", f"{path}: {key} is {config[key]!r}; only {value!r} can be served"))
    names = ("num_hidden_layers", "num_attention_heads", "hidden_size", "vocab_size", "max_position_embeddings")
    sizes = [config.get(name) for name in names]
    if not all(isinstance(size, int) and size > 0 for size in sizes):
        raise Unusable(("source", f"{path} must tell {', '.join(names)} as positive numbers"))
    layers, heads, dimensions, vocabulary, places = cast("list[int]", sizes)
    if dimensions % heads:
        raise Unusable(("source", f"{path}: hidden_size {dimensions} cannot be shared by {heads} heads"))
    labels = config.get("id2label")
    count = len(cast("dict[str, str]", labels)) if isinstance(labels, dict) else config.get("num_labels", 1)
    epsilon = config.get("layer_norm_eps", 1e-12)
    if not isinstance(epsilon, float) or not isinstance(count, int):
        raise Unusable(("source", f"{path}: layer_norm_eps and num_labels must be numbers"))
    return Shape(layers, heads, dimensions, vocabulary, places, epsilon, count)


def fingerprint(*facts: object) -> str:
    """16 hex digits."""
    return sha256(repr(facts).encode()).hexdigest()[:16]


def sampled(path: Path) -> str:
    """Of a file's size and parts all over it: hashing gigabytes would hold up every start. Raises OSError."""
    size = path.stat().st_size
    digest = sha256(str(size).encode())
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek(max(size - _SAMPLE_BYTES, 0) * number // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def find_weights(folder: Path) -> Path:
    """The weights that a graph is made of, or the graph that is there. Raises Unusable."""
    for name in (WEIGHTS, *READY_GRAPHS):
        if (folder / name).is_file():
            return folder / name
    raise Unusable(("source", f"{folder} holds neither {WEIGHTS} nor {' nor '.join(READY_GRAPHS)}"))
