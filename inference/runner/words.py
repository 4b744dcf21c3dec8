"""What a caller is told who cannot have a model: always with the figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from inference.errors import NotFound, Unavailable
from inference.runner.slots import MIB

if TYPE_CHECKING:
    from inference.runner.policy import TooLarge
    from inference.runner.slots import Slot


def no_such(model: str) -> NotFound:
    return NotFound(f"There is no model {model!r} on this machine.", field="model")


def stopping() -> Unavailable:
    return Unavailable("The runner is stopping. Try again when it is back.")


def too_large(model: str, found: TooLarge) -> Unavailable:
    """It cannot have the memory that it needs, whatever gives way."""
    devices = f" on each of {found.count} devices" if found.count > 1 else ""
    if not (found.most or found.foreign or found.pinned):
        return Unavailable(
            f"The model {model} cannot be loaded: it needs {_mib(found.needed)} of {found.device}{devices}, and this "
            "machine has none, or too few. Let its entry's `devices` name those that there are, or take another model."
        )
    where = "the machine" if found.device == "cpu" else found.device
    others = [
        f"{_mib(size)} is held by {by}"
        for size, by in ((found.foreign, "other programs"), (found.pinned, "pinned models"))
        if size
    ]
    more = f"; {' and '.join(others)}" if others else ""
    way_out = "Raise PENSTOCK_MEMORY_MB, " if found.device == "cpu" else ""
    return Unavailable(
        f"The model {model} cannot be loaded: it needs {_mib(found.needed)}{devices}, and models can have "
        f"{_mib(found.most)} of {where}{more}. {way_out}{'unpin a model, ' if found.pinned else ''}give it a smaller "
        "context or precision, or take a smaller model.".replace(". give", ". Give").replace(". unpin", ". Unpin")
    )


def cannot_wait_longer(slot: Slot, seconds: float, holders: Iterable[Slot]) -> Unavailable:
    """It was waited for, and its turn has not come."""
    busy = ", ".join(sorted(other.spec.id for other in holders if other.busy)) or "none that is busy"
    return Unavailable(
        f"The model {slot.spec.id} could not be loaded within {seconds:.0f} s: memory is taken by other models "
        f"({busy}). Try again later, or unload one."
    )


def left_alone(slot: Slot, seconds: float) -> Unavailable:
    """It has failed several times and is tried again later."""
    return Unavailable(
        f"The model {slot.spec.id} cannot be loaded: {slot.error}. It has failed {slot.failures} times and is tried "
        f"again in {max(seconds, 1):.0f} s."
    )


def _mib(size: int) -> str:
    return f"{size / MIB:,.0f} MiB"
