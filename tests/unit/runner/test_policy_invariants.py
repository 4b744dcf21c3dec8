"""Decisions about memory: what must hold of every one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings

from inference.runner.policy import RULES, Fall, Need, Place, Resident, Room, Share, TooLarge, Wait, plan, relief
from inference.runner.policy.room import free, held_later, held_now
from tests.unit.runner.situations import NOW, situations


def _after(residents: Sequence[Resident], falls: Sequence[Fall]) -> list[Resident]:
    """The residents, everybody at rest and the falls done."""
    to = {fall.model: fall.to.share for fall in falls}
    return [replace(each, share=to.get(each.model, held_later(each)), after=None) for each in residents]


def _has_room(share: Share, places: Sequence[Place], residents: Sequence[Resident]) -> bool:
    left = free(places, residents, held_now)
    return all(size <= left.get(device, 0) for device, size in share.items() if size > 0)


@settings(max_examples=300)
@given(situations())
def test_a_decision_keeps_every_promise(given_: tuple[Need, list[Place], list[Resident]]) -> None:
    need, places, residents = given_
    decision = plan(need, places, residents, NOW)
    assert decision == plan(need, places, residents, NOW)
    known = {each.model: each for each in residents}
    match decision:
        case Room():
            _check_room(decision, need, places, residents)
        case Wait():
            assert all(known[model].busy and not known[model].pinned for model in decision.drain)
            assert all(known[model].after is not None for model in decision.moving)
            assert decision.until is None or decision.until > NOW
            if not need.prefetch:  # somebody is waited for, so that it ends
                assert decision.until is not None or decision.drain or decision.moving
        case TooLarge():
            assert decision.needed > decision.most or not decision.most
            pinned = [each for each in residents if each.pinned]
            for way in need.ways if need.at is None else ():
                if way.count == 1 and way.kind == "cpu" and (need.allowed is None or "cpu" in need.allowed):
                    assert not _has_room({"cpu": way.each}, places, _after(pinned, []))


def _check_room(room: Room, need: Need, places: list[Place], residents: list[Resident]) -> None:
    known = {each.model: each for each in residents}
    assert need.allowed is None or set(room.devices) <= need.allowed
    assert room.way in need.ways if need.at is None else room.share == need.at
    own: Share = known[need.model].share if need.at else {}
    wanted = {device: size - own.get(device, 0) for device, size in room.share.items()}
    for fall in room.falls:
        victim = known[fall.model]
        assert victim.after is None
        assert not victim.busy
        assert not victim.pinned
        assert victim.since + max(RULES.minimum_seconds, victim.record.load_seconds) <= NOW
        assert victim.priority <= need.priority or victim.last_used + RULES.priority_seconds <= NOW
        assert not (need.prefetch and victim.announced)
        assert fall.to in victim.rungs
    if not room.falls:
        assert _has_room(wanted, places, residents)
        return
    done = _after(residents, room.falls)
    assert _has_room(wanted, places, done)
    assert not _has_room(wanted, places, residents)
    for fall in room.falls:  # none is left out, and none would have done less deep
        for higher in (held_later(known[fall.model]), *(rung.share for rung in known[fall.model].rungs)):
            if higher == fall.to.share:
                break
            instead = [replace(each, share=higher) if each.model == fall.model else each for each in done]
            overfull = {device for device, size in free(places, instead, held_now).items() if size < 0}
            grown = {device for device, size in higher.items() if size > known[fall.model].share.get(device, 0)}
            assert not _has_room(wanted, places, instead) or overfull & grown
    for way in need.ways if need.at is None else ():  # and it fits nowhere without them
        for place in places:
            if way.count == 1 and place.kind == way.kind and (need.allowed is None or place.id in need.allowed):
                share = {place.id: way.each} | ({"cpu": way.host} if way.host else {})
                assert not _has_room(share, places, residents)


@given(situations())
def test_relief_touches_nobody_in_use_and_never_makes_it_worse(
    given_: tuple[Need, list[Place], list[Resident]],
) -> None:
    _, places, residents = given_
    known = {each.model: each for each in residents}
    falls = relief(places, residents, NOW)
    assert all(not (known[fall.model].busy or known[fall.model].pinned or known[fall.model].after) for fall in falls)
    before, after = free(places, residents, held_later), free(places, _after(residents, falls), held_later)
    for device, size in after.items():
        assert size >= min(before[device], 0)
    if falls:
        assert any(before[device] < 0 <= after[device] for device in before)
