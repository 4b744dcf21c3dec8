"""Decisions about memory: what a few are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inference.runner.policy import (
    OFF,
    Fall,
    Need,
    Place,
    Record,
    Resident,
    Room,
    Rung,
    TooLarge,
    Wait,
    Way,
    fits,
    idle,
    loaded,
    plan,
    touched,
    worth,
)
from inference.runner.policy.worth import EPISODE, HALF_LIFE, uses_now
from tests.unit.runner.situations import NOW

GIB = 1 << 30


def _resident(model: str, size: int, device: str = "gpu0", **more: object) -> Resident:
    facts: dict[str, object] = {
        "rungs": (Rung(OFF, {}, 30.0),),
        "record": Record(1.0, NOW, 1.0),
    }
    return Resident(model, {device: size * GIB}, **(facts | more))  # pyright: ignore[reportArgumentType] - a table of fields


GPU = [Place("cpu", "cpu", 64 * GIB), Place("gpu0", "gpu", 80 * GIB)]
TWO = [*GPU, Place("gpu1", "gpu", 80 * GIB)]


def _need(size: int, count: int = 1, **more: object) -> Need:
    return replace(Need("wanted", (Way("gpu", count, size * GIB),)), **more)


def test_the_cheapest_to_bring_back_for_its_size_goes() -> None:
    dear = _resident("dear", 40, rungs=(Rung(OFF, {}, 60.0),))
    cheap = _resident("cheap", 38, rungs=(Rung(OFF, {}, 20.0),))
    assert plan(_need(20), GPU, [dear, cheap], NOW) == Room(
        {"gpu0": 20 * GIB}, ("gpu0",), Way("gpu", 1, 20 * GIB), (Fall("cheap", Rung(OFF, {}, 20.0)),)
    )


def test_what_is_used_more_stays() -> None:
    much = _resident("much", 40, record=Record(9.0, NOW, 1.0))
    little = _resident("little", 40)
    decision = plan(_need(20), GPU, [much, little], NOW)
    assert isinstance(decision, Room)
    assert [fall.model for fall in decision.falls] == ["little"]


def test_a_use_of_long_ago_counts_less_than_one_of_now() -> None:
    once = touched(Record(), NOW)
    often = Record(8.0, NOW - 4 * HALF_LIFE)
    assert uses_now(often, NOW) == pytest.approx(0.5)
    assert uses_now(once, NOW) == 1
    assert touched(once, NOW + EPISODE / 2) == once
    assert touched(once, NOW + EPISODE).uses == pytest.approx(2, rel=0.01)
    assert loaded(once, 7.5).load_seconds == 7.5


def test_one_that_can_sleep_sleeps_where_the_host_has_room() -> None:
    ladder = (
        Rung(1, {"gpu0": GIB, "cpu": 40 * GIB}, 2.0),
        Rung(2, {"gpu0": GIB, "cpu": GIB}, 5.0),
        Rung(OFF, {}, 60.0),
    )
    sleeper = _resident("sleeper", 60, rungs=ladder)
    room = plan(_need(50), GPU, [sleeper], NOW)
    assert isinstance(room, Room)
    assert room.falls == (Fall("sleeper", ladder[0]),)
    small = [replace(GPU[0], budget=8 * GIB), GPU[1]]
    room = plan(_need(50), small, [sleeper], NOW)
    assert isinstance(room, Room)
    assert room.falls == (Fall("sleeper", ladder[1]),)
    room = plan(_need(80), GPU, [sleeper], NOW)
    assert isinstance(room, Room)
    assert room.falls == (Fall("sleeper", ladder[2]),)


def test_a_sleeper_wakes_where_it_lives() -> None:
    asleep = Resident("wanted", {"gpu0": GIB, "cpu": 40 * GIB}, (Rung(OFF, {}, 60.0),), back_seconds=2.0)
    other = _resident("other", 60)
    room = plan(Need("wanted", at={"gpu0": 41 * GIB, "cpu": 2 * GIB}), GPU, [asleep, other], NOW)
    assert isinstance(room, Room)
    assert [fall.model for fall in room.falls] == ["other"]
    room = plan(Need("wanted", at={"gpu0": 41 * GIB, "cpu": 2 * GIB}), GPU, [asleep], NOW)
    assert room == Room({"gpu0": 41 * GIB, "cpu": 2 * GIB}, ("cpu", "gpu0"), None)


def test_the_smallest_hole_that_fits_is_taken() -> None:
    room = plan(_need(20), TWO, [_resident("a", 30, "gpu1")], NOW)
    assert isinstance(room, Room)
    assert room.devices == ("gpu1",)
    room = plan(_need(70), TWO, [_resident("a", 30, "gpu1")], NOW)
    assert isinstance(room, Room)
    assert room.devices == ("gpu0",)


def test_tensor_parallelism_takes_as_many_devices_as_it_says() -> None:
    ways = (Way("gpu", 1, 100 * GIB), Way("gpu", 2, 52 * GIB, 2 * GIB))
    room = plan(Need("wanted", ways), TWO, [], NOW)
    assert room == Room({"gpu0": 52 * GIB, "gpu1": 52 * GIB, "cpu": 2 * GIB}, ("gpu0", "gpu1"), ways[1])
    told = plan(Need("wanted", ways), GPU, [], NOW)
    assert told == TooLarge("gpu0", 100 * GIB, 80 * GIB)


def test_what_can_never_fit_is_told_with_both_figures() -> None:
    pinned = _resident("pinned", 30, pinned=True)
    places = [GPU[0], replace(GPU[1], foreign=5 * GIB)]
    told = plan(_need(50), places, [pinned], NOW)
    assert told == TooLarge("gpu0", 50 * GIB, 45 * GIB, 5 * GIB, 30 * GIB)
    none = plan(_need(1, count=4), TWO, [], NOW)
    assert none == TooLarge("gpu", GIB, 0, count=4)


def test_who_must_be_waited_for_is_named() -> None:
    busy = _resident("busy", 60, busy=True)
    young = _resident("young", 60, since=NOW - 4)
    leaving = _resident("leaving", 60, after={})
    assert plan(_need(50), GPU, [busy], NOW) == Wait(drain=("busy",))
    assert plan(_need(50), GPU, [young], NOW) == Wait(until=NOW + 6)
    assert plan(_need(50), GPU, [leaving], NOW) == Wait(moving=("leaving",))


def test_a_lower_priority_waits_for_its_grace() -> None:
    chat = _resident("chat", 60, priority=10, last_used=NOW - 20)
    assert plan(_need(50), GPU, [chat], NOW) == Wait(until=NOW + 40)
    assert isinstance(plan(_need(50, priority=10), GPU, [chat], NOW), Room)
    assert isinstance(plan(_need(50), GPU, [chat], NOW + 40), Room)


def test_a_prefetch_costs_nobody_more_than_it_saves() -> None:
    used = _resident("used", 60, record=Record(30.0, NOW, 1.0))
    soon = _resident("soon", 60, announced=1)
    rare = _resident("rare", 60, record=Record(0.1, NOW, 1.0))
    need = _need(50, prefetch=True, announced=1, record=Record(0.0, NOW, 10.0))
    assert plan(need, GPU, [used], NOW) == Wait()
    assert plan(need, GPU, [soon], NOW) == Wait()
    assert isinstance(plan(need, GPU, [rare], NOW), Room)
    assert isinstance(plan(replace(need, prefetch=False), GPU, [soon], NOW), Room)


def test_two_promises_are_kept_one_after_the_other() -> None:
    old = _resident("old", 60, after={})
    first = Resident("first", {}, after={"gpu0": 70 * GIB})
    assert not fits("first", {"gpu0": 70 * GIB}, GPU, [old, first])
    assert fits("first", {"gpu0": 70 * GIB}, GPU, [first])
    assert plan(_need(20), GPU, [old, first], NOW) == Wait(moving=("first",))


def test_idle_models_end_after_their_time() -> None:
    model = _resident("m", 40, last_used=NOW, ttl=600.0)
    assert idle([model], NOW).falls == ()
    assert idle([model], NOW + 60).again == NOW + 600
    assert idle([model], NOW + 600).falls == (Fall("m", model.rungs[-1]),)
    for kept in (
        replace(model, busy=True), replace(model, pinned=True), replace(model, announced=1), replace(model, ttl=None),
        replace(model, after={}),
    ):  # fmt: skip
        assert idle([kept], NOW + 9999).falls == ()


def test_worth_is_seconds_saved_a_gibibyte() -> None:
    assert worth(2.0, 30.0, 10 * GIB) == 6
    assert worth(2.0, 30.0, 0) == 2 * 30 * GIB


def test_many_devices_are_decided_at_once() -> None:
    """All sets of 8 of 32 are 10 million; neighbours stand for them."""
    places = [Place(f"gpu{n}", "gpu", 80 * GIB) for n in range(32)]
    room = plan(_need(60, count=8), places, [_resident("a", 30, "gpu0")], NOW)
    assert isinstance(room, Room)
    assert room.devices == tuple(f"gpu{n}" for n in range(1, 9))
