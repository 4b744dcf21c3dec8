"""What happens in runs: the steps that are recorded, the events that tell of them, and what threads remember."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from db.entries import StepRow
from db.pool import json_text
from db.table import Table
from inference.models.runs import RunEvent


class Steps(Table):
    """Storage of steps, events and threads' values."""

    async def list(self, run: int, after: int = 0, limit: int | None = None) -> list[StepRow]:
        """The steps of a run in order."""
        return [StepRow(**row) for row in await self._rows("run_step.list", run, after, limit)]

    async def add(self, run: int, key: str, kind: str, body: bytes) -> None:
        """Adds a step that no process made."""
        await self._run("run_step.add", run, key, kind, body)

    async def forget(self, run: int) -> None:
        """Forgets the steps of a run: when it goes on, it begins anew."""
        await self._run("run_step.delete", run)

    async def copy(self, source: int, target: int, last: int) -> None:
        """Copies the steps of a run up to `last`."""
        await self._run("run_step.copy", source, target, last)

    async def add_event(self, run: int, event: str, data: dict[str, Any]) -> None:
        """Adds an event to a run that nobody carries."""
        await self._run("run_event.add", run, event, data)

    async def events_after(self, run: int, sequence: int, limit: int = 1000) -> list[RunEvent]:
        return [RunEvent(**row) for row in await self._rows("run_event.after", run, sequence, limit)]

    async def node_events(self, run: int) -> list[tuple[str, dict[str, Any], datetime]]:
        """(event, data, time) of the starts and ends of nodes, in order."""
        return [(row["event"], row["data"], row["at"]) for row in await self._rows("run_event.nodes", run)]

    async def last_entered(self, run: int) -> str | None:
        """The node that a run which had lost a process before was about to begin when it lost the last one."""
        return await self._value("run_event.last_entered", run)

    async def thread_values(self, user: int, thread: UUID, sequence: int) -> list[tuple[str, str, Any]]:
        """(key, `set` or `extend`, value) in order, as they were at a sequence number."""
        rows = await self._rows("thread_value.read", user, thread, sequence)
        return [(row["key"], row["operation"], row["value"]) for row in rows]

    async def leave(self, user: int, thread: UUID, values: Sequence[tuple[str, str, Any]]) -> None:
        """Adds to what a thread remembers: (key, `set` or `extend`, value)."""
        if values:
            keys, operations, held = zip(*values, strict=True)
            texts = [json_text(value) for value in held]
            await self._run("thread_value.add", thread, user, list(keys), list(operations), texts)

    async def cached(self, user: int, key: bytes) -> bytes | None:
        """A result kept for the user, unless it has expired."""
        return await self._value("step_cache.get", user, key)

    async def cache(self, user: int, key: bytes, body: bytes, seconds: float) -> None:
        """Keeps a result for the user."""
        await self._run("step_cache.put", user, key, body, seconds)

    async def prune_cache(self) -> None:
        """Forgets what has expired."""
        await self._run("step_cache.prune")
