"""Functions that leave a line in a file, in whatever process they are called: `act`, and `look` that only reads."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from inference.functions import Context
from tests.unit.composer.agents import AskedFor, Given, register


class Trace:
    """What was called, in order. With `deadly`, what is called `die` kills its process."""

    def __init__(self, home: Path, *, deadly: bool = False) -> None:
        self._file, self._deadly = home / "trace", deadly

    @property
    def calls(self) -> list[str]:
        return self._file.read_text().split() if self._file.exists() else []

    async def call(self, _: Context, request: AskedFor) -> Given:
        with self._file.open("a") as file:
            file.write(f"{request.query}\n")
        if self._deadly and request.query == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return Given(value=request.query)

    def register(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Puts both into the registry for the time of a test."""
        register(monkeypatch, "act", self.call)
        register(monkeypatch, "look", self.call, read_only=True)


def act(node: str, **write: Any) -> dict[str, Any]:
    """A node that calls `act` with its own name."""
    return {"id": node, "kind": "function", "function": "act", "input": {"query": node}, "write": write}


def look(node: str, **write: Any) -> dict[str, Any]:
    """A node that calls `look` with its own name."""
    return act(node, **write) | {"function": "look"}
