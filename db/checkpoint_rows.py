"""Checkpoints as rows, and the statements that keep and find them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg

from db.errors import translated
from db.table import Table
from inference.errors import Conflict

if TYPE_CHECKING:
    from asyncpg import Record

# Comes after every identifier, in the order of bytes.
LAST = "\U0010ffff"
# Values come with the rows and may be large: few at a time.
_PAGE = 20


class Place(NamedTuple):
    """A namespace of a thread: the graph's own is empty, a subgraph has one for each of its runs."""

    thread: str
    namespace: str


class CheckpointRow(NamedTuple):
    """A row of `checkpoints`. `body` is what neither other columns nor other tables hold."""

    thread: str
    namespace: str
    id: str
    parent: str | None
    channel_versions: dict[str, str]
    body_type: str
    body: bytes
    metadata: dict[str, Any]


class ValueRow(NamedTuple):
    """A row of `checkpoint_values`."""

    thread: str
    namespace: str
    channel: str
    version: str
    type: str
    value: bytes


class WriteRow(NamedTuple):
    """A row of `checkpoint_writes`. Of those with a `position` below zero the last one counts, of others the first."""

    thread: str
    namespace: str
    checkpoint: str
    task: str
    position: int
    path: str
    channel: str
    type: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What one call keeps: a checkpoint with the values that changed, or writes."""

    checkpoints: Sequence[CheckpointRow] = ()
    values: Sequence[ValueRow] = ()
    writes: Sequence[WriteRow] = ()

    @property
    def size(self) -> int:
        """Bytes, nearly."""
        return sum(len(row.value) for row in (*self.values, *self.writes)) + sum(len(c.body) for c in self.checkpoints)


def columns(batch: Iterable[Entry]) -> list[list[Any]]:
    """The arguments of `checkpoint.write`: an array per column, each key once, as if the calls had come one by one."""
    checkpoints: dict[tuple[str, ...], CheckpointRow] = {}
    values: dict[tuple[str, ...], ValueRow] = {}
    writes: dict[tuple[str | int, ...], WriteRow] = {}
    for entry in batch:
        checkpoints |= {row[:3]: row for row in entry.checkpoints}
        for value in entry.values:
            values.setdefault(value[:4], value)
        for write in entry.writes:
            if write.position < 0:
                writes[write[:5]] = write
            else:
                writes.setdefault(write[:5], write)
    return [
        *_turned(CheckpointRow._fields, checkpoints.values()),
        *_turned(ValueRow._fields, values.values()),
        *_turned(WriteRow._fields, writes.values()),
    ]


def _turned(fields: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in fields]


class CheckpointTable(Table):
    """Storage of checkpoints, their values and their writes."""

    async def write(self, batch: Iterable[Entry]) -> None:
        """Keeps all of them, or none, in one statement."""
        await self._run("checkpoint.write", *columns(batch))

    async def get(self, place: Place, checkpoint: str | None) -> Record | None:
        """A row of the view checkpoint_states; without an id the newest."""
        return await self._row("checkpoint.get", *place, checkpoint)

    async def list(
        self, place: Place, before: str, metadata: dict[str, Any], limit: int | None
    ) -> AsyncGenerator[Record]:
        """Rows of checkpoint_states, newest first, a page at a time: nothing is held between them."""
        while limit is None or limit > 0:
            size = _PAGE if limit is None else min(_PAGE, limit)
            rows = await self._rows("checkpoint.list", *place, before, metadata, size)
            for row in rows:
                yield row
            if len(rows) < size:
                return
            before = rows[-1]["checkpoint_id"]
            limit = limit and limit - size

    async def search(
        self,
        wanted: tuple[str | None, str | None, str | None],
        before: str,
        metadata: dict[str, Any],
        limit: int | None,
    ) -> AsyncGenerator[Record]:
        """The same of any thread, namespace or id that is not given."""
        after = (before, "", "")
        while limit is None or limit > 0:
            size = _PAGE if limit is None else min(_PAGE, limit)
            rows = await self._rows("checkpoint.search", *wanted, *after, metadata, size)
            for row in rows:
                yield row
            if len(rows) < size:
                return
            after = (rows[-1]["checkpoint_id"], rows[-1]["thread_id"], rows[-1]["checkpoint_ns"])
            limit = limit and limit - size

    async def delta_history(self, place: Place, checkpoint: str | None, channels: Sequence[str]) -> Sequence[Record]:
        """(seed, channel, task_id, value_type, value): of what the channels are made, oldest first."""
        return await self._rows("checkpoint.delta_history", *place, checkpoint, channels)

    async def delete_threads(self, threads: Sequence[str]) -> None:
        await self._run("checkpoint.delete_threads", threads)

    async def thin(self, *, threads: Sequence[str] = (), runs: Sequence[str] = ()) -> None:
        """Deletes all but the newest checkpoints of threads, and those of runs, but none that another one needs."""
        await self._run("checkpoint.thin", threads, runs)

    async def copy_thread(self, thread: str, to: str) -> None:
        """Raises Conflict when there is a thread `to` already."""
        taken = Conflict(f"There is a thread '{to}' already. Copy into a new one.")
        try:
            with translated("checkpoint.copy_thread"):
                if await self._value("checkpoint.copy_thread", thread, to):
                    raise taken
        except asyncpg.UniqueViolationError as error:
            raise taken from error
