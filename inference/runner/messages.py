"""What the pool is told, and what it asks of the world."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from inference.runner import Lease
from inference.runner.policy import Fall, Place, Room, Share, Way
from inference.runner.slots import Engine, Standing

if TYPE_CHECKING:
    from inference.runner.kinds import Failure, Spec


class Effects(Protocol):
    """What the pool asks the world to do. Each returns at once and reports to the inbox later."""

    def assess(self, spec: Spec, context: int | None) -> None:
        """Ends in Assessed."""
        ...

    def measure(self) -> None:
        """Ends in Measured."""
        ...

    def start(self, spec: Spec, room: Room, context: int | None) -> None:
        """Ends in Started or NotStarted."""
        ...

    def abandon(self, spec: Spec) -> None:
        """Gives up a start under way, which then ends in NotStarted, or in Started if it was just done."""
        ...

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        """Ends in Ended. What runs may finish for a few seconds, unless the engine is to go `at_once`."""
        ...

    def sleep(self, spec: Spec, engine: Engine, fall: Fall) -> None:
        """Ends in Slept or Hung."""
        ...

    def wake(self, spec: Spec, engine: Engine, level: int) -> None:
        """Ends in Woken or Hung."""
        ...

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        """Resolves `done` when the engine answers; reports Hung otherwise."""
        ...

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        """The context to try after a start with this one ran out of memory, having had `room` bytes of the devices that
        it computes on; None when there is none."""
        ...

    def asleep(self, spec: Spec, share: Share, load_seconds: float, deepest: int) -> Sequence[tuple[int, Share, float]]:
        """The sleeping levels down to `deepest` that its engine knows: level, what is held there, seconds to wake."""
        ...

    def look_again(self, seconds: float) -> None:
        """Ends in Tick, unless it is asked again before: one alarm at a time."""
        ...


class Callers(Protocol):
    """What the pool tells those who hold leases. Both return at once."""

    def recall(self, client: str, leases: Sequence[str]) -> None:
        """Asks leases back, which ends in Released."""
        ...

    def gone(self, client: str, leases: Sequence[str]) -> None:
        """Their engine is no more; nothing is to be released."""
        ...


@dataclass(slots=True)
class LeaseWanted:
    """`client` empty: the model shall be loaded and nobody is given a lease."""

    model: str
    answer: asyncio.Future[Lease]
    client: str = ""
    urgent: bool = True
    engine_of: str = ""


@dataclass(slots=True)
class Hurried:
    """Somebody urgent waits for this answer too."""

    answer: asyncio.Future[Lease]


@dataclass(slots=True)
class Released:
    client: str
    leases: Sequence[str]


@dataclass(slots=True)
class Used:
    """By lease: requests in flight, and uses since the last report."""

    client: str
    leases: Mapping[str, tuple[int, int]]


@dataclass(slots=True)
class ClientGone:
    """Its connection has ended: it holds and waits for nothing any more."""

    client: str


@dataclass(slots=True)
class Announced:
    """A running graph will need these models, soon and in this order."""

    models: Sequence[str]


@dataclass(slots=True)
class UnloadWanted:
    model: str
    answer: asyncio.Future[None]


@dataclass(slots=True)
class Suspected:
    """Somebody could not reach the engine at `base_url`."""

    base_url: str
    answer: asyncio.Future[None]


@dataclass(slots=True)
class Assessed:
    """What the model needs; none, and why, where that cannot be told."""

    model: str
    ways: tuple[Way, ...]
    problem: str = ""


@dataclass(slots=True)
class Measured:
    """The devices now, and what each model's processes hold there."""

    places: tuple[Place, ...]
    shares: Mapping[str, Share]


@dataclass(slots=True)
class Started:
    model: str
    engine: Engine
    seconds: float
    share: Share


@dataclass(slots=True)
class NotStarted:
    model: str
    failure: Failure


@dataclass(slots=True)
class Slept:
    model: str
    engine: Engine
    level: int
    share: Share


@dataclass(slots=True)
class Woken:
    model: str
    engine: Engine
    seconds: float
    share: Share


@dataclass(slots=True)
class Ended:
    model: str
    engine: Engine
    reason: str


@dataclass(slots=True)
class Hung:
    """`why` finishes the sentence that begins with the model."""

    model: str
    engine: Engine
    answer: asyncio.Future[None] | None = None
    why: str = "it no longer answered and was ended"


@dataclass(slots=True)
class Catalogued:
    """The catalogue has changed: these are all models of this machine."""

    specs: Mapping[str, tuple[Spec, Standing]]
    seen: asyncio.Future[None]


@dataclass(slots=True)
class Tick:
    """Time has passed."""


@dataclass(slots=True)
class Closing:
    answer: asyncio.Future[None]


Message = (
    LeaseWanted
    | Hurried
    | Released
    | Used
    | ClientGone
    | Announced
    | UnloadWanted
    | Suspected
    | Assessed
    | Measured
    | Started
    | NotStarted
    | Slept
    | Woken
    | Ended
    | Hung
    | Catalogued
    | Tick
    | Closing
)
