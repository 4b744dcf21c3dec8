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


def _added(before: Any, after: Any) -> Any:
    """What was added at the end; None when it is not only that."""
    if isinstance(before, str) and isinstance(after, str) and after.startswith(before):
        return after[len(before) :]
    if is_array(before) and is_array(after) and after[: len(before)] == before:
        return after[len(before) :]
    return None


async def load_thread(storage: Storage, toolchain: Toolchain, run: Based) -> ThreadValues:
    """The values as they were when the run first began."""
    values = beginning({name: key for name, key in toolchain.state.items() if key.scope == "thread"})
    pieces: dict[str, int] = {}
    if values and run.base_thread and run.base_sequence:
        for key, operation, value in await storage.steps.thread_values(run.user_id, run.base_thread, run.base_sequence):
            if key not in values:
                continue
            values[key] = value if operation == "set" else values[key] + value
            pieces[key] = 1 if operation == "set" else pieces.get(key, 0) + 1
    return ThreadValues(values, pieces)
