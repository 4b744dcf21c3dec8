"""The platform as `penstock start` runs it, for as long as a measurement lasts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from inference.evaluation.client import Client
from inference.evaluation.processes import Unmeasurable, cpu_seconds, ended, find, free_port, tree

_READY = "Penstock is ready at"
USER = {"username": "bench", "password": "a password for one measurement"}
# What the environment of whoever measures must not bring in. Without bytecode every start compiles LangGraph anew, in
# two processes, for seconds.
_OURS = ("PENSTOCK_", "DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "OPENAI_", "PYTHONDONTWRITEBYTECODE")
# A platform has settled when all its processes take less than this share of one core together.
_SETTLED_CORE = 0.05
_SETTLE_SECONDS = 30.0


class Installation:
    """A running platform. `started_after`: seconds from the command to its ready line."""

    def __init__(self, home: Path, port: int, pid: int, started_after: float) -> None:
        self.home, self.port, self.pid, self.started_after = home, port, pid, started_after

    def process(self, module: str) -> psutil.Process:
        """The process of one of its parts, by its module."""
        return find(self.pid, f"-m {module}")

    def parts(self) -> dict[str, list[psutil.Process]]:
        """All its processes by what they are."""
        names = {
            "inference.cli start": "supervisor",
            "inference.server": "server",
            "inference.composer": "worker",
            "inference.runner": "runner",
        }
        parts: dict[str, list[psutil.Process]] = {}
        for process in tree(self.pid):
            _, _, command = " ".join(process.cmdline()).partition(" -m ")
            parts.setdefault(names.get(command, "postgres" if "postgres" in process.name() else command), []).append(
                process
            )
        return parts

    def settle(self) -> None:
        """Waits until the parts have done what they do once: imports, connections, the first look at the queue."""
        give_up = time.perf_counter() + _SETTLE_SECONDS
        while time.perf_counter() < give_up:
            before, at = self._cpu_seconds(), time.perf_counter()
            time.sleep(1.0)
            if self._cpu_seconds() - before < _SETTLED_CORE * (time.perf_counter() - at):
                return

    def _cpu_seconds(self) -> float:
        return sum(cpu_seconds(process.pid) for process in tree(self.pid))

    def api_key(self, set_up: Callable[[Client], None] | None = None) -> str:
        """Makes the first user, who is the administrator, and an API key of theirs; `set_up` is called as that user."""
        guest = Client(self.port)
        guest.call("add_user", **USER)
        login = Client(self.port, guest.call("login", **USER)["access_token"])
        guest.close()
        if set_up:
            set_up(login)
        key: str = login.call("create_api_key", title="bench")["api_key"]
        login.close()
        return key


@contextmanager
def new_home() -> Generator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder:
        yield Path(folder)


@contextmanager
def started(home: Path, environment: Mapping[str, str] | None = None) -> Generator[Installation]:
    """Starts the platform on `home` and ends it. Raises Unmeasurable when it does not become ready."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    told = {"PENSTOCK_HOME": str(home), "PENSTOCK_PORT": str(port), **(environment or {})}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "inference.cli", "start"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=kept | told,
    )  # fmt: skip
    with ended(process):
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(_READY):
                yield Installation(home, port, process.pid, time.perf_counter() - begun)
                return
        raise Unmeasurable(f"the platform did not start:\n{''.join(said)}")
