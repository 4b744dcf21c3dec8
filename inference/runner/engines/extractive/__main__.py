"""The process of `extractive`, started by the runner. It leases its embedder from the runner like everyone else."""

from __future__ import annotations

import os
from collections.abc import Sequence

from aiohttp import web

from inference.runner import DEFAULT_EMBEDDER
from inference.runner.client import RunnerClient
from inference.runner.embedding import embed_rows
from inference.runner.engines.chat import chat_routes
from inference.runner.engines.extractive.answer import Extractive
from inference.runner.engines.serving import run_engine


async def load() -> list[web.RouteDef]:
    model = os.environ["PENSTOCK_ENGINE_MODEL"]
    url, token = os.environ["PENSTOCK_RUNNER_URL"], os.environ["PENSTOCK_RUNNER_TOKEN"]
    runner = RunnerClient(url, token, model, engine_of=model)

    async def embed(texts: Sequence[str]) -> list[bytes]:
        return await embed_rows(runner, DEFAULT_EMBEDDER, texts)

    return chat_routes(Extractive(embed))


if __name__ == "__main__":
    run_engine(load)
