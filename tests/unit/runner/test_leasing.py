"""The leases of one process: uses that are counted, leases asked back, one request for all who wait."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

import pytest

from inference.errors import NotFound, Unavailable
from inference.runner import Lease, leasing
from inference.runner.leasing import Leases
from inference.runner.wire import problem


class Bench:
    """Leases, and what they said to the runner."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.leases = Leases(self.said.append)

    async def ask(self, model: str = "m", *, urgent: bool = True) -> asyncio.Task[Lease]:
        task = asyncio.create_task(self.leases.ask(model, urgent=urgent))
        await asyncio.sleep(0)
        return task

    def grant(self, number: int = 1, name: str = "7", model: str = "m") -> None:
        self.leases.receive({"granted": number, "lease": asdict(Lease(model, "http://127.0.0.1:1/v1", id=name))})


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_who_ask_at_once_share_one_request(bench: Bench) -> None:
    waiting = [await bench.ask() for _ in range(50)]
    assert bench.said == [{"lease": 1, "model": "m", "urgent": True}]
    bench.grant()
    leases = await asyncio.gather(*waiting)
    assert {lease.id for lease in leases} == {"7"}
    bench.leases.receive({"recall": ["7"]})
    for lease in leases[1:]:
        bench.leases.release(lease)
    assert bench.said[1:] == [{"used": {"7": [50, 50]}}]  # it is in use, and goes back with the last of them
    bench.leases.release(leases[0])
    assert bench.said[2:] == [{"release": ["7"]}]


async def test_a_lease_that_is_held_is_used_without_a_word(bench: Bench) -> None:
    waiting = await bench.ask()
    bench.grant()
    lease = await waiting
    assert bench.leases.held("m") == lease
    assert len(bench.said) == 1


async def test_an_idle_lease_goes_back_at_once_and_the_next_use_asks(bench: Bench) -> None:
    waiting = await bench.ask()
    bench.grant()
    bench.leases.release(await waiting)
    bench.leases.receive({"recall": ["7"]})
    assert bench.said[1:] == [{"release": ["7"]}]
    assert bench.leases.held("m") is None


async def test_a_use_that_was_given_is_seen_by_a_recall_that_comes_before_it_runs(bench: Bench) -> None:
    waiting = await bench.ask()
    bench.grant()
    bench.leases.receive({"recall": ["7"]})
    assert bench.said[1:] == [{"used": {"7": [1, 1]}}]
    bench.leases.release(await waiting)
    assert bench.said[2:] == [{"release": ["7"]}]


async def test_a_lease_that_comes_when_all_have_just_given_up_is_told_to_be_idle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leasing, "REPORT_SECONDS", 0.0)
    waiting = await bench.ask()
    waiting.cancel()
    bench.grant()  # before the task that was cancelled has run
    async with asyncio.timeout(10):
        while len(bench.said) < 2:  # noqa: ASYNC110 - a timer of the loop is no event
            await asyncio.sleep(0)
    assert bench.said[1:] == [{"used": {"7": [0, 0]}}]


async def test_who_gives_up_waiting_gives_up_the_request_when_it_was_the_last(bench: Bench) -> None:
    one, two = await bench.ask(), await bench.ask()
    one.cancel()
    await asyncio.sleep(0)
    assert len(bench.said) == 1
    two.cancel()
    await asyncio.sleep(0)
    assert bench.said[1:] == [{"cancel": 1}]
    bench.grant()  # it was on its way already
    assert bench.said[2:] == [{"release": ["7"]}]


async def test_who_is_cancelled_with_the_lease_in_hand_gives_it_back(bench: Bench) -> None:
    waiting = await bench.ask()
    bench.grant()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    bench.leases.receive({"recall": ["7"]})
    assert bench.said[1:] == [{"release": ["7"]}]


async def test_somebody_urgent_hurries_a_request_that_was_not(bench: Bench) -> None:
    await bench.ask(urgent=False)
    await bench.ask(urgent=True)
    await bench.ask(urgent=False)
    assert bench.said == [
        {"lease": 1, "model": "m", "urgent": False},
        {"lease": 1, "model": "m", "urgent": True},
    ]
    bench.leases.lost("over")


async def test_a_refusal_reaches_all_who_wait(bench: Bench) -> None:
    waiting = [await bench.ask() for _ in range(3)]
    bench.leases.receive({"refused": 1, **problem(NotFound("There is no model 'm'.", field="model"))})
    for each in waiting:
        with pytest.raises(NotFound, match="no model"):
            await each


async def test_a_lost_connection_ends_every_lease_and_every_wait(bench: Bench) -> None:
    waiting = await bench.ask()
    bench.grant()
    lease = await waiting
    other = await bench.ask("n")
    bench.leases.lost("the runner is gone")
    assert bench.leases.held("m") is None
    with pytest.raises(Unavailable, match="gone"):
        await other
    bench.leases.release(lease)
    assert all("release" not in said for said in bench.said)


async def test_a_lease_whose_engine_is_gone_is_not_used_again(bench: Bench) -> None:
    waiting = await bench.ask()
    bench.grant()
    lease = await waiting
    bench.leases.receive({"gone": ["7"]})
    assert bench.leases.held("m") is None
    bench.leases.release(lease)
    assert all("release" not in said for said in bench.said)


async def test_what_is_announced_is_told_once_in_a_while_and_never_of_what_is_held(bench: Bench) -> None:
    waiting = await bench.ask()
    bench.grant()
    await waiting
    assert bench.leases.unannounced(["m", "a", "b"]) == ["a", "b"]
    assert bench.leases.unannounced(["a", "c"]) == ["c"]
