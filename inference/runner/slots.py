"""One local model as the pool keeps it, and as the rest of the platform sees it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from inference.models.models import Model
from inference.runner import Lease

if TYPE_CHECKING:
    from inference.models.models import ModelState
    from inference.runner.catalog import Spec

MIB = 1024 * 1024


class Engine(Protocol):
    """A running engine: the address that it answers at and what to send there."""

    @property
    def lease(self) -> Lease: ...

    def memory_bytes(self) -> int:
        """Resident memory now; 0 when it is gone."""
        ...


@dataclass(slots=True)
class Slot:
    """One model: its state and who waits for the next one."""

    spec: Spec
    state: ModelState = "off"
    engine: Engine | None = None
    error: str | None = None
    load_seconds: float | None = None
    leases: list[asyncio.Future[Lease]] = field(default_factory=list[asyncio.Future[Lease]])
    unloads: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]])
    hung: str | None = None


def describe(slot: Slot) -> Model:
    spec = slot.spec
    return Model(
        id=spec.id,
        kind=spec.kind,
        engine=spec.engine,
        state=slot.state,
        memory_mb=round(slot.engine.memory_bytes() / MIB, 1) if slot.engine else 0,
        device="cpu",
        dimensions=spec.dimensions,
        max_tokens=spec.max_tokens,
        precision=spec.precision,
        load_seconds=slot.load_seconds,
        error=slot.error,
        description=spec.description,
    )
