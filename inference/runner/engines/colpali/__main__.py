"""The process of an embedder of pages, started by the runner with the model in PENSTOCK_MODEL."""

from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from aiohttp import web

from inference.runner.engines.colpali.maxsim import max_sim
from inference.runner.engines.colpali.model import Pages
from inference.runner.engines.colpali.request import parse_rank, parse_vectors, render_vectors
from inference.runner.engines.reranking import RerankRequest, render
from inference.runner.engines.serving import read_object, run_engine
from inference.runner.engines.torch_model import VARIABLE, TorchModel

# Imported before the weights are read, so that the memory measured in between is the library's and not the model's.
import_module("torch")


def routes(name: str, pages: Pages) -> list[web.RouteDef]:
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix="model")

    async def vectors(request: web.Request) -> web.Response:
        asked = await asyncio.to_thread(parse_vectors, await read_object(request), name)
        found = await loop.run_in_executor(thread, pages.vectors, asked.items)
        return web.Response(body=render_vectors(found, asked.encoding, name), content_type="application/json")

    async def rerank(request: web.Request) -> web.Response:
        asked = await asyncio.to_thread(parse_rank, await read_object(request), name)
        query, *found = await loop.run_in_executor(thread, pages.vectors, [asked.query, *asked.documents])
        scores = max_sim(query, found).tolist()
        ranked = RerankRequest(asked.query, [""] * len(found), asked.top_n, return_documents=False)
        parts = sum(map(len, [query, *found]))
        return web.Response(body=render(ranked, scores, name, parts), content_type="application/json")

    return [web.post("/v1/multi_vectors", vectors), web.post("/v1/rerank", rerank)]


async def load() -> list[web.RouteDef]:
    told = TorchModel.from_json(os.environ[VARIABLE])
    architecture = json.loads((Path(told.folder) / "config.json").read_text())["architectures"][0]
    return routes(told.id, await asyncio.to_thread(Pages, told, architecture))


if __name__ == "__main__":
    run_engine(load)
