"""Whatever happens in whatever order: nothing is over-committed, nobody loses a model in use, all are answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from inference.errors import Unavailable
from inference.runner import Lease
from inference.runner.dispatch import WAIT_SECONDS
from inference.runner.messages import Announced, Ended, Hung
from inference.runner.slots import Standing
from tests.unit.runner.pools import Bench

TOTAL = 100
MODELS = ("a", "b", "c", "d", "e")
CLIENTS = ("x", "y", "z")
ACTIONS = (
    "lease", "lease", "lease", "lease", "background", "cancel", "release", "release", "report", "report", "report",
    "start", "start", "start", "start", "start", "end", "end", "end", "end", "sleep", "wake", "wait", "wait", "wait",
    "wait", "announce", "fail", "crash", "hang", "leave", "unload",
)  # fmt: skip


@dataclass
class World:
    """A pool, those who want something of it, and what its engines owe it. `forced`: models that an administrator
    unloads, or whose engine died or hung; no other loses a lease that was not given back, or a pin."""

    bench: Bench
    held: list[tuple[str, str, Lease]] = field(default_factory=list[tuple[str, str, Lease]])
    asked: list[tuple[str, str, asyncio.Future[Lease]]] = field(
        default_factory=list["tuple[str, str, asyncio.Future[Lease]]"]
    )
    starting: list[str] = field(default_factory=list[str])
    stopping: list[str] = field(default_factory=list[str])
    falling: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    waking: list[str] = field(default_factory=list[str])
    forced: set[str] = field(default_factory=set[str])
    seen: int = 0
    port: int = 0

    def look(self) -> None:
        """Takes note of what the pool asked for, and checks what must always hold."""
        bench = self.bench
        for line in bench.asked.log[self.seen :]:
            verb, _, rest = line.partition(" ")
            if verb == "start":
                self.forced.discard(rest)
                self.starting.append(rest)
            elif verb in ("stop", "kill"):
                assert rest in self.forced or not bench.slot(rest).standing.pin
                self.falling = [fall for fall in self.falling if fall[0] != rest]
                self.waking = [name for name in self.waking if name != rest]
                self.stopping.append(rest)
            elif verb == "sleep":
                model, level = rest.split()
                assert not bench.slot(model).leases
                self.falling.append((model, int(level)))
            elif verb == "wake":
                self.waking.append(rest.split()[0])
            elif verb == "gone":
                names = rest.split()[1:]
                assert {held[0] for held in self.held if held[2].id in names} <= self.forced
                self.held = [held for held in self.held if held[2].id not in names]
        self.seen = len(bench.asked.log)
        for entry in [entry for entry in self.asked if entry[2].done()]:
            self.asked.remove(entry)
            if not entry[2].cancelled() and not entry[2].exception():
                self.held.append((entry[0], entry[1], entry[2].result()))
        self._check_memory()

    def _check_memory(self) -> None:
        held = 0
        for model, slot in self.bench.pool.slots.items():
            now = sum(slot.share.values())
            later = sum((slot.after or {}).values()) if slot.state == "loading" else 0
            if slot.state in ("loading", "ready", "sleeping", "unloading"):
                held += max(now, later)
            elif model in self.stopping:
                raise AssertionError(f"{model} is {slot.state} and its engine has not ended")
        assert held <= TOTAL

    def act(self, action: str, model: str, client: str) -> None:  # noqa: C901 - a table of what may happen
        bench = self.bench
        if action in ("lease", "background"):
            self.asked.append((model, client, bench.lease(model, client, urgent=action == "lease")))
        elif action == "cancel" and self.asked:
            self.asked.pop(0)[2].cancel()
        elif action == "release" and self.held:
            _, holder, lease = self.held.pop(0)
            bench.release(lease, holder)
        elif action == "report" and self.held:
            _, holder, lease = self.held[0]
            bench.used(lease, ord(client) % 2, holder)
        elif action in ("start", "fail") and self.starting:
            self.port += 1
            name = self.starting.pop(0)
            if action == "start":
                bench.started(name, self.port)
            else:
                bench.not_started("no reason", name)
        elif action == "end" and self.stopping:
            name = self.stopping.pop(0)
            bench.ended(name)
        elif action == "sleep" and self.falling:
            bench.slept(*self.falling.pop(0))
        elif action == "wake" and self.waking:
            bench.woken(self.waking.pop(0))
        elif action in ("crash", "hang"):
            self._break(action, model)
        elif action == "leave":
            self.held = [held for held in self.held if held[1] != client]
            bench.gone(client)
        elif action == "announce":
            bench.tell(Announced([model]))
        elif action == "wait":
            bench.wait(1.7)
        elif action == "unload":
            self.forced.add(model)
            bench.unload(model)
        self.look()

    def _break(self, action: str, model: str) -> None:
        slot = self.bench.slot(model)
        if slot.engine is None or model in self.stopping:
            return
        self.forced.add(model)
        if action == "hang":
            self.bench.tell(Hung(model, slot.engine))
            return
        self.falling = [fall for fall in self.falling if fall[0] != model]
        self.waking = [name for name in self.waking if name != model]
        self.bench.tell(Ended(model, slot.engine, "died"))

    def come_to_rest(self) -> None:
        """Everybody lets go of what they have, engines do as they are told, time passes."""
        for _ in range(60):
            for action in ("start", "end", "sleep", "wake", "release", "wait"):
                for _ in range(8):
                    self.act(action, "a", "x")
            if not self.asked:
                return


# Not shrunk: of such long stories hypothesis makes shorter ones for minutes.
@settings(deadline=None, max_examples=80, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(st.integers(20, 105), min_size=len(MODELS), max_size=len(MODELS)),
    st.lists(
        st.tuples(st.sampled_from(ACTIONS), st.sampled_from(MODELS), st.sampled_from(CLIENTS)),
        min_size=60,
        max_size=120,
    ),
    st.sampled_from(MODELS),
    st.sampled_from(["", *MODELS]),
)
def test_no_order_of_events_breaks_a_promise(
    sizes: list[int], events: list[tuple[str, str, str]], sleeper: str, pinned: str
) -> None:
    asyncio.run(_run(dict(zip(MODELS, sizes, strict=True)), events, sleeper, pinned))


async def _run(sizes: dict[str, int], events: list[tuple[str, str, str]], sleeper: str, pinned: str) -> None:
    standings = {sleeper: Standing(sleep=2)}
    if pinned:
        standings[pinned] = Standing(pin=True)
    bench = Bench(sizes, TOTAL, standings=standings)
    bench.asked.levels = (1, 2)
    world = World(bench)
    everybody: list[asyncio.Future[Lease]] = []
    for action, model, client in events:
        world.act(action, model, client)
        everybody += [future for _, _, future in world.asked if future not in everybody]
    world.come_to_rest()
    bench.wait(WAIT_SECONDS)
    world.look()
    assert [future for future in everybody if not future.done()] == []
    for future in everybody:
        if not future.cancelled() and (error := future.exception()):
            assert isinstance(error, Unavailable)
