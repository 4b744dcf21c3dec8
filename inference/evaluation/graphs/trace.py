"""What nodes leave behind outside of everything that remembers runs: a line each time one is done. Nothing but the
standard library: the peer uses it too."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path

NODES = 10
# Long enough for a process to be killed within a node, short beside what is waited for afterwards.
NODE_SECONDS = 0.04


class Trace:
    """A file that nodes write to when they begin."""

    def __init__(self, path: str) -> None:
        self._path = path

    async def work(self, run: str, number: int) -> None:
        """The whole work of a node."""
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{run} {number}\n".encode())
        os.close(handle)
        await asyncio.sleep(NODE_SECONDS)


def begun(path: Path) -> Counter[tuple[str, int]]:
    """How often each node of each run has begun."""
    lines = path.read_text().splitlines() if path.exists() else []
    return Counter((run, int(number)) for run, number in (line.split() for line in lines))
