"""One local model as the pool keeps it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from inference.runner import Lease
from inference.runner.policy import Fall, Record, Room, Share

if TYPE_CHECKING:
    from inference.models.models import ModelState
    from inference.runner.kinds import Spec
    from inference.runner.policy import Way

MIB = 1024 * 1024


class Engine(Protocol):
    """A running engine: the address that it answers at and what to send there."""

    @property
    def lease(self) -> Lease: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model is treated, by its entry and what was changed since. `ttl_seconds` None: no limit; `devices` None:
    any; `sleep`: the deepest level that it is put to sleep at. `added`: it can be taken away again."""

    pin: bool = False
    ttl_seconds: int | None = None
    priority: int = 0
    sleep: int = 0
    devices: frozenset[str] | None = None
    added: bool = False


@dataclass(slots=True, eq=False)
class Granted:
    """A lease that a client has. `in_flight` is what the client said last; 1 until it has said something."""

    id: str
    client: str
    since: float
    in_flight: int = 1
    recalled: bool = False


@dataclass(slots=True, eq=False)
class Waiting:
    """Somebody who wants the model. `client` empty: it shall be loaded, and nobody is given a lease. `engine_of`: the
    model whose own engine asks, which must not give way for it."""

    answer: asyncio.Future[Lease]
    client: str
    since: float
    urgent: bool
    engine_of: str = ""


@dataclass(slots=True)
class Slot:
    """One model: its state, what it holds, who has it and who waits. Times are the pool's clock.

    `share` is what it holds, measured; `after`, while it loads, what it will; `awake`, what it held when ready.
    `ways` None: not assessed since it last went off. `promise`: room is being made for it, by the falls of others.
    `falling`: it is to give way, for `falling_for` or for want of use, and does when its last lease is back.
    `draining`: others wait for its memory, so no new leases are given. `ending`: it was told to unload, and does by
    `end_by` whatever is leased.
    """

    spec: Spec
    standing: Standing = field(default_factory=Standing)
    state: ModelState = "off"
    engine: Engine | None = None
    record: Record = field(default_factory=Record)
    share: Share = field(default_factory=dict[str, int])
    after: Share | None = None
    awake: Share = field(default_factory=dict[str, int])
    level: int = 0
    back_seconds: float = 0.0
    since: float = 0.0
    used: float = 0.0
    urgent_use: bool = True
    load_began: float = 0.0
    load_seconds: float | None = None
    ways: tuple[Way, ...] | None = None
    assessing: bool = False
    estimated: int | None = None
    context: int | None = None
    promise: Room | None = None
    falling: Fall | None = None
    falling_for: str = ""
    draining: bool = False
    ending: bool = False
    end_by: float = 0.0
    removed: bool = False
    hung: str | None = None
    error: str | None = None
    notice: str | None = None
    failures: int = 0
    retry_at: float = 0.0
    announced_until: float = 0.0
    leases: dict[str, Granted] = field(default_factory=dict[str, Granted])
    waiting: list[Waiting] = field(default_factory=list[Waiting])
    unloads: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]])

    @property
    def busy(self) -> bool:
        return any(lease.in_flight for lease in self.leases.values())

    @property
    def resting(self) -> bool:
        """It has no process."""
        return self.state in ("off", "failed")
