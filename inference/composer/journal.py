"""What a run leaves behind while it is carried, and what it found of earlier processes."""

from __future__ import annotations

from typing import Any

import orjson

from db import Ended, Ending, GroupCommit, RunEntry, StartedRun, StepRow
from inference.composer.buffer import RunBuffer
from inference.composer.scope import Recorded
from inference.composer.state import Write
from inference.errors import InvalidInput, LimitReached

# The repeatable work that may be lost with a process: what began longer ago is waited for. A commit takes a few
# hundredths of it.
UNRECORDED_SECONDS = 0.02
LARGEST_STEP = 64 << 20


def body_of(recorded: Recorded) -> bytes:
    """A step as it is stored. Raises InvalidInput when it is not JSON, LimitReached when it is too large."""
    try:
        body = orjson.dumps(
            {
                "result": recorded.result,
                "writes": recorded.writes,
                "error": recorded.error,
                "skipped": recorded.skipped,
            },
            option=orjson.OPT_NON_STR_KEYS,
        )
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"What the node gave cannot be kept: {error}.") from None
    if len(body) > LARGEST_STEP:
        raise LimitReached(
            f"The node gave {len(body) >> 20} MB; a step may hold {LARGEST_STEP >> 20}. Keep large things as documents."
        )
    return body


def recorded_of(body: bytes) -> Recorded:
    """A step as it was stored."""
    held = orjson.loads(body)
    writes = tuple((name, how, value) for name, how, value in held["writes"])
    return Recorded(held["result"], writes, held["error"], held["skipped"])


class RunJournal:
    """The record of one run, for the process that carries it."""

    def __init__(self, group: GroupCommit[RunEntry], run: StartedRun) -> None:
        self._run = run
        self._buffer = RunBuffer(group, run)
        self._durable = True
        self._recorded: dict[str, Recorded] = {}
        # What forks changed, in order; how many of these lie before a recorded step; and how many have been written.
        self._edits: list[tuple[Write, ...]] = []
        self._edits_before: dict[str, int] = {}
        self._written = 0

    def begin(self, steps: list[StepRow], *, durable: bool) -> None:
        """Takes up what was recorded before this process took the run. One that is not `durable` records no steps."""
        self._durable = durable
        for step in steps:
            recorded = recorded_of(step.body)
            if step.kind == "edit":
                self._edits.append(recorded.writes)
            else:
                self._recorded[step.key] = recorded
                self._edits_before[step.key] = len(self._edits)

    def find(self, key: str) -> Recorded | None:
        """What a step gave that was recorded before this process took the run."""
        return self._recorded.get(key)

    @property
    def edits(self) -> int:
        """How many times forks changed something."""
        return len(self._edits)

    def take_edits(self, key: str | None, seen: int) -> list[tuple[tuple[Write, ...], bool]]:
        """What forks changed before a step, without the first `seen` changes: each with whether this is the first call
        for it. A step that is not on record, or None, lies behind all of them."""
        until = len(self._edits) if key is None else self._edits_before.get(key, len(self._edits))
        taken = [(self._edits[place], place >= self._written) for place in range(seen, until)]
        self._written = max(self._written, until)
        return taken

    def begun(self, key: str) -> bool:
        """Whether steps within a node were recorded before this process took the run."""
        return any(name.startswith((f"{key}[", f"{key}.")) for name in self._recorded)

    def emit(self, event: str, data: dict[str, Any], *, hurry: bool = True) -> None:
        """Tells something, soon; without `hurry` a little later, with what comes by then. Raises InvalidInput when it
        is not JSON, LimitReached when it has been too much."""
        self._buffer.tell(event, data, hurry=hurry)

    async def enter(self, key: str, *, acts: bool) -> None:
        """Returns when a node's work may begin: when it `acts`, all before it is on record. Of a run that has lost a
        process before, a trace of where it is comes first: should this one die too, that is known. Raises RunLost and
        RecordFailed."""
        if self._run.attempts > 1:
            self.emit("state", {"node": key, "path": "attempt", "value": self._run.attempts})
            await self.store()
        elif acts and self._durable:
            await self.store()

    async def record(
        self, key: str, kind: str, recorded: Recorded, *, shared: bool, duration_ms: float, wait: bool | None
    ) -> None:
        """Records a step. With `wait` it is on record when this returns; with None it is when work that began more than
        UNRECORDED_SECONDS ago is not on record. Raises InvalidInput when it is not JSON, LimitReached when it is too
        large, RunLost and RecordFailed."""
        if not self._durable:
            return
        self._buffer.add(key, kind, body_of(recorded), shared=shared, duration_ms=duration_ms)
        if wait or (wait is None and self._buffer.age > UNRECORDED_SECONDS):
            await self.store()

    async def store(self) -> None:
        """Returns when everything so far is on record. Raises RunLost when another process carries the run, and
        RecordFailed when something cannot be kept."""
        await self._buffer.store()

    async def end(self, ending: Ending, event: str, data: dict[str, Any]) -> Ended:
        """As RunBuffer.end."""
        return await self._buffer.end(ending, event, data)

    def close(self) -> None:
        """Stores nothing more by itself."""
        self._buffer.close()
