"""What the runner knows of an engine: one `EngineKind` a kind, which reads entries and says how a process is run.

A kind decides and starts nothing: `Program` is a command line, `Ask` an HTTP request, and the launcher carries them
out. The kind of `engine: x` is `KIND` in `inference.runner.engines.x.kind`, imported by the runner's process alone, and
only when an entry asks for it. That module imports no library of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast

if TYPE_CHECKING:
    from inference.models.models import ModelEntry, ModelKind, Precision
    from inference.runner import Embedder
    from inference.runner.policy import Share, Way

LOAD_TIMEOUT = 120.0


class Unusable(Exception):
    """The entry describes no model that can be served. `faults`: a field of the entry, and what is wrong with it."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("; ".join(message for _, message in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Spec:
    """A model of this machine, as its entry and its own files describe it.

    `entry` is None for what is built in. `told` is what the kind remembers for `program`: variables of the engine's
    environment. `context` in tokens, None where the engine knows; `load_timeout` in seconds.
    """

    id: str
    kind: ModelKind
    engine: str
    description: str = ""
    dimensions: int | None = None
    max_tokens: int | None = None
    precision: Precision | None = None
    embedder: Embedder | None = None
    entry: ModelEntry | None = None
    source: Path | None = None
    context: int | None = None
    told: Mapping[str, str] = field(default_factory=dict[str, str])
    load_timeout: float = LOAD_TIMEOUT


@dataclass(frozen=True, slots=True)
class Launch:
    """One start of a model: where, how large, and what it must ask its callers for.

    `devices` are ids as in `Way`: ("cpu",) or ("gpu0", "gpu1"), as many as its tensor-parallel size. `bytes_each`: what
    it was given on each of them. `context`: less than the spec's after a start that ran out of memory. `port` is free
    on loopback; `token` is the bearer that the engine must ask for.
    """

    spec: Spec
    devices: tuple[str, ...]
    bytes_each: int
    context: int | None
    port: int
    token: str
    home: Path
    runner_url: str
    runner_token: str


@dataclass(frozen=True, slots=True)
class Program:
    """A command line and what its environment has beside the runner's own, from which secrets are kept back.

    One that `speaks` tells of itself on its standard output, as process.py describes (engines of this project).
    Another is started beneath `inference.runner.warden`, which ends all that it has started when the runner is gone,
    and is ready when `GET health` on `port` answers 200; all that it writes is its log. `model` is the name to send
    there.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    speaks: bool = False
    health: str = "/health"
    base_path: str = "/v1"
    model: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an engine ended. `memory`: it ran out of it. `words` are for people: what happened and the way out."""

    memory: bool
    words: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to an engine, below its base address without `/v1`; 200 is success."""

    method: Literal["GET", "POST"]
    path: str
    body: Mapping[str, object] | None = None


class EngineKind(Protocol):
    """What is common to all models of one engine. Pure, but for reading the files that an entry names."""

    @property
    def name(self) -> str:
        """`engine` in models.yaml."""
        ...

    @property
    def sleep_levels(self) -> tuple[int, ...]:
        """How deep it can sleep: () not at all, (1, 2)."""
        ...

    @property
    def adapters(self) -> bool:
        """Whether an entry may have `lora`: then it answers to each adapter's name as well."""
        ...

    def read(self, entry: ModelEntry, folder: Path) -> Spec:
        """The entry checked and its files looked at, no weights read; `folder` is where a relative `source` begins.
        Raises Unusable with every fault that can be seen, also when the engine is not installed here."""
        ...

    def ways(self, spec: Spec, context: int | None, residual: int) -> tuple[Way, ...]:
        """Every layout that it can take, with the bytes that each needs, `residual` (what earlier loads needed beyond
        the estimate) included: one for each tensor-parallel size, CPU alone where it runs there. Raises Inestimable."""
        ...

    def program(self, launch: Launch) -> Program: ...

    def explain(self, log: Sequence[str], ending: str) -> Failure:
        """Why an engine that wrote `log` (its last lines, oldest first) and `ending` ("ended with status 1", "was
        killed by SIGKILL", "was not ready after 300 s") came to its end."""
        ...

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        """The next smaller context to try after it ran out of memory with `context` where it had `room` bytes on
        all its devices together; None when there is none worth trying."""
        ...

    def asleep(self, spec: Spec, level: int, share: Share) -> Share:
        """What is held when it sleeps `level` deep, having held `share` awake."""
        ...

    def back_seconds(self, level: int, load_seconds: float) -> float:
        """How long waking from `level` takes, when a load takes `load_seconds`."""
        ...

    def sleep(self, level: int) -> tuple[Ask, ...]: ...

    def wake(self, level: int) -> tuple[Ask, ...]: ...


class AlwaysAwake:
    """What kinds have in common whose engines neither sleep nor have adapters, nor a context that could be smaller."""

    sleep_levels: tuple[int, ...] = ()
    adapters: bool = False

    def explain(self, log: Sequence[str], ending: str) -> Failure:
        memory = "SIGKILL" in ending or any(sign in line for line in log for sign in ("MemoryError", "bad_alloc"))
        return Failure(memory, in_words(ending))

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        return None

    def asleep(self, spec: Spec, level: int, share: Share) -> Share:
        return share

    def back_seconds(self, level: int, load_seconds: float) -> float:
        return load_seconds

    def sleep(self, level: int) -> tuple[Ask, ...]:
        return ()

    def wake(self, level: int) -> tuple[Ask, ...]:
        return ()


def in_words(ending: str) -> str:
    """How a process ended, as a sentence about its model: "its process was killed by SIGKILL"."""
    return f"its process {ending}" if ending.startswith(("ended", "was killed", "wrote", "did not")) else ending


def kind_of(engine: str) -> EngineKind:
    """Raises Unusable where this installation has no such engine."""
    try:
        module = import_module(f"inference.runner.engines.{engine}.kind")
    except ModuleNotFoundError as error:
        raise Unusable(("engine", f"`{engine}` is not part of this installation: {error}")) from None
    return cast("EngineKind", module.KIND)
