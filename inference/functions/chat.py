"""Asking a chat model over the OpenAI protocol, at the engine that the runner leased."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from inference.errors import InvalidInput, Unavailable, UpstreamFailed
from inference.functions.context import Context
from inference.json_values import as_array, as_object
from inference.runner import Lease

# A stream that says nothing for so long has stalled.
_SILENCE_SECONDS = 120
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Delta:
    """A part of an answer. `usage` and `finish_reason` come towards the end, where the model tells them."""

    text: str = ""
    finish_reason: str | None = None
    usage: dict[str, int] | None = None


async def complete(ctx: Context, model: str, messages: list[dict[str, Any]], **options: Any) -> str:
    """The whole text of an answer."""
    return "".join([delta.text async for delta in stream(ctx, model, messages, **options)])


async def stream(ctx: Context, model: str, messages: list[dict[str, Any]], **options: Any) -> AsyncIterator[Delta]:
    """An answer as it is written. Raises NotFound (no such model), InvalidInput (the model refuses the request),
    Unavailable (the engine died before it had said anything, twice) and UpstreamFailed."""
    given = {name: value for name, value in options.items() if value is not None}
    for attempt in (1, 2):
        lease = await ctx.runner.lease(model)
        started = False
        try:
            async with _request(ctx, lease, messages, given) as response:
                async for delta in _deltas(response):
                    started = True
                    yield delta
            return
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            await ctx.runner.forget(lease)
            if started:
                raise UpstreamFailed(f"The model {model!r} stopped in the middle of its answer. Ask again.") from error
            if attempt == 2:
                raise Unavailable(f"The model {model!r} does not answer now. Try again in a moment.") from error


@asynccontextmanager
async def _request(
    ctx: Context, lease: Lease, messages: list[dict[str, Any]], options: dict[str, Any]
) -> AsyncGenerator[aiohttp.ClientResponse]:
    body = {
        "model": lease.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    } | options
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_SILENCE_SECONDS)
    async with ctx.http.post(
        f"{lease.base_url}/chat/completions",
        data=orjson.dumps(body),
        headers=lease.headers | {"Content-Type": "application/json"},
        timeout=timeout,
    ) as response:
        if response.status >= 400:
            raise _refusal(lease.model, response.status, await response.content.read(4096))
        yield response


def _refusal(model: str, status: int, body: bytes) -> Exception:
    try:
        message = str(orjson.loads(body)["error"]["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        message = body.decode(errors="replace")[:300]
    if status in (400, 413, 422):
        return InvalidInput(f"The model {model!r} refuses the request: {message}")
    if status in (429, 503):
        return Unavailable(f"The model {model!r} takes no more requests now: {message}")
    return UpstreamFailed(f"The model {model!r} answered with status {status}: {message}")


async def _deltas(response: aiohttp.ClientResponse) -> AsyncIterator[Delta]:
    async for data in _events(response):
        try:
            chunk = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise UpstreamFailed(
                "The model's answer is not what the OpenAI protocol says: a chunk is not JSON."
            ) from None
        yield _delta(as_object(chunk))


def _delta(chunk: dict[str, Any]) -> Delta:
    if error := chunk.get("error"):
        raise UpstreamFailed(f"The model ended with an error: {as_object(error).get('message', error)}")
    choice = as_object(next(iter(as_array(chunk.get("choices"))), None))
    usage = as_object(chunk.get("usage"))
    return Delta(
        text=str(as_object(choice.get("delta")).get("content") or ""),
        finish_reason=choice.get("finish_reason"),
        usage={name: value for name, value in usage.items() if isinstance(value, int)} or None,
    )


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The data of server-sent events, up to `[DONE]`."""
    buffer = b""
    async for part in response.content.iter_any():
        *lines, buffer = (buffer + part).split(b"\n")
        if len(buffer) > _LONGEST_LINE:
            raise UpstreamFailed("The model's answer has a line of more than 1 MiB.")
        for line in lines:
            data = line.strip().removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                return
            if data:
                yield data
