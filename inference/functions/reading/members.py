"""What an archive was expanded to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. `name` is a relative path of its own, `a/b.pdf`, in a nested archive `inner.zip/b.pdf`."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that was not taken, and why, in a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """What was taken, in the archive's order, and what was not."""

    members: list[Member] = field(default_factory=list[Member])
    skipped: list[Skipped] = field(default_factory=list[Skipped])
