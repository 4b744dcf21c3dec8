"""A slot and the devices as the rest of the platform sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from inference.models.models import Device, LeaseHolder, Model, ModelShare
from inference.runner.slots import MIB

if TYPE_CHECKING:
    from inference.runner.gauge import Reading
    from inference.runner.slots import Granted, Slot

Holder = Callable[[str], str]


def describe(slot: Slot, holder: Holder, now: float) -> Model:
    """`holder` names a client; `now` is the pool's clock."""
    spec, standing = slot.spec, slot.standing
    return Model(
        id=spec.id,
        kind=spec.kind,
        engine=spec.engine,
        state=slot.state,
        memory_mb=_mb(sum(slot.share.values())),
        estimated_mb=None if slot.estimated is None else _mb(slot.estimated),
        device=_devices(slot),
        dimensions=spec.dimensions,
        max_tokens=spec.max_tokens,
        precision=spec.precision,
        load_seconds=None if slot.load_seconds is None else round(slot.load_seconds, 3),
        error=slot.error,
        notice=slot.notice,
        description=spec.description,
        context=slot.context or spec.context,
        pin=standing.pin,
        ttl_seconds=standing.ttl_seconds,
        priority=standing.priority,
        price=spec.entry.price if spec.entry else None,
        added=standing.added,
        leases=[_lease(lease, holder, now) for lease in slot.leases.values()],
        waiting=len(slot.waiting),
        waiting_seconds=round(now - slot.waiting[0].since, 1) if slot.waiting else 0,
        idle_seconds=_idle(slot, now),
        progress=_progress(slot, now),
        retry_seconds=round(max(slot.retry_at - now, 0), 1) if slot.state == "failed" else None,
    )


def describe_all(slots: Iterable[Slot], holder: Holder, now: float) -> list[Model]:
    """The models of this machine, and each of their adapters as a model of its own, which holds nothing itself."""
    found: list[Model] = []
    for slot in slots:
        base = describe(slot, holder, now)
        found.append(base)
        if slot.spec.entry:
            found += [_adapter(adapter.id, base) for adapter in slot.spec.entry.lora]
    return found


def _adapter(name: str, base: Model) -> Model:
    return Model(
        id=name,
        kind=base.kind,
        engine=base.engine,
        state=base.state,
        memory_mb=0,
        device=base.device,
        error=base.error,
        description=f"{base.id} with an adapter.",
        context=base.context,
        adapter_of=base.id,
        price=base.price,
    )


def devices(reading: Reading, slots: Sequence[Slot]) -> list[Device]:
    """The machine's memory and its GPUs, with what models hold of them and are promised."""
    measured = {
        "cpu": (reading.host.total, reading.host.used),
        **{gpu.id: (gpu.total, gpu.used) for gpu in reading.gpus},
    }
    return [
        Device(
            id=place.id,
            kind=place.kind,
            total_mb=_mb(measured[place.id][0]),
            used_mb=_mb(measured[place.id][1]),
            free_mb=_mb(max(measured[place.id][0] - measured[place.id][1], 0)),
            models_mb=_mb(sum(slot.share.get(place.id, 0) for slot in slots)),
            budget_mb=_mb(place.budget),
            planned_mb=_mb(sum(_planned(slot, place.id) for slot in slots)),
            models=_shares(slots, place.id),
        )
        for place in reading.places
    ]


def _shares(slots: Iterable[Slot], device: str) -> list[ModelShare]:
    return [
        ModelShare(model=slot.spec.id, memory_mb=_mb(held)) for slot in slots if (held := slot.share.get(device, 0))
    ]


def _planned(slot: Slot, device: str) -> int:
    """What it will take beyond what it holds already."""
    promised = slot.promise.share if slot.promise else slot.after if slot.state == "loading" else None
    return max((promised or {}).get(device, 0) - slot.share.get(device, 0), 0)


def _devices(slot: Slot) -> str:
    held = slot.after if slot.state == "loading" and slot.after else slot.share or {"cpu": 0}
    gpus = sorted(device for device in held if device != "cpu")
    return ",".join(gpus) or "cpu"


def _lease(lease: Granted, holder: Holder, now: float) -> LeaseHolder:
    return LeaseHolder(
        holder=holder(lease.client),
        since=datetime.now(UTC) - timedelta(seconds=now - lease.since),
        in_flight=lease.in_flight,
        recalled=lease.recalled,
    )


def _idle(slot: Slot, now: float) -> float | None:
    if slot.state not in ("ready", "sleeping"):
        return None
    return 0.0 if slot.busy else round(max(now - slot.used, 0), 1)


def _progress(slot: Slot, now: float) -> float | None:
    """As far as the last load tells."""
    if slot.state != "loading" or not slot.load_seconds:
        return None
    return round(min((now - slot.load_began) / slot.load_seconds, 0.99), 2)


def _mb(size: float) -> float:
    return round(size / MIB, 1)
