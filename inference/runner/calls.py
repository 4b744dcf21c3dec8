"""Requests to a leased model: one more lease when its engine is gone, patience with a provider that is busy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson

from inference.errors import InvalidInput, NotFound, Unavailable, UpstreamFailed
from inference.runner import CALLER_HEADER, leased

if TYPE_CHECKING:
    from inference.runner import Lease, Runner

CONNECT_SECONDS = 2.0
READ_SECONDS = 300.0
LARGE_BODY_BYTES = 1 << 20
MAX_CHARACTERS = 6_000_000  # of one request: an engine takes 32 MiB, and a character may be 4 bytes
# A provider that is busy is asked again after these seconds, or those that it names.
PAUSES = (0.5, 1.0, 2.0, 4.0)
LONGEST_PAUSE = 20.0
BUSY = (408, 429, 500, 502, 503, 504, 529)


class EngineGone(Exception):
    """Nothing answers behind the lease any more."""


class ProviderBusy(Exception):
    """The provider may answer later; `after` is how many seconds it says, if it does."""

    def __init__(self, words: str, after: float | None) -> None:
        super().__init__(words)
        self.after = after


class Caller:
    """Sends requests to one model for one caller, whose name is given to engines of this machine only."""

    def __init__(
        self, session: aiohttp.ClientSession, runner: Runner, model: str, caller: str, *, background: bool
    ) -> None:
        self._session = session
        self._runner = runner
        self._model = model
        self._caller = caller
        self._background = background

    async def post(self, path: str, body: Mapping[str, Any]) -> bytes:
        """The answer's bytes. `model` is added to the body. Errors as `inference.runner.embed`."""
        try:
            return await self._patiently(path, body)
        except EngineGone as error:
            raise Unavailable(
                f"The model {self._model} does not answer ({error}). Try again in a few seconds."
            ) from error

    async def _patiently(self, path: str, body: Mapping[str, Any]) -> bytes:
        for pause in PAUSES:
            try:
                return await self._leased(path, body)
            except ProviderBusy as busy:
                await asyncio.sleep(min(busy.after if busy.after is not None else pause, LONGEST_PAUSE))
        try:
            return await self._leased(path, body)
        except ProviderBusy as busy:
            raise Unavailable(f"The provider of {self._model} takes no more now: {busy}") from None

    async def _leased(self, path: str, body: Mapping[str, Any]) -> bytes:
        async with leased(self._runner, self._model, background=self._background) as lease:
            try:
                return await self._request(lease, path, body)
            except EngineGone:
                await self._runner.forget(lease)
        async with leased(self._runner, self._model, background=self._background) as lease:
            return await self._request(lease, path, body)

    async def _request(self, lease: Lease, path: str, body: Mapping[str, Any]) -> bytes:
        headers = lease.headers | {"Content-Type": "application/json"}
        if self._caller and not lease.remote:
            headers[CALLER_HEADER] = self._caller
        written = _written({**body, "model": lease.model})
        # aiohttp writes bytes at once, which would hold up everyone else while a large body goes out.
        data = written if len(written) < LARGE_BODY_BYTES else BytesIO(written)
        try:
            async with self._session.post(lease.base_url + path, data=data, headers=headers) as response:
                status, content = response.status, await response.read()
                after = response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise EngineGone(str(error) or type(error).__name__) from error
        if status != 200:
            self._raise_refusal(status, content, after, lease)
        return content

    def _raise_refusal(self, status: int, content: bytes, after: str, lease: Lease) -> None:
        message = refusal(content)
        if lease.remote and status in BUSY:
            raise ProviderBusy(f"status {status}: {message}", float(after) if after.isdigit() else None)
        if status == 401 and not lease.remote:
            raise EngineGone("another program has its port now")
        if status in (400, 413, 422):
            raise InvalidInput(f"The model {self._model} refuses the text: {message}", field="input")
        if status == 404:
            raise NotFound(f"The model {self._model} cannot do this: {message}", field="model")
        if status in (429, 503):
            raise Unavailable(f"The model {self._model} takes no more now: {message}")
        raise UpstreamFailed(f"The model {self._model} answered with status {status}: {message}")


@asynccontextmanager
async def calling(runner: Runner, model: str, caller: str, *, background: bool = False) -> AsyncGenerator[Caller]:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield Caller(session, runner, model, caller, background=background)


def portions(texts: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """The texts in order, at most so many at once, and no more of them than a request may hold."""
    start, size = 0, 0
    for place, text in enumerate(texts):
        if place > start and (place - start == most or size + len(text) > MAX_CHARACTERS):
            yield texts[start:place]
            start, size = place, 0
        size += len(text)
    if start < len(texts):
        yield texts[start:]


def refusal(content: bytes) -> str:
    """The message of an error in OpenAI's shape, or the beginning of whatever came instead."""
    try:
        return str(orjson.loads(content)["error"]["message"])[:500]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return content[:200].decode(errors="replace") or "no explanation"


def _written(body: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"The text cannot be sent: {error}. Lone surrogates are no text.", field="input") from None
