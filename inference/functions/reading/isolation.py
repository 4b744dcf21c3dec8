"""Work on a file in a process of its own, so that a hostile file can hurt nothing but itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import struct
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from pydantic import ValidationError

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import wire
from inference.functions.reading.forks import Fork, ForkServer
from inference.functions.reading.limits import ProcessLimits
from inference.functions.reading.sniffing import quoted

_log = logging.getLogger(__name__)

_forks = ForkServer()  # starts nothing before it is asked
_GIVEN_UP = (-signal.SIGXCPU, -signal.SIGKILL)
"""Ends by a limit. Other signals are crashes."""
_ENDING_SECONDS = 5.0
"""For a process to end once it has closed its answer."""


class _NoAnswer(Exception):
    """The process ended before it had told a document or a failure."""


T = TypeVar("T")
OnFrame = Callable[[bytes, bytes], Awaitable[float]]
"""Called with the kind and the payload of a frame; returns seconds by which to put off the end of the time."""


class Nonsense(Exception):
    """A frame that no worker that was not taken over would send."""


async def follow(
    source: bytes | Path, order: wire.Order, on_frame: OnFrame, result: Callable[[bytes], T], largest: int
) -> T:
    """Has a process carry out an order on a file, and returns what `result` makes of the payload of its RESULT.

    `largest` is how many bytes a frame may have. `on_frame` hears of all frames but the last, one after the other, and
    may raise Nonsense. The process has ended when this returns or raises.

    Raises:
        UnreadableDocument: also when the process crashes, is killed or runs out of time.
        TooLarge: also when it runs out of memory.
        FileNotFoundError: `source` is a path where nothing is.
    """
    name, limits = order.name, order.limits
    with _as_file(source) as file:
        if isinstance(source, bytes):
            await asyncio.to_thread(file.write, source)
            file.seek(0)
        process = await _forks.fork(file, order)
    try:
        async with asyncio.timeout(limits.wall_seconds) as deadline:
            payload = await _result(process, name, on_frame, largest, deadline)
            return await asyncio.to_thread(result, payload)
    except TimeoutError:
        raise UnreadableDocument(
            f"{quoted(name)} took longer than {limits.wall_seconds:g} seconds to read and was given up. Split it, "
            "or save it anew."
        ) from None
    except _NoAnswer:
        # Its answer is closed, so it is ending: how, only its own status tells.
        code = None
        with contextlib.suppress(TimeoutError):
            code = await asyncio.wait_for(process.wait(), _ENDING_SECONDS)
        if code is not None and code < 0 and code not in _GIVEN_UP:
            _forks.renew()
        raise UnreadableDocument(_how_it_ended(code, name, limits)) from None
    except (Nonsense, ValidationError, struct.error):
        raise UnreadableDocument(
            f"{quoted(name)} confused its reader: it is damaged, or was made to do harm."
        ) from None
    finally:
        await process.end()


def _as_file(source: bytes | Path) -> contextlib.AbstractContextManager[BinaryIO]:
    return source.open("rb") if isinstance(source, Path) else tempfile.TemporaryFile()


async def _result(process: Fork, name: str, on_frame: OnFrame, largest: int, deadline: asyncio.Timeout) -> bytes:
    """Follows the frames up to the one that ends the work."""
    while True:
        try:
            kind, length = wire.HEADER.unpack(await process.answer.readexactly(wire.HEADER.size))
            if length > largest:
                raise Nonsense
            payload = await process.answer.readexactly(length)
        except asyncio.IncompleteReadError:
            raise _NoAnswer from None
        if kind == wire.RESULT:
            return payload
        if kind == wire.FAILURE:
            raise _failure(wire.failures.validate_json(payload), name)
        if more := await on_frame(kind, payload):
            deadline.reschedule((deadline.when() or 0.0) + more)


def _failure(failure: wire.Failure, name: str) -> UnreadableDocument | TooLarge:
    if failure.trace:
        _log.warning("A reader failed on %s:\n%s", quoted(name), failure.trace)
    return TooLarge(failure.message) if failure.error == "TooLarge" else UnreadableDocument(failure.message)


def _how_it_ended(code: int | None, name: str, limits: ProcessLimits) -> str:
    """What an exit status without an answer means, in words."""
    if code == -signal.SIGXCPU:
        return (
            f"{quoted(name)} took more than {limits.cpu_seconds} seconds of computing to read and was given up. "
            "Split it, or save it anew."
        )
    if code == -signal.SIGKILL:
        return f"The reading of {quoted(name)} was killed, most likely because memory ran out. Try again, or split it."
    if code is not None and code < 0:
        ending = signal.strsignal(-code) or f"signal {-code}"
        return f"{quoted(name)} crashed its reader ({ending}): it is damaged, or was made to do harm."
    return f"The reading of {quoted(name)} ended without a result (status {code}). Try again, or save the file anew."
