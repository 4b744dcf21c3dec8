"""From what is told of a model to one that answers, with a look at whether it gives what it should."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import numpy as np

from inference.runner.engines.onnx.batching import lanes_of
from inference.runner.engines.onnx.kept import WeightsUnusable, discard_graph, kept_graph
from inference.runner.engines.onnx.model import OnnxModel, read_shape
from inference.runner.engines.onnx.session import Row, Session, Tokens
from inference.runner.engines.serving import LoadFailed
from inference.runner.machine import available_cores

# What a graph gave for a row of tokens when it was made lies beside it: a file that was damaged on the disk shows here
# and not in somebody's search results. The run also warms the session up.
PROBE_FILE = "probe.json"
PROBE_TOKENS = 24
# Another processor adds in another order, and a sum near the middle of two integers falls to the other side.
TOLERANCE = {"fp32": 1e-4, "int8": 0.05}


def open_tokens(model: OnnxModel) -> Tokens:
    """Raises LoadFailed."""
    try:
        return Tokens(model)
    except Exception as error:  # tokenizers has no error of its own for a file that it cannot read
        raise LoadFailed(f"the tokenizer {model.tokenizer} cannot be read: {error}") from None


def open_session(home: Path, model: OnnxModel, tokens: Tokens) -> Session:
    """Raises LoadFailed or OSError. A kept graph that does not work is built once more."""
    try:
        try:
            return _session(home, model, tokens)
        except WeightsUnusable:
            raise
        except Exception:  # onnxruntime has no error of its own for a file that it cannot read
            if model.ready_made:
                raise
            discard_graph(home, model)
            return _session(home, model, tokens)
    except (WeightsUnusable, OSError) as error:
        raise LoadFailed(str(error)) from None
    except Exception as error:  # as above
        raise LoadFailed(f"the graph of {model.id} does not work: {str(error)[:500]}") from error


def _session(home: Path, model: OnnxModel, tokens: Tokens) -> Session:
    graph = kept_graph(home, model)
    shape = read_shape(Path(model.config), any_model=model.ready_made)
    lanes, threads = lanes_of(shape.layers, shape.dimensions, model.threads or available_cores())
    session = Session(graph, model, threads, lanes)
    found = session.run([_probe(tokens.vocabulary, model.max_tokens)])[0].ravel()
    if not np.isfinite(found).all():
        raise ValueError("it gives numbers that are none")
    if isinstance(graph, Path) and not model.ready_made:
        _compare(graph.parent / PROBE_FILE, found, TOLERANCE[model.precision])
    return session


def _probe(vocabulary: int, longest: int) -> Row:
    """Tokens from all over the vocabulary, as two texts."""
    count = min(PROBE_TOKENS, longest)
    return Row([vocabulary * place // count for place in range(count)], count // 2)


def _compare(file: Path, found: np.ndarray[tuple[int], np.dtype[np.float32]], tolerance: float) -> None:
    """Raises ValueError when other numbers were found at first."""
    if not file.exists():
        with contextlib.suppress(OSError):  # the graph works without
            file.write_text(json.dumps(found.tolist()))
        return
    first = np.array(json.loads(file.read_text()), np.float32)
    if first.shape != found.shape or not np.allclose(first, found, atol=tolerance * float(np.abs(first).max())):
        raise ValueError("it no longer gives the numbers that it gave when it was made")
