"""Every transition of a model's state, driven message by message without processes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from inference.errors import NotFound, Unavailable
from inference.runner import Lease
from inference.runner.catalog import Spec
from inference.runner.pool import (
    Closing,
    Ended,
    Hung,
    LeaseWanted,
    Message,
    NotStarted,
    Pool,
    Started,
    Suspected,
    UnloadWanted,
)
from inference.runner.slots import Engine, Slot

SPEC = Spec(id="m", kind="chat", engine="extractive", module="none", description="")


@dataclass(eq=False)
class Machine:
    """An engine that is only an address."""

    port: int = 1

    @property
    def lease(self) -> Lease:
        return Lease("m", f"http://127.0.0.1:{self.port}/v1")

    def memory_bytes(self) -> int:
        return 1


@dataclass
class Asked:
    """Effects that are only written down."""

    log: list[str] = field(default_factory=list[str])

    def start(self, spec: Spec) -> None:
        self.log.append("start")

    def abandon(self, spec: Spec) -> None:
        self.log.append("abandon")

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        self.log.append("kill" if at_once else "stop")

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        self.log.append("probe")


class Bench:
    """A pool of one model, its effects and the futures of who asked."""

    def __init__(self) -> None:
        self.asked = Asked()
        self.pool = Pool([SPEC], self.asked, asyncio.Queue[Message]())

    @property
    def slot(self) -> Slot:
        return self.pool.slot("m")

    def lease(self, model: str = "m") -> asyncio.Future[Lease]:
        answer: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        self.pool.handle(LeaseWanted(model, answer))
        return answer

    def tell(self, kind: type[UnloadWanted] | type[Closing]) -> asyncio.Future[None]:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.pool.handle(Closing(answer) if kind is Closing else UnloadWanted("m", answer))
        return answer

    def suspect(self, port: int) -> asyncio.Future[None]:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.pool.handle(Suspected("m", f"http://127.0.0.1:{port}/v1", answer))
        return answer

    def ready(self, port: int = 1) -> Machine:
        self.lease()
        engine = Machine(port)
        self.pool.handle(Started("m", engine, 0.5))
        return engine


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_concurrent_leases_cause_one_load(bench: Bench) -> None:
    waiting = [bench.lease() for _ in range(5)]
    assert bench.slot.state == "loading"
    engine = Machine()
    bench.pool.handle(Started("m", engine, 0.5))
    assert [future.result() for future in waiting] == [engine.lease] * 5
    assert (bench.asked.log, bench.slot.state, bench.slot.load_seconds) == (["start"], "ready", 0.5)
    assert bench.lease().result() == engine.lease


async def test_an_unknown_model_is_never_another(bench: Bench) -> None:
    with pytest.raises(NotFound, match="other"):
        bench.lease("other").result()


async def test_a_failed_load_tells_why_and_the_next_lease_tries_again(bench: Bench) -> None:
    waiting = bench.lease()
    bench.pool.handle(NotStarted("m", "no weights"))
    with pytest.raises(Unavailable, match="no weights"):
        waiting.result()
    assert (bench.slot.state, bench.slot.error) == ("failed", "no weights")
    again = bench.lease()
    bench.pool.handle(Started("m", Machine(), 0.5))
    assert again.done()
    assert (bench.slot.state, bench.slot.error) == ("ready", None)


async def test_a_dead_engine_is_failed_and_started_again(bench: Bench) -> None:
    engine = bench.ready()
    bench.pool.handle(Ended("m", engine, "was killed"))
    assert (bench.slot.state, bench.slot.error, bench.slot.engine) == ("failed", "was killed", None)
    bench.lease()
    assert bench.asked.log == ["start", "start"]


async def test_unload_returns_when_the_process_is_gone(bench: Bench) -> None:
    engine = bench.ready()
    gone = bench.tell(UnloadWanted)
    assert (bench.slot.state, gone.done()) == ("unloading", False)
    bench.pool.handle(Ended("m", engine, "ended"))
    assert (bench.slot.state, gone.done(), bench.asked.log) == ("off", True, ["start", "stop"])


async def test_a_lease_during_an_unload_loads_again(bench: Bench) -> None:
    engine = bench.ready()
    bench.tell(UnloadWanted)
    waiting = bench.lease()
    bench.pool.handle(Ended("m", engine, "ended"))
    assert bench.slot.state == "loading"
    bench.pool.handle(Started("m", Machine(2), 0.5))
    assert waiting.result().base_url.endswith(":2/v1")


async def test_unload_during_a_load_gives_it_up(bench: Bench) -> None:
    waiting = bench.lease()
    gone = bench.tell(UnloadWanted)
    with pytest.raises(Unavailable, match="unloaded while"):
        waiting.result()
    later = bench.lease()
    bench.pool.handle(NotStarted("m", "given up"))
    assert gone.done()
    assert (bench.asked.log, bench.slot.state, later.done()) == (["start", "abandon", "start"], "loading", False)


async def test_unload_of_a_load_that_was_just_done_ends_it(bench: Bench) -> None:
    bench.lease().add_done_callback(lambda future: future.exception())
    gone = bench.tell(UnloadWanted)
    engine = Machine()
    bench.pool.handle(Started("m", engine, 0.5))
    assert (bench.asked.log, gone.done()) == (["start", "abandon", "kill"], False)
    bench.pool.handle(Ended("m", engine, "killed"))
    assert (bench.slot.state, gone.done()) == ("off", True)


async def test_unload_of_what_is_off_or_failed_is_off(bench: Bench) -> None:
    assert bench.tell(UnloadWanted).done()
    bench.lease().add_done_callback(lambda future: future.exception())
    bench.pool.handle(NotStarted("m", "no weights"))
    assert bench.tell(UnloadWanted).done()
    assert (bench.slot.state, bench.slot.error) == ("off", None)


async def test_a_suspect_is_looked_at_and_only_if_it_is_the_present_engine(bench: Bench) -> None:
    bench.ready(port=2)
    assert bench.suspect(port=1).done()
    assert bench.asked.log == ["start"]
    assert not bench.suspect(port=2).done()
    assert bench.asked.log == ["start", "probe"]


async def test_a_hung_engine_is_ended_and_told_so(bench: Bench) -> None:
    engine = bench.ready()
    answer = bench.suspect(port=1)
    bench.pool.handle(Hung("m", engine, answer))
    waiting = bench.lease()
    bench.pool.handle(Ended("m", engine, "killed"))
    assert answer.done()
    assert (bench.asked.log, bench.slot.state, waiting.done()) == (
        ["start", "probe", "kill", "start"],
        "loading",
        False,
    )


async def test_news_of_an_old_engine_change_nothing(bench: Bench) -> None:
    old = bench.ready()
    bench.pool.handle(Ended("m", old, "killed"))
    bench.ready(port=2)
    bench.pool.handle(Ended("m", old, "killed"))
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    bench.pool.handle(Hung("m", old, answer))
    assert answer.done()
    assert bench.slot.state == "ready"


async def test_who_gave_up_waiting_does_not_disturb(bench: Bench) -> None:
    gone, waiting = bench.lease(), bench.lease()
    gone.cancel()
    bench.pool.handle(Started("m", Machine(), 0.5))
    assert waiting.done()


async def test_closing_ends_engines_and_refuses_leases(bench: Bench) -> None:
    engine = bench.ready()
    closed = bench.tell(Closing)
    with pytest.raises(Unavailable, match="stopping"):
        bench.lease().result()
    assert not closed.done()
    bench.pool.handle(Ended("m", engine, "ended"))
    assert closed.done()


async def test_closing_an_idle_pool_is_done_at_once(bench: Bench) -> None:
    assert bench.tell(Closing).done()
