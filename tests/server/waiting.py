"""Waiting for what comes by itself, and doing things at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def until(what: Callable[[], T], seconds: float = 10) -> T:
    """Waits until `what` gives something true, and gives that."""
    deadline = time.monotonic() + seconds
    while not (given := what()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        time.sleep(0.1)
    return given


def at_once(what: Callable[[int], T], times: int) -> list[T]:
    """What `what` gives for 0, 1, …, each called in a thread of its own."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(what, range(times)))
