"""A process under measurement that is told what to do, from the side of whoever tells it."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from inference.evaluation.processes import Unmeasurable, ended, pss_mb
from inference.settings import ROOT

_ANSWER_SECONDS = 900.0


class Subject:
    """A process that obeys orders (evaluation/orders.py)."""

    def __init__(self, name: str, process: subprocess.Popen[str], log: Path) -> None:
        self.name = name
        self._process, self._log = process, log

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, do: str, *, within: float = _ANSWER_SECONDS, **more: Any) -> Any:
        """What an action gives. Raises Unmeasurable when it fails or does not end `within` so many seconds."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._failed(do, within) from error
        ready, _, _ = select.select([self._process.stdout], [], [], within)
        line = self._process.stdout.readline() if ready else ""
        said: dict[str, Any] = json.loads(line) if line else {}
        if "error" in said:
            raise Unmeasurable(f"{self.name} cannot {do}:\n{said['error'].strip()[-1500:]}")
        if not said:
            raise self._failed(do, within)
        return said["result"]

    def memory_mb(self) -> float:
        """Its proportional set size in 10^6 bytes."""
        return pss_mb(psutil.Process(self.pid))

    def kill(self) -> None:
        """SIGKILL: nothing of it has a chance to tidy up."""
        self._process.kill()
        self._process.wait()

    def _failed(self, do: str, within: float) -> Unmeasurable:
        words = self._log.read_text(errors="replace")[-1500:]
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            return Unmeasurable(f"{self.name} gave no answer to {do} within {within:g} s:\n{words}")
        return Unmeasurable(f"{self.name} has ended and cannot {do}:\n{words}")


@contextmanager
def subject(name: str, folder: Path, *command: str, environment: Mapping[str, str] | None = None) -> Generator[Subject]:
    """A subject for as long as the context lasts; what it says beside its answers goes to a file in `folder`."""
    log = folder / f"{name}.log"
    with log.open("a") as said:
        process = subprocess.Popen(  # noqa: S603 - the measurements' own commands
            command,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, cwd=ROOT,
            env=os.environ | (environment or {}),
        )  # fmt: skip
    with ended(process):
        yield Subject(name, process, log)
