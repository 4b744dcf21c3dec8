"""How many watch models at once."""

from __future__ import annotations

import pytest

from inference.errors import TooManyRequests
from inference.server.viewers import MOST, MOST_OF_ONE, Viewers


def test_each_user_has_so_many_and_all_together_too() -> None:
    viewers = Viewers()
    for _ in range(MOST_OF_ONE):
        viewers.enter(0)
    with pytest.raises(TooManyRequests, match="You watch"):
        viewers.enter(0)
    for user in range(1, MOST - MOST_OF_ONE + 1):
        viewers.enter(user)
    with pytest.raises(TooManyRequests, match=f"{MOST} watch"):
        viewers.enter(MOST)
    viewers.leave(1)
    viewers.enter(MOST)
    with pytest.raises(TooManyRequests, match=f"{MOST} watch"):
        viewers.enter(1)
