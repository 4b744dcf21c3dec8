"""What the nodes of a run share, and what a stretch of nodes works on."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from inference.composer.state import State, Write
from inference.errors import LimitReached
from inference.functions import Context
from inference.models.runs import Pause, Round

if TYPE_CHECKING:
    from inference.composer.program import Program

Emit = Callable[[str, dict[str, Any]], None]

# More steps than a useful run takes: a loop within a loop that nobody meant.
MOST_STEPS = 50_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a step gave: its result and its writes to the state; whether it failed and another way was taken, or was
    skipped and has no result."""

    result: Any
    writes: tuple[Write, ...] = ()
    error: bool = False
    skipped: bool = False


class Journal(Protocol):
    """Where the steps of a run are recorded."""

    @property
    def edits(self) -> int:
        """How many times forks changed something."""
        ...

    def take_edits(self, key: str | None, seen: int) -> list[tuple[tuple[Write, ...], bool]]:
        """What forks changed before a step, without the first `seen` changes: each with whether this is the first call
        for it. A step that is not on record, or None, lies behind all of them."""
        ...

    def find(self, key: str) -> Recorded | None:
        """What a step gave that was recorded."""
        ...

    async def enter(self, key: str, *, acts: bool) -> None:
        """Returns when a node's work may begin: when it `acts`, everything before it is on record. Raises RunLost when
        another process carries the run, and RecordFailed."""
        ...

    def begun(self, key: str) -> bool:
        """Whether steps within a node were recorded."""
        ...

    async def record(
        self, key: str, kind: str, recorded: Recorded, *, shared: bool, duration_ms: float, wait: bool | None
    ) -> None:
        """Records a step. With `wait` it is on record when this returns, with None if too much would be lost with the
        process. Raises InvalidInput when it is not JSON, LimitReached when it is too large, and Halt."""
        ...

    async def store(self) -> None:
        """Returns when everything so far is on record. Raises RunLost and RecordFailed."""
        ...


@dataclass(slots=True)
class Spent:
    """What a run has taken: time in milliseconds by where it went, and steps."""

    compile_ms: float = 0.0
    nodes_ms: float = 0.0
    model_ms: float = 0.0
    checkpoint_ms: float = 0.0
    steps: int = 0

    def count_step(self, key: str) -> None:
        """Raises LimitReached when the run has taken more steps than any should."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise LimitReached(f"The run took more than {MOST_STEPS} steps, the last in {key!r}: bound its loops.")


@dataclass(slots=True)
class RunContext:
    """The run that a graph is carried for. `emit(event, data)` tells its watchers; `pinned` are results by node that
    are taken as they stand, `only` is the one node that is done on them, in `only_round`
    when it lies within others."""

    ctx: Context
    emit: Emit
    run: Mapping[str, str]
    journal: Journal
    find_program: Callable[[str, int | None], Awaitable[Program]]
    spent: Spent = field(default_factory=Spent)
    pinned: Mapping[str, Any] = field(default_factory=dict[str, Any])
    only: str | None = None
    only_round: Round = field(default_factory=Round)
    depth: int = 0

    async def settle(self) -> None:
        """Returns when everything so far is on record. Raises RunLost and RecordFailed."""
        begun = time.perf_counter()
        await self.journal.store()
        self.spent.checkpoint_ms += (time.perf_counter() - begun) * 1000


@dataclass(slots=True)
class Frame:
    """What a stretch of nodes works on: a state, the results so far, and the place in the run that they have.

    `shared`: the state is the run's own. `scope` holds the roots of references and follows the state and results."""

    run: RunContext
    program: Program
    state: State
    nodes: dict[str, Any]
    input: Any
    prefix: str = ""
    shared: bool = True
    roots: dict[str, Any] = field(default_factory=dict[str, Any])
    scope: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.scope = {
            "input": self.input,
            "state": self.state.values,
            "nodes": self.nodes,
            "run": self.run.run,
            **self.roots,
        }

    def come_to(self, key: str | None) -> None:
        """What forks changed before a step comes into force; with None, or when it is not on record, all of it."""
        if self.shared and self.state.edits < self.run.journal.edits:
            for writes, first in self.run.journal.take_edits(key, self.state.edits):
                self.state.edits += 1
                # Lines side by side all see what was changed; one of them writes it.
                (self.state.repeat if first else self.state.see)(writes)

    def beside(self, state: State, nodes: dict[str, Any]) -> Frame:
        """The same place with a state and results of its own: a line among others."""
        return Frame(self.run, self.program, state, nodes, self.input, self.prefix, self.shared, self.roots)

    def within(
        self, prefix: str, state: State, *, shared: bool, nodes: Mapping[str, Any] | None = None, **roots: Any
    ) -> Frame:
        """The frame of a body in a node: it sees what this one sees (or these `nodes`), its results stay its own."""
        results = dict(self.nodes if nodes is None else nodes)
        return Frame(self.run, self.program, state, results, self.input, prefix, shared, self.roots | roots)


class NodeFailed(Exception):
    """A node ended in an error; `cause` is that error."""

    def __init__(self, node: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.node = node
        self.cause = cause


class Halt(Exception):
    """The run goes no further in this process, and no node is to blame: none catches it, none is tried again."""


class Paused(Halt):
    """Nodes wait for something; the run goes on when it has come."""

    def __init__(self, pauses: list[Pause]) -> None:
        super().__init__(", ".join(pause.node for pause in pauses))
        self.pauses = pauses


class RunLost(Halt):
    """Another process carries the run by now: this one stops and tells nothing."""


class RecordFailed(Halt):
    """Something that the run did cannot be stored: it ends there. `node`, where it is known, gave it; `cause` says
    what is wrong."""

    def __init__(self, node: str | None, cause: Exception) -> None:
        super().__init__(str(cause))
        self.node = node
        self.cause = cause
