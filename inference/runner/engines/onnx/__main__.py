"""The process of all-MiniLM-L6-v2, started by the runner."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module
from pathlib import Path

import numpy as np
from aiohttp import web

from inference.runner.engines.embeddings import embedding_routes
from inference.runner.engines.onnx.embedder import MiniLM, Session, Tokens
from inference.runner.engines.onnx.weights import WeightsUnusable, discard_graph, kept_graph, published_folder
from inference.runner.engines.serving import LoadFailed, run_engine
from inference.runner.machine import available_cores

# Imported before the weights are read, so that the memory measured in between is the libraries' and not the model's.
import_module("onnxruntime")
import_module("tokenizers")

# The beginning of the published model's vector for this text (tests/fixtures/embedder): a graph file that was damaged
# on the disk shows here and not in somebody's search results. The run also warms the session up.
PROBE_TEXT = "What is the maximum operating pressure?"
PROBE_VECTOR = (-0.0276081, 0.0101986, -0.0416889, -0.0734355, -0.1070966, -0.0754713)
PROBE_TOLERANCE = 1e-4


async def load() -> list[web.RouteDef]:
    return embedding_routes(await asyncio.to_thread(open_model, Path(os.environ["PENSTOCK_HOME"])))


def open_model(home: Path) -> MiniLM:
    """Raises LoadFailed or OSError. A kept graph that does not work is built once more."""
    try:
        tokens = Tokens(published_folder() / "tokenizer.json")
        try:
            return MiniLM(tokens, _session(home, tokens))
        except WeightsUnusable:
            raise
        except Exception:  # onnxruntime has no error of its own for a file that it cannot read
            discard_graph(home)
            return MiniLM(tokens, _session(home, tokens))
    except WeightsUnusable as error:
        raise LoadFailed(str(error)) from None


def _session(home: Path, tokens: Tokens) -> Session:
    session = Session(kept_graph(home), available_cores())
    beginning = session.run(tokens.encode([PROBE_TEXT]))[0, : len(PROBE_VECTOR)]
    if not np.allclose(beginning, PROBE_VECTOR, atol=PROBE_TOLERANCE):
        raise ValueError(f"the graph in {home / 'models'} does not give the published model's vectors")
    return session


if __name__ == "__main__":
    run_engine(load)
