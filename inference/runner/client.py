"""The runner over HTTP, for the processes that use it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import aiohttp
import orjson

from inference.errors import Unavailable
from inference.runner import Embedder, Lease
from inference.runner.channel import Channel
from inference.runner.wire import error_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    from inference.models.common import Fault
    from inference.models.models import Memory, Model, ModelChange, ModelEntry, ModelEvent, ModelList, ModelLog
    from inference.models.pulls import Pull, PullList, PullOrder

    Answer = TypeVar("Answer", bound=BaseModel)

CONNECT_SECONDS = 2.0
# Longer than any engine's load timeout and the pool's own patience: the runner answers first, and says why.
LOAD_SECONDS = 400.0
READ_SECONDS = 30.0
# A hub is asked meanwhile, which may be slow to answer.
PULL_SECONDS = 90.0
EMBEDDER_SECONDS = 10.0  # what is known of an embedder is believed for so long
HEARTBEAT_SECONDS = 20.0
EVENT_BYTES = 16 << 20


class RunnerClient:
    """`Runner` over the control plane at `url`. Belongs to the event loop that it is first used in.

    `holder` is what the process is called where people look who holds a model; `engine_of` is the model whose engine
    it is, if it is one.
    """

    def __init__(self, url: str, token: str, holder: str = "penstock", engine_of: str = "") -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._who = {"holder": holder, "engine_of": engine_of}
        self._session: aiohttp.ClientSession | None = None
        self._channel = Channel(self._open_socket)
        self._embedders: dict[str, tuple[Embedder, float]] = {}
        self._asking: dict[str, asyncio.Task[Embedder]] = {}
        self._announcing: set[asyncio.Task[None]] = set()

    async def lease(self, model: str, *, background: bool = False) -> Lease:
        if held := self._channel.leases.held(model):
            return held
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                await self._channel.ready()
                return await self._channel.leases.ask(model, urgent=not background)
        except TimeoutError:
            raise Unavailable(
                f"The model {model} was not there within {LOAD_SECONDS:.0f} s. Try again later."
            ) from None

    def release(self, lease: Lease) -> None:
        self._channel.leases.release(lease)

    def announce(self, models: Sequence[str]) -> None:
        if lacking := self._channel.leases.unannounced(models):
            task = asyncio.create_task(self._announce(lacking))
            self._announcing.add(task)
            task.add_done_callback(self._announcing.discard)

    async def _announce(self, models: list[str]) -> None:
        with contextlib.suppress(Unavailable):  # whoever leases one of them will hear of it
            await self._channel.ready()
            self._channel.leases.announce(models)

    async def embedder(self, model: str) -> Embedder:
        held, until = self._embedders.get(model, (None, 0.0))
        if held and time.monotonic() < until:
            return held
        asking = self._asking.get(model)
        if asking is None:
            asking = self._asking[model] = asyncio.create_task(self._ask_embedder(model))
            asking.add_done_callback(lambda _: self._asking.pop(model, None))
        return await asyncio.shield(asking)

    async def _ask_embedder(self, model: str) -> Embedder:
        answer = await self._call("POST", "/embedder", {"model": model}, READ_SECONDS)
        found = Embedder(**cast("dict[str, Any]", answer))
        self._embedders[model] = (found, time.monotonic() + EMBEDDER_SECONDS)
        return found

    async def models(self) -> list[Model]:
        return (await self._list()).models

    async def faults(self) -> list[Fault]:
        return (await self._list()).faults

    async def _list(self) -> ModelList:
        from inference.models.models import ModelList  # noqa: PLC0415 - engines lease and never list: they stay small

        return await self._typed(ModelList, "GET", "/models")

    async def memory(self) -> Memory:
        from inference.models.models import Memory  # noqa: PLC0415 - as above

        return await self._typed(Memory, "GET", "/memory")

    async def load(self, model: str) -> Model:
        return await self._model("/load", {"model": model}, LOAD_SECONDS)

    async def unload(self, model: str) -> Model:
        return await self._model("/unload", {"model": model}, LOAD_SECONDS)

    async def add(self, entry: ModelEntry) -> Model:
        self._embedders.pop(entry.id, None)
        return await self._model("/add", entry.model_dump(mode="json", exclude_unset=True), READ_SECONDS)

    async def remove(self, model: str) -> None:
        self._embedders.pop(model, None)
        await self._call("POST", "/remove", {"model": model}, LOAD_SECONDS)

    async def modify(self, change: ModelChange) -> Model:
        return await self._model("/modify", change.model_dump(mode="json", exclude_unset=True), READ_SECONDS)

    async def log(self, model: str, lines: int) -> ModelLog:
        from inference.models.models import ModelLog  # noqa: PLC0415 - as above

        return await self._typed(ModelLog, "POST", "/log", {"model": model, "lines": lines})

    async def events(self) -> AsyncGenerator[ModelEvent | None]:
        from inference.models.models import ModelEvent  # noqa: PLC0415 - as above

        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=HEARTBEAT_SECONDS * 2)
        try:
            async with self._opened().get(f"{self._url}/events", timeout=timeout, read_bufsize=EVENT_BYTES) as response:
                if response.status != 200:
                    raise error_of(response.status, _parsed(await response.read()))
                async for line in response.content:
                    # An empty line says that the runner lives.
                    yield ModelEvent.model_validate_json(line) if line.strip() else None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise self._silent(error) from error

    async def pull(self, order: PullOrder) -> Pull:
        from inference.models.pulls import Pull  # noqa: PLC0415 - as above

        return await self._typed(Pull, "POST", "/pulls", order.model_dump(mode="json"), PULL_SECONDS)

    async def pulls(self) -> PullList:
        from inference.models.pulls import PullList  # noqa: PLC0415 - as above

        return await self._typed(PullList, "GET", "/pulls")

    async def cancel_pull(self, pull_id: str) -> Pull:
        from inference.models.pulls import Pull  # noqa: PLC0415 - as above

        return await self._typed(Pull, "POST", "/pulls/cancel", {"pull_id": pull_id})

    async def metrics(self) -> str:
        answer = cast("dict[str, Any]", await self._call("GET", "/metrics", None, READ_SECONDS))
        return str(answer.get("text", ""))

    async def forget(self, lease: Lease) -> None:
        self._channel.leases.forget(lease)
        await self._call("POST", "/forget", {"base_url": lease.base_url}, READ_SECONDS)

    async def close(self) -> None:
        await self._channel.close()
        if self._session:
            await self._session.close()

    async def _open_socket(self) -> aiohttp.ClientWebSocketResponse:
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self._opened().ws_connect(
                    f"{self._url}/channel", params=self._who, heartbeat=HEARTBEAT_SECONDS
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._silent(error) from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"Authorization": f"Bearer {self._token}"})
        return self._session

    def _silent(self, error: Exception) -> Unavailable:
        return Unavailable(
            f"The runner at {self._url} does not answer ({error or type(error).__name__}). "
            "It is started again by itself; try again in a few seconds."
        )

    async def _model(self, path: str, body: dict[str, Any], seconds: float) -> Model:
        from inference.models.models import Model  # noqa: PLC0415 - as above

        return await self._typed(Model, "POST", path, body, seconds)

    async def _typed(
        self,
        kind: type[Answer],
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        seconds: float = READ_SECONDS,
    ) -> Answer:
        return kind.model_validate_json(orjson.dumps(await self._call(method, path, body, seconds)))

    async def _call(self, method: str, path: str, body: dict[str, Any] | None, seconds: float) -> object:
        """The answer's JSON. Raises the error that the runner names, or Unavailable when it does not answer."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        data = orjson.dumps(body) if body is not None else None
        try:
            async with self._opened().request(method, self._url + path, data=data, timeout=timeout) as response:
                status, content = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._silent(error) from error
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
