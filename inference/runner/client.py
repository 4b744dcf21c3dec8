"""The runner over HTTP, for the processes that use it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import orjson

from inference.errors import Unavailable
from inference.runner import Embedder, Lease
from inference.runner.wire import error_of

if TYPE_CHECKING:
    from inference.models.common import Fault
    from inference.models.models import Memory, Model

# A lease is used without a word to the runner for so long; whoever finds its engine gone calls forget().
LEASE_SECONDS = 10.0
CONNECT_SECONDS = 2.0
# Longer than any engine's load timeout (catalog.py): the runner answers first, and says why.
LOAD_SECONDS = 400.0
READ_SECONDS = 30.0


class RunnerClient:
    """`Runner` over the control plane at `url`. Belongs to the event loop that it is first used in."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._session: aiohttp.ClientSession | None = None
        self._leases: dict[str, tuple[Lease, float]] = {}
        self._embedders: dict[str, tuple[Embedder, float]] = {}

    async def lease(self, model: str) -> Lease:
        held, until = self._leases.get(model, (None, 0.0))
        if held and time.monotonic() < until:
            return held
        answer = cast("dict[str, Any]", await self._call("POST", "/lease", {"model": model}, LOAD_SECONDS))
        lease = Lease(**answer)
        self._leases[model] = (lease, time.monotonic() + LEASE_SECONDS)
        return lease

    async def embedder(self, model: str) -> Embedder:
        held, until = self._embedders.get(model, (None, 0.0))
        if held and time.monotonic() < until:
            return held
        found = Embedder(
            **cast("dict[str, Any]", await self._call("POST", "/embedder", {"model": model}, READ_SECONDS))
        )
        self._embedders[model] = (found, time.monotonic() + LEASE_SECONDS)
        return found

    async def models(self) -> list[Model]:
        from inference.models.models import ModelList  # noqa: PLC0415 - engines lease and never list: they stay small

        return ModelList.model_validate(await self._call("GET", "/models", None, READ_SECONDS)).models

    async def faults(self) -> list[Fault]:
        from inference.models.models import ModelList  # noqa: PLC0415 - as above

        return ModelList.model_validate(await self._call("GET", "/models", None, READ_SECONDS)).faults

    async def memory(self) -> Memory:
        from inference.models.models import Memory  # noqa: PLC0415 - as above

        return Memory.model_validate_json(orjson.dumps(await self._call("GET", "/memory", None, READ_SECONDS)))

    async def load(self, model: str) -> Model:
        return _model(await self._call("POST", "/load", {"model": model}, LOAD_SECONDS))

    async def unload(self, model: str) -> Model:
        self._leases.pop(model, None)
        return _model(await self._call("POST", "/unload", {"model": model}, LOAD_SECONDS))

    async def forget(self, lease: Lease) -> None:
        for model in [model for model, (held, _) in self._leases.items() if held == lease]:
            del self._leases[model]
        await self._call("POST", "/forget", {"model": lease.model, "base_url": lease.base_url}, READ_SECONDS)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _call(self, method: str, path: str, body: dict[str, str] | None, seconds: float) -> object:
        """The answer's JSON. Raises the error that the runner names, or Unavailable when it does not answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"Authorization": f"Bearer {self._token}"})
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        data = orjson.dumps(body) if body is not None else None
        try:
            async with self._session.request(method, self._url + path, data=data, timeout=timeout) as response:
                status, content = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(
                f"The runner at {self._url} does not answer ({error or type(error).__name__}). "
                "It is started again by itself; try again in a few seconds."
            ) from error
        answer = _parsed(content)
        if status != 200:
            raise error_of(status, answer)
        if not isinstance(answer, dict):
            raise Unavailable(f"What answers at {self._url} is not the runner. Check PENSTOCK_RUNNER_URL.")
        return cast("object", answer)


def _parsed(content: bytes) -> object:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def _model(answer: object) -> Model:
    from inference.models.models import Model  # noqa: PLC0415 - as above

    return Model.model_validate(answer)
