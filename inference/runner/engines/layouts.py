"""How a model of files lies on devices: what the kinds that estimate have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from inference.runner.estimate import Inestimable, ModelFiles, Terms, estimate, read_files, smaller_context
from inference.runner.policy import Way

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner.kinds import Spec

MIB = 1024 * 1024
SMALLEST_CONTEXT = 512  # tokens: with less nobody is served


def given(spec: Spec) -> tuple[ModelEntry, Path]:
    """What a kind has read the spec from."""
    assert spec.entry is not None
    assert spec.source is not None
    return spec.entry, spec.source


def files_of(source: Path) -> ModelFiles:
    """What the headers of the model's files tell, read again when they change. Raises Inestimable."""
    paths = [source, *source.iterdir()] if source.is_dir() else [source]
    return _read(source, max(path.stat().st_mtime_ns for path in paths))


@lru_cache(maxsize=256)
def _read(source: Path, _changed: int) -> ModelFiles:
    return read_files(source)


def layouts(
    source: Path, terms: Terms, kind: Literal["cpu", "gpu"], counts: Iterable[int], entry: ModelEntry, residual: int
) -> tuple[Way, ...]:
    """One for each number of devices. Where the files do not tell enough, `memory_mb` does; else raises Inestimable."""
    given = int(entry.memory_mb * MIB) if entry.memory_mb else None
    try:
        needed = estimate(files_of(source), terms).with_residual(residual)
    except Inestimable:
        if given is None:
            raise
        return tuple(Way(kind=kind, count=count, each=given) for count in counts)
    return tuple(needed.way(count, kind) for count in counts)


def memory_faults(source: Path, terms: Terms, entry: ModelEntry) -> list[tuple[str, str]]:
    """What the entry's `memory_mb` leaves too little for, or has to make up for."""
    try:
        needed = estimate(files_of(source), terms)
    except Inestimable as error:
        return [] if entry.memory_mb else [("source", f"{error} Set `memory_mb` to have it served all the same")]
    if entry.memory_mb and entry.memory_mb * MIB < needed.total:
        words = f"with a context of {needed.context} tokens it needs about {needed.total / MIB:.0f} MiB"
        return [("memory_mb", f"{words}: give it more, or a smaller `context`")]
    return []


def next_smaller(source: Path, terms: Terms, room: int) -> int | None:
    """A context for the next try, after a load with that of `terms` ran out of memory where it had `room` bytes, on all
    its devices together.

    The estimate thought that it fits: what it says now is taken only where that is less than half.
    """
    try:
        files = files_of(source)
        before, fitting = terms.context or files.context, smaller_context(files, terms, room)
    except Inestimable:
        if terms.context is None:
            return None
        before, fitting = terms.context, None
    half = before // 2
    found = min(half, fitting) if fitting else half
    return found if found >= SMALLEST_CONTEXT else None


def device_environment(devices: Iterable[str]) -> Mapping[str, str]:
    """Shows an engine the GPUs that it was given and no others, numbered as NVML numbers them."""
    numbers = [device.removeprefix("gpu") for device in devices if device.startswith("gpu")]
    return {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": ",".join(numbers)}
