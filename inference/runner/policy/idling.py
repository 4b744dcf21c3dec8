"""Who falls for want of use."""

from __future__ import annotations

from collections.abc import Iterable

from inference.runner.policy.facts import OFF, Fall, Idle, Resident, Rung


def idle(residents: Iterable[Resident], now: float) -> Idle:
    """The falls that are due by `sleep_after` and `ttl`, and when the next one will be if nobody is used until then.

    The busy, the pinned, the moving and the announced stay. One that cannot sleep does not.
    """
    falls: list[Fall] = []
    coming: list[float] = []
    for each in sorted(residents, key=lambda each: each.model):
        if each.after is not None or each.busy or each.pinned or each.announced:
            continue
        rest = max(each.last_used, each.since)
        due = [(rest + seconds, rung) for seconds, rung in _terms(each)]
        if past := [rung for at, rung in due if at <= now]:
            falls.append(Fall(each.model, max(past, key=lambda rung: rung.level)))
        coming += [at for at, _ in due if at > now]
    return Idle(tuple(falls), min(coming, default=None))


def _terms(resident: Resident) -> list[tuple[float, Rung]]:
    terms: list[tuple[float, Rung]] = []
    off = next((rung for rung in resident.rungs if rung.level == OFF), None)
    asleep = next((rung for rung in resident.rungs if rung.level != OFF), None)
    if resident.ttl is not None and off:
        terms.append((resident.ttl, off))
    # A ladder begins below where it is: one that sleeps at level 1 could go to 2, which nobody asked for.
    if resident.sleep_after is not None and asleep and resident.back_seconds == 0:
        terms.append((resident.sleep_after, asleep))
    return terms
