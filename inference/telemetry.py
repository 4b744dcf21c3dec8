"""Logging, and the life of a process of ours: it ends when it is told to, or when whoever started it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Generator
from typing import Any


def set_up_logging(process: str) -> None:
    """One line an entry on stderr, with the name of the process; PENSTOCK_LOG sets the level."""
    level = os.environ.get("PENSTOCK_LOG", "INFO").upper()
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        force=True,
        format=f"%(asctime)s {process:<7} %(levelname)-7s %(name)s: %(message)s",
    )
    for talkative in ("pgqueuer", "asyncio", "httpx", "langsmith"):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, logging.getLogger().level))


async def until_told_to_stop(*tasks: asyncio.Task[Any]) -> None:
    """Returns on SIGTERM, SIGINT, the end of standard input when it is a pipe, or the end of one of `tasks`, whose
    error it then raises. A child that is started with a pipe ends with whoever started it, even after kill -9."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with parent_pipe(stop):
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
    for task in tasks:
        if task.done():
            task.result()


@contextlib.contextmanager
def parent_pipe(stop: asyncio.Event) -> Generator[None]:
    """Sets `stop` at the end of standard input, if that is a pipe."""
    if os.environ.get("PENSTOCK_PARENT_PIPE") != "1":
        yield
        return
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(0, 4096):
            stop.set()
            loop.remove_reader(0)

    loop.add_reader(0, read)
    try:
        yield
    finally:
        loop.remove_reader(0)
