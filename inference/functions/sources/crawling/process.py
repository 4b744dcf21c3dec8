"""Starts the crawling process and reads what it tells."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from pathlib import Path

from pydantic import ValidationError

from inference.errors import UpstreamFailed
from inference.functions.sources.crawling.wire import HEADER, LONGEST_MESSAGE, Order, Told, messages, orders

# `inference.functions` registers every function of the platform when it is imported, and brings the database with it.
# None of that belongs into a process that reads strangers' pages, so empty packages stand in their places.
_BOOT = """
import sys, types
for name, folder in zip(sys.argv[1::2], sys.argv[2::2]):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
from inference.functions.sources.crawling.worker import main
main()
"""
_FOLDER = Path(__file__).parent
_PACKAGES = {
    "inference.functions": _FOLDER.parent.parent,
    "inference.functions.web": _FOLDER.parent.parent / "web",
    "inference.functions.sources": _FOLDER.parent,
    "inference.functions.sources.crawling": _FOLDER,
}
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""What an interpreter may need. The rest, secrets among it, stays out of the process."""


async def crawl(order: Order) -> AsyncGenerator[tuple[Told, bytes]]:
    """What the crawl tells, with the bodies of pages, as it comes. Whoever stops asking ends it. Raises UpstreamFailed
    when the process ends before the crawl does."""
    environment = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    named = [str(part) for pair in _PACKAGES.items() for part in pair]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", _BOOT, *named,
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        await _give(process, order)
        while True:
            told, body = await _next(process, order.max_bytes)
            if told.kind == "end":
                return
            yield told, body
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.communicate()


async def _give(process: Process, order: Order) -> None:
    if process.stdin:
        process.stdin.write(orders.dump_json(order))
        with contextlib.suppress(ConnectionError):
            await process.stdin.drain()
        process.stdin.close()


async def _next(process: Process, max_bytes: int) -> tuple[Told, bytes]:
    try:
        if process.stdout is None:
            raise EOFError
        length, following = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
        if length > LONGEST_MESSAGE or following > max_bytes:
            raise EOFError
        told = messages.validate_json(await process.stdout.readexactly(length))
        return told, await process.stdout.readexactly(following)
    except (EOFError, ValidationError):
        raise UpstreamFailed("The crawl broke off. Run it again: pages that have not changed cost little.") from None
