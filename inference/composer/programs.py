"""Toolchains made ready to run, by the hash of their text."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

from inference.composer.catalogue import digest
from inference.composer.program import Program
from inference.composer.validation import read_toolchain


class Programs:
    """The last used programs of this process."""

    def __init__(self, keep: int = 512) -> None:
        self._keep = keep
        self._held: dict[bytes, Program] = {}
        self._loading: asyncio.Task[Any] | None = None

    def get(self, key: bytes, definition: dict[str, Any]) -> Program:
        """The program of a definition whose hash is `key`. Raises InvalidInput when it has faults."""
        found = self._held.pop(key, None) or Program(read_toolchain(definition, cases=False))
        self._held[key] = found
        if len(self._held) > self._keep:
            del self._held[next(iter(self._held))]
        return found

    def of(self, definition: dict[str, Any]) -> Program:
        """The program of a definition. Raises InvalidInput when it has faults."""
        return self.get(digest(definition), definition)

    def expect_graphs(self) -> asyncio.Task[Any]:
        """Begins to load what graphs are made with, unless that was begun and has not failed. LangGraph takes 30 MB
        and a third of a second: a process without graphs spares them, and others serve meanwhile."""
        if self._loading is None or (self._loading.done() and self._loading.exception()):
            self._loading = asyncio.create_task(asyncio.to_thread(import_module, "inference.composer.compiler"))
        return self._loading

    async def ready(self, program: Program) -> None:
        """Returns when the program can run without holding up the event loop."""
        if program.has_graphs:
            await asyncio.shield(self.expect_graphs())

    async def close(self) -> None:
        """Returns when nothing is being loaded."""
        if self._loading:
            await asyncio.wait({self._loading})
