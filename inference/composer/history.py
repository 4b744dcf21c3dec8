"""What recorded steps tell: the state at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol
from uuid import UUID

from db import StepRow, Storage
from inference.composer.journal import recorded_of
from inference.composer.scope import Recorded
from inference.composer.state import applied, beginning
from inference.composer.threads import Based, load_thread
from inference.models.toolchain import StateKey, Toolchain


async def beginning_of(storage: Storage, toolchain: Toolchain, run: Based) -> dict[str, Any]:
    """The state before a run's first step."""
    return beginning(toolchain.state) | (await load_thread(storage, toolchain, run)).values


def states(
    keys: dict[str, StateKey], values: dict[str, Any], steps: Sequence[StepRow]
) -> Iterator[tuple[StepRow, Recorded, dict[str, Any]]]:
    """Every step with the state behind it. What the elements of a map write is written when the map has ended; what
    another toolchain writes within the run stays there."""
    for step in steps:
        recorded = recorded_of(step.body)
        if step.shared:
            values = applied(keys, values, recorded.writes)
        yield step, recorded, values


async def state_of(storage: Storage, toolchain: Toolchain, run: Based, steps: Sequence[StepRow]) -> dict[str, Any]:
    """The state behind the last of these steps."""
    found = await beginning_of(storage, toolchain, run)
    for _, _, here in states(toolchain.state, found, steps):
        found = here
    return found


class Ended(Based, Protocol):
    """A run that leaves something to its thread."""

    @property
    def id(self) -> int: ...
    @property
    def thread_id(self) -> UUID: ...


async def left_on_thread(storage: Storage, toolchain: Toolchain, run: Ended) -> tuple[tuple[str, str, Any], ...]:
    """What a run that was broken off leaves to its thread: what its recorded steps had written."""
    if not any(key.scope == "thread" for key in toolchain.state.values()):
        return ()
    found = await load_thread(storage, toolchain, run)
    values = await state_of(storage, toolchain, run, await storage.steps.list(run.id))
    return found.changes(values, same=run.base_thread in (None, run.thread_id))
