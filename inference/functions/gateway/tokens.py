"""What an answer cost. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an answer cost. `estimated`: nobody told, so it was guessed from bytes and events."""

    given: int = 0
    written: int = 0
    cached: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        return self.given + self.written


def estimate(asked: int, answered: int, events: int = 0) -> Tokens:
    """From bytes: four to a token; of a stream, from its events: engines send one for a token or a few."""
    return Tokens(asked // 4, events or answered // 4, estimated=True)
