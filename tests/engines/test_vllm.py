"""The real vLLM behind the real runner, with a small Llama on the CPU: `make test-vllm`. A load takes half a minute."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import numpy as np
import openai
import psutil
import pytest

from inference.runner import embed, leased
from inference.runner.engines.vllm.kind import KIND
from tests.asking import client_of, complete, say
from tests.runner_process import Process, started
from tests.tiny_llama import HIDDEN, blank_tokens, write_adapter, write_folder

# One that is loaded takes some 1.3 GiB, nearly all of it libraries: the budget holds one.
MODELS = """
models:
  - id: one
    kind: chat
    engine: vllm
    source: one
    engine_args: &arguments
      enforce_eager: true
      enable_auto_tool_choice: true
      tool_call_parser: hermes
      structured_outputs_config: {backend: xgrammar, disable_any_whitespace: true}
    lora: [{id: one-changed, source: adapter}]
  - {id: other, kind: chat, engine: vllm, source: other, engine_args: *arguments}
  - {id: vectors, kind: embedding, engine: vllm, source: one, pooling: mean, engine_args: {enforce_eager: true}}
"""
BUDGET_MB = "2200"
PARAMETERS = {"type": "object", "properties": {"open": {"type": "boolean"}}, "required": ["open"]}
TOOL = {"type": "function", "function": {"name": "turn", "parameters": PARAMETERS, "strict": True}}


@pytest.fixture(scope="module")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Process]:
    home = tmp_path_factory.mktemp("home")
    write_folder(home / "one", seed=1)
    write_folder(home / "other", seed=2)
    write_adapter(home / "adapter")
    (home / "models.yaml").write_text(MODELS)
    # Its endpoints for sleeping are asked of a vLLM for the CPU, which has them and frees nothing.
    async with started(home, PENSTOCK_MEMORY_MB=BUDGET_MB, VLLM_SERVER_DEV_MODE="1") as process:
        yield process


async def _state(process: Process, model: str) -> str:
    return {one.id: one.state for one in await process.runner.models()}[model]


async def test_it_answers_whole_and_streamed_alike(process: Process) -> None:
    said = await say(process, "one")
    assert len(said) > 10
    async with leased(process.runner, "one") as lease, client_of(lease) as client:
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
    wanted = {"type": "json_schema", "json_schema": {"name": "valve", "schema": PARAMETERS}}
    assert set(json.loads(await say(process, "one", response_format=wanted))) >= {"open"}


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "turn"}}])
async def test_it_calls_the_tool_that_it_must(process: Process, choice: object) -> None:
    unlikely = {str(token): -100 for token in blank_tokens()}
    asked: dict[str, Any] = {"tools": [TOOL], "tool_choice": choice, "max_tokens": 100, "logit_bias": unlikely}
    answer = await complete(process, "one", **asked)
    call = (answer.choices[0].message.tool_calls or [])[0]
    assert call.type == "function"
    assert call.function.name == "turn"
    assert "open" in json.loads(call.function.arguments)


async def test_an_adapter_answers_to_its_own_name(process: Process) -> None:
    assert await say(process, "one-changed") != await say(process, "one")
    with pytest.raises(openai.NotFoundError):
        await say(process, "one", model="another")


async def test_every_path_asks_for_the_token(process: Process) -> None:
    async with leased(process.runner, "one") as lease:
        root = lease.base_url.removesuffix("/v1")
        async with aiohttp.ClientSession() as session:
            for path in ("/v1/models", "/invocations", "/metrics", "/sleep", "/collective_rpc", "/docs"):
                async with session.post(root + path) as response:
                    assert response.status == 401, path
            async with session.get(f"{root}/health") as response:
                assert response.status == 200


async def test_a_picture_is_not_fetched_from_an_address(process: Process) -> None:
    picture = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/a.png"}}
    with pytest.raises(openai.BadRequestError):
        await say(process, "one", messages=[{"role": "user", "content": [picture]}])


@pytest.mark.parametrize("level", [1, 2])
async def test_it_sleeps_and_wakes_and_says_the_same(process: Process, level: int) -> None:
    said = await say(process, "one")
    async with leased(process.runner, "one") as lease, aiohttp.ClientSession(headers=lease.headers) as session:
        root = lease.base_url.removesuffix("/v1")
        for asks, asleep in ((KIND.sleep(level), True), (KIND.wake(level), False)):
            for ask in asks:
                async with session.request(ask.method, root + ask.path, json=ask.body) as response:
                    assert response.status == 200, ask
            async with session.get(f"{root}/is_sleeping") as response:
                assert (await response.json())["is_sleeping"] is asleep
    assert await say(process, "one") == said


async def test_an_engine_that_is_killed_takes_its_family_along_and_is_started_again(process: Process) -> None:
    said = await say(process, "one")
    below = _below(process, "one")
    assert len(below) >= 4  # warden, server, engine core, worker
    below[1].kill()
    await _all_end(below)
    async with asyncio.timeout(10):
        while await _state(process, "one") != "failed":  # noqa: ASYNC110 - the runner tells nobody
            await asyncio.sleep(0.05)
    assert await say(process, "one") == said


async def test_two_models_take_turns_where_there_is_room_for_one(process: Process) -> None:
    one, below = await say(process, "one"), _below(process, "one")
    assert await say(process, "other") != one
    assert (await _state(process, "one"), await _state(process, "other")) == ("off", "ready")
    await _all_end(below)
    used = (await process.runner.memory()).devices[0].models_mb
    assert 800 < used < float(BUDGET_MB)


async def test_its_vectors_are_those_of_an_embedder(process: Process) -> None:
    rows = await embed(process.runner, "vectors", ["gado temu", "pivo", "gado temu"])
    assert rows.shape == (3, HIDDEN)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-3)
    assert rows[0] == pytest.approx(rows[2], abs=1e-3)
    assert not np.allclose(rows[0], rows[1], atol=1e-2)


async def test_unloading_ends_its_processes(process: Process) -> None:
    below = _below(process, "vectors")
    assert (await process.runner.unload("vectors")).state == "off"
    await _all_end(below)


async def test_a_killed_runner_leaves_no_process(process: Process) -> None:
    await process.runner.load("one")
    below = _below(process, "one")
    process.handle.kill()
    await _all_end(below)


def _below(process: Process, model: str) -> list[psutil.Process]:
    """The warden and all that it has started."""
    (entry,) = [
        warden for warden in process.engines() if any(one == f"--served-model-name={model}" for one in warden.cmdline())
    ]
    return [entry, *entry.children(recursive=True)]


async def _all_end(processes: list[psutil.Process]) -> None:
    async with asyncio.timeout(20):
        while any(map(_runs, processes)):  # noqa: ASYNC110 - they are no children of this process
            await asyncio.sleep(0.05)


def _runs(process: psutil.Process) -> bool:
    """Whoever adopts a dead process may take a while to notice."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
