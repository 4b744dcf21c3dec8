"""Embeddings from a leased model, in OpenAI's format, with one more lease when its engine is gone."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import orjson

from inference.errors import InvalidInput, Unavailable, UpstreamFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inference.runner import Lease, Runner

TEXTS_PER_REQUEST = 256  # enough to sort by length, little enough that a lost engine costs seconds
CONNECT_SECONDS = 2.0
READ_SECONDS = 300.0


class EngineGone(Exception):
    """Nothing answers behind the lease any more."""


async def embed_array(runner: Runner, model: str, texts: Sequence[str]) -> NDArray[np.float32]:
    numpy = import_module("numpy")  # 12 MiB that only a process that embeds has to carry
    rows = await embed_rows(runner, model, texts)
    flat: NDArray[np.float32] = numpy.frombuffer(b"".join(rows), dtype="<f4")
    return flat.reshape(len(rows), -1) if rows else flat.reshape(0, 0)


async def embed_rows(runner: Runner, model: str, texts: Sequence[str]) -> list[bytes]:
    """One vector a text, in order, as little-endian float32 bytes. Errors as `inference.runner.embed`."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
    rows: list[bytes] = []
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for start in range(0, len(texts), TEXTS_PER_REQUEST):
            rows += await _embed_some(session, runner, model, texts[start : start + TEXTS_PER_REQUEST])
    return rows


async def _embed_some(session: aiohttp.ClientSession, runner: Runner, model: str, texts: Sequence[str]) -> list[bytes]:
    lease = await runner.lease(model)
    try:
        return await _request(session, lease, texts)
    except EngineGone:
        await runner.forget(lease)
    lease = await runner.lease(model)
    try:
        return await _request(session, lease, texts)
    except EngineGone as error:
        raise Unavailable(f"The model {model} does not answer ({error}). Try again in a few seconds.") from error


async def _request(session: aiohttp.ClientSession, lease: Lease, texts: Sequence[str]) -> list[bytes]:
    body = orjson.dumps({"model": lease.model, "input": list(texts), "encoding_format": "base64"})
    headers = lease.headers | {"Content-Type": "application/json"}
    try:
        async with session.post(f"{lease.base_url}/embeddings", data=body, headers=headers) as response:
            status, content = response.status, await response.read()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise EngineGone(str(error) or type(error).__name__) from error
    if status != 200:
        _raise_refusal(status, content, lease)
    return rows_of(content, len(texts))


def _raise_refusal(status: int, content: bytes, lease: Lease) -> None:
    message = refusal(content)
    if status == 401 and lease.base_url.startswith("http://127.0.0.1:"):
        raise EngineGone("another program has its port now")
    if status in (400, 413, 422):
        raise InvalidInput(f"The model {lease.model} refuses the text: {message}", field="input")
    if status in (429, 503):
        raise Unavailable(f"The model {lease.model} takes no more now: {message}")
    raise UpstreamFailed(f"The model {lease.model} answered with status {status}: {message}")


def refusal(content: bytes) -> str:
    """The message of an error in OpenAI's shape, or the beginning of whatever came instead."""
    try:
        return str(orjson.loads(content)["error"]["message"])[:500]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return content[:200].decode(errors="replace") or "no explanation"


def rows_of(content: bytes, expected: int) -> list[bytes]:
    """The vectors of an OpenAI embeddings answer in the order of their `index`. Raises UpstreamFailed."""
    try:
        data = cast("list[dict[str, Any]]", orjson.loads(content)["data"])
        rows = [_row(entry["embedding"]) for entry in sorted(data, key=lambda entry: int(entry["index"]))]
    except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise UpstreamFailed("The embedding model's answer is not in OpenAI's format.") from error
    if len(rows) != expected or len({len(row) for row in rows}) > 1:
        raise UpstreamFailed(f"The embedding model answered {len(rows)} vectors for {expected} texts.")
    return rows


def _row(vector: str | list[float]) -> bytes:
    """Some providers ignore `encoding_format` and answer numbers."""
    return (
        base64.b64decode(vector, validate=True) if isinstance(vector, str) else struct.pack(f"<{len(vector)}f", *vector)
    )
