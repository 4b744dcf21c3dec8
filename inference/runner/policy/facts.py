"""What a decision about memory is made of, and what it may be. Sizes are bytes, times seconds of the caller's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inference.runner.policy.worth import NEW, Record

DeviceKind = Literal["cpu", "gpu"]
Share = Mapping[str, int]
"""Bytes by device id: `cpu` is the host's memory, `gpu0` the first accelerator."""

HOST = "cpu"
"""The device id of the machine's own memory."""
INTERACTIVE = 10
BACKGROUND = 0
OFF = 9
"""The level of the last rung: the model's process ends."""


@dataclass(frozen=True, slots=True)
class Place:
    """A device. `budget` is what models may hold there together; `foreign`, how much of it others hold."""

    id: str
    kind: DeviceKind
    budget: int
    foreign: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to lay a model out: `each` bytes on every one of `count` devices of a kind, and `host` bytes of the
    host's memory besides."""

    kind: DeviceKind
    count: int
    each: int
    host: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody wants a model ready.

    `ways` are all that its engine can do, preferred ones first. `at`, for a model that sleeps: what it will hold awake,
    on the devices where it lives; the ways are not looked at. `allowed` are the devices that it may use, None any.
    `prefetch`: it was only announced, `announced` times; it then takes room only from what is worth less by `record`.
    """

    model: str
    ways: tuple[Way, ...] = ()
    at: Share | None = None
    allowed: frozenset[str] | None = None
    priority: int = BACKGROUND
    prefetch: bool = False
    announced: int = 0
    record: Record = NEW


@dataclass(frozen=True, slots=True)
class Rung:
    """A state that a loaded model can fall to: level 1 and 2 are sleeping, so deep; OFF holds nothing."""

    level: int
    share: Share = field(default_factory=dict[str, int])
    back_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Resident:
    """A model that holds memory or is promised some.

    `share` is what it holds now; `after`, while it moves, what it will hold at the end, and None while it rests.
    `rungs` are the states below its own, each deeper than the one before, the last one OFF. `back_seconds` is how long
    it takes from its own state to ready. `since` is when it came to rest, `last_used` when somebody last had it.
    `announced` counts the running graphs that will need it. `ttl` are the idle seconds after which it is off by itself.
    """

    model: str
    share: Share
    rungs: tuple[Rung, ...] = ()
    after: Share | None = None
    back_seconds: float = 0.0
    busy: bool = False
    pinned: bool = False
    since: float = 0.0
    last_used: float = 0.0
    record: Record = NEW
    priority: int = BACKGROUND
    announced: int = 0
    ttl: float | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What is not measured but chosen.

    A model stays for `minimum_seconds`, and for `minimum_loads` times as long as its load took: what was loaded at a
    price is used for a while, so that callers who take turns do not make it come and go with each request. For
    `priority_seconds` after its last use it is safe from needs of a lower priority. `announced_uses` is what an
    announcement counts for beside uses that were: one that is certain and near, against many spread over a half-life.
    A prefetch saves nothing but waiting, while what it evicts may have to be loaded once more: it has to be worth
    `prefetch_margin` times that. Both are where the trace of `make bench` shows few loads and little waiting.
    """

    minimum_seconds: float = 10.0
    minimum_loads: float = 1.0
    priority_seconds: float = 60.0
    announced_uses: float = 10.0
    prefetch_margin: float = 10.0


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Fall:
    """A model goes down to a rung."""

    model: str
    to: Rung


@dataclass(frozen=True, slots=True)
class Room:
    """The model goes to `devices`, where it will hold `share`, once all `falls` have ended; at once without any."""

    share: Share
    devices: tuple[str, ...]
    way: Way | None
    falls: tuple[Fall, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """There is no room now, and there can be some: ask again when a fact changes, at the latest at `until`.

    `moving` are those whose movement under way will make the room, or is awaited; `drain`, the busy ones which would
    have to become idle.
    """

    until: float | None = None
    drain: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TooLarge:
    """It does not fit, whatever is evicted: it needs `needed` bytes of `device`, where `most` can be had at all, since
    `foreign` are held by others and `pinned` by models that stay. `count` devices would have been needed."""

    device: str
    needed: int
    most: int
    foreign: int = 0
    pinned: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Idle:
    """Who falls now for want of use, and when to look again; None: when somebody was used or came."""

    falls: tuple[Fall, ...]
    again: float | None
