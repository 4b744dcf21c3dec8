"""What is added to runs by whoever carries them: steps, events, and how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as it is recorded. `body` is JSON as bytes."""

    sequence: int
    key: str
    kind: str
    shared: bool
    body: bytes
    duration_ms: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it is stored. `data` is JSON as PostgreSQL takes it (`kept_json`)."""

    sequence: int
    event: str
    data: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended, or that it is `waiting` for `pauses` until `wake_at`; and what it leaves to its thread: (key,
    `set` or `extend`, value). What is JSON is written as `kept_json` writes it."""

    status: str
    output: str | None = None
    error: str | None = None
    time: str = "{}"
    pauses: str = "[]"
    wake_at: datetime | None = None
    thread_values: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """The end or pause of a run has been stored: whether other runs of the user wait for a turn, and the number of the
    last value that it left to its thread."""

    others_wait: bool
    thread_sequence: int | None = None


@dataclass(slots=True)
class RunEntry:
    """What is to be stored of a run together, by whoever carries its `epoch`. `held` turns False when that is somebody
    else by now, or nobody: nothing was stored then. `ended` is there when an `ending` was stored."""

    run: int
    epoch: int
    steps: Sequence[StepRow] = ()
    events: Sequence[EventRow] = ()
    ending: Ending | None = None
    held: bool = field(default=True, init=False)
    ended: Ended | None = field(default=None, init=False)


def columns_of(entries: Sequence[RunEntry]) -> tuple[list[Any], ...]:
    """Entries as `run.append` takes them: one list a column."""
    steps = [(entry.run, step) for entry in entries for step in entry.steps]
    events = [(entry.run, event) for entry in entries for event in entry.events]
    endings = [(entry.run, entry.ending) for entry in entries if entry.ending]
    left = [(run, *value) for run, ending in endings for value in ending.thread_values]
    return (
        [e.run for e in entries], [e.epoch for e in entries],
        [run for run, _ in steps], [s.sequence for _, s in steps], [s.key for _, s in steps],
        [s.kind for _, s in steps], [s.shared for _, s in steps], [s.body for _, s in steps],
        [s.duration_ms for _, s in steps], [s.at for _, s in steps],
        [run for run, _ in events], [e.sequence for _, e in events], [e.event for _, e in events],
        [e.data for _, e in events], [e.at for _, e in events],
        [run for run, _ in endings], [e.status for _, e in endings], [e.output for _, e in endings],
        [e.error for _, e in endings], [e.time for _, e in endings], [e.pauses for _, e in endings],
        [e.wake_at for _, e in endings],
        [row[0] for row in left], [row[1] for row in left], [row[2] for row in left], [row[3] for row in left],
    )  # fmt: skip
