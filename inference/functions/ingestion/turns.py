"""Whose turn it is within a process: words come before meaning, across documents too."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from weakref import WeakKeyDictionary

# Reading is done in processes of their own, each of which takes a core. Cutting and storing take this process and
# PostgreSQL, so that they go on beside it.
_READING_AT_ONCE = 2
_INDEXING_AT_ONCE = 2
_EMBEDDING_AT_ONCE = 4
# What a batch or a document waits for others' words at most: those who never stop bringing files do not stop it.
_PATIENCE_SECONDS = 5.0


class Turns:
    """The turns of one event loop. Many runs wait here at little cost; few of them work at once."""

    def __init__(self) -> None:
        self._reading = asyncio.Semaphore(_READING_AT_ONCE)
        self._indexing = asyncio.Semaphore(_INDEXING_AT_ONCE)
        self._embedding = asyncio.Semaphore(_EMBEDDING_AT_ONCE)
        self._no_words = asyncio.Event()
        self._no_words.set()
        self._on_their_way = 0

    def reading(self) -> AbstractAsyncContextManager[None]:
        """For a document that is read."""
        return self._words(self._reading)

    def indexing(self) -> AbstractAsyncContextManager[None]:
        """For one that was read, until it is found by words. It does not wait for those that are to be read."""
        return self._words(self._indexing)

    @asynccontextmanager
    async def _words(self, turn: asyncio.Semaphore) -> AsyncGenerator[None]:
        self._on_their_way += 1
        self._no_words.clear()
        try:
            async with turn:
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
        """Before what is done for meaning: returns when no document waits for its words, or has for long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self._on_their_way:
                    await self._no_words.wait()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


def turns() -> Turns:
    """Those of the running event loop."""
    return _turns.setdefault(asyncio.get_running_loop(), Turns())
