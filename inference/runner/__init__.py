"""The runner decides which model is in which memory, starts and stops it, and leases it out.

A model is a process that speaks the OpenAI protocol. A caller leases it and then talks to the lease's `base_url`
itself: tokens never pass through the runner.

States of a model

    off        no process; a lease loads it
    loading    its process is starting; leases wait
    ready      answers at its base_url
    sleeping   holds its weights where they cost less (engines that can)
    unloading  its process is ending; a lease waits and loads it again
    failed     its last load or run ended in an error, which `Model.error` tells; the next lease tries again

Guarantees

    lease()    returns when the model is ready, or raises: NotFound (no such model: never another in its place),
               Unavailable (it cannot be loaded now, or the runner does not answer; the message says why).
               Concurrent leases of a model that is off cause one load.
    load()     the same without a lease; unload() ends the process and returns when its memory is free.
    memory()   what was measured, never what was planned.
    A model whose process dies is `off` or `failed` within a second; the next lease starts it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from inference.models.models import Memory, Model

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_CHAT_MODEL = "extractive"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to use a model until it is recalled.

    `base_url` ends before `/chat/completions`; `model` is the name to send there; `headers` authorise the request.
    """

    model: str
    base_url: str
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False)


class Runner(Protocol):
    """What the rest of the platform knows of the runner."""

    async def lease(self, model: str) -> Lease: ...

    async def models(self) -> list[Model]: ...

    async def memory(self) -> Memory: ...

    async def load(self, model: str) -> Model: ...

    async def unload(self, model: str) -> Model: ...

    async def forget(self, lease: Lease) -> None:
        """Tells that the lease's engine did not answer, so that the next lease asks anew."""
        ...

    async def close(self) -> None: ...
