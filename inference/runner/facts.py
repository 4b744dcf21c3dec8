"""What the pool's slots mean for a decision: residents, and wishes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from inference.runner.policy import BACKGROUND, INTERACTIVE, OFF, Need, Place, Resident, Rung, Share
from inference.runner.scheduling import Facts, Wish
from inference.runner.slots import Slot

# Its user may be between two requests: so long after the last one it counts as in use.
GRACE = 1.0
LONG_AGO = float("-inf")

Asleep = Callable[[Slot], Sequence[tuple[int, Share, float]]]


def facts_of(slots: Iterable[Slot], places: Sequence[Place], asleep: Asleep, now: float) -> Facts:
    """`asleep` tells the levels that a slot's engine can sleep at, what it holds there, and the seconds to wake."""
    listed = list(slots)
    residents = [_resident(slot, asleep, now) for slot in listed if _holds(slot)]
    leased = frozenset(slot.spec.id for slot in listed if slot.leases)
    wishes = [wish for slot in listed if (wish := _wish(slot, leased, now))]
    return Facts(now, places, residents, wishes)


def _holds(slot: Slot) -> bool:
    return slot.state in ("loading", "ready", "sleeping", "unloading")


def _resident(slot: Slot, asleep: Asleep, now: float) -> Resident:
    in_use = slot.busy or now - slot.used < GRACE
    return Resident(
        slot.spec.id,
        slot.share,
        rungs=tuple(_rungs(slot, asleep)),
        after=_after(slot),
        back_seconds=slot.back_seconds,
        busy=slot.busy,
        pinned=slot.standing.pin,
        since=slot.since if in_use else LONG_AGO,
        last_used=slot.used,
        record=slot.record,
        priority=_priority(slot, urgent=slot.urgent_use),
        announced=1 if slot.announced_until > now else 0,
        ttl=slot.standing.ttl_seconds,
    )


def _after(slot: Slot) -> Share | None:
    if slot.falling:
        return slot.falling.to.share
    if slot.state == "unloading":
        return {}
    return slot.after if slot.state == "loading" else None


def _rungs(slot: Slot, asleep: Asleep) -> Iterable[Rung]:
    if slot.state == "ready":
        for level, share, seconds in asleep(slot):
            yield Rung(level, share, seconds)
    elif slot.state == "sleeping":
        for level, share, seconds in asleep(slot):
            if level > slot.level:
                yield Rung(level, share, seconds)
    yield Rung(OFF, {}, slot.record.load_seconds)


def wanted(slot: Slot, now: float) -> bool:
    """Whether the slot could be on its way to ready, and somebody waits for that, has announced it, or pinned it."""
    if slot.ending or slot.removed or not (slot.state == "sleeping" or slot.resting):
        return False
    if slot.state == "failed" and now < slot.retry_at:
        return False
    return bool(slot.waiting) or slot.standing.pin or (slot.announced_until > now and slot.state != "failed")


def _wish(slot: Slot, leased: frozenset[str], now: float) -> Wish | None:
    if not wanted(slot, now) or (slot.ways is None and slot.state != "sleeping"):
        return None
    asked = bool(slot.waiting) or slot.standing.pin
    urgent = any(waiting.urgent for waiting in slot.waiting)
    need = Need(
        slot.spec.id,
        slot.ways or (),
        at=slot.awake if slot.state == "sleeping" else None,
        allowed=slot.standing.devices,
        priority=_priority(slot, urgent=urgent),
        prefetch=not asked,
        announced=1 if slot.announced_until > now else 0,
        record=slot.record,
    )
    since = min((waiting.since for waiting in slot.waiting), default=now)
    spared = frozenset(waiting.engine_of for waiting in slot.waiting if waiting.engine_of)
    return Wish(need, since, urgent, spared if asked else leased, slot.promise)


def _priority(slot: Slot, *, urgent: bool) -> int:
    return slot.standing.priority + (INTERACTIVE if urgent else BACKGROUND)
