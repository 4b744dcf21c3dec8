"""Three nodes over HTTP, waited for: ours as it is used, with a key and every step stored, and `langgraph dev`, which
keeps its runs in memory."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from inference.evaluation import wire
from inference.evaluation.client import Client
from inference.evaluation.driving import drive
from inference.evaluation.figures import Figure, Line, Target, figure
from inference.evaluation.graphs import langgraph_server, toolchains
from inference.evaluation.installation import started
from inference.evaluation.load import Load, Result
from inference.evaluation.processes import Unmeasurable, cpu_seconds, tree
from inference.evaluation.progress import tell

NODES = 3
CLIENTS = 50
ROUNDS = 3
_OURS, _PEER = "ours", "langgraph dev"
_SECONDS, _WARM_SECONDS = 3.0, 1.0


@dataclass(slots=True)
class Door:
    """A server that runs the chain when it is asked. `pid`: its first process."""

    name: str
    pid: int
    port: int
    request: bytes
    p50_ms: list[float] = field(default_factory=list[float])
    rate: list[float] = field(default_factory=list[float])
    p99_ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])

    def round(self) -> None:
        """One client, then many."""
        self.p50_ms.append(self._load(1).p50_us / 1000)
        before = self._cpu()
        many = self._load(CLIENTS)
        # The warm-up's answers are not counted, its CPU time is: it is taken off in proportion.
        used = (self._cpu() - before) * many.seconds / (many.seconds + _WARM_SECONDS)
        self.rate.append(many.answers / many.seconds)
        self.p99_ms.append(many.p99_us / 1000)
        self.cpu_ms.append(used * 1000 / many.answers)
        tell(f"graphs: {self.name}: p50 {self.p50_ms[-1]:.1f} ms, {self.rate[-1]:.0f} runs/s with {CLIENTS} clients")

    def _load(self, connections: int) -> Result:
        load = Load(
            port=self.port,
            request=base64.b64encode(self.request).decode(),
            says=f'"n":{NODES}',
            pid=self.pid,
            connections=connections,
            seconds=_SECONDS,
            warm_seconds=_WARM_SECONDS,
        )
        return drive(self.name, load)

    def _cpu(self) -> float:
        """Seconds that all its processes have used: ours has its database among them."""
        return sum(cpu_seconds(process.pid) for process in tree(self.pid))


def measure(folder: Path) -> tuple[list[Line], list[str]]:
    """Lines and notes."""
    with contextlib.ExitStack() as stack:
        tell("graphs: starting the platform and langgraph dev")
        ours = stack.enter_context(_ours(folder))
        doors, notes = [ours], [_NOTE]
        try:
            peer = stack.enter_context(_peer(folder))
            doors.append(peer)
            notes.append(_PEER_NOTE)
        except Unmeasurable as error:
            tell(str(error))
            notes.append(f"langgraph dev is missing: {str(error).splitlines()[0]}")
        for _ in range(ROUNDS):
            for door in doors:
                door.round()
    return _lines(doors), notes


_NOTE = (
    f"{NODES} nodes over HTTP: each gives back a constant and writes one integer of the state (ours calls "
    "isolate_question, whose arguments and result are checked); ours stores the run, each step and each event in "
    "PostgreSQL and looks at the API key"
)
_PEER_NOTE = (
    f"langgraph dev keeps runs in memory; it runs with --n-jobs-per-worker {langgraph_server.JOBS} instead of its 10, "
    "without reload and tracing; with one client its p50 is the pauses of its queue, so look at the CPU time beside it"
)


@contextlib.contextmanager
def _ours(folder: Path) -> Generator[Door]:
    with started(folder / "home") as platform:
        key, definition = platform.api_key(), toolchains.chain(NODES)
        client = Client(platform.port, key)
        client.call("save_toolchain", toolchain=definition)
        client.close()
        body: dict[str, Any] = {"toolchain_id": definition["id"], "input": {}, "wait": True}
        yield Door(_OURS, platform.pid, platform.port, _request("/api/run_toolchain", body, key))


@contextlib.contextmanager
def _peer(folder: Path) -> Generator[Door]:
    with langgraph_server.running(folder, NODES) as (pid, port):
        body = {"assistant_id": langgraph_server.GRAPH, "input": {"n": 0}}
        yield Door(_PEER, pid, port, _request("/runs/wait", body, "none"))


def _request(path: str, body: dict[str, Any], key: str) -> bytes:
    return wire.request(path, orjson.dumps(body), key)


def _lines(doors: list[Door]) -> list[Line]:
    ours = doors[0]
    peer = doors[1] if len(doors) > 1 else None

    def line(what: str, unit: str, name: str, **more: Any) -> Line:
        theirs: Figure | None = figure(getattr(peer, name), unit) if peer else None
        return Line(what, figure(getattr(ours, name), unit), peer=theirs, **more)

    return [
        line("over HTTP, 1 client: p50 of a run", "ms", "p50_ms", target=Target(10)),
        line(f"over HTTP, {CLIENTS} clients", "/s", "rate", better="more", target=Target(200)),
        line(f"· p99 of a run, {CLIENTS} clients", "ms", "p99_ms"),
        line("· CPU a run, all processes", "ms", "cpu_ms"),
    ]
