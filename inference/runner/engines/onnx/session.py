"""The one place that meets onnxruntime's and tokenizers' untyped interfaces: texts to tokens, tokens to numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from inference.runner.engines.onnx.model import OnnxModel

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """One input of a model: its tokens' ids, and from which token on they belong to the second of two texts."""

    ids: list[int]
    second: int

    def __len__(self) -> int:
        return len(self.ids)


class Tokens:
    """A model's tokenizer, cutting at the model's longest input. May be used from several threads."""

    def __init__(self, model: OnnxModel) -> None:
        tokenizer = cast("Any", import_module("tokenizers")).Tokenizer.from_file(model.tokenizer)
        tokenizer.no_padding()
        tokenizer.enable_truncation(model.max_tokens)
        self._tokenizer: Tokenizer = tokenizer

    @property
    def vocabulary(self) -> int:
        return self._tokenizer.get_vocab_size()

    def texts(self, texts: Sequence[str]) -> list[Row]:
        return [Row(encoding.ids, len(encoding.ids)) for encoding in self._tokenizer.encode_batch_fast(list(texts))]

    def pairs(self, first: str, seconds: Sequence[str]) -> list[Row]:
        """Of pairs that are too long, tokens are cut from the end of the longer text."""
        return [_pair(encoding) for encoding in self._tokenizer.encode_batch_fast([(first, text) for text in seconds])]


def _pair(encoding: Encoding) -> Row:
    kinds = encoding.type_ids
    return Row(encoding.ids, kinds.index(1) if 1 in kinds else len(kinds))


class Session:
    """A graph in onnxruntime: made by us, or ready-made, whose output is then pooled here.

    `lanes` callers may run it at once. `threads` work on a batch, the caller's among them."""

    def __init__(self, graph: Path | bytes, model: OnnxModel, threads: int, lanes: int = 1) -> None:
        """Raises whatever onnxruntime does for a graph that it cannot read: it has no error of its own for that."""
        self.lanes = lanes
        runtime = cast("Any", import_module("onnxruntime"))
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin between batches would take the cores from everyone else on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # bert.py chose its operators; more optimisation would fuse Add and LayerNormalization into something slower.
        if not model.ready_made:
            options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        source = graph if isinstance(graph, bytes) else str(graph)
        self._session = runtime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        self._inputs: dict[str, Any] = {given.name: _TYPES[given.type] for given in self._session.get_inputs()}
        self._model = model

    def run(self, rows: Sequence[Row]) -> Array:
        """Vectors, shape (rows, dimensions), or scores, shape (rows,)."""
        shape = (len(rows), max(map(len, rows)))
        ids, mask, kinds = np.zeros(shape, np.int64), np.zeros(shape, np.int32), np.zeros(shape, np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row.ids
            mask[place, : len(row)] = 1
            kinds[place, row.second : len(row)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        feed = {name: given[name].astype(kind, copy=False) for name, kind in self._inputs.items()}
        first = cast("Array", self._session.run(None, feed)[0])
        return finish(first, mask, self._model) if self._model.ready_made else first


_TYPES = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


def finish(output: Array, mask: NDArray[np.int32], model: OnnxModel) -> Array:
    """What a ready-made graph leaves to do: logits to scores, tokens' vectors to the text's. Raises ValueError."""
    if model.kind == "rerank":
        if output.size != len(mask):
            raise ValueError(f"the graph gives {output.shape} for {len(mask)} pairs where one number each is wanted")
        return (1 / (1 + np.exp(-output.reshape(-1)))).astype(np.float32)
    if output.ndim == 3 and model.pooling == "cls":
        pooled = output[:, 0]
    elif output.ndim == 3:
        weights = mask[:, :, None].astype(np.float32)
        pooled = (output * weights).sum(axis=1) / weights.sum(axis=1)
    else:
        pooled = output
    if pooled.shape != (len(mask), model.dimensions):
        raise ValueError(f"the graph gives {pooled.shape} where {(len(mask), model.dimensions)} is wanted")
    if model.normalise:
        pooled = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
    return pooled.astype(np.float32)
