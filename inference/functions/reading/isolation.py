"""Reading in a process of its own, so that a hostile file can hurt nothing but itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import wire
from inference.functions.reading.document import OnPage, ReadDocument
from inference.functions.reading.limits import DEFAULT_LIMITS, Limits
from inference.functions.reading.sniffing import quoted

_log = logging.getLogger(__name__)

# `inference.functions` registers every function of the platform when it is imported, and brings the database and the
# network with it. None of that belongs into a process that parses hostile bytes, so an empty package stands in its
# place.
_BOOT = """
import sys, types
functions = sys.modules["inference.functions"] = types.ModuleType("inference.functions")
functions.__path__ = [sys.argv[1]]
reading = sys.modules["inference.functions.reading"] = types.ModuleType("inference.functions.reading")
reading.__path__ = [sys.argv[2]]
from inference.functions.reading.worker import main
main()
"""
_FOLDER = Path(__file__).parent
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")
"""Libraries reserve memory for a thread a core; many documents are read at once, each on one."""
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
"""What an interpreter may need. The rest, secrets among it, stays out of the process."""


_ENDING_SECONDS = 5.0
"""For a process to end once it has closed its pipe."""


class _NoAnswer(Exception):
    """The process ended before it had told a document or a failure."""


async def read_isolated(
    source: bytes | Path,
    name: str,
    content_type: str | None = None,
    on_page: OnPage | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> ReadDocument:
    """Reads a file as `read_document` does, in a process that lives as long as the reading. `on_page` is called in
    this one.

    Raises:
        UnreadableDocument: also when the process crashes, is killed or runs out of time.
        TooLarge: also when it runs out of memory.
        FileNotFoundError: `source` is a path where nothing is.
    """
    with _as_file(source) as file:
        if isinstance(source, bytes):
            await asyncio.to_thread(file.write, source)
            file.seek(0)
        process = await _start(file, wire.Order(name[:1000], content_type, limits, os.getpid()))
    try:
        async with asyncio.timeout(limits.wall_seconds) as deadline:
            return await _answer(process, name, on_page, limits, deadline)
    except TimeoutError:
        raise UnreadableDocument(
            f"{quoted(name)} took longer than {limits.wall_seconds:g} seconds to read and was given up. Split it, "
            "or save it anew."
        ) from None
    except _NoAnswer:
        # Its pipe is closed, so it is ending: how, only its own status tells.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _ENDING_SECONDS)
        raise UnreadableDocument(_how_it_ended(process.returncode, name, limits)) from None
    finally:
        await _end(process)


def _as_file(source: bytes | Path) -> contextlib.AbstractContextManager[BinaryIO]:
    return source.open("rb") if isinstance(source, Path) else tempfile.TemporaryFile()


async def _start(file: BinaryIO, order: wire.Order) -> Process:
    environment = _ONE_THREAD | {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    environment[wire.ORDER_VARIABLE] = wire.orders.dump_json(order).decode()
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", _BOOT, str(_FOLDER.parent), str(_FOLDER),
        stdin=file, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True,
    )  # fmt: skip


async def _answer(
    process: Process, name: str, on_page: OnPage | None, limits: Limits, deadline: asyncio.Timeout
) -> ReadDocument:
    """Follows the frames up to the one that ends the reading; each recognition puts the deadline off."""
    recognitions = 0
    if process.stdout is None:
        raise _NoAnswer
    largest = 64 * 2**20 + 16 * limits.max_characters
    while True:
        try:
            kind, length = wire.HEADER.unpack(await process.stdout.readexactly(wire.HEADER.size))
            if length > largest:
                raise _nonsense(name)
            payload = await process.stdout.readexactly(length)
            match kind:
                case wire.PROGRESS:
                    if on_page:
                        on_page(*wire.PAGES.unpack(payload))
                case wire.RECOGNITION if recognitions < limits.max_recognitions:
                    recognitions += 1
                    deadline.reschedule((deadline.when() or 0.0) + limits.recognition_seconds)
                case wire.DOCUMENT:
                    return await asyncio.to_thread(wire.documents.validate_json, payload)
                case wire.FAILURE:
                    raise _failure(wire.failures.validate_json(payload), name)
                case _:
                    raise _nonsense(name)
        except asyncio.IncompleteReadError:
            raise _NoAnswer from None
        except ValidationError:
            raise _nonsense(name) from None


def _failure(failure: wire.Failure, name: str) -> UnreadableDocument | TooLarge:
    if failure.trace:
        _log.warning("A reader failed on %s:\n%s", quoted(name), failure.trace)
    return TooLarge(failure.message) if failure.error == "TooLarge" else UnreadableDocument(failure.message)


def _nonsense(name: str) -> UnreadableDocument:
    return UnreadableDocument(f"{quoted(name)} confused its reader: it is damaged, or was made to do harm.")


def _how_it_ended(code: int | None, name: str, limits: Limits) -> str:
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


async def _end(process: Process) -> None:
    """Ends the process if it still runs, and waits until it and its pipe are gone."""
    if process.returncode is None:
        # Not Process.kill(): that may take the status away from the watcher, which then makes one up.
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    await process.communicate()
