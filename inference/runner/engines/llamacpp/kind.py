"""`engine: llamacpp`."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner.engines.arguments import Form, argument_faults, whole
from inference.runner.engines.endings import explain_ending
from inference.runner.engines.folders import foreign_embedder, load_timeout, with_absolute_paths
from inference.runner.engines.layouts import device_environment, files_of, given, layouts, memory_faults, next_smaller
from inference.runner.engines.llamacpp.serving import ALL_LAYERS, KEY_VARIABLE, SERVING_VARIABLE, Serving
from inference.runner.estimate import Inestimable, Terms
from inference.runner.kinds import AlwaysAwake, Failure, Launch, Program, Spec, Unusable
from inference.settings import Settings

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner.policy import Way

LOAD_TIMEOUT = 600.0
REQUESTS = 2  # at once, where nobody says otherwise; each has a cache of its own
BATCH = 512
CACHE_TYPES = ("f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl")
OPTIONS: dict[str, Form] = {
    "batch": "whole",  # tokens of prompts that it reads at once
    "threads": "whole",
    "cache_type": "text",
    "flash_attention": "text",  # on, off, auto
    "chat_template": "file",
}
WAY_OUT = "Install penstock[llamacpp], or set PENSTOCK_LLAMA_SERVER to the program `llama-server`"

_FIRST_PART = re.compile(r"-0*1-of-\d+\.gguf$")
_PART = re.compile(r"-\d+-of-\d+\.gguf$")
_ERROR = re.compile(r"^(?:[\d.]+ E (?:srv|cmn|slot)?\s*)(.+)|^((?:error|terminate called|\S+: error).*)")
_ECHO = re.compile(
    r"failed to load model(?:,? '|$)|failed to create_?.?context with|exiting due to|check the input params"
)
_MEMORY = re.compile(
    r"failed to allocate|unable to allocate|out of memory|OutOfDeviceMemory|std::bad_alloc|Cannot allocate memory"
)


class LlamaCpp(AlwaysAwake):
    """`EngineKind`. On the CPU, and on the GPUs that the entry's `devices` names: only some builds of it can."""

    name = "llamacpp"

    def read(self, entry: ModelEntry, folder: Path) -> Spec:
        _find_program()
        entry = with_absolute_paths(entry, folder, ["chat_template"])
        source = _gguf(Path(entry.source))
        faults = argument_faults(entry, OPTIONS, folder)
        if entry.kind == "multi_vector":
            faults.append(("kind", "`llamacpp` serves chat, embedding and rerank; `colpali` serves multi_vector"))
        if str(entry.engine_args.get("cache_type", "f16")) not in CACHE_TYPES:
            faults.append(("engine_args.cache_type", f"it must be one of {', '.join(CACHE_TYPES)}"))
        try:
            files = files_of(source)
        except Inestimable as error:  # it reads the same header
            raise Unusable(*faults, ("source", str(error))) from None
        if not faults:
            faults += memory_faults(source, _terms(entry, entry.context, gpu=_on_gpus(entry)), entry)
        if faults:
            raise Unusable(*faults)
        context = entry.context or files.context
        longest = None if entry.kind == "chat" else min(entry.max_tokens or context, context)
        dimensions = files.architecture.hidden if entry.kind == "embedding" else None
        return Spec(
            id=entry.id,
            kind=entry.kind,
            engine=self.name,
            description=entry.description,
            dimensions=dimensions,
            max_tokens=longest,
            embedder=foreign_embedder(entry, dimensions, longest, [source]) if dimensions and longest else None,
            entry=entry,
            source=source,
            context=context,
            load_timeout=load_timeout(entry, LOAD_TIMEOUT),
        )

    def ways(self, spec: Spec, context: int | None, residual: int) -> tuple[Way, ...]:
        entry, source = given(spec)
        ways: tuple[Way, ...] = ()
        if _on_gpus(entry):
            counts = range(1, sum(device != "cpu" for device in _devices(entry)) + 1)
            ways += layouts(source, _terms(entry, context or spec.context, gpu=True), "gpu", counts, entry, residual)
        if not ways or "cpu" in _devices(entry):
            ways += layouts(source, _terms(entry, context or spec.context, gpu=False), "cpu", (1,), entry, residual)
        return ways

    def program(self, launch: Launch) -> Program:
        entry, source = given(launch.spec)
        serving = Serving(
            path=str(source),
            name=launch.spec.id,
            port=launch.port,
            kind=entry.kind,
            context=launch.context or launch.spec.context or 0,
            requests=_requests(entry),
            layers=0 if launch.devices == ("cpu",) else ALL_LAYERS,
            batch=_batch(entry, launch.context or launch.spec.context),
            threads=whole(entry, "threads"),
            cache_type=str(entry.engine_args.get("cache_type", "")),
            flash_attention=str(entry.engine_args.get("flash_attention", "")),
            pooling=entry.pooling if entry.kind == "embedding" and "pooling" in entry.model_fields_set else "",
            template=str(entry.engine_args.get("chat_template", "")),
        )
        environment = {KEY_VARIABLE: launch.token, **device_environment(launch.devices)}
        binary = _find_program()
        if binary is None:
            module = (sys.executable, "-P", "-m", "inference.runner.engines.llamacpp", launch.spec.id)
            return Program(module, {**environment, SERVING_VARIABLE: serving.to_json()})
        return Program((str(binary), *serving.arguments()), environment)

    def explain(self, log: Sequence[str], ending: str) -> Failure:
        return explain_ending(log, ending, memory=_MEMORY, error=_ERROR, echo=_ECHO)

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        entry, source = given(spec)
        return next_smaller(source, _terms(entry, context or spec.context, gpu=_on_gpus(entry)), room)


KIND = LlamaCpp()


def _find_program() -> Path | None:
    """llama-server, or None for xllamacpp. Raises Unusable where there is neither."""
    told = Settings().llama_server
    if told is not None:
        path = told.expanduser()
        if not path.is_file():
            raise Unusable(("engine", f"PENSTOCK_LLAMA_SERVER is {told}, and there is no such file. {WAY_OUT}"))
        return path
    if find_spec("xllamacpp"):
        return None
    found = shutil.which("llama-server")
    if found is None:
        raise Unusable(("engine", f"there is no llama.cpp on this machine. {WAY_OUT}"))
    return Path(found)


def _gguf(source: Path) -> Path:
    """The file, of several parts the first. Raises Unusable."""
    if source.is_file() and source.suffix == ".gguf":
        return source
    if not source.is_dir():
        raise Unusable(("source", f"{source} is no .gguf file and no folder with one"))
    found = [
        path for path in sorted(source.glob("*.gguf")) if _FIRST_PART.search(path.name) or not _PART.search(path.name)
    ]
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise Unusable(("source", f"{source} must hold one model as .gguf, and holds {names}: name the file itself"))
    return found[0]


def _terms(entry: ModelEntry, context: int | None, *, gpu: bool) -> Terms:
    return Terms(
        engine="llamacpp",
        context=context,
        sequences=_requests(entry),
        cache_type=str(entry.engine_args.get("cache_type", "auto")),
        batch=_batch(entry, context),
        gpu=gpu,
    )


def _requests(entry: ModelEntry) -> int:
    asked = entry.limits.requests if entry.limits else None
    return asked or (REQUESTS if entry.kind == "chat" else 1)


def _batch(entry: ModelEntry, context: int | None) -> int:
    """An embedder reads a whole text at once, so that its batch is its context."""
    if entry.kind != "chat" and context:
        return context
    return whole(entry, "batch") or BATCH


def _devices(entry: ModelEntry) -> list[str]:
    return list(entry.devices)


def _on_gpus(entry: ModelEntry) -> bool:
    return any(device != "cpu" for device in _devices(entry))
