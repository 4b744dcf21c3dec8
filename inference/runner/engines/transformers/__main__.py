"""The process of a model on `transformers`, started by the runner with the model in PENSTOCK_MODEL."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module

from aiohttp import web

from inference.runner.engines.embeddings import embedding_routes
from inference.runner.engines.serving import run_engine
from inference.runner.engines.torch_model import VARIABLE, TorchModel
from inference.runner.engines.transformers.chatting import Chat
from inference.runner.engines.transformers.embedding import TorchEmbedder
from inference.runner.engines.transformers.generating import Generator

# Imported before the weights are read, so that the memory measured in between is the library's and not the model's.
import_module("torch")


async def load() -> list[web.RouteDef]:
    model = TorchModel.from_json(os.environ[VARIABLE])
    if model.kind == "embedding":
        return embedding_routes(await asyncio.to_thread(TorchEmbedder, model))
    return Chat(model.id, await asyncio.to_thread(Generator, model)).routes()


if __name__ == "__main__":
    run_engine(load)
