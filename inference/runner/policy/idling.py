"""Who falls for want of use."""

from __future__ import annotations

from collections.abc import Iterable

from inference.runner.policy.facts import OFF, Fall, Idle, Resident


def idle(residents: Iterable[Resident], now: float) -> Idle:
    """The falls that are due by `ttl`, and when the next one will be if nobody is used until then.

    The busy, the pinned, the moving and the announced stay.
    """
    falls: list[Fall] = []
    coming: list[float] = []
    for each in sorted(residents, key=lambda each: each.model):
        off = next((rung for rung in each.rungs if rung.level == OFF), None)
        if each.ttl is None or off is None or each.after is not None or each.busy or each.pinned or each.announced:
            continue
        due = max(each.last_used, each.since) + each.ttl
        if due <= now:
            falls.append(Fall(each.model, off))
        else:
            coming.append(due)
    return Idle(tuple(falls), min(coming, default=None))
