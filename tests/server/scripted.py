"""An upstream in a process of its own, for the gateway. What it was asked, and whether whoever asked hung up, can be
read from it.

    with scripted() as upstream:          # python -m tests.server.scripted_upstream
        upstream.url                      # …/v1
        upstream.seen("talk")             # [Seen(body, headers)]
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.server.answers import Body


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    body: Body
    headers: dict[str, str]


@dataclass(frozen=True)
class Scripted:
    """A running upstream, from the side of a test."""

    url: str

    def seen(self, model: str) -> list[Seen]:
        """What was asked of a model, oldest first."""
        return [Seen(*entry) for entry in self._get("seen").get(model, [])]

    def hung_up(self, model: str, times: int = 1) -> bool:
        """Whether so many clients of a model have gone before its answer ended; waits for it for a while."""
        until = time.monotonic() + 10
        while self._get("hung_up").get(model, 0) < times:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def written(self, model: str) -> int:
        """Bytes that a model could send so far."""
        return self._get("written").get(model, 0)

    def set(self, **values: Any) -> None:
        """Changes what models do: `works`."""
        httpx.post(f"{self.url}/set", json=values).raise_for_status()

    def _get(self, what: str) -> Any:
        return httpx.get(f"{self.url}/{what}").json()


@contextlib.contextmanager
def scripted() -> Generator[Scripted]:
    """Runs while the context lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.server.scripted_upstream"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Scripted(f"http://127.0.0.1:{int(process.stdout.readline())}/v1")
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
