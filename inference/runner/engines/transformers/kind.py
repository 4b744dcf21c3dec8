"""`engine: transformers`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner import Embedder
from inference.runner.engines.arguments import Form, argument_faults
from inference.runner.engines.endings import explain_ending
from inference.runner.engines.folders import (
    foreign_embedder,
    load_timeout,
    model_folder,
    number,
    read_json,
    text_config,
    with_absolute_paths,
)
from inference.runner.engines.layouts import given, memory_faults, next_smaller
from inference.runner.engines.torching import find_python, torch_program, torch_ways
from inference.runner.estimate import Terms
from inference.runner.kinds import AlwaysAwake, Failure, Launch, Program, Spec, Unusable

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner.policy import Way

LOAD_TIMEOUT = 600.0
DEFAULT_CONTEXT = 2048  # of a config.json that tells none
OPTIONS: dict[str, Form] = {"threads": "whole"}
TORCH_ERROR = re.compile(r"^(?:[\w.]+\.)?((?:[A-Z]\w*)?(?:Error|Exception)\b: .+)")
TORCH_MEMORY = re.compile(r"out of memory|OutOfMemoryError|can't allocate memory|bad_alloc|^MemoryError")
TORCH_ECHO = re.compile(r"^$")


class Transformers(AlwaysAwake):
    """`EngineKind`. On one GPU, or on the CPU."""

    name = "transformers"

    def read(self, entry: ModelEntry, folder: Path) -> Spec:
        find_python()
        entry = with_absolute_paths(entry, folder)
        source = model_folder(entry)
        config = text_config(read_json(source / "config.json"))
        faults = argument_faults(entry, OPTIONS, folder)
        if entry.kind not in ("chat", "embedding"):
            faults.append(("kind", "`transformers` serves chat and embedding"))
        if not (source / "tokenizer.json").is_file():
            faults.append(("source", f"{source} holds no tokenizer.json"))
        if not faults:
            faults += memory_faults(source, _terms(entry.context, gpu=False), entry)
        if faults:
            raise Unusable(*faults)
        longest = number(config, "max_position_embeddings", "n_positions") or DEFAULT_CONTEXT
        context = min(entry.context or entry.max_tokens or longest, longest)
        return Spec(
            id=entry.id,
            kind=entry.kind,
            engine=self.name,
            description=entry.description,
            dimensions=number(config, "hidden_size") if entry.kind == "embedding" else None,
            max_tokens=context if entry.kind == "embedding" else None,
            precision="fp32" if entry.kind == "embedding" else None,
            embedder=_embedder(entry, source, number(config, "hidden_size"), context),
            entry=entry,
            source=source,
            context=context,
            load_timeout=load_timeout(entry, LOAD_TIMEOUT),
        )

    def ways(self, spec: Spec, context: int | None, residual: int) -> tuple[Way, ...]:
        wanted = context or spec.context
        return torch_ways(spec, (_terms(wanted, gpu=True), _terms(wanted, gpu=False)), residual)

    def program(self, launch: Launch) -> Program:
        entry, _ = given(launch.spec)
        context = launch.context or launch.spec.context or DEFAULT_CONTEXT
        return torch_program(launch, "inference.runner.engines.transformers", entry, context)

    def explain(self, log: Sequence[str], ending: str) -> Failure:
        return explain_ending(log, ending, memory=TORCH_MEMORY, error=TORCH_ERROR, echo=TORCH_ECHO)

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        _, source = given(spec)
        return next_smaller(source, _terms(context or spec.context, gpu=False), room)


KIND = Transformers()


def _terms(context: int | None, *, gpu: bool) -> Terms:
    return Terms(engine="transformers", context=context, gpu=gpu)


def _embedder(entry: ModelEntry, source: Path, dimensions: int | None, longest: int) -> Embedder | None:
    """One of ours: it adds prefixes by itself, and computes in 32 bits."""
    if entry.kind != "embedding" or dimensions is None:
        return None
    files = [*sorted(source.glob("*.safetensors")), source / "config.json", source / "tokenizer.json"]
    return replace(foreign_embedder(entry, dimensions, longest, files), precision="fp32")
