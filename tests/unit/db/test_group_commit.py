"""Writes that come while one is under way go together, and each writer learns what became of its own."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Sequence

import pytest

from db import DatabaseUnreachable, GroupCommit
from inference.errors import InvalidInput, Unavailable


class Disk:
    """Stores batches, one when the test says so; refuses those that hold something it does not like."""

    def __init__(self) -> None:
        self.attempts: list[list[str]] = []
        self.stored: list[str] = []
        self.gone = False
        self._free = asyncio.Event()
        self._free.set()

    def hold(self) -> None:
        self._free.clear()

    def go_on(self) -> None:
        self._free.set()

    async def flush(self, batch: Sequence[str]) -> None:
        self.attempts.append(list(batch))
        await self._free.wait()
        if self.gone:
            raise DatabaseUnreachable("The database does not answer now.")
        for item in batch:
            if item.startswith("bad"):
                raise InvalidInput(f"{item} cannot be kept.")
            if item == "cut":
                self.gone = True
                raise DatabaseUnreachable("The database does not answer now.")
        self.stored += batch


def writes(group: GroupCommit[str], *items: str) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(group.write(item)) for item in items]


async def begun() -> None:
    """Lets everything that is ready run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def results(tasks: Sequence[asyncio.Task[None]]) -> list[str]:
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    return [type(outcome).__name__ if outcome else "stored" for outcome in outcomes]


async def test_what_comes_during_a_flush_goes_together_in_order() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    disk.hold()
    first = writes(group, "a")
    await begun()
    later = writes(group, "b", "c", "d")
    await begun()
    assert disk.attempts == [["a"]], "one is under way at most"
    assert not any(task.done() for task in (*first, *later)), "nobody is told before the disk has it"
    disk.go_on()
    assert await results([*first, *later]) == ["stored"] * 4
    assert disk.attempts == [["a"], ["b", "c", "d"]]


async def test_what_is_written_at_once_is_one_batch() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    await results(writes(group, "a", "b", "c"))
    assert disk.attempts == [["a", "b", "c"]]


async def test_a_batch_has_a_limit() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush, most=2)
    await results(writes(group, "a", "b", "c", "d", "e"))
    assert disk.attempts == [["a", "b"], ["c", "d"], ["e"]]


async def test_a_fault_is_its_writers_alone() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    assert await results(writes(group, "a", "bad 1", "b", "bad 2")) == [
        "stored",
        "InvalidInput",
        "stored",
        "InvalidInput",
    ]
    assert disk.stored == ["a", "b"], "each once, in order"
    with pytest.raises(InvalidInput, match="bad 3"):
        await group.write("bad 3")
    await group.write("c")
    assert disk.stored == ["a", "b", "c"]


async def test_a_lost_connection_is_told_to_all() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    tasks = writes(group, "a", "cut", "b")
    assert await results(tasks) == ["DatabaseUnreachable"] * 3
    assert disk.attempts == [["a", "cut", "b"]], "nothing is tried again on what is gone"
    assert len({id(task.exception()) for task in tasks}) == 3, "an error of its own for each"
    disk.gone = False
    await group.write("c")
    assert disk.stored == ["c"]


async def test_a_connection_lost_between_two_attempts_ends_them() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    # The batch fails at "bad"; one by one "a" is stored, "bad" refused, and at "cut" the database goes.
    assert await results(writes(group, "a", "bad", "cut", "b", "c")) == [
        "stored", "InvalidInput", "DatabaseUnreachable", "DatabaseUnreachable", "DatabaseUnreachable",
    ]  # fmt: skip
    assert disk.attempts == [["a", "bad", "cut", "b", "c"], ["a"], ["bad"], ["cut"]]


async def test_a_writer_that_gives_up_disturbs_nobody() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    disk.hold()
    under_way = writes(group, "a", "b")
    await begun()
    waiting = writes(group, "c", "d")
    await begun()
    under_way[0].cancel()
    waiting[0].cancel()
    await begun()
    disk.go_on()
    assert await results([*under_way, *waiting]) == ["CancelledError", "stored", "CancelledError", "stored"]
    assert disk.attempts == [["a", "b"], ["d"]], "what had begun goes on, what had not is left out"


async def test_closing_waits_and_takes_no_more() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    disk.hold()
    tasks = writes(group, "a")
    await begun()
    tasks += writes(group, "b")
    await begun()
    closing = asyncio.create_task(group.close())
    await begun()
    assert not closing.done()
    with pytest.raises(Unavailable, match="stopping"):
        await group.write("c")
    disk.go_on()
    await closing
    assert disk.stored == ["a", "b"]
    assert await results(tasks) == ["stored", "stored"]
    await group.close()


async def test_nothing_runs_while_nothing_is_written() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    before = asyncio.all_tasks()
    await group.write("a")
    await begun()
    assert asyncio.all_tasks() == before
    await group.close()


async def test_a_flush_that_is_ended_leaves_nobody_waiting() -> None:
    disk = Disk()
    group = GroupCommit(disk.flush)
    disk.hold()
    before = asyncio.all_tasks()
    tasks = writes(group, "a")
    await begun()
    tasks += writes(group, "b")
    await begun()
    (drain,) = asyncio.all_tasks() - before - set(tasks)
    drain.cancel()
    assert await results(tasks) == ["CancelledError", "CancelledError"]
    disk.go_on()
    await group.write("c")
    assert disk.stored == ["c"], "and the next write begins anew"


async def test_a_writers_context_stays_its_own() -> None:
    request = contextvars.ContextVar("request", default="none")
    seen: list[str] = []

    async def flush(_: Sequence[str]) -> None:
        seen.append(request.get())

    request.set("of the first writer")
    await GroupCommit(flush).write("a")
    assert seen == ["none"]
