"""A running Penstock, as the command line calls it."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from io import BufferedReader, FileIO
from typing import Any

import aiohttp

from inference.cli.folder import LocalFile
from inference.json_values import is_object

_TRIES = 5
_PASSES_BY_ITSELF = frozenset((429, 502, 503))
_MOST_PAUSE_SECONDS = 30.0


class CallFailed(Exception):
    """Penstock refuses a call, or does not answer; the text says why."""


@asynccontextmanager
async def calling(url: str, key: str) -> AsyncGenerator[Client]:
    """A Penstock to call. Raises CallFailed without a key."""
    if not key.isprintable() or not key:
        raise CallFailed("An API key is needed: --key sk-…, or PENSTOCK_API_KEY in the environment.")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=10)) as http:
        yield Client(http, url, key)


class Client:
    """Calls functions; what passes by itself is tried again."""

    def __init__(self, http: aiohttp.ClientSession, url: str, key: str) -> None:
        self._http, self._url = http, url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"}

    async def call(self, function: str, request: dict[str, Any]) -> Any:
        """A function's result. Raises CallFailed."""
        return await self._post(function, lambda: {"json": request})

    async def collection(self, name: str) -> str:
        """The id of the collection with this name (or id), made if there is none. Raises CallFailed when there are
        several."""
        found = await self._called(name)
        if not found:
            made = (await self.call("create_document_collection", {"name": name}))["id"]
            # Another call may have made one at the same time: the first is for all of them.
            found = (await self._called(name))[:1]
            if found != [made]:
                await self.call("delete_document_collection", {"collection_id": made})
        if len(found) > 1:
            raise CallFailed(f"{len(found)} collections are called {name!r}: give the id of one, such as {found[0]}.")
        return found[0]

    async def _called(self, name: str) -> list[str]:
        listed = (await self.call("fetch_all_collections", {}))["collections"]
        return sorted(collection["id"] for collection in listed if name in (collection["name"], collection["id"]))

    async def upload(self, collection: str, file: LocalFile) -> dict[str, Any]:
        """`{document_id, run_id, unchanged}`. Raises CallFailed, and OSError for a file that cannot be read."""
        content = await asyncio.to_thread(file.path.open, "rb")
        try:

            def form() -> dict[str, Any]:
                content.seek(0)
                data = aiohttp.FormData(quote_fields=False)
                data.add_field("collection_id", collection)
                data.add_field("source", file.source)
                # aiohttp closes what it has sent; a second try needs the file once more.
                data.add_field("file", BufferedReader(_Steady(content.fileno())), filename=file.path.name)
                return {"data": data}

            return await self._post("upload_document", form)
        finally:
            content.close()

    async def _post(self, function: str, body: Callable[[], dict[str, Any]]) -> Any:
        pause = 0.5
        for tries_left in reversed(range(_TRIES)):
            try:
                async with self._http.post(
                    f"{self._url}/api/{function}", headers=self._headers, **body()
                ) as response:  # fmt: skip
                    answer = await _json(response)
                    if response.status < 400:
                        return answer["result"]
                    problem = _problem(response.status, answer)
                    if response.status not in _PASSES_BY_ITSELF or not tries_left:
                        raise CallFailed(problem)
            except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
                raise CallFailed(f"{self._url!r} is no address of a Penstock: --url http://…") from None
            except (aiohttp.ClientError, TimeoutError) as error:
                if not tries_left:
                    told = str(error) or type(error).__name__
                    raise CallFailed(f"Penstock at {self._url} does not answer: {told}.") from None
            await asyncio.sleep(pause)
            pause = min(pause * 2, _MOST_PAUSE_SECONDS)
        raise AssertionError("the last try returns or raises")


class _Steady(FileIO):
    """A file as long as it is now. One that becomes shorter fails: Penstock would wait for the rest of it."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, closefd=False)
        self._size = os.fstat(descriptor).st_size

    def readinto(self, buffer: Any, /) -> int | None:
        """Raises OSError."""
        count = super().readinto(buffer)
        if os.fstat(self.fileno()).st_size < self._size:
            raise OSError(errno.EIO, "it became shorter while it was sent")
        return count


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        answer = None
    if not is_object(answer):
        raise CallFailed(f"What answers at {response.url.origin()} is no Penstock (status {response.status}).")
    return answer


def _problem(status: int, answer: dict[str, Any]) -> str:
    error = answer.get("error")
    if not is_object(error) or not isinstance(error.get("message"), str):
        return f"it answered {status}"
    faults = [f"\n  {fault['path']}: {fault['message']}" for fault in error.get("faults") or ()]
    return "".join([error["message"], *(faults if len(faults) > 1 else ())])
