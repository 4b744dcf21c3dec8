"""What a model's files tell about the memory that it takes. Sizes are bytes unless another unit is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from inference.runner.policy import DeviceKind, Way

EngineName = Literal["vllm", "llamacpp", "transformers", "onnx", "colpali"]
FileFormat = Literal["safetensors", "gguf", "onnx"]


class Inestimable(Exception):
    """A model's memory cannot be told from its files: `file` and `field` are where it failed."""

    def __init__(self, file: str, field: str, why: str) -> None:
        super().__init__(f"{file}: {field}: {why}" if field else f"{file}: {why}")
        self.file = file
        self.field = field


@dataclass(frozen=True, slots=True)
class Attention:
    """A layer that keeps keys and values: `key` and `value` numbers a head and token.

    `window`: it keeps only so many of the last tokens. `latent` (MLA): keys and values are kept as one vector of `key`
    numbers, from which they are computed; engines that keep them computed need `expanded` numbers a token.
    """

    kv_heads: int
    key: int
    value: int
    window: int | None = None
    latent: bool = False
    expanded: int = 0

    @property
    def numbers(self) -> int:
        """Numbers that a token takes."""
        return self.kv_heads * (self.key + self.value)


@dataclass(frozen=True, slots=True)
class State:
    """A recurrent layer: numbers that a sequence takes however long it is, of the convolution and of the state."""

    convolution: int
    recurrent: int


@dataclass(frozen=True, slots=True)
class Architecture:
    """The shape of a model as far as memory depends on it. `context` is the longest that it was trained for."""

    name: str
    caches: tuple[Attention | State, ...]
    hidden: int
    intermediate: int
    heads: int
    vocabulary: int
    context: int

    @property
    def cache_split(self) -> int:
        """Over how many devices tensor parallelism can divide the cache. Each has at least one head, and all of a
        latent."""
        heads = [layer.kv_heads for layer in self.caches if isinstance(layer, Attention)]
        return min(heads, default=1)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's weights as they lie on disk. `wide` is the part of `weights` that is stored in 32-bit floats.
    `embedding` is the table of the tokens, which llama.cpp leaves in the host's memory; where it is `tied`, the same
    weights are the last layer too."""

    source: str
    format: FileFormat
    weights: int
    architecture: Architecture
    wide: int = 0
    embedding: int = 0
    tied: bool = False

    @property
    def context(self) -> int:
        return self.architecture.context


@dataclass(frozen=True, slots=True)
class Terms:
    """How a model is to be run.

    `context` is tokens a sequence, None the model's own; `sequences` so many at once. `cache_type` is what keys and
    values are kept in, `auto` what the engine does by itself. `batch` is how many tokens it computes at once: `ubatch`
    of llama.cpp, `max_num_batched_tokens` of vLLM; None is the engine's default. `gpu`: on accelerators.
    """

    engine: EngineName
    context: int | None = None
    sequences: int = 1
    cache_type: str = "auto"
    batch: int | None = None
    gpu: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a model will take.

    `weights` and `cache` are divided by tensor parallelism (the cache over at most `cache_split` devices); `buffers`
    (activations, logits) and `overhead` (the runtime's own) are taken on each device. `host` is memory of the host
    besides, where the model is on accelerators. `residual` is what past loads taught; see residuals.py.
    """

    weights: int
    cache: int
    buffers: int
    overhead: int
    host: int
    context: int
    cache_split: int = 1
    residual: int = 0

    @property
    def total(self) -> int:
        """On one device."""
        return self.on_each(1)

    def on_each(self, count: int) -> int:
        """On each of so many devices."""
        weights = -(-self.weights // count)
        cache = -(-self.cache // min(count, max(self.cache_split, 1)))
        return max(weights + cache + self.buffers + self.overhead + -(-self.residual // count), 0)

    def way(self, count: int = 1, kind: DeviceKind = "gpu") -> Way:
        """The way of laying it out on so many devices of a kind."""
        if kind == "cpu":
            return Way("cpu", 1, self.on_each(1))
        return Way("gpu", count, self.on_each(count), self.host * count)

    def with_residual(self, residual: int) -> Estimate:
        return replace(self, residual=residual)
