"""`engine: colpali`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from inference.runner.engines.arguments import Form, argument_faults
from inference.runner.engines.endings import explain_ending
from inference.runner.engines.folders import load_timeout, model_folder, number, read_json, with_absolute_paths
from inference.runner.engines.layouts import MIB, given
from inference.runner.engines.torching import find_python, torch_program
from inference.runner.engines.transformers.kind import TORCH_ECHO, TORCH_ERROR, TORCH_MEMORY
from inference.runner.kinds import AlwaysAwake, Failure, Launch, Program, Spec, Unusable
from inference.runner.policy import Way

if TYPE_CHECKING:
    from inference.models.models import ModelEntry

LOAD_TIMEOUT = 600.0
SERVED = ("ColPaliForRetrieval", "ColQwen2ForRetrieval", "ColModernVBertForRetrieval")
DIMENSIONS = 128  # of all of them, where config.json does not tell
OPTIONS: dict[str, Form] = {"threads": "whole"}
# Torch and CUDA's context, and what a batch of pages takes while it is computed: where the first load begins, whose
# measurement is learnt.
RUNTIME_BYTES = 1024 * MIB
BATCH_BYTES = 512 * MIB


class ColPali(AlwaysAwake):
    """`EngineKind`. On one GPU, or on the CPU."""

    name = "colpali"

    def read(self, entry: ModelEntry, folder: Path) -> Spec:
        find_python()
        entry = with_absolute_paths(entry, folder)
        source = model_folder(entry)
        config = read_json(source / "config.json")
        faults = argument_faults(entry, OPTIONS, folder)
        if entry.kind != "multi_vector":
            faults.append(("kind", "`colpali` serves multi_vector"))
        if _architecture(config) not in SERVED:
            faults.append(("source", f"its architecture is {_architecture(config)!r}; served are {', '.join(SERVED)}"))
        if entry.memory_mb and entry.memory_mb * MIB < _weights(source):
            faults.append(("memory_mb", f"its weights alone take {_weights(source) / MIB:.0f} MiB"))
        if faults:
            raise Unusable(*faults)
        return Spec(
            id=entry.id,
            kind=entry.kind,
            engine=self.name,
            description=entry.description,
            dimensions=number(config, "embedding_dim", "dim") or DIMENSIONS,
            entry=entry,
            source=source,
            load_timeout=load_timeout(entry, LOAD_TIMEOUT),
        )

    def ways(self, spec: Spec, context: int | None, residual: int) -> tuple[Way, ...]:
        entry, source = given(spec)
        needed = _weights(source) + RUNTIME_BYTES + BATCH_BYTES + residual
        each = int(entry.memory_mb * MIB) if entry.memory_mb else max(needed, 0)
        kinds = [kind for kind in ("gpu", "cpu") if not entry.devices or any(kind in one for one in entry.devices)]
        return tuple(Way("gpu", 1, each, RUNTIME_BYTES) if kind == "gpu" else Way("cpu", 1, each) for kind in kinds)

    def program(self, launch: Launch) -> Program:
        entry, _ = given(launch.spec)
        return torch_program(launch, "inference.runner.engines.colpali", entry, 0)

    def explain(self, log: Sequence[str], ending: str) -> Failure:
        return explain_ending(log, ending, memory=TORCH_MEMORY, error=TORCH_ERROR, echo=TORCH_ECHO)


KIND = ColPali()


def _architecture(config: dict[str, Any]) -> object:
    named = config.get("architectures")
    return cast("list[object]", named)[0] if isinstance(named, list) and named else None


def _weights(source: Path) -> int:
    return sum(path.stat().st_size for path in source.glob("*.safetensors"))
