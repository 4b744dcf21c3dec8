"""Asking an engine behind a real runner, by OpenAI's own client."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import Any, cast

import openai
from openai.types.chat import ChatCompletion

from inference.runner import Lease, leased
from tests.runner_process import Process

QUESTION = [{"role": "user", "content": "gado temu?"}]


@contextlib.asynccontextmanager
async def client_of(lease: Lease) -> AsyncGenerator[openai.AsyncOpenAI]:
    """A client with the lease's token; it tries nothing again."""
    key = lease.headers["Authorization"].removeprefix("Bearer ")
    async with openai.AsyncOpenAI(base_url=lease.base_url, api_key=key, max_retries=0) as client:
        yield client


async def complete(process: Process, lent: str, **more: Any) -> ChatCompletion:
    """A whole answer of the model `lent` to QUESTION, always the same one; `more` are further fields of the request."""
    async with leased(process.runner, lent) as lease, client_of(lease) as client:
        asked: dict[str, Any] = {"model": lease.model, "messages": QUESTION, "max_tokens": 60, "temperature": 0, **more}
        return cast("ChatCompletion", await client.chat.completions.create(**asked))


async def say(process: Process, lent: str, **more: Any) -> str:
    """The text of a whole answer."""
    return (await complete(process, lent, **more)).choices[0].message.content or ""
