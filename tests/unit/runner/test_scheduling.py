"""Who is loaded next and who gives way: two callers and room for one, priorities, pins, sleep, announcements."""

from __future__ import annotations

import asyncio

import pytest

from inference.errors import Unavailable
from inference.runner.dispatch import WAIT_SECONDS
from inference.runner.messages import Announced
from inference.runner.policy import TooLarge
from inference.runner.scheduling import AGING, PATIENCE
from inference.runner.slots import MIB, Standing
from inference.runner.words import too_large
from tests.unit.runner.pools import Bench


async def test_two_that_fit_are_both_loaded_and_nobody_gives_way() -> None:
    bench = Bench({"a": 40, "b": 60})
    bench.ready("a")
    bench.ready("b", port=2)
    assert bench.state("a", "b") == ["ready", "ready"]
    assert bench.asked.log == ["start a", "start b"]


async def test_what_is_larger_than_all_there_is_is_refused_with_both_figures() -> None:
    mib = 1 << 20
    bench = Bench({"a": 300 * mib, "b": 20 * mib}, total=100 * mib)
    with pytest.raises(Unavailable, match=r"needs 300 MiB.*models can have 100 MiB.*PENSTOCK_MEMORY_MB"):
        bench.lease("a").result()
    assert bench.state("a") == ["off"]
    bench.ready("b")


async def test_an_idle_model_is_asked_back_and_gives_way() -> None:
    bench = Bench({"a": 60, "b": 60})
    lease = bench.ready("a")
    bench.used(lease, 0)
    bench.wait(5)
    waiting = bench.lease("b")
    assert bench.asked.log[1:] == [f"recall c {lease.id}"]
    assert bench.state("a") == ["ready"]
    bench.release(lease)
    assert bench.state("a", "b") == ["unloading", "off"]
    bench.ended("a")
    assert bench.asked.log[1:] == [f"recall c {lease.id}", "stop a", "start b"]
    bench.started("b", 2)
    assert waiting.done()


async def test_a_busy_model_finishes_its_requests_and_takes_no_new_ones() -> None:
    bench = Bench({"a": 60, "b": 60})
    lease = bench.ready("a")
    bench.wait(5)  # longer than it has to stay
    waiting = bench.lease("b")
    assert bench.asked.log[1:] == [f"recall c {lease.id}"]
    later = bench.lease("a", "other")
    bench.wait(60)
    assert (bench.state("a", "b"), later.done()) == (["ready", "off"], False)
    bench.release(lease)
    bench.ended("a")
    bench.started("b", 2)
    assert (waiting.done(), later.done()) == (True, False)


async def test_a_model_stays_as_long_as_its_load_took_while_it_is_used() -> None:
    bench = Bench({"a": 60, "b": 60})
    future = bench.lease("a")
    bench.started("a", seconds=20)
    lease = future.result()
    bench.lease("b")
    bench.wait(10)
    assert bench.asked.log == ["start a"]
    bench.wait(10.1)
    assert bench.asked.log[1:] == [f"recall c {lease.id}"]


async def test_a_model_that_nobody_uses_need_not_stay() -> None:
    bench = Bench({"a": 60, "b": 60})
    future = bench.lease("a")
    bench.started("a", seconds=20)
    bench.release(future.result())
    bench.lease("b")
    assert bench.state("a") == ["ready"]  # its user may be between two requests
    assert bench.asked.alarm == pytest.approx(1.0)
    bench.wait(1.1)
    assert bench.state("a") == ["unloading"]


async def test_two_callers_and_room_for_one_take_turns() -> None:
    """Each keeps asking; neither waits for more than one residency, one request and the loads."""
    bench = Bench({"a": 60, "b": 60})
    lease, there, loads = bench.ready("a"), "a", 0
    for _ in range(6):
        other = "b" if there == "a" else "a"
        begun = bench.now
        waiting = bench.lease(other, client=other)
        while bench.state(there) == ["ready"]:
            bench.wait(0.5)
            if bench.slot(there).leases[lease.id].recalled:
                bench.release(lease, there if loads else "c")
        bench.ended(there)
        bench.started(other)
        loads += 1
        assert bench.now - begun <= 2.5
        lease, there = waiting.result(), other
    assert loads == 6


async def test_who_came_first_is_served_first_and_small_ones_may_pass_only_for_a_while() -> None:
    bench = Bench({"a": 50, "b": 90, "c": 40, "d": 10})
    lease = bench.ready("a")
    bench.lease("b")
    small = bench.lease("c")
    bench.started("c", 3)
    assert small.done()  # there was room beside
    bench.used(small.result(), 0)
    bench.wait(PATIENCE + 1)
    assert bench.lease("d").done() is False
    assert "start d" not in bench.asked.log
    bench.release(lease)
    bench.release(small.result())
    bench.ended("a")
    bench.ended("c")
    assert bench.asked.log[-2:] == ["start b", "start d"]


async def test_people_come_before_background_work_which_does_not_wait_for_ever() -> None:
    bench = Bench({"a": 60, "b": 60, "c": 60})
    lease = bench.ready("a")
    bench.lease("b", urgent=False)
    person = bench.lease("c")
    bench.wait(3)
    bench.release(lease)
    bench.ended("a")
    assert bench.asked.log[-1] == "start c"
    bench.started("c", 3)
    bench.wait(AGING - 4)
    assert "recall" not in bench.asked.log[-1]  # it was used by a person just now
    bench.wait(2)
    assert bench.asked.log[-1] == f"recall c {person.result().id}"


async def test_a_pinned_model_is_loaded_at_the_start_and_never_gives_way() -> None:
    bench = Bench({"a": 60, "b": 60}, standings={"a": Standing(pin=True)})
    bench.wait(0)
    bench.started("a")
    bench.wait(100)
    with pytest.raises(Unavailable, match="pinned models"):
        bench.lease("b").result()
    bench.ended("a")
    assert bench.state("a") == ["loading"]  # it died, and comes back without being asked for


async def test_a_model_is_off_when_nobody_used_it_for_its_ttl() -> None:
    bench = Bench({"a": 10}, standings={"a": Standing(ttl_seconds=30)})
    lease = bench.ready("a")
    bench.used(lease, 0)
    assert bench.asked.alarm == pytest.approx(30.0)
    bench.wait(31)
    assert bench.asked.log[1:] == [f"recall c {lease.id}"]
    bench.release(lease)
    bench.ended("a")
    assert bench.state("a") == ["off"]


async def test_a_model_that_goes_for_want_of_use_stays_when_somebody_comes() -> None:
    bench = Bench({"a": 10}, standings={"a": Standing(ttl_seconds=30)})
    lease = bench.ready("a", client="slow")
    bench.used(lease, 0, client="slow")
    bench.wait(31)
    assert bench.lease("a", "quick").done()
    bench.release(lease, "slow")
    assert bench.state("a") == ["ready"]


async def test_a_model_thought_idle_that_is_not_stays_and_another_is_looked_for() -> None:
    bench = Bench({"a": 50, "b": 40, "c": 50})
    a, b = bench.ready("a", client="x"), bench.ready("b", port=2, client="y")
    bench.used(a, 0, "x")
    bench.used(b, 0, "y")
    bench.wait(5)
    bench.lease("c", "z")
    asked_back = [line for line in bench.asked.log if line.startswith("recall")]
    assert len(asked_back) == 1
    first = "a" if asked_back == [f"recall x {a.id}"] else "b"
    bench.used(*((a, 1, "x") if first == "a" else (b, 1, "y")))
    assert bench.slot(first).falling is None
    assert len([line for line in bench.asked.log if line.startswith("recall")]) == 2


async def test_a_model_falls_asleep_where_it_can_and_wakes() -> None:
    bench = Bench({"a": 60, "b": 60}, standings={"a": Standing(sleep=1)})
    bench.asked.levels = (1, 2)
    bench.release(bench.ready("a"))
    bench.wait(5)
    lease = bench.lease("b", "y")
    assert bench.asked.log[1:] == ["sleep a 1"]
    bench.slept("a", 1)
    bench.started("b", 2)
    assert (bench.state("a", "b"), lease.done()) == (["sleeping", "ready"], True)
    bench.release(lease.result(), "y")
    bench.wait(5)
    again = bench.lease("a")
    bench.ended("b")
    assert bench.asked.log[2:] == ["start b", "stop b", "wake a 1"]
    bench.woken("a")
    assert again.done()


async def test_a_model_announced_is_loaded_ahead_but_not_at_the_cost_of_what_is_leased() -> None:
    bench = Bench({"a": 60, "b": 40, "c": 60})
    lease = bench.ready("a")
    bench.tell(Announced(["b", "c", "unknown"]))
    assert bench.asked.log == ["start a", "start b"]
    bench.used(lease, 0)
    bench.wait(20)
    assert "recall" not in " ".join(bench.asked.log)
    bench.release(lease)
    bench.wait(20)
    assert bench.state("c") == ["off"]  # what was announced long ago is loaded no more


async def test_an_engine_that_needs_a_model_is_not_evicted_for_it() -> None:
    bench = Bench({"extractive": 60, "embedder": 60})
    bench.ready("extractive", client="server")
    with pytest.raises(Unavailable, match="embedder"):
        bench.lease("embedder", "extractive:1", engine_of="extractive").result()


async def test_a_lease_that_never_gets_its_turn_is_answered() -> None:
    bench = Bench({"a": 60, "b": 60})
    bench.ready("a")  # and its request never ends
    waiting = bench.lease("b")
    bench.wait(WAIT_SECONDS)
    with pytest.raises(Unavailable, match=r"within 300 s.*\(a\)"):
        waiting.result()


async def test_a_thousand_leases_in_the_queue_are_one_load() -> None:
    bench = Bench({"a": 60, "b": 60})
    lease = bench.ready("a")
    waiting = [bench.lease("b", f"c{n}") for n in range(1000)]
    bench.wait(3)
    bench.release(lease)
    bench.ended("a")
    bench.started("b", 2)
    assert all(future.done() for future in waiting)
    assert bench.asked.log.count("start b") == 1


async def test_who_no_longer_waits_costs_nobody_its_model() -> None:
    bench = Bench({"a": 60, "b": 60})
    lease = bench.ready("a")
    bench.wait(5)
    waiting = bench.lease("b")
    more = bench.lease("a", "other")
    assert (bench.slot("a").draining, more.done()) == (True, False)
    waiting.cancel()
    await asyncio.sleep(0)
    bench.wait(1)
    assert (bench.slot("a").draining, more.done()) == (False, True)
    bench.release(lease)
    assert bench.state("a", "b") == ["ready", "off"]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (TooLarge("gpu", 2 * MIB, 0, count=4), "needs 2 MiB of gpu on each of 4 devices, and this machine has none"),
        (
            TooLarge("gpu0", 9 * MIB, 5 * MIB, 2 * MIB, MIB),
            "have 5 MiB of gpu0; 2 MiB is held by other programs and 1 MiB",
        ),
        (TooLarge("cpu", 9 * MIB, 5 * MIB), "the machine. Raise PENSTOCK_MEMORY_MB, give it a smaller context"),
    ],
)
def test_what_is_too_large_is_told_with_its_figures(found: TooLarge, told: str) -> None:
    assert told in too_large("m", found).message
