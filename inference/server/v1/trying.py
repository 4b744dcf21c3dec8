"""When an upstream is asked again, when another is, and when it is left alone for a while. Pure: time is given."""

from __future__ import annotations

import random
from collections.abc import Callable

# Answers that another try, or another model, may mend: nothing of them has been passed on.
TRY_AGAIN = frozenset((408, 429, 500, 502, 503, 504, 529))
MOST_ATTEMPTS = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 2.0
# Seconds that an upstream may ask for by Retry-After and be waited for; who asks for more gets passed on at once.
_PATIENCE = 3.0


def wait_before(attempt: int, retry_after: float | None, jitter: Callable[[], float] = random.random) -> float | None:
    """Seconds until the attempt that follows `attempt` (from 1); None when there is to be none.

    Exponential with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015), and never sooner than the
    upstream asked for.
    """
    if attempt >= MOST_ATTEMPTS or (retry_after is not None and retry_after > _PATIENCE):
        return None
    backoff = min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT) * jitter()
    return max(backoff, retry_after or 0.0)


def read_retry_after(value: bytes) -> float | None:
    """Seconds of a Retry-After header; its form with a date is taken for a long time."""
    if not value:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        return float("inf")


class Budget:
    """Tries again are a share of the requests, so that a storm of refusals is not made three times as heavy."""

    SHARE, MOST = 0.2, 10.0

    def __init__(self) -> None:
        self._left = self.MOST

    def asked(self) -> None:
        """A request began."""
        self._left = min(self._left + self.SHARE, self.MOST)

    def spend(self) -> bool:
        """Whether there may be another try."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Breaker:
    """Leaves an upstream alone after FAILURES requests in a row that failed, tries again and all: for FIRST seconds,
    twice as long each time that the one request let through then fails too, LONGEST at most."""

    FAILURES, FIRST, LONGEST = 5, 5.0, 60.0
    # How long the one request that is let through keeps others waiting when nothing is heard of it.
    PROBE = 30.0

    def __init__(self) -> None:
        self._failures = 0
        self._pause = self.FIRST
        self._until = 0.0

    def wait(self, now: float) -> float:
        """Seconds until it may be asked; 0 for now. Of those that come when the pause is over, one goes through."""
        if self._failures < self.FAILURES:
            return 0.0
        if now < self._until:
            return self._until - now
        self._until = now + self.PROBE
        return 0.0

    def succeeded(self) -> None:
        self._failures, self._pause = 0, self.FIRST

    def failed(self, now: float) -> None:
        self._failures += 1
        if self._failures == self.FAILURES:
            self._until = now + self._pause
        elif self._failures > self.FAILURES:
            self._pause = min(self._pause * 2, self.LONGEST)
            self._until = now + self._pause
