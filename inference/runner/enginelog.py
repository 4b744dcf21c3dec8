"""The last lines that an engine wrote, over all its starts."""

from __future__ import annotations

import asyncio
from collections import deque

KEPT_LINES = 2000
KEPT_BYTES = 256 * 1024
LONGEST_LINE = 2000


class EngineLog:
    """A ring of lines, bounded by their number and their characters together."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._size = 0
        self.dropped = 0

    def add(self, line: str) -> None:
        line = line[:LONGEST_LINE]
        self._lines.append(line)
        self._size += len(line)
        while len(self._lines) > KEPT_LINES or self._size > KEPT_BYTES:
            self._size -= len(self._lines.popleft())
            self.dropped += 1

    def last(self, lines: int) -> list[str]:
        """The last so many, oldest first."""
        return list(self._lines)[-lines:]

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Adds what comes until the end. A line that does not end is cut; bytes that are no UTF-8 are shown as such."""
        rest = b""
        while part := await stream.read(1 << 14):
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                self._add_bytes(line)
            if len(rest) > LONGEST_LINE * 4:
                self._add_bytes(rest)
                rest = b""
        if rest:
            self._add_bytes(rest)

    def _add_bytes(self, line: bytes) -> None:
        self.add(line.decode(errors="backslashreplace").rstrip("\r"))
