"""What every Runner guarantees (see inference/runner), asked of the fake and of the real one with its processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import numpy as np
import psutil
import pytest

from inference.errors import InvalidInput, NotFound, Unavailable
from inference.models.models import Model, ModelChange
from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER, FakeRunner, Lease, Runner, connect, embed

LOCAL = [DEFAULT_EMBEDDER, DEFAULT_CHAT_MODEL]


@dataclass(frozen=True)
class Subject:
    """A runner, and the two deaths that can befall it."""

    runner: Runner
    kill_engine: Callable[[str], Awaitable[None]]
    kill_runner: Callable[[], Awaitable[None]]


@pytest.fixture(params=["fake", "real"])
async def subject(request: pytest.FixtureRequest, home: Path) -> AsyncGenerator[Subject]:
    make = _fake() if request.param == "fake" else _real(home)
    async with make as made:
        yield made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@contextlib.asynccontextmanager
async def _fake() -> AsyncGenerator[Subject]:
    runner = FakeRunner()
    yield Subject(runner, runner.crash, runner.die)
    await runner.close()


@contextlib.asynccontextmanager
async def _real(home: Path) -> AsyncGenerator[Subject]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    token = secrets.token_hex(8)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENAI_")}
    settings = {"PENSTOCK_HOME": str(home), "PENSTOCK_RUNNER_URL": url, "PENSTOCK_RUNNER_TOKEN": token}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "inference.runner", env=environment | settings)
    runner = connect(url, token)

    async def kill_engine(model: str) -> None:
        (engine,) = [child for child in psutil.Process(process.pid).children() if engine_of(child) == model]
        engine.kill()

    async def kill_runner() -> None:
        process.kill()
        await process.wait()

    try:
        await _until_it_answers(runner)
        yield Subject(runner, kill_engine, kill_runner)
    finally:
        await runner.close()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


def engine_of(process: psutil.Process) -> str | None:
    modules = {
        "inference.runner.engines.onnx": DEFAULT_EMBEDDER,
        "inference.runner.engines.extractive": DEFAULT_CHAT_MODEL,
    }
    return next((modules[part] for part in process.cmdline() if part in modules), None)


async def _until_it_answers(runner: Runner) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await runner.models()
            except Unavailable:
                await asyncio.sleep(0.05)
            else:
                return


async def _model(runner: Runner, model: str) -> Model:
    (found,) = [one for one in await runner.models() if one.id == model]
    return found


async def _until_it_is(runner: Runner, model: str, *states: str) -> Model:
    async with asyncio.timeout(10):
        while True:
            if (found := await _model(runner, model)).state in states:
                return found
            await asyncio.sleep(0.02)


async def _status(lease: Lease, path: str, body: dict[str, object], headers: dict[str, str] | None = None) -> int:
    async with (
        aiohttp.ClientSession(headers=lease.headers if headers is None else headers) as session,
        session.post(lease.base_url + path, json=body) as response,
    ):
        return response.status


async def test_local_models_are_there_and_off(subject: Subject) -> None:
    models = await subject.runner.models()
    assert [(model.id, model.state, model.memory_mb) for model in models] == [(name, "off", 0) for name in LOCAL]
    embedder = models[0]
    assert (embedder.kind, embedder.engine, embedder.dimensions, embedder.max_tokens) == ("embedding", "onnx", 384, 256)


async def test_a_lease_loads_the_model_and_its_engine_answers(subject: Subject) -> None:
    lease = await subject.runner.lease(DEFAULT_EMBEDDER)
    body: dict[str, object] = {"model": lease.model, "input": ["one", "two"]}
    assert await _status(lease, "/embeddings", body) == 200
    assert await _status(lease, "/embeddings", body | {"input": ""}) == 400
    assert await _status(lease, "/embeddings", body | {"model": "another"}) == 404
    assert await _status(lease, "/embeddings", body, headers={}) == 401
    assert (await _model(subject.runner, DEFAULT_EMBEDDER)).state == "ready"


@pytest.mark.parametrize("model", ["gpt-unknown", "openai/gpt", "../etc", "x/" * 90, "all-minilm-l6-v2"])
async def test_an_unknown_model_is_not_found(subject: Subject, model: str) -> None:
    for call in (subject.runner.lease, subject.runner.load, subject.runner.unload):
        with pytest.raises(NotFound):
            await call(model)


async def test_load_and_unload(subject: Subject) -> None:
    loaded = await subject.runner.load(DEFAULT_EMBEDDER)
    assert loaded.state == "ready"
    assert loaded.memory_mb > 0
    lease = await subject.runner.lease(DEFAULT_EMBEDDER)
    subject.runner.release(lease)
    unloaded = await subject.runner.unload(DEFAULT_EMBEDDER)
    assert (unloaded.state, unloaded.memory_mb) == ("off", 0)
    with pytest.raises(aiohttp.ClientConnectionError):
        await _status(lease, "/embeddings", {"model": lease.model, "input": "x"})
    assert (await subject.runner.unload(DEFAULT_EMBEDDER)).state == "off"
    assert (await subject.runner.load(DEFAULT_EMBEDDER)).state == "ready"


async def test_what_is_left_out_of_a_change_stays_and_null_is_refused(subject: Subject) -> None:
    changed = await subject.runner.modify(ModelChange(model=DEFAULT_CHAT_MODEL, priority=3))
    assert (changed.pin, changed.priority) == (False, 3)
    changed = await subject.runner.modify(ModelChange(model=DEFAULT_CHAT_MODEL, ttl_seconds=None))
    assert (changed.priority, changed.ttl_seconds) == (3, None)
    for field in ("pin", "priority"):
        with pytest.raises(InvalidInput, match="never null") as refused:
            await subject.runner.modify(ModelChange.model_validate({"model": DEFAULT_CHAT_MODEL, field: None}))
        assert refused.value.field == field
    await subject.runner.modify(ModelChange(model=DEFAULT_CHAT_MODEL, priority=0))


async def test_concurrent_leases_cause_one_load(subject: Subject) -> None:
    leases = await asyncio.gather(*(subject.runner.lease(DEFAULT_EMBEDDER) for _ in range(10)))
    assert len({lease.base_url for lease in leases}) == 1
    assert len((await subject.runner.memory()).loads) == 1


async def test_memory_is_what_was_measured(subject: Subject) -> None:
    before = await subject.runner.memory()
    assert before.loads == []
    assert before.devices[0].models_mb == 0
    await subject.runner.load(DEFAULT_EMBEDDER)
    await subject.runner.load(DEFAULT_CHAT_MODEL)
    memory = await subject.runner.memory()
    device = memory.devices[0]
    assert [load.model for load in memory.loads] == [DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER]
    assert all(load.rss_after_mb >= load.rss_before_mb for load in memory.loads)
    assert device.models_mb == pytest.approx(sum(model.memory_mb for model in memory.models), abs=0.2)
    assert 0 < device.used_mb < device.total_mb
    assert device.free_mb == pytest.approx(device.total_mb - device.used_mb, abs=0.2)


async def test_a_killed_engine_is_noticed_and_started_again(subject: Subject) -> None:
    first = await subject.runner.lease(DEFAULT_EMBEDDER)
    await subject.kill_engine(DEFAULT_EMBEDDER)
    dead = await _until_it_is(subject.runner, DEFAULT_EMBEDDER, "off", "failed")
    assert dead.memory_mb == 0
    assert dead.error
    await subject.runner.forget(first)
    second = await subject.runner.lease(DEFAULT_EMBEDDER)
    assert second.base_url != first.base_url
    assert await _status(second, "/embeddings", {"model": second.model, "input": "x"}) == 200
    assert (await _model(subject.runner, DEFAULT_EMBEDDER)).error is None


async def test_forgetting_a_lease_that_works_ends_nothing(subject: Subject) -> None:
    lease = await subject.runner.lease(DEFAULT_EMBEDDER)
    await subject.runner.forget(lease)
    assert await subject.runner.lease(DEFAULT_EMBEDDER) == lease
    assert len((await subject.runner.memory()).loads) == 1


async def test_embed_gives_vectors_in_order_and_survives_an_engine_s_death(subject: Subject) -> None:
    texts = [f"valve number {number}" for number in range(300)]
    vectors = await embed(subject.runner, DEFAULT_EMBEDDER, texts)
    assert (vectors.shape, vectors.dtype) == ((300, 384), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    await subject.kill_engine(DEFAULT_EMBEDDER)
    again = await embed(subject.runner, DEFAULT_EMBEDDER, texts[7:9])
    assert np.allclose(again, vectors[7:9], atol=1e-5)
    assert (await embed(subject.runner, DEFAULT_EMBEDDER, [])).shape[0] == 0


async def test_embed_names_a_text_that_is_refused(subject: Subject) -> None:
    with pytest.raises(InvalidInput, match="empty string"):
        await embed(subject.runner, DEFAULT_EMBEDDER, ["good", ""])
    with pytest.raises(NotFound):
        await embed(subject.runner, "unknown", ["x"])


async def test_extractive_quotes_the_sentence_that_answers(subject: Subject) -> None:
    lease = await subject.runner.lease(DEFAULT_CHAT_MODEL)
    text = "The pump is blue. The maximum operating pressure of the pump is 16 bar. Deliveries arrive on Mondays."
    prompt = f'<source n="3" document="manual.pdf" page="2">{text}</source> What is the maximum operating pressure?'
    body = {"model": lease.model, "messages": [{"role": "user", "content": prompt}]}
    async with aiohttp.ClientSession(headers=lease.headers) as session:
        async with session.post(f"{lease.base_url}/chat/completions", json=body) as response:
            answer = await response.json()
        assert answer["choices"][0]["message"]["content"] == "The maximum operating pressure of the pump is 16 bar. [3]"
        async with session.post(f"{lease.base_url}/chat/completions", json=body | {"stream": True}) as response:
            stream = await response.text()
    assert response.content_type == "text/event-stream"
    assert stream.endswith("data: [DONE]\n\n")


async def test_a_killed_runner_is_unavailable_and_leaves_no_engine(subject: Subject) -> None:
    lease = await subject.runner.lease(DEFAULT_EMBEDDER)
    await subject.kill_runner()
    for call in (subject.runner.models(), subject.runner.memory(), subject.runner.load(DEFAULT_CHAT_MODEL)):
        with pytest.raises(Unavailable, match="runner"):
            await call
    async with asyncio.timeout(5):
        with contextlib.suppress(aiohttp.ClientConnectionError):
            while True:  # the engine ends when the pipe to its runner does
                await _status(lease, "/embeddings", {"model": lease.model, "input": "x"})
    with pytest.raises(Unavailable):
        await embed(subject.runner, DEFAULT_EMBEDDER, ["x"])
