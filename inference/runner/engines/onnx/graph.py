"""Makes the embedder's ONNX graph of its weights: `python -m inference.runner.engines.onnx.graph WEIGHTS GRAPH`.

BERT (https://arxiv.org/abs/1810.04805) with 6 layers, 12 heads and 384 dimensions, then the mean over the tokens and
length 1, as sentence-transformers does it.

Inputs `input_ids` int64 and `attention_mask` int32, both (texts, tokens), padded on the right; output `embedding`
float32 (texts, 384). Attention, SkipLayerNormalization and BiasGelu are onnxruntime's fused operators (com.microsoft),
as exact as the plain ones on the CPU and faster.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inference.runner.engines.onnx.safetensors import read_floats

LAYERS = 6
HEADS = 12
DIMENSIONS = 384
MAX_TOKENS = 256
EPSILON = 1e-12  # layer_norm_eps in the model's config.json
FUSED = "com.microsoft"
# LayerNormalization needs 17; onnxruntime reads these and newer ones.
OPSET = 20
IR_VERSION = 10

Array = NDArray[np.float32]


class GraphBuilder:
    """Nodes and constants in the order that they are added; every method returns the name of what it makes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.float32] | NDArray[np.int64]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output


def build(weights: dict[str, Array]) -> onnx.ModelProto:
    """Raises KeyError where a weight is missing."""
    graph = GraphBuilder()
    hidden = _embedding(graph, weights)
    for layer in range(LAYERS):
        hidden = _layer(graph, weights, f"encoder.layer.{layer}.", hidden)
    _pooling(graph, hidden)
    shape = ["texts", "tokens"]
    inputs = [
        helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT32, shape),
    ]
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", DIMENSIONS])]
    return helper.make_model(
        helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
        ir_version=IR_VERSION,
    )


def _embedding(graph: GraphBuilder, weights: dict[str, Array]) -> str:
    """Words plus places. There is one segment, so its vector is added to every place beforehand."""
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    segment = weights["embeddings.token_type_embeddings.weight"][0]
    places = graph.constant("places", (weights["embeddings.position_embeddings.weight"] + segment)[:MAX_TOKENS])
    zero = graph.constant("zero", np.array([0], np.int64))
    graph.nodes.append(helper.make_node("Shape", ["input_ids"], ["length"], start=1, end=2))
    graph.node("Slice", [places, zero, "length", zero], "place_vectors")
    graph.node("Gather", [words, "input_ids"], "word_vectors")
    graph.node("Add", ["word_vectors", "place_vectors"], "sum_vectors")
    scale, shift = _norm(graph, weights, "embeddings.LayerNorm")
    return graph.node("LayerNormalization", ["sum_vectors", scale, shift], "embedded", axis=-1, epsilon=EPSILON)


def _layer(graph: GraphBuilder, weights: dict[str, Array], prefix: str, hidden: str) -> str:
    parts = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
    projection = graph.constant(f"{prefix}qkv", np.concatenate([weights[f"{part}.weight"].T for part in parts], axis=1))
    bias = graph.constant(f"{prefix}qkv.bias", np.concatenate([weights[f"{part}.bias"] for part in parts]))
    inputs = [hidden, projection, bias, "attention_mask"]
    context = graph.node("Attention", inputs, f"{prefix}context", FUSED, num_heads=HEADS)
    attended = _dense_and_norm(graph, weights, f"{prefix}attention.output", context, hidden)
    wide = graph.node("MatMul", [attended, _dense(graph, weights, f"{prefix}intermediate.dense")], f"{prefix}wide")
    wide_bias = graph.constant(f"{prefix}wide.bias", weights[f"{prefix}intermediate.dense.bias"])
    active = graph.node("BiasGelu", [wide, wide_bias], f"{prefix}active", FUSED)
    return _dense_and_norm(graph, weights, f"{prefix}output", active, attended)


def _dense_and_norm(graph: GraphBuilder, weights: dict[str, Array], prefix: str, hidden: str, residual: str) -> str:
    projected = graph.node("MatMul", [hidden, _dense(graph, weights, f"{prefix}.dense")], f"{prefix}.projected")
    bias = graph.constant(f"{prefix}.dense.bias", weights[f"{prefix}.dense.bias"])
    scale, shift = _norm(graph, weights, f"{prefix}.LayerNorm")
    inputs = [projected, residual, scale, shift, bias]
    return graph.node("SkipLayerNormalization", inputs, f"{prefix}.normed", FUSED, epsilon=EPSILON)


def _pooling(graph: GraphBuilder, hidden: str) -> None:
    """The sum over a text's tokens, brought to length 1: the mean has the same direction."""
    one = graph.constant("one", np.array([1], np.int64))
    graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    graph.node("Unsqueeze", ["mask", one], "mask_row")
    graph.node("MatMul", ["mask_row", hidden], "token_sums")
    graph.node("Squeeze", ["token_sums", one], "text_sums")
    graph.node("LpNormalization", ["text_sums"], "embedding", axis=-1, p=2)


def _dense(graph: GraphBuilder, weights: dict[str, Array], prefix: str) -> str:
    return graph.constant(f"{prefix}.weight", weights[f"{prefix}.weight"].T)


def _norm(graph: GraphBuilder, weights: dict[str, Array], prefix: str) -> tuple[str, str]:
    return (
        graph.constant(f"{prefix}.weight", weights[f"{prefix}.weight"]),
        graph.constant(f"{prefix}.bias", weights[f"{prefix}.bias"]),
    )


def main(weights: Path, target: Path) -> None:
    # The numbers go into a file of their own, which onnxruntime maps instead of reading it into memory.
    cast("Any", onnx).save(
        build(read_floats(weights)),
        str(target),
        save_as_external_data=True,
        location=f"{target.name}.data",
        size_threshold=1024,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
