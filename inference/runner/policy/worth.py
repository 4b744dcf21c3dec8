"""How much a model's presence is worth: expected load seconds saved by the room that it takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

GIB = 1 << 30
HALF_LIFE = 1800.0
"""Seconds after which a use counts half. Between 10 minutes and 2 hours the measured trace shows little difference."""
EPISODE = 10.0
"""Seconds within which uses of one model count as one: an agent's burst is one reason to keep it, not fifty."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of a model, also while it is off: its decayed number of `uses` as of `at`, and how long its
    last load took."""

    uses: float = 0.0
    at: float = 0.0
    load_seconds: float = 1.0


NEW = Record()


def uses_now(record: Record, now: float) -> float:
    """The uses, decayed until now. A clock that was set back decays nothing."""
    return record.uses * 0.5 ** (max(now - record.at, 0.0) / HALF_LIFE)


def touched(record: Record, now: float) -> Record:
    """The record after a use. Called too often it does no harm: see EPISODE."""
    if record.uses and now - record.at < EPISODE:
        return record
    return replace(record, uses=uses_now(record, now) + 1, at=now)


def loaded(record: Record, seconds: float) -> Record:
    """The record after a load that took so long."""
    return replace(record, load_seconds=max(seconds, 0.0))


def worth(uses: float, seconds: float, freed: int) -> float:
    """Uses × seconds to get it back / GiB: the order in which models go. More is kept longer."""
    return uses * seconds * GIB / max(freed, 1)
