"""Writes of many, committed together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from db.errors import DatabaseUnreachable
from inference.errors import Unavailable

T = TypeVar("T")


class GroupCommit(Generic[T]):
    """Brings what is written while one commit is under way into the next, so that one wait for the disk serves all.

        group = GroupCommit(store_many)
        await group.write(item)  # when this returns, a batch with the item has been committed

    `flush` stores a batch as a whole, or raises and stores nothing of it. One is under way at most; batches keep the
    order of the calls and hold `most` items at most. When a batch fails, its items are tried again one by one, so that
    an item's fault is its writer's alone. A lost connection is nobody's fault: all of the batch get DatabaseUnreachable
    and whether it was committed is not known, so items are to be such that storing one twice does no harm. An item
    whose writer was cancelled before its batch began is left out.
    """

    def __init__(self, flush: Callable[[Sequence[T]], Awaitable[None]], most: int = 256) -> None:
        self._flush = flush
        self._most = most
        self._waiting: deque[tuple[T, asyncio.Future[None]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def write(self, item: T) -> None:
        """Returns when the item is committed. Raises what `flush` raised for it, and Unavailable after `close`."""
        await self.hand_over(item)

    def hand_over(self, item: T) -> asyncio.Future[None]:
        """As `write`, for whoever goes on in the meantime: done when the item is committed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._closed:
            done.set_exception(Unavailable("This process is stopping and stores nothing more. Try again in a moment."))
            return done
        self._waiting.append((item, done))
        if self._task is None:
            # It begins after everything that is ready to run now has run, and so takes along what that writes. It works
            # for many: nothing of the first writer's context is to be seen in it.
            self._task = asyncio.create_task(self._drain(), context=Context())
        return done

    async def close(self) -> None:
        """Takes no more; returns when all that was taken is committed or has failed."""
        self._closed = True
        if self._task:
            await asyncio.wait([self._task])

    async def _drain(self) -> None:
        batch: list[tuple[T, asyncio.Future[None]]] = []
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                await self._commit([entry for entry in batch if not entry[1].done()])
        finally:
            # Somebody still waits only when this task was cancelled, which a loop does when it ends.
            for _, done in (*batch, *self._waiting):
                done.cancel()
            self._waiting.clear()
            self._task = None

    async def _commit(self, batch: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        fault = await self._attempt(batch)
        if fault is None or isinstance(fault, DatabaseUnreachable) or len(batch) == 1:
            _tell(batch, fault)
            return
        for number, entry in enumerate(batch):
            fault = await self._attempt([entry])
            if isinstance(fault, DatabaseUnreachable):
                _tell(batch[number:], fault)
                return
            _tell([entry], fault)

    async def _attempt(self, batch: Sequence[tuple[T, asyncio.Future[None]]]) -> Exception | None:
        try:
            if batch:
                await self._flush([item for item, _ in batch])
        except Exception as error:
            return error
        return None


def _tell(batch: Sequence[tuple[T, asyncio.Future[None]]], fault: Exception | None) -> None:
    for _, done in batch:
        if done.done():  # its writer was cancelled while the batch was under way
            continue
        if fault is None:
            done.set_result(None)
        else:
            done.set_exception(_own(fault))


def _own(fault: Exception) -> Exception:
    """For each waiter an error of its own: one that is raised in many places would gather the tracebacks of all."""
    if not isinstance(fault, DatabaseUnreachable):
        return fault
    own = DatabaseUnreachable(fault.message)
    own.__cause__ = fault
    return own
