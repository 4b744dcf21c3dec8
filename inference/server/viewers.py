"""Who watches models now."""

from __future__ import annotations

from collections import Counter

from inference.errors import TooManyRequests

MOST = 200
MOST_OF_ONE = 20
_RETRY_SECONDS = 30


class Viewers:
    """The open streams of models of this process, by user. Each holds a connection to the runner, which writes every
    change to all of them: so there are at most MOST, and MOST_OF_ONE of one user."""

    def __init__(self) -> None:
        self._open = Counter[int]()

    def enter(self, user: int) -> None:
        """One more of this user, until `leave`. Raises TooManyRequests."""
        if self._open[user] >= MOST_OF_ONE:
            raise TooManyRequests(
                f"You watch models {MOST_OF_ONE} times already: close one of the streams.", retry_after=_RETRY_SECONDS
            )
        if self._open.total() >= MOST:
            raise TooManyRequests(
                f"{MOST} watch models here already: ask fetch_models, or come again later.", retry_after=_RETRY_SECONDS
            )
        self._open[user] += 1

    def leave(self, user: int) -> None:
        self._open[user] -= 1
        if not self._open[user]:
            del self._open[user]
