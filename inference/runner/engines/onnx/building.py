"""Makes a graph of a model's weights: `python -m inference.runner.engines.onnx.building TARGET`, PENSTOCK_MODEL set.

A process of its own, so that the memory of what is used here does not stay. TARGET is a file, beside which the numbers
are put into one of their own, which onnxruntime maps instead of reading it into memory; or `-`, standard output, where
no file can be written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from inference.runner.engines.onnx.bert import Array, Bert
from inference.runner.engines.onnx.model import OnnxModel, Shape, read_shape
from inference.runner.engines.onnx.quantisation import Extremes, Range
from inference.runner.engines.onnx.safetensors import read_floats
from inference.runner.machine import available_cores

# Calibration needs inputs as long and as varied as real ones, of any language: rows of the model's own tokens, drawn as
# words of a text are, the n-th as often as 1/n. On judged queries they do as well as real texts (docs/decisions/0002).
CALIBRATION_ROWS = 64
CALIBRATION_MEDIAN, CALIBRATION_SPREAD = 55, 0.7  # of their lengths in tokens, lognormal
CALIBRATION_BATCH = 4
_SEED = 7
_KEPT_EXTREMES = 128  # more than CUT_SHARE of what the rows give of any input


def build(model: OnnxModel) -> onnx.ModelProto:
    """Raises KeyError where a weight is missing, Unusable or NotSafetensors."""
    shape = read_shape(Path(model.config))
    weights = bare_names(read_floats(Path(model.weights)))
    exact = Bert(model, shape, weights)
    graph = exact.build()
    if model.precision == "fp32":
        return graph
    return Bert(model, shape, weights, calibrate(graph, exact.multiplied, model, shape)).build()


def bare_names(weights: Mapping[str, Array]) -> dict[str, Array]:
    """Names as BertModel itself has them: inside a model for a task they begin with `bert.`."""
    return {name.removeprefix("bert."): value for name, value in weights.items()}


def calibrate(graph: onnx.ModelProto, inputs: list[str], model: OnnxModel, shape: Shape) -> dict[str, Range]:
    """The ranges of the named values of a graph, over made-up rows."""
    watched = onnx.ModelProto()
    watched.CopyFrom(graph)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in inputs)
    runtime = cast("Any", import_module("onnxruntime"))
    options = runtime.SessionOptions()
    options.intra_op_num_threads = available_cores()
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # as in session.py
    session = runtime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    extremes = {name: Extremes(_KEPT_EXTREMES) for name in inputs}
    tokenizer = cast("Any", import_module("tokenizers")).Tokenizer.from_file(model.tokenizer)
    frame: list[int] = tokenizer.encode("").ids
    for ids, mask in made_up_batches(model.max_tokens, shape.vocabulary, frame[:1], frame[-1:]):
        feed: dict[str, Any] = {"input_ids": ids, "attention_mask": mask}
        if model.kind == "rerank":
            feed["token_type_ids"] = (np.arange(ids.shape[1]) > ids.shape[1] // 4) * np.ones_like(ids)
        for name, values in zip(inputs, session.run(inputs, feed), strict=True):
            extremes[name].add(values[mask.astype(bool)])
    return {name: found.range() for name, found in extremes.items()}


def made_up_batches(
    longest: int, vocabulary: int, begin: list[int], end: list[int]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """Token ids, between those that begin and end a text, and their masks.

    The first thirtieth of a vocabulary holds special tokens, marks and letters, which are not drawn.
    """
    random = np.random.default_rng(_SEED)
    first = vocabulary // 30
    shares = 1 / np.arange(1.0, vocabulary - first + 1) ** 0.9
    shares /= shares.sum()
    drawn = random.lognormal(np.log(CALIBRATION_MEDIAN), CALIBRATION_SPREAD, CALIBRATION_ROWS)
    lengths = np.sort(np.clip(np.round(drawn), 3, longest).astype(int))
    for start in range(0, CALIBRATION_ROWS, CALIBRATION_BATCH):
        batch = lengths[start : start + CALIBRATION_BATCH]
        ids = random.choice(np.arange(first, vocabulary), (len(batch), int(batch[-1])), p=shares).astype(np.int64)
        ids[:, : len(begin)] = begin
        ids[np.arange(len(batch)), batch - 1] = end[0] if end else ids[np.arange(len(batch)), batch - 1]
        mask = (np.arange(int(batch[-1])) < batch[:, None]).astype(np.int32)
        yield ids * mask, mask


def main(target: str) -> None:
    graph = build(OnnxModel.from_json(os.environ["PENSTOCK_MODEL"]))
    if target == "-":
        sys.stdout.buffer.write(graph.SerializeToString())
        return
    cast("Any", onnx).save(
        graph, target, save_as_external_data=True, location=f"{Path(target).name}.data", size_threshold=1024
    )


if __name__ == "__main__":
    main(sys.argv[1])
