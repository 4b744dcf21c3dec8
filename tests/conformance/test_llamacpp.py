"""llama.cpp behind the real runner: a small Llama out of a GGUF file loads, answers, is ended, dies and comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import openai
import psutil
import pytest

from inference.errors import Unavailable
from inference.runner import Lease, embed, leased
from tests.asking import client_of, say
from tests.runner_process import Process, started
from tests.tiny_llama import HIDDEN, TOKENIZER_WORDS, write_gguf

# With so many requests at once, each with a cache of its own, a model takes some 260 MiB: the budget holds one.
MODELS = """
models:
  - {id: one, kind: chat, engine: llamacpp, source: one.gguf, limits: {requests: 160}}
  - {id: other, kind: chat, engine: llamacpp, source: other.gguf, limits: {requests: 160}}
  - {id: small, kind: chat, engine: llamacpp, source: one.gguf, context: 256, limits: {requests: 1}}
  - {id: vectors, kind: embedding, engine: llamacpp, source: one.gguf, pooling: mean, query_prefix: "query: "}
"""
BUDGET_MB = "400"


@pytest.fixture(scope="module")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Process]:
    home = tmp_path_factory.mktemp("home")
    write_gguf(home / "one.gguf", seed=1)
    write_gguf(home / "other.gguf", seed=2)
    (home / "models.yaml").write_text(MODELS)
    async with started(home, PENSTOCK_MEMORY_MB=BUDGET_MB) as process:
        yield process


async def _state(process: Process, model: str) -> str:
    return {one.id: one.state for one in await process.runner.models()}[model]


async def test_it_answers_whole_and_streamed_alike(process: Process) -> None:
    said = await say(process, "small")
    assert len(said) > 10
    async with leased(process.runner, "small") as lease, client_of(lease) as client:
        stream = await client.chat.completions.create(
            model=lease.model,
            messages=[{"role": "user", "content": "gado temu?"}],
            max_tokens=60,
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == said
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 60


async def test_it_keeps_to_a_schema(process: Process) -> None:
    schema = {"type": "object", "properties": {"open": {"type": "boolean"}}, "required": ["open"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "valve", "schema": schema}}
    assert set(json.loads(await say(process, "small", response_format=wanted))) == {"open"}


async def test_its_vectors_are_those_of_an_embedder(process: Process) -> None:
    texts = ["gado temu", "pivo", "gado temu"]
    rows = await embed(process.runner, "vectors", texts)
    assert rows.shape == (3, HIDDEN)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-3)
    assert rows[0] == pytest.approx(rows[2])
    assert not np.allclose(rows[0], rows[1])
    (query,) = await embed(process.runner, "vectors", ["gado temu"], "query")
    (prefixed,) = await embed(process.runner, "vectors", ["query: gado temu"])
    assert query == pytest.approx(prefixed, abs=1e-5)


async def test_an_engine_asks_for_its_token(process: Process) -> None:
    async with leased(process.runner, "small") as lease:
        stranger = Lease(lease.model, lease.base_url, {"Authorization": "Bearer wrong"})
        async with client_of(stranger) as client:
            with pytest.raises(openai.AuthenticationError):
                await client.models.list()


async def test_two_models_take_turns_where_there_is_room_for_one(process: Process) -> None:
    one = await say(process, "one")
    assert await _state(process, "one") == "ready"
    other = await say(process, "other")
    assert one != other
    assert (await _state(process, "one"), await _state(process, "other")) == ("off", "ready")
    used = (await process.runner.memory()).devices[0].models_mb
    assert 150 < used < float(BUDGET_MB)
    await process.runner.unload("other")


async def test_unloading_ends_its_processes(process: Process) -> None:
    await process.runner.load("small")
    below = _below(process, "small")
    assert (await process.runner.unload("small")).state == "off"
    assert not any(map(_runs, below))


async def test_an_engine_that_is_killed_is_noticed_and_started_again(process: Process) -> None:
    said = await say(process, "small")
    _below(process, "small")[-1].kill()
    async with asyncio.timeout(10):
        while await _state(process, "small") != "failed":  # noqa: ASYNC110 - the runner tells nobody
            await asyncio.sleep(0.05)
    (failed,) = [one for one in await process.runner.models() if one.id == "small"]
    assert "SIGKILL" in (failed.error or "")
    assert await say(process, "small") == said


async def test_a_file_that_is_damaged_is_told_by_the_engine_itself(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "one.gguf")
    content = path.read_bytes()
    name = TOKENIZER_WORDS.encode()
    assert content.count(name) == 1
    path.write_bytes(content.replace(name, b"x" * len(name)))
    (tmp_path / "models.yaml").write_text("models: [{id: m, kind: chat, engine: llamacpp, source: one.gguf}]")
    async with started(tmp_path) as process:
        with pytest.raises(Unavailable, match="unknown tokenizer"):
            await process.runner.lease("m")


async def test_a_killed_runner_leaves_no_engine(tmp_path: Path) -> None:
    write_gguf(tmp_path / "one.gguf")
    (tmp_path / "models.yaml").write_text("models: [{id: m, kind: chat, engine: llamacpp, source: one.gguf}]")
    async with started(tmp_path) as process:
        await process.runner.load("m")
        below = _below(process, "m")
        assert len(below) == 2
        process.handle.kill()
        async with asyncio.timeout(10):
            while any(map(_runs, below)):  # noqa: ASYNC110 - they are no children of this process
                await asyncio.sleep(0.02)


def _below(process: Process, model: str) -> list[psutil.Process]:
    """The warden and what it runs."""
    warden = process.engine_of(model)
    return [warden, *warden.children(recursive=True)]


def _runs(process: psutil.Process) -> bool:
    """Whoever adopts a dead process may take a while to notice."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
