"""Every transition of a model's state, driven message by message without processes."""

from __future__ import annotations

import asyncio

import pytest

from inference.errors import NotFound, Unavailable
from inference.runner import Lease
from inference.runner.kinds import Failure
from inference.runner.messages import Catalogued, Closing, Ended, Hung, NotStarted
from inference.runner.slots import Standing
from tests.unit.runner.pools import Bench, Machine


@pytest.fixture
async def bench() -> Bench:
    return Bench({"m": 10})


def _close(bench: Bench) -> asyncio.Future[None]:
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    bench.tell(Closing(answer))
    return answer


def _quiet(future: asyncio.Future[Lease]) -> None:
    future.add_done_callback(lambda done: done.cancelled() or done.exception())


async def test_concurrent_leases_cause_one_load(bench: Bench) -> None:
    waiting = [bench.lease(client=f"c{n}") for n in range(5)]
    assert bench.slot().state == "loading"
    engine = bench.started()
    assert [future.result() for future in waiting] == [engine.lease] * 5
    assert len({future.result().id for future in waiting}) == 5
    assert (bench.asked.log, bench.slot().state, bench.slot().load_seconds) == (["start m"], "ready", 0.5)
    assert bench.lease().result() == engine.lease


async def test_an_unknown_model_is_never_another(bench: Bench) -> None:
    with pytest.raises(NotFound, match="other"):
        bench.lease("other").result()


async def test_a_failed_load_tells_why_and_the_next_lease_tries_again(bench: Bench) -> None:
    waiting = bench.lease()
    bench.not_started("no weights")
    with pytest.raises(Unavailable, match="no weights"):
        waiting.result()
    assert (bench.slot().state, bench.slot().error) == ("failed", "no weights")
    again = bench.lease()
    bench.started()
    assert again.done()
    assert (bench.slot().state, bench.slot().error) == ("ready", None)


async def test_what_fails_again_and_again_is_left_alone_for_longer_and_longer(bench: Bench) -> None:
    for pause in (0.0, 0.0, 1.0, 2.0, 4.0):
        _quiet(bench.lease())
        bench.wait(pause / 2)  # a short pause is waited for
        assert len(bench.asked.rooms) == (0 if pause else 1)
        bench.wait(pause / 2)
        bench.not_started("no weights")
        bench.asked.rooms.clear()
    with pytest.raises(Unavailable, match=r"no weights.*failed 5 times.*again in 8 s"):
        bench.lease().result()
    bench.wait(8)
    waiting = bench.lease()
    bench.started()
    assert waiting.done()


async def test_a_dead_engine_is_failed_and_its_leases_are_gone(bench: Bench) -> None:
    lease = bench.ready()
    bench.ended(reason="was killed")
    assert (bench.slot().state, bench.slot().error, bench.slot().engine) == ("failed", "was killed", None)
    assert bench.slot().leases == {}
    waiting = bench.lease()
    assert bench.asked.log == ["start m", f"gone c {lease.id}", "start m"]
    assert not waiting.done()


async def test_an_engine_that_dies_at_its_first_failure_is_started_for_who_waits(bench: Bench) -> None:
    bench.ready()
    done = bench.unload()
    waiting = bench.lease()
    bench.ended()
    assert (bench.slot().state, done.done(), waiting.done()) == ("loading", True, False)


async def test_unload_returns_when_the_process_is_gone(bench: Bench) -> None:
    bench.release(bench.ready())
    gone = bench.unload()
    assert (bench.slot().state, gone.done()) == ("unloading", False)
    bench.ended()
    assert (bench.slot().state, gone.done(), bench.asked.log) == ("off", True, ["start m", "stop m"])


async def test_an_unload_waits_for_requests_under_way_but_not_for_ever(bench: Bench) -> None:
    lease = bench.ready()
    bench.unload()
    assert (bench.slot().state, bench.asked.log[1:]) == ("ready", [f"recall c {lease.id}"])
    assert not bench.lease("m", "other").done()
    bench.wait(5)
    assert bench.slot().state == "ready"
    bench.wait(6)
    assert bench.asked.log[2:] == [f"gone c {lease.id}", "stop m"]


async def test_a_lease_during_an_unload_loads_again(bench: Bench) -> None:
    bench.release(bench.ready())
    bench.unload()
    waiting = bench.lease()
    bench.ended()
    assert bench.slot().state == "loading"
    bench.started(port=2)
    assert waiting.result().base_url.endswith(":2/v1")


async def test_unload_during_a_load_gives_it_up(bench: Bench) -> None:
    waiting = bench.lease()
    gone = bench.unload()
    with pytest.raises(Unavailable, match="unloaded while"):
        waiting.result()
    later = bench.lease()
    bench.not_started("given up")
    assert gone.done()
    assert (bench.asked.log, bench.slot().state, later.done()) == (
        ["start m", "abandon m", "start m"],
        "loading",
        False,
    )


async def test_unload_of_a_load_that_was_just_done_ends_it(bench: Bench) -> None:
    _quiet(bench.lease())
    gone = bench.unload()
    bench.started()
    assert (bench.asked.log, gone.done()) == (["start m", "abandon m", "kill m"], False)
    bench.ended()
    assert (bench.slot().state, gone.done()) == ("off", True)


async def test_unload_of_what_is_off_or_failed_is_off(bench: Bench) -> None:
    assert bench.unload().done()
    _quiet(bench.lease())
    bench.not_started("no weights")
    assert bench.unload().done()
    assert (bench.slot().state, bench.slot().error) == ("off", None)


async def test_a_suspect_is_looked_at_and_only_if_it_is_the_present_engine(bench: Bench) -> None:
    bench.ready(port=2)
    assert bench.suspect(port=1).done()
    assert bench.asked.log == ["start m"]
    assert not bench.suspect(port=2).done()
    assert bench.asked.log == ["start m", "probe m"]


async def test_a_hung_engine_is_ended_and_told_so(bench: Bench) -> None:
    lease = bench.ready()
    engine = bench.slot().engine
    assert engine
    answer = bench.suspect(port=1)
    bench.tell(Hung("m", engine, answer))
    waiting = bench.lease()
    bench.tell(Ended("m", engine, "killed"))
    assert answer.done()
    assert bench.asked.log == ["start m", "probe m", "kill m", f"gone c {lease.id}", "start m"]
    assert (bench.slot().state, waiting.done(), bench.slot().failures) == ("loading", False, 1)


async def test_news_of_an_old_engine_change_nothing(bench: Bench) -> None:
    bench.ready()
    old = bench.slot().engine
    assert old
    bench.ended()
    bench.ready(port=2)
    bench.tell(Ended("m", old, "killed"))
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    bench.tell(Hung("m", old, answer))
    assert answer.done()
    assert bench.slot().state == "ready"


async def test_who_gave_up_waiting_does_not_disturb(bench: Bench) -> None:
    gone, waiting = bench.lease(client="x"), bench.lease(client="y")
    gone.cancel()
    bench.started()
    assert waiting.done()
    assert [lease.client for lease in bench.slot().leases.values()] == ["y"]


async def test_a_crashed_holder_s_leases_end_with_its_connection(bench: Bench) -> None:
    bench.ready(client="server")
    mine = bench.lease(client="worker").result()
    bench.gone("server")
    assert list(bench.slot().leases) == [mine.id]


async def test_nobody_can_release_what_another_holds(bench: Bench) -> None:
    lease = bench.ready(client="server")
    bench.release(lease, client="worker")
    assert list(bench.slot().leases) == [lease.id]


async def test_out_of_memory_at_load_is_tried_with_a_smaller_context() -> None:
    bench = Bench({"m": 10}, context=4096)
    waiting = bench.lease()
    bench.not_started("CUDA out of memory", memory=True)
    assert (bench.slot().state, bench.asked.contexts["m"]) == ("loading", 2048)
    bench.not_started("CUDA out of memory", memory=True)
    assert bench.asked.contexts["m"] == 1024
    bench.started()
    assert waiting.done()
    assert "1024 tokens" in (bench.slot().notice or "")


@pytest.mark.parametrize(
    ("after", "room"), [({"cpu": 30}, 30), ({"gpu0": 70, "gpu1": 70, "cpu": 3}, 140), ({"gpu0": 70, "cpu": 90}, 70)]
)
async def test_a_smaller_context_is_for_the_devices_that_it_computes_on(after: dict[str, int], room: int) -> None:
    bench = Bench({"m": 10}, context=4096)
    bench.lease()
    bench.slot().after = after
    bench.not_started("out of memory", memory=True)
    assert bench.asked.had == [room]


async def test_out_of_memory_with_every_context_is_told(bench: Bench) -> None:
    waiting = bench.lease()  # this one has no context that could be smaller
    bench.not_started("out of memory", memory=True)
    with pytest.raises(Unavailable, match="out of memory"):
        waiting.result()


async def test_a_model_that_is_taken_away_ends_and_is_not_found(bench: Bench) -> None:
    bench.release(bench.ready())
    seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    bench.tell(Catalogued({}, seen))
    assert seen.done()
    with pytest.raises(NotFound):
        bench.lease().result()
    bench.ended()
    assert "m" not in bench.pool
    bench.tell(NotStarted("m", Failure(memory=False, words="late news")))


async def test_a_model_that_is_added_can_be_leased_at_once(bench: Bench) -> None:
    other = Bench({"n": 5}).slot("n")
    bench.sizes["n"] = 5
    seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    specs = {"m": (bench.slot().spec, Standing()), "n": (other.spec, Standing(added=True))}
    bench.tell(Catalogued(specs, seen))
    bench.ready("n")
    assert bench.state("m", "n") == ["off", "ready"]


async def test_closing_ends_engines_whatever_is_leased_and_refuses_leases(bench: Bench) -> None:
    bench.ready()
    closed = _close(bench)
    with pytest.raises(Unavailable, match="stopping"):
        bench.lease().result()
    assert (closed.done(), bench.asked.log[-1]) == (False, "stop m")
    bench.ended()
    assert closed.done()


async def test_closing_an_idle_pool_is_done_at_once(bench: Bench) -> None:
    assert _close(bench).done()


async def test_an_engine_answers_for_its_own_model_only(bench: Bench) -> None:
    bench.ready()
    bench.tell(Ended("m", Machine(), "another's end"))
    assert bench.slot().state == "ready"
