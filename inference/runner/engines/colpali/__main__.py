"""The process of an embedder of pages, started by the runner with the model in PENSTOCK_MODEL."""

from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

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
    # Pictures are unpacked in their turn too, so that those of one request lie in memory at a time.
    thread = ThreadPoolExecutor(1, thread_name_prefix="model")

    async def vectors(request: web.Request) -> web.Response:
        content = await loop.run_in_executor(thread, _vectors, await read_object(request), name, pages)
        return web.Response(body=content, content_type="application/json")

    async def rerank(request: web.Request) -> web.Response:
        content = await loop.run_in_executor(thread, _ranked, await read_object(request), name, pages)
        return web.Response(body=content, content_type="application/json")

    return [web.post("/v1/multi_vectors", vectors), web.post("/v1/rerank", rerank)]


def _vectors(body: dict[str, Any], name: str, pages: Pages) -> bytes:
    asked = parse_vectors(body, name)
    return render_vectors(pages.vectors(asked.items), asked.encoding, name)


def _ranked(body: dict[str, Any], name: str, pages: Pages) -> bytes:
    asked = parse_rank(body, name)
    query, *found = pages.vectors([asked.query, *asked.documents])
    ranked = RerankRequest(asked.query, [""] * len(found), asked.top_n, return_documents=False)
    return render(ranked, max_sim(query, found).tolist(), name, sum(map(len, [query, *found])))


async def load() -> list[web.RouteDef]:
    told = TorchModel.from_json(os.environ[VARIABLE])
    architecture = json.loads((Path(told.folder) / "config.json").read_text())["architectures"][0]
    return routes(told.id, await asyncio.to_thread(Pages, told, architecture))


if __name__ == "__main__":
    run_engine(load)
