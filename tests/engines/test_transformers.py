"""transformers behind the real runner, with a small Llama on the CPU: `make test-transformers`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

import numpy as np
import openai
import psutil
import pytest
from openai.types.chat import ChatCompletion

from inference.errors import Unavailable
from inference.runner import embed, leased
from tests.asking import client_of
from tests.runner_process import Process, started
from tests.tiny_llama import HIDDEN, write_folder, write_gguf

MODELS = """
models:
  - {id: one, kind: chat, engine: transformers, source: one, devices: [cpu]}
  - {id: vectors, kind: embedding, engine: transformers, source: one, query_prefix: "query: ", devices: [cpu]}
  - {id: gguf, kind: chat, engine: llamacpp, source: one.gguf}
  - {id: silent, kind: chat, engine: transformers, source: silent, devices: [cpu]}
"""
QUESTION = [{"role": "user", "content": "gado temu?"}]


@pytest.fixture(scope="module")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Process]:
    home = tmp_path_factory.mktemp("home")
    write_folder(home / "one")
    write_gguf(home / "one.gguf")
    (write_folder(home / "silent") / "tokenizer_config.json").unlink()
    (home / "models.yaml").write_text(MODELS)
    async with started(home) as process:
        yield process


async def _complete(process: Process, lent: str, **more: Any) -> ChatCompletion:
    async with leased(process.runner, lent) as lease, client_of(lease) as client:
        asked: dict[str, Any] = {"model": lease.model, "messages": QUESTION, "max_tokens": 40, "temperature": 0, **more}
        return cast("ChatCompletion", await client.chat.completions.create(**asked))


async def _say(process: Process, lent: str, **more: Any) -> str:
    return (await _complete(process, lent, **more)).choices[0].message.content or ""


async def test_it_answers_whole_and_streamed_alike(process: Process) -> None:
    answer = await _complete(process, "one")
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 40
    async with leased(process.runner, "one") as lease, client_of(lease) as client:
        stream = await client.chat.completions.create(
            model=lease.model,
            messages=[{"role": "user", "content": "gado temu?"}],
            max_tokens=40,
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]
    told = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(told) == answer.choices[0].message.content
    assert sum(map(bool, told)) > 5
    assert chunks[-1].usage == answer.usage


async def test_it_says_what_llama_cpp_says(process: Process) -> None:
    """Computed by others from the same weights; in 16 bits here, so that later tokens may differ."""
    own, theirs = await _say(process, "one", max_tokens=4), await _say(process, "gguf", max_tokens=4)
    assert own == theirs


async def test_sampling_keeps_to_its_seed(process: Process) -> None:
    once, again, other = [await _say(process, "one", temperature=1, seed=seed) for seed in (5, 5, 6)]
    assert once == again != other


async def test_a_stop_ends_it(process: Process) -> None:
    said = await _say(process, "one")
    middle = said[len(said) // 2 :][:3]
    answer = await _complete(process, "one", stop=middle)
    assert answer.choices[0].message.content == said[: said.index(middle)]
    assert answer.choices[0].finish_reason == "stop"


TURN: dict[str, Any] = {"type": "function", "function": {"name": "turn", "parameters": {}}}


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"messages": [{"role": "user", "content": "gado " * 2000}]}, "messages"),
        ({"temperature": 3}, "temperature"),
        ({"top_p": "x"}, "top_p"),
        ({"seed": "x"}, "seed"),
        ({"stop": ["a"] * 5}, "stop"),
        ({"tools": [TURN]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logprobs": True}, "logprobs"),
    ],
)
async def test_what_it_cannot_is_refused_by_name(process: Process, more: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await _say(process, "one", **more)
    assert caught.value.param == param


async def test_a_caller_that_goes_away_ends_its_text(process: Process) -> None:
    async with leased(process.runner, "one") as lease, client_of(lease) as client:
        stream = await client.chat.completions.create(
            model=lease.model, messages=[{"role": "user", "content": "gado"}], temperature=1, seed=1, stream=True
        )
        async for _ in stream:
            break
        await stream.close()
    assert len(await _say(process, "one", max_tokens=2)) > 0  # its turn comes


async def test_its_vectors_are_those_of_an_embedder(process: Process) -> None:
    rows = await embed(process.runner, "vectors", ["gado temu", "pivo", "gado temu"])
    assert rows.shape == (3, HIDDEN)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert rows[0] == pytest.approx(rows[2], abs=1e-5)
    (query,) = await embed(process.runner, "vectors", ["gado"], "query")
    (prefixed,) = await embed(process.runner, "vectors", ["query: gado"])
    assert query == pytest.approx(prefixed, abs=1e-5)


async def test_a_model_that_cannot_chat_is_told(process: Process) -> None:
    with pytest.raises(Unavailable, match="chat template"):
        await process.runner.lease("silent")


async def test_it_ends_and_comes_back(process: Process) -> None:
    said = await _say(process, "one")
    process.engine_of("one").kill()
    async with asyncio.timeout(10):
        while {one.id: one.state for one in await process.runner.models()}["one"] != "failed":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await _say(process, "one") == said
    engine = process.engine_of("one")
    await process.runner.unload("one")
    assert not psutil.pid_exists(engine.pid)
