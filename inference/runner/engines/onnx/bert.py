"""BERT as an ONNX graph (https://arxiv.org/abs/1810.04805), for embedders and cross-encoders, in fp32 or int8.

Inputs `input_ids` int64, `attention_mask` int32 and, of a cross-encoder, `token_type_ids` int64, all (texts, tokens),
padded on the right. Output `embedding` float32 (texts, dimensions), or `score` float32 (texts,).

Of onnxruntime's own operators only MatMulIntegerToFloat is used. Measured with 1.31 on one core, SkipLayerNormalization
takes eight times as long as Add and LayerNormalization, and QAttention, which adds a mask to every head's scores, a
quarter longer than the products and ONNX's Attention, which is told how many tokens each text has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inference.runner.engines.onnx.model import OnnxModel, Shape
from inference.runner.engines.onnx.quantisation import Range, quantise_columns

ORT_DOMAIN = "com.microsoft"
# Attention with the lengths of its texts needs 24; onnxruntime reads these and newer ones.
OPSET = 24
IR_VERSION = 12

Array = NDArray[np.float32]


@dataclass(slots=True)
class Bert:
    """A graph in the making. With `ranges`, the range of every matrix product's input, the products are of integers."""

    model: OnnxModel
    shape: Shape
    weights: Mapping[str, Array]
    ranges: Mapping[str, Range] | None = None
    nodes: list[onnx.NodeProto] = field(default_factory=list[onnx.NodeProto])
    constants: list[onnx.TensorProto] = field(default_factory=list[onnx.TensorProto])
    multiplied: list[str] = field(default_factory=list[str])  # what has a range

    def build(self) -> onnx.ModelProto:
        """Raises KeyError where a weight is missing."""
        self._lengths()
        hidden = self._embedding()
        for layer in range(self.shape.layers):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden)
        if self.model.kind == "embedding":
            output = helper.make_tensor_value_info(
                self._pooling(hidden), TensorProto.FLOAT, ["texts", self.shape.dimensions]
            )
        else:
            output = helper.make_tensor_value_info(self._score(hidden), TensorProto.FLOAT, ["texts"])
        inputs = [("input_ids", TensorProto.INT64), ("attention_mask", TensorProto.INT32)]
        if self.model.kind == "rerank":
            inputs.append(("token_type_ids", TensorProto.INT64))
        graph = helper.make_graph(
            self.nodes,
            "bert",
            [helper.make_tensor_value_info(name, kind, ["texts", "tokens"]) for name, kind in inputs],
            [output],
            self.constants,
        )
        return helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(ORT_DOMAIN, 1)],
            ir_version=IR_VERSION,
        )

    def _lengths(self) -> None:
        """How many tokens each text has: attention looks at no others."""
        self._node("ReduceSum", ["attention_mask", self._constant("one", np.array([1], np.int64))], "sums", keepdims=0)
        self._node("Cast", ["sums"], "lengths", to=TensorProto.INT64)

    def _embedding(self) -> str:
        """Words plus places plus segments. An embedder has one segment, which is added to every place beforehand."""
        segments = self.weights["embeddings.token_type_embeddings.weight"]
        places = self.weights["embeddings.position_embeddings.weight"]
        if self.model.kind == "embedding":
            places = places + segments[0]
        zero = self._constant("zero", np.array([0], np.int64))
        self._node("Shape", ["input_ids"], "length", start=1, end=2)
        table = self._constant("places", places[: self.model.max_tokens])
        self._node("Slice", [table, zero, "length", zero], "place_vectors")
        words = self._constant("words", self.weights["embeddings.word_embeddings.weight"])
        self._node("Gather", [words, "input_ids"], "word_vectors")
        total = self._node("Add", ["word_vectors", "place_vectors"], "word_sums")
        if self.model.kind == "rerank":
            kinds = self._node("Gather", [self._constant("segments", segments), "token_type_ids"], "segment_vectors")
            total = self._node("Add", [total, kinds], "segment_sums")
        return self._norm("embeddings.LayerNorm", total, "embedded")

    def _layer(self, prefix: str, hidden: str) -> str:
        heads = self.shape.heads
        parts = self._dense(hidden, *(f"{prefix}attention.self.{part}" for part in ("query", "key", "value")))
        inputs = [*parts, "", "", "", "lengths"]
        context = self._node("Attention", inputs, f"{prefix}context", q_num_heads=heads, kv_num_heads=heads)
        [attended] = self._dense(context, f"{prefix}attention.output.dense")
        middle = self._norm(
            f"{prefix}attention.output.LayerNorm", self._node("Add", [attended, hidden], f"{prefix}attended")
        )
        [wide] = self._dense(middle, f"{prefix}intermediate.dense")
        [narrow] = self._dense(self._node("Gelu", [wide], f"{prefix}active"), f"{prefix}output.dense")
        return self._norm(f"{prefix}output.LayerNorm", self._node("Add", [narrow, middle], f"{prefix}sum"))

    def _dense(self, given: str, *names: str) -> list[str]:
        """`given` times the weight matrix of each name plus its bias."""
        if self.ranges is None:
            self.multiplied.append(given)
            return [self._product(given, name) for name in names]
        integers = self._quantised(given, self.ranges[given])
        return [self._integer_product(*integers, name) for name in names]

    def _product(self, given: str, name: str) -> str:
        matrix = self._constant(f"{name}.weight", self.weights[f"{name}.weight"].T)
        product = self._node("MatMul", [given, matrix], f"{name}.product")
        return self._node("Add", [product, self._bias(name)], f"{name}.out")

    def _integer_product(self, integers: str, scale: str, zero: str, name: str) -> str:
        columns, scales = quantise_columns(self.weights[f"{name}.weight"].T)
        weights, steps = self._constant(f"{name}.integers", columns), self._constant(f"{name}.scales", scales)
        inputs = [integers, weights, scale, steps, zero, "", self._bias(name)]
        return self._node("MatMulIntegerToFloat", inputs, f"{name}.out", ORT_DOMAIN)

    def _quantised(self, given: str, within: Range) -> tuple[str, str, str]:
        scale = self._constant(f"{given}.scale", within.scale)
        zero = self._constant(f"{given}.zero", within.zero)
        return self._node("QuantizeLinear", [given, scale, zero], f"{given}.integers"), scale, zero

    def _bias(self, name: str) -> str:
        return self._constant(f"{name}.bias", self.weights[f"{name}.bias"])

    def _pooling(self, hidden: str) -> str:
        """The mean over the tokens as sentence-transformers has it, or the first one's vector; brought to length 1."""
        if self.model.pooling == "cls":
            pooled = self._first_token(hidden)
        else:
            self._node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
            self._node("Unsqueeze", ["mask", "one"], "mask_row")
            self._node("MatMul", ["mask_row", hidden], "token_sums")
            self._node("Squeeze", ["token_sums", "one"], "text_sums")
            self._node("ReduceSum", ["mask", "one"], "token_counts", keepdims=1)
            pooled = self._node("Div", ["text_sums", "token_counts"], "means")
        if self.model.normalise:
            return self._node("LpNormalization", [pooled], "embedding", axis=-1, p=2)
        return self._node("Identity", [pooled], "embedding")

    def _score(self, hidden: str) -> str:
        """BERT's pooler and classifier on the first token; the logistic function of the one logit."""
        for part in ("pooler.dense", "classifier"):
            self._constant(f"{part}.weight", self.weights[f"{part}.weight"].T)
            self._constant(f"{part}.bias", self.weights[f"{part}.bias"])
        first = self._first_token(hidden)
        self._node("Gemm", [first, "pooler.dense.weight", "pooler.dense.bias"], "pooled_sums")
        self._node("Tanh", ["pooled_sums"], "pooled")
        self._node("Gemm", ["pooled", "classifier.weight", "classifier.bias"], "logits")
        self._node("Sigmoid", ["logits"], "scores")
        return self._node("Squeeze", ["scores", "one"], "score")

    def _first_token(self, hidden: str) -> str:
        first = self._constant("first", np.array(0, np.int64))
        return self._node("Gather", [hidden, first], "first_vectors", axis=1)

    def _norm(self, name: str, given: str, output: str = "") -> str:
        scale = self._constant(f"{name}.weight", self.weights[f"{name}.weight"])
        shift = self._constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self._node(
            "LayerNormalization", [given, scale, shift], output or f"{name}.out", axis=-1, epsilon=self.shape.epsilon
        )

    def _constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def _node(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output
