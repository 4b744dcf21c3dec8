"""The process of an embedder or a cross-encoder, started by the runner with the model in PENSTOCK_MODEL."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module
from pathlib import Path

from aiohttp import web

from inference.runner.engines.embeddings import embedding_routes
from inference.runner.engines.onnx.embedder import CrossEncoder, OnnxEmbedder
from inference.runner.engines.onnx.model import OnnxModel
from inference.runner.engines.onnx.opening import open_session, open_tokens
from inference.runner.engines.reranking import ByEmbedding, rerank_routes
from inference.runner.engines.serving import run_engine

# Imported before the weights are read, so that the memory measured in between is the libraries' and not the model's.
import_module("onnxruntime")
import_module("tokenizers")


async def load() -> list[web.RouteDef]:
    model = OnnxModel.from_json(os.environ["PENSTOCK_MODEL"])
    tokens = await asyncio.to_thread(open_tokens, model)
    session = await asyncio.to_thread(open_session, Path(os.environ["PENSTOCK_HOME"]), model, tokens)
    if model.kind == "rerank":
        return rerank_routes(CrossEncoder(model, tokens, session.run, session.lanes))
    embedder = OnnxEmbedder(model, tokens, session.run, session.lanes)
    return [*embedding_routes(embedder), *rerank_routes(ByEmbedding(embedder))]


if __name__ == "__main__":
    run_engine(load)
