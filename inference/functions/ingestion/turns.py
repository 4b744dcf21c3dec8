"""Whose turn it is within a process: words come before meaning, across documents too."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

# Reading is done in processes of their own, each of which takes a core.
_READING_AT_ONCE = 2
_EMBEDDING_AT_ONCE = 4
# What a batch waits for others' words at most, so that those who never stop bringing files do not stop it.
_PATIENCE_SECONDS = 5.0


class Turns:
    """The turns of one event loop. Many runs wait here at little cost; few of them work at once."""

    def __init__(self) -> None:
        self._reading = asyncio.Semaphore(_READING_AT_ONCE)
        self._embedding = asyncio.Semaphore(_EMBEDDING_AT_ONCE)
        self._no_words = asyncio.Event()
        self._no_words.set()
        self._on_their_way = 0

    @asynccontextmanager
    async def words(self) -> AsyncGenerator[None]:
        """For a step that brings a document nearer to being found by words."""
        self._on_their_way += 1
        self._no_words.clear()
        try:
            async with self._reading:
                yield
        finally:
            self._on_their_way -= 1
            if not self._on_their_way:
                self._no_words.set()

    @asynccontextmanager
    async def meaning(self) -> AsyncGenerator[None]:
        """For a document that is embedded."""
        async with self._embedding:
            yield

    async def words_first(self) -> None:
        """Before a batch: returns when no document waits for its words any more, or has done so for long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._no_words.wait(), _PATIENCE_SECONDS)


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


def turns() -> Turns:
    """Those of the running event loop."""
    return _turns.setdefault(asyncio.get_running_loop(), Turns())
