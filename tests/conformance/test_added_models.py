"""Models of models.yaml behind the real runner: embedders side by side, a cross-encoder, a provider, deaths."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import orjson
import psutil
import pytest
from aiohttp import web

from inference.errors import InvalidInput, NotFound, Unavailable, UpstreamFailed
from inference.runner import DEFAULT_EMBEDDER, embed, embedder_of, rerank, token_counter
from tests.runner_process import Process, started
from tests.tiny_models import TinyBert, write_cross_encoder, write_embedder

MODELS = """
models:
  - {id: tiny, kind: embedding, engine: onnx, source: tiny, query_prefix: "query: "}
  - {id: exact, kind: embedding, engine: onnx, source: all-MiniLM-L6-v2, dtype: fp32}
  - {id: cross, kind: rerank, engine: onnx, source: cross}
  - {id: far, kind: embedding, engine: remote, source: upstream-model, dimensions: 3, passage_prefix: "p: "}
  - {id: far-cross, kind: rerank, engine: remote, source: upstream-cross, price: {input: 1, output: 0, currency: EUR}}
  - {id: broken, kind: embedding, engine: onnx, source: nowhere}
"""


class Provider:
    """Answers vectors of 3 numbers: a text's length, and what it was asked for so far. `says` are the next statuses."""

    def __init__(self) -> None:
        self.says: list[int] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.dimensions = 3

    async def answer(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = orjson.loads(await request.read())
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        if self.says:
            message = {"error": {"message": "slow down"}}
            return web.json_response(message, status=self.says.pop(0), headers={"Retry-After": "0"})
        if request.path.endswith("/rerank"):
            scores = [{"index": place, "relevance_score": 0.5} for place in range(len(body["documents"]))]
            return web.json_response({"results": scores})
        rows = [[float(len(text))] * self.dimensions for text in body["input"]]
        return web.json_response({"data": [{"index": place, "embedding": row} for place, row in enumerate(rows)]})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "models.yaml").write_text(MODELS)
    return home


@pytest.fixture(scope="module")
def tiny(home: Path) -> TinyBert:
    return write_embedder(home / "tiny")


@pytest.fixture(scope="module")
def cross(home: Path) -> TinyBert:
    return write_cross_encoder(home / "cross")


@pytest.fixture(scope="module")
async def provider() -> AsyncGenerator[tuple[Provider, str]]:
    made = Provider()
    app = web.Application()
    app.add_routes([web.post("/v1/embeddings", made.answer), web.post("/v1/rerank", made.answer)])
    server = web.AppRunner(app)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    yield made, f"http://127.0.0.1:{server.addresses[0][1]}/v1"
    await server.cleanup()


@pytest.fixture(scope="module")
async def process(
    home: Path, tiny: TinyBert, cross: TinyBert, provider: tuple[Provider, str]
) -> AsyncGenerator[Process]:
    async with started(home, OPENAI_BASE_URL=provider[1], OPENAI_API_KEY="key") as process:
        yield process


async def test_embedders_of_several_dimensions_side_by_side(process: Process, tiny: TinyBert) -> None:
    texts = ["The pump weighs 68 kg.", "It is blue.", "The pump weighs 68 kg."]
    small, large = await asyncio.gather(*(embed(process.runner, model, texts) for model in ("tiny", DEFAULT_EMBEDDER)))
    assert (small.shape, large.shape, small.dtype) == ((3, 48), (3, 384), np.float32)
    assert small[0] == pytest.approx(tiny.vector(texts[0]), abs=2e-5)
    (query,) = await embed(process.runner, "tiny", ["pump"], "query")
    assert query == pytest.approx(tiny.vector("query: pump"), abs=2e-5)
    exact = await embed(process.runner, "exact", texts)
    assert 0.97 < float(exact[0] @ large[0]) < 1
    assert (await embed(process.runner, "tiny", [])).shape == (0, 48)


async def test_what_is_known_of_an_embedder_costs_no_load(home: Path, process: Process) -> None:
    far = await embedder_of(process.runner, "far")
    assert (far.dimensions, far.max_tokens, far.precision) == (3, 512, "remote")
    small = await embedder_of(process.runner, "tiny")
    assert (small.dimensions, small.max_tokens, small.precision) == (48, 64, "fp32")
    assert token_counter(small).count("a pump") == 2
    for model, error in (("cross", InvalidInput), ("broken", NotFound), ("none", NotFound), ("openai/x", InvalidInput)):
        with pytest.raises(error):
            await embedder_of(process.runner, model)


async def test_faults_of_the_file_are_told(process: Process) -> None:
    (fault,) = await process.runner.faults()
    assert fault.path == "models[5].source"
    assert "no folder" in fault.message
    with pytest.raises(NotFound, match=r"models\[5\]"):
        await embed(process.runner, "broken", ["x"])
    models = await process.runner.models()
    kinds = {model.id: (model.kind, model.engine) for model in models}
    assert [(model.id, model.price.currency) for model in models if model.price] == [("far-cross", "EUR")]
    assert kinds["cross"] == ("rerank", "onnx")
    assert kinds["far"] == ("embedding", "remote")


async def test_a_cross_encoder_and_an_embedder_rerank(process: Process, cross: TinyBert) -> None:
    texts = ["It is 16 bar.", "Herons eat eels.", "It is 16 bar."]
    scores = await rerank(process.runner, "cross", "Which pressure?", texts)
    assert (scores.shape, scores.dtype) == ((3,), np.float32)
    assert scores == pytest.approx([cross.score("Which pressure?", text) for text in texts], abs=2e-5)
    near, far, _ = await rerank(process.runner, DEFAULT_EMBEDDER, "What is the pressure?", texts)
    assert near > far
    assert (await rerank(process.runner, "far-cross", "x", ["one", "two"])).tolist() == [0.5, 0.5]
    assert (await rerank(process.runner, "cross", "x", [])).shape == (0,)
    with pytest.raises(InvalidInput, match="empty"):
        await rerank(process.runner, "cross", "", texts)
    with pytest.raises(NotFound, match=r"models\.yaml"):
        await rerank(process.runner, "none", "x", texts)


async def test_a_provider_s_embedder(process: Process, provider: tuple[Provider, str]) -> None:
    far, _ = provider
    far.bodies.clear()
    vectors = await embed(process.runner, "far", [f"{number:04}" for number in range(200)], caller="run")
    assert vectors.shape == (200, 3)
    assert vectors[0, 0] == len("p: 0000")
    assert [len(body["input"]) for body in far.bodies] == [96, 96, 8]
    assert {body["model"] for body in far.bodies} == {"upstream-model"}
    assert all("Penstock-Caller" not in headers for headers in far.headers)


async def test_a_busy_provider_is_asked_again(process: Process, provider: tuple[Provider, str]) -> None:
    far, _ = provider
    far.says = [429, 503, 500]
    assert (await embed(process.runner, "far", ["x"])).shape == (1, 3)
    far.says = [429] * 5
    with pytest.raises(Unavailable, match="slow down"):
        await embed(process.runner, "far", ["x"])
    far.says = [400]
    with pytest.raises(InvalidInput, match="slow down"):
        await embed(process.runner, "far", ["x"])
    assert far.says == []
    far.dimensions = 4
    with pytest.raises(UpstreamFailed, match="3 are wanted"):
        await embed(process.runner, "far", ["x"])
    far.dimensions = 3


async def test_text_that_is_none_or_strange_is_harmless(process: Process) -> None:
    for model in ("tiny", DEFAULT_EMBEDDER):
        vectors = await embed(process.runner, model, ["\0", "pump\0", " ", "𐍈" * 1000, "x " * 500_000])
        assert np.isfinite(vectors).all()
        for refused in ("", "\ud800", "x" * 2_000_001):
            with pytest.raises(InvalidInput):
                await embed(process.runner, model, ["good", refused])
    lease = await process.runner.lease("tiny")
    async with (
        aiohttp.ClientSession(headers=lease.headers) as session,
        session.post(f"{lease.base_url}/embeddings", data=b'{"model": "tiny", "input": "\\ud800"}') as response,
    ):
        assert response.status == 400


def _long(count: int) -> list[str]:
    return [f"{number} " + "pump valve " * 120 for number in range(count)]


async def _until_it_works(process: Process, model: str) -> None:
    """Waits until the engine of `model` is in the middle of something."""
    engine = process.engine_of(model)
    before = engine.cpu_times().user
    async with asyncio.timeout(60):
        while engine.cpu_times().user < before + 0.2:  # noqa: ASYNC110 - a process's time is no event
            await asyncio.sleep(0.01)


async def test_an_engine_killed_in_the_middle_of_a_batch_is_started_again(process: Process) -> None:
    await embed(process.runner, DEFAULT_EMBEDDER, ["warm"])
    job = asyncio.create_task(embed(process.runner, DEFAULT_EMBEDDER, _long(600)))
    await _until_it_works(process, DEFAULT_EMBEDDER)
    process.engine_of(DEFAULT_EMBEDDER).kill()
    assert (await job).shape == (600, 384)  # what was lost is asked of the next engine


async def test_one_that_dies_again_and_again_is_unavailable_and_comes_back(process: Process) -> None:
    await embed(process.runner, DEFAULT_EMBEDDER, ["warm"])

    async def keep_killing() -> None:
        while True:
            with contextlib.suppress(ValueError, psutil.Error):  # there is none just now
                process.engine_of(DEFAULT_EMBEDDER).kill()
            await asyncio.sleep(0.02)

    killing = asyncio.create_task(keep_killing())
    with pytest.raises(Unavailable):
        await embed(process.runner, DEFAULT_EMBEDDER, _long(600))
    killing.cancel()
    assert (await embed(process.runner, DEFAULT_EMBEDDER, ["pump"])).shape == (1, 384)


async def test_callers_share_the_engine_and_queries_overtake(process: Process) -> None:
    done: list[str] = []

    async def ask(name: str, texts: list[str], kind: Any) -> None:
        await embed(process.runner, DEFAULT_EMBEDDER, texts, kind, caller=name)
        done.append(name)

    await ask("warm", ["warm"], "query")
    big = asyncio.create_task(ask("big", _long(250), "passage"))
    await _until_it_works(process, DEFAULT_EMBEDDER)
    await asyncio.gather(ask("small", _long(8), "passage"), ask("query", ["pump"], "query"))
    await big
    assert done == ["warm", "query", "small", "big"]
