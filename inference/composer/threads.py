"""What a thread remembers from one run to the next: the state keys of scope `thread`."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from db import Storage
from inference.composer.state import beginning
from inference.json_values import is_array
from inference.models.toolchain import Toolchain

# After so many additions a value is stored whole again, so that it is never read from more pieces than this.
_MOST_PIECES = 64


class Based(Protocol):
    """A run as far as what it found on its thread."""

    @property
    def user_id(self) -> int: ...
    @property
    def base_thread(self) -> UUID | None: ...
    @property
    def base_sequence(self) -> int | None: ...


class ThreadValues:
    """The values that a run found on its thread."""

    def __init__(self, values: dict[str, Any], pieces: dict[str, int]) -> None:
        self.values, self._pieces = values, pieces

    def changes(self, now: dict[str, Any], *, same: bool) -> tuple[tuple[str, str, Any], ...]:
        """What to store so that the next run finds the values of `now`, as (key, `set` or `extend`, value). A list or
        text that only grew costs what was added. `same`: the values were found on the thread that they go to."""
        found: list[tuple[str, str, Any]] = []
        for key, before in self.values.items():
            after = now.get(key)
            if same and after == before:
                continue
            grown = _added(before, after) if same and self._pieces.get(key, _MOST_PIECES) < _MOST_PIECES else None
            found.append((key, "set", after) if grown is None else (key, "extend", grown))
        return tuple(found)

    def after(self, changes: tuple[tuple[str, str, Any], ...], now: dict[str, Any]) -> ThreadValues:
        """What the next run finds when these changes have been stored."""
        pieces = dict(self._pieces)
        for key, operation, _ in changes:
            pieces[key] = 1 if operation == "set" else pieces.get(key, 0) + 1
        return ThreadValues({key: now.get(key) for key in self.values}, pieces)


class Threads:
    """Threads as runs left them that this process carried: the next one need not read them."""

    def __init__(self, keep: int = 64) -> None:
        self._keep = keep
        self._held: dict[tuple[int, UUID], tuple[int, ThreadValues]] = {}

    def put(self, user: int, thread: UUID, sequence: int, values: ThreadValues) -> None:
        """Remembers a thread as it is at a sequence number."""
        self._held.pop((user, thread), None)
        self._held[user, thread] = sequence, values
        if len(self._held) > self._keep:
            del self._held[next(iter(self._held))]

    def find(self, run: Based, keys: set[str]) -> ThreadValues | None:
        """The thread as the run finds it, unless it went on elsewhere, or for other keys."""
        held = self._held.get((run.user_id, run.base_thread)) if run.base_thread else None
        if held is None or held[0] != run.base_sequence or held[1].values.keys() != keys:
            return None
        return held[1]


def _added(before: Any, after: Any) -> Any:
    """What was added at the end; None when it is not only that."""
    if isinstance(before, str) and isinstance(after, str) and after.startswith(before):
        return after[len(before) :]
    if is_array(before) and is_array(after) and after[: len(before)] == before:
        return after[len(before) :]
    return None


async def load_thread(
    storage: Storage, toolchain: Toolchain, run: Based, threads: Threads | None = None
) -> ThreadValues:
    """The values as they were when the run first began."""
    values = beginning({name: key for name, key in toolchain.state.items() if key.scope == "thread"})
    if values and threads and (held := threads.find(run, set(values))):
        return held
    pieces: dict[str, int] = {}
    if values and run.base_thread and run.base_sequence:
        for key, operation, value in await storage.steps.thread_values(run.user_id, run.base_thread, run.base_sequence):
            if key not in values:
                continue
            values[key] = value if operation == "set" else values[key] + value
            pieces[key] = 1 if operation == "set" else pieces.get(key, 0) + 1
    return ThreadValues(values, pieces)
