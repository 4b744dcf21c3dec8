"""Whose turn it is within a process: words come before meaning, and users share what there is, across documents too."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NamedTuple
from weakref import WeakKeyDictionary

# Reading is done in processes of their own, each of which takes a core. Cutting and storing take this process and
# PostgreSQL, so that they go on beside it.
_READING_AT_ONCE = 2
_INDEXING_AT_ONCE = 2
_EMBEDDING_AT_ONCE = 4
# So many more, each of somebody of whom nothing as urgent is at work: a scan of hundreds of pages keeps its turn for
# minutes, and must not keep others from theirs.
_MORE = 4
# What a batch or a document waits for others' words at most: those who never stop bringing files do not stop it; and
# how long when none of them gets on.
_PATIENCE_SECONDS = 5.0
_STANDSTILL_SECONDS = 1.0


class Who(NamedTuple):
    """Of whom a document is, and how urgent: the higher the more."""

    user: int
    priority: int


class Turns:
    """The turns of one event loop. Many runs wait here at little cost; few of them work at once."""

    def __init__(self) -> None:
        self._reading = _Queue(_READING_AT_ONCE)
        self._indexing = _Queue(_INDEXING_AT_ONCE)
        self._embedding = _Queue(_EMBEDDING_AT_ONCE)
        self._no_words = asyncio.Event()
        self._no_words.set()
        self._on_their_way = 0
        self._moved = 0.0

    def reading(self, who: Who) -> AbstractAsyncContextManager[None]:
        """For a document that is read."""
        return self._words(self._reading, who)

    def indexing(self, who: Who) -> AbstractAsyncContextManager[None]:
        """For one that was read, until it is found by words. It does not wait for those that are to be read."""
        return self._words(self._indexing, who)

    @asynccontextmanager
    async def _words(self, queue: _Queue, who: Who) -> AsyncGenerator[None]:
        self._on_their_way += 1
        self._no_words.clear()
        self._moved = _now()
        try:
            async with queue.turn(who):
                yield
        finally:
            self._on_their_way -= 1
            self._moved = _now()
            if not self._on_their_way:
                self._no_words.set()

    def meaning(self, who: Who) -> AbstractAsyncContextManager[None]:
        """For a document that is embedded."""
        return self._embedding.turn(who)

    async def words_first(self) -> None:
        """Before what is done for meaning: returns when no document waits for its words, or has for long."""
        begun = _now()
        while self._on_their_way:
            left = min(begun + _PATIENCE_SECONDS, self._moved + _STANDSTILL_SECONDS) - _now()
            if left <= 0:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._no_words.wait()


class _Queue:
    """Lets so many work at once, and then whoever has least at work; of one user's the most urgent, then the first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._working: list[Who] = []
        self._waiting: dict[asyncio.Future[None], Who] = {}

    @asynccontextmanager
    async def turn(self, who: Who) -> AsyncGenerator[None]:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[mine] = who
        self._admit()
        try:
            await mine
            yield
        finally:
            if self._waiting.pop(mine, None) is None:
                self._working.remove(who)
            self._admit()

    def _admit(self) -> None:
        while may := [mine for mine, who in self._waiting.items() if not mine.done() and self._may(who)]:
            first = min(may, key=lambda mine: self._place(self._waiting[mine]))
            self._working.append(self._waiting.pop(first))
            first.set_result(None)

    def _may(self, who: Who) -> bool:
        if len(self._working) < self._most:
            return True
        return len(self._working) < self._most + _MORE and not any(
            other.user == who.user and other.priority >= who.priority for other in self._working
        )

    def _place(self, who: Who) -> tuple[int, int]:
        return sum(other.user == who.user for other in self._working), -who.priority


def _now() -> float:
    return asyncio.get_running_loop().time()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


def turns() -> Turns:
    """Those of the running event loop."""
    return _turns.setdefault(asyncio.get_running_loop(), Turns())
