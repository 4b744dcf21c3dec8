"""A pool without processes: its clock stands still, its effects are written down and answered when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from inference.runner import Lease
from inference.runner.kinds import Failure, Spec
from inference.runner.messages import (
    Assessed,
    ClientGone,
    Ended,
    LeaseWanted,
    Measured,
    Message,
    NotStarted,
    Released,
    Slept,
    Started,
    Suspected,
    Tick,
    UnloadWanted,
    Used,
    Woken,
)
from inference.runner.policy import Fall, Place, Room, Share, Way
from inference.runner.pool import Pool
from inference.runner.slots import Engine, Slot, Standing


@dataclass(eq=False)
class Machine:
    """An engine that is only an address."""

    model: str = "m"
    port: int = 1

    @property
    def lease(self) -> Lease:
        return Lease(self.model, f"http://127.0.0.1:{self.port}/v1")


@dataclass
class Asked:
    """Effects that are only written down: `log` holds `start a`, `stop a`, `recall client 1` …

    `rooms` are the starts under way. A start that ran out of memory is tried with half its context.
    """

    log: list[str] = field(default_factory=list[str])
    rooms: dict[str, Room] = field(default_factory=dict[str, Room])
    contexts: dict[str, int | None] = field(default_factory=dict[str, "int | None"])
    alarm: float | None = None
    levels: tuple[int, ...] = ()
    had: list[int] = field(default_factory=list[int])  # the rooms that smaller contexts were asked for

    def assess(self, spec: Spec, context: int | None) -> None:
        self.log.append(f"assess {spec.id}")

    def measure(self) -> None:
        self.log.append("measure")

    def start(self, spec: Spec, room: Room, context: int | None) -> None:
        self.log.append(f"start {spec.id}")
        self.rooms[spec.id] = room
        self.contexts[spec.id] = context

    def abandon(self, spec: Spec) -> None:
        self.log.append(f"abandon {spec.id}")

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        self.log.append(f"{'kill' if at_once else 'stop'} {spec.id}")

    def sleep(self, spec: Spec, engine: Engine, fall: Fall) -> None:
        self.log.append(f"sleep {spec.id} {fall.to.level}")

    def wake(self, spec: Spec, engine: Engine, level: int) -> None:
        self.log.append(f"wake {spec.id} {level}")

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        self.log.append(f"probe {spec.id}")

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        self.had.append(room)
        return (context or spec.context or 0) // 2 or None

    def asleep(self, spec: Spec, share: Share, load_seconds: float, deepest: int) -> Sequence[tuple[int, Share, float]]:
        return [(level, {"cpu": 1}, 0.1 * level) for level in self.levels if level <= deepest]

    def look_again(self, seconds: float) -> None:
        self.alarm = seconds

    def recall(self, client: str, leases: Sequence[str]) -> None:
        self.log.append(f"recall {client} {' '.join(leases)}")

    def gone(self, client: str, leases: Sequence[str]) -> None:
        self.log.append(f"gone {client} {' '.join(leases)}")


class Bench:
    """A pool of models with these sizes, where there are `total` bytes for all. What is asked about them is answered at
    once; engines begin and end when the test says so."""

    def __init__(
        self, sizes: dict[str, int], total: int = 100, *, standings: dict[str, Standing] | None = None, context: int = 0
    ) -> None:
        self.now = 1000.0
        self.asked = Asked()
        self.sizes, self.total = sizes, total
        models = {
            name: (Spec(name, "chat", "extractive", context=context or None), (standings or {}).get(name, Standing()))
            for name in sizes
        }
        self.pool = Pool(models, self.asked, self.asked, asyncio.Queue[Message](), lambda: self.now)

    def slot(self, model: str = "m") -> Slot:
        return self.pool.slot(model)

    def state(self, *models: str) -> list[str]:
        return [self.slot(model).state for model in models]

    def tell(self, message: Message) -> None:
        """And answers what the pool then asks of models and devices."""
        self.pool.handle(message)
        answered = 0
        while answered < len(self.asked.log):
            kind, _, model = self.asked.log[answered].partition(" ")
            if kind in ("assess", "measure"):
                del self.asked.log[answered]
                self.pool.handle(self._answer(kind, model))
            else:
                answered += 1

    def _answer(self, kind: str, model: str) -> Message:
        if kind == "assess":
            return Assessed(model, (Way("cpu", 1, self.sizes[model]),))
        shares = {name: slot.share for name, slot in self.pool.slots.items() if slot.engine}
        return Measured((Place("cpu", "cpu", self.total),), shares)

    def lease(
        self, model: str = "m", client: str = "c", *, urgent: bool = True, engine_of: str = ""
    ) -> asyncio.Future[Lease]:
        answer: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        self.tell(LeaseWanted(model, answer, client, urgent, engine_of))
        return answer

    def load(self, model: str = "m") -> asyncio.Future[Lease]:
        answer: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        self.tell(LeaseWanted(model, answer))
        return answer

    def unload(self, model: str = "m") -> asyncio.Future[None]:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.tell(UnloadWanted(model, answer))
        return answer

    def suspect(self, port: int) -> asyncio.Future[None]:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.tell(Suspected(f"http://127.0.0.1:{port}/v1", answer))
        return answer

    def started(self, model: str = "m", port: int = 1, seconds: float = 0.5) -> Machine:
        engine = Machine(model, port)
        self.tell(Started(model, engine, seconds, dict(self.asked.rooms.pop(model).share)))
        return engine

    def not_started(self, reason: str, model: str = "m", *, memory: bool = False) -> None:
        self.tell(NotStarted(model, Failure(memory, reason)))

    def ended(self, model: str = "m", reason: str = "was killed") -> None:
        engine = self.slot(model).engine
        assert engine
        self.tell(Ended(model, engine, reason))

    def slept(self, model: str, level: int) -> None:
        engine = self.slot(model).engine
        assert engine
        self.tell(Slept(model, engine, level, {"cpu": 1}))

    def woken(self, model: str) -> None:
        engine = self.slot(model).engine
        assert engine
        self.tell(Woken(model, engine, 0.1, {"cpu": self.sizes[model]}))

    def ready(self, model: str = "m", port: int = 1, client: str = "c") -> Lease:
        """Loaded, and leased to `client`."""
        future = self.lease(model, client)
        self.started(model, port)
        return future.result()

    def release(self, lease: Lease, client: str = "c") -> None:
        self.tell(Released(client, [lease.id]))

    def used(self, lease: Lease, in_flight: int, client: str = "c") -> None:
        self.tell(Used(client, {lease.id: (in_flight, 1)}))

    def gone(self, client: str) -> None:
        self.tell(ClientGone(client))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.tell(Tick())
