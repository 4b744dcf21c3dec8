"""One call for all who ask the same at the same time."""

from __future__ import annotations

import asyncio

import pytest

from inference.single_flight import SingleFlight


class Counter:
    """Calls that end when they are let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.go = asyncio.Event()

    async def call(self) -> int:
        self.calls += 1
        number = self.calls
        await self.go.wait()
        return number

    async def fail(self) -> int:
        await self.call()
        raise LookupError("gone")


async def test_who_asks_meanwhile_shares_the_call() -> None:
    counter, flights = Counter(), SingleFlight[str, int]()
    asked = [asyncio.create_task(flights.do("a", counter.call)) for _ in range(50)]
    await asyncio.sleep(0)
    counter.go.set()
    assert await asyncio.gather(*asked) == [1] * 50
    assert await flights.do("a", counter.call) == 2, "nothing is kept"


async def test_other_keys_have_their_own() -> None:
    counter, flights = Counter(), SingleFlight[str, int]()
    counter.go.set()
    assert sorted(await asyncio.gather(flights.do("a", counter.call), flights.do("b", counter.call))) == [1, 2]


async def test_an_error_is_everybodys() -> None:
    counter, flights = Counter(), SingleFlight[str, int]()
    counter.go.set()
    asked = await asyncio.gather(*(flights.do("a", counter.fail) for _ in range(3)), return_exceptions=True)
    assert [str(error) for error in asked] == ["gone"] * 3
    assert counter.calls == 1


async def test_who_goes_away_stops_nobody_else() -> None:
    counter, flights = Counter(), SingleFlight[str, int]()
    first, second = (asyncio.create_task(flights.do("a", counter.call)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    counter.go.set()
    assert await second == 1


async def test_an_error_that_nobody_waits_for_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    counter, flights = Counter(), SingleFlight[str, int]()
    asked = asyncio.create_task(flights.do("a", counter.fail))
    await asyncio.sleep(0)
    asked.cancel()
    counter.go.set()
    await asyncio.sleep(0.01)
    assert not caplog.records
