"""One file of a model brought here, however often the connection breaks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import aiohttp

from inference.runner.pulling.choosing import HubFile
from inference.runner.pulling.hub import Hub, Refused
from inference.runner.pulling.part import Part, WrongContent

ATTEMPTS = 5
"""In a row without a byte."""
PAUSE_SECONDS = 1.0
"""Before the second try; twice as long before each one after it."""
_CHUNK_BYTES = 4 << 20
_RANGE = re.compile(r"bytes (\d+)-\d*/(\d+|\*)")


class NotPulled(Exception):
    """A file cannot be had; the text says why."""


async def fetch_file(
    hub: Hub, name: str, commit: str, file: HubFile, path: Path, progress: Callable[[int], None]
) -> None:
    """Puts the file at `path`, going on from an earlier try. `progress` is told how many of its bytes are there.

    Raises NotPulled. Cancelled, it leaves what it has for the next try.
    """
    part = Part(path, file)
    try:
        await asyncio.to_thread(part.resume)
        progress(part.size)
        await _fill(hub, name, commit, file, part, progress)
    except WrongContent as error:
        raise NotPulled(f"{error}: what was sent is not what the hub promised, and was thrown away") from None
    except OSError as error:
        raise NotPulled(f"{file.path} cannot be written: {error}") from error
    finally:
        part.close()


async def _fill(hub: Hub, name: str, commit: str, file: HubFile, part: Part, progress: Callable[[int], None]) -> None:
    failed = wrong = 0
    while True:
        before, why = part.size, ""
        if part.size < file.size:
            why = await _receive(hub, name, commit, file, part, progress)
        if part.size == file.size:
            try:
                await asyncio.to_thread(part.finish)
            except WrongContent:
                wrong += 1
                if wrong > 1:
                    raise
                await asyncio.to_thread(part.resume)  # a half file of another time may have spoilt it: once more
                continue
            return
        failed = 1 if part.size > before else failed + 1
        if failed >= ATTEMPTS:
            raise NotPulled(f"{file.path} broke off {ATTEMPTS} times at {part.size} of {file.size} bytes: {why}")
        await asyncio.sleep(PAUSE_SECONDS * 2 ** (failed - 1))


async def _receive(hub: Hub, name: str, commit: str, file: HubFile, part: Part, progress: Callable[[int], None]) -> str:
    """Takes what one answer brings; why it ended. Raises NotPulled where another try is no use."""
    held = bytearray()
    why = "the connection ended"
    try:
        async with hub.open(name, commit, file.path, start=part.size) as response:
            if why_not := await _unusable(response, file, part):
                return why_not
            async for data in response.content.iter_any():
                held += data
                if len(held) >= _CHUNK_BYTES:
                    await _take(part, held, progress)
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
        why = str(error) or type(error).__name__
    except Refused as error:
        raise NotPulled(f"the hub {error}") from None
    await _take(part, held, progress)
    return why


async def _unusable(response: aiohttp.ClientResponse, file: HubFile, part: Part) -> str:
    """Why nothing of the answer can be taken; empty when it continues the part, which is begun anew for all of it."""
    match response.status:
        case 200:
            await asyncio.to_thread(part.restart)
            return ""
        case 206 if _continues(response, part.size):
            return ""
        case 206 | 416:
            await asyncio.to_thread(part.restart)
            return "the hub sent another part of it than was asked for"
        case 401 | 403 | 404:
            raise NotPulled(f"the hub does not give {file.path} (status {response.status})")
        case status:
            return f"the hub answered with status {status}"


def _continues(response: aiohttp.ClientResponse, size: int) -> bool:
    match = _RANGE.match(response.headers.get("Content-Range", ""))
    return match is not None and int(match[1]) == size


async def _take(part: Part, held: bytearray, progress: Callable[[int], None]) -> None:
    """Writes what was held back, in a thread: a slow disk holds up no lease."""
    if held:
        await asyncio.to_thread(part.write, bytes(held))
        held.clear()
        progress(part.size)
