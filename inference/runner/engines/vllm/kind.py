"""`engine: vllm`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner.engines.arguments import argument_faults, whole
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
from inference.runner.engines.layouts import (
    MIB,
    device_environment,
    files_of,
    given,
    layouts,
    memory_faults,
    next_smaller,
)
from inference.runner.engines.vllm.adapters import adapter_arguments, adapter_faults
from inference.runner.engines.vllm.installation import find_vllm, runs_on_cpu
from inference.runner.engines.vllm.options import OPTIONS, PASSED_ON
from inference.runner.estimate import Inestimable, Terms, estimate
from inference.runner.kinds import Ask, Failure, Launch, Program, Spec, Unusable

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner import Embedder
    from inference.runner.policy import Share, Way

LOAD_TIMEOUT = 900.0  # a large model compiles and captures graphs at its first load
TENSOR_PARALLEL = (1, 2, 4, 8)
# Requests of full length may be rare and short ones many: they share room for so many tokens at least.
CACHE_TOKENS = 16_384
BATCH_TOKENS = 2048  # vLLM's own `--max-num-batched-tokens` where nobody says otherwise
# What stays on a GPU while it sleeps: the CUDA context, graphs, workspace.
ASLEEP_BYTES = 1024 * MIB
# Where the files do not tell: what is neither weights nor cache.
UNKNOWN_BYTES = 1024 * MIB
SMALLEST_CACHE = 16 * MIB
# Of a load's seconds, how many it takes to wake; blog.vllm.ai, 2025-10-26, an A100: 58.1 s cold, 0.82 s and 2.58 s.
WAKING = {1: 0.02, 2: 0.05}
# Pictures come as data: URLs. A request may not send the engine to addresses of this network.
NO_DOMAIN = "none.invalid"
GUARD = Path(__file__).parent / "guard"

_ERROR = re.compile(
    r"^(?:\([\w-]+ pid=\d+\) )?(?:(?:ERROR|CRITICAL) [\d:\- ]+\[[^\]]*\] )?(?:[a-z_][\w.]*\.)?"
    r"((?:[A-Z]\w*)?(?:Error|Exception)\b: .+|vllm serve: error: .+|\s*Value error, .+)"
)
_MEMORY = re.compile(
    r"(?:CUDA|HIP) out of memory|OutOfMemoryError|larger than the available KV cache memory"
    r"|No available memory for the cache blocks|Free memory on device|less than requested memory for kv"
    r"|can't allocate memory|std::bad_alloc|Cannot allocate memory"
)
_ECHO = re.compile(r"initialization failed|[Ss]ee (?:root cause|stack trace)|EngineDead")


@dataclass(frozen=True, slots=True)
class Vllm:
    """`EngineKind`. One KV cache for all requests, as large as `Launch.bytes_each` leaves room for."""

    name: str = "vllm"
    sleep_levels: tuple[int, ...] = (1, 2)
    adapters: bool = True

    def read(self, entry: ModelEntry, folder: Path) -> Spec:
        command = find_vllm()
        entry = with_absolute_paths(entry, folder, ["chat_template"])
        source = model_folder(entry)
        config = text_config(read_json(source / "config.json"))
        faults = [*argument_faults(entry, OPTIONS, folder), *adapter_faults(entry)]
        if entry.kind == "multi_vector":
            faults.append(("kind", "`vllm` serves chat, embedding and rerank; `colpali` serves multi_vector"))
        if entry.sleep and runs_on_cpu(command):
            faults.append(("sleep", f"{command} is built for the CPU, where it has nothing to give up while it sleeps"))
        trained = number(config, "max_position_embeddings")
        if trained and (entry.context or 0) > trained and "hf_overrides" not in entry.engine_args:
            faults.append(("context", f"the model has places for {trained} tokens"))
        if not faults:
            faults += memory_faults(source, _terms(entry, entry.context, sequences=1), entry)
        if faults:
            raise Unusable(*faults)
        context = entry.context or trained
        dimensions = entry.dimensions or number(config, "hidden_size") if entry.kind == "embedding" else None
        longest = None if entry.kind == "chat" else min(filter(None, (entry.max_tokens, context)), default=None)
        return Spec(
            id=entry.id,
            kind=entry.kind,
            engine=self.name,
            description=entry.description,
            dimensions=dimensions,
            max_tokens=longest,
            embedder=_embedder(entry, source, dimensions, longest),
            entry=entry,
            source=source,
            context=context,
            load_timeout=load_timeout(entry, LOAD_TIMEOUT),
        )

    def ways(self, spec: Spec, context: int | None, residual: int) -> tuple[Way, ...]:
        entry, source = given(spec)
        terms = _terms(entry, context or spec.context)
        if runs_on_cpu(find_vllm()):
            ways = layouts(source, terms, "cpu", (1,), entry, residual)
        else:
            fixed = whole(entry, "tensor_parallel_size")
            ways = layouts(source, terms, "gpu", (fixed,) if fixed else _counts(source), entry, residual)
        if entry.memory_mb is None:
            return ways
        return tuple(replace(way, each=int(entry.memory_mb * MIB)) for way in ways)  # it fills what it is given

    def program(self, launch: Launch) -> Program:
        entry, source = given(launch.spec)
        command = find_vllm()
        context = launch.context or launch.spec.context
        environment = {
            "VLLM_API_KEY": launch.token,
            "PYTHONPATH": str(GUARD),
            "VLLM_CACHE_ROOT": str(launch.home / "cache" / "vllm"),
            "HF_HUB_OFFLINE": "1",
            "VLLM_NO_USAGE_STATS": "1",
            **device_environment(launch.devices),
        }
        argv = [
            str(command), "serve", str(source),
            f"--served-model-name={launch.spec.id}",
            "--host=127.0.0.1",
            f"--port={launch.port}",
            "--middleware=penstock_guard.Guard",
            f"--allowed-media-domains={NO_DOMAIN}",
            "--disable-uvicorn-access-log",
        ]  # fmt: skip
        argv += _memory_arguments(entry, source, launch)
        if context:
            argv.append(f"--max-model-len={context}")
        if len(launch.devices) > 1:
            argv.append(f"--tensor-parallel-size={len(launch.devices)}")
        if entry.sleep:
            environment["VLLM_SERVER_DEV_MODE"] = "1"  # where its endpoints are
            argv.append("--enable-sleep-mode")
        if entry.kind != "chat":
            argv += _pooling_arguments(entry)
        if entry.limits and entry.limits.requests:
            argv.append(f"--max-num-seqs={entry.limits.requests}")
        argv += [*_options(entry), *adapter_arguments(entry)]
        return Program(tuple(argv), environment, model=launch.spec.id)

    def explain(self, log: Sequence[str], ending: str) -> Failure:
        return explain_ending(log, ending, memory=_MEMORY, error=_ERROR, echo=_ECHO)

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        entry, source = given(spec)
        return next_smaller(source, _terms(entry, context or spec.context), room)

    def asleep(self, spec: Spec, level: int, share: Share) -> Share:
        held = {device: min(size, ASLEEP_BYTES) if device != "cpu" else size for device, size in share.items()}
        if level == 1:  # weights go to the machine's memory
            _, source = given(spec)
            held["cpu"] = held.get("cpu", 0) + files_of(source).weights
        return held

    def back_seconds(self, level: int, load_seconds: float) -> float:
        return WAKING[level] * load_seconds

    def sleep(self, level: int) -> tuple[Ask, ...]:
        return (Ask("POST", f"/sleep?level={level}&mode=wait"),)

    def wake(self, level: int) -> tuple[Ask, ...]:
        if level == 1:
            return (Ask("POST", "/wake_up"),)
        # https://docs.vllm.ai/en/latest/features/sleep_mode.html: level 2 has forgotten the weights.
        return (
            Ask("POST", "/wake_up?tags=weights"),
            Ask("POST", "/collective_rpc", {"method": "reload_weights"}),
            Ask("POST", "/wake_up?tags=kv_cache"),
        )


KIND = Vllm()


def _terms(entry: ModelEntry, context: int | None, sequences: int | None = None) -> Terms:
    """`sequences`: requests of full length that its cache has room for."""
    wanted = sequences or whole(entry, "sequences")
    return Terms(
        engine="vllm",
        context=context,
        sequences=wanted or (math.ceil(CACHE_TOKENS / context) if context else 1),
        cache_type=str(entry.engine_args.get("kv_cache_dtype", "auto")),
        batch=whole(entry, "max_num_batched_tokens") or BATCH_TOKENS,
        gpu=not runs_on_cpu(find_vllm()),
    )


def _counts(source: Path) -> tuple[int, ...]:
    """Numbers of GPUs that its attention heads can be shared by."""
    heads = number(text_config(read_json(source / "config.json")), "num_attention_heads")
    return tuple(count for count in TENSOR_PARALLEL if heads is None or heads % count == 0)


def _memory_arguments(entry: ModelEntry, source: Path, launch: Launch) -> list[str]:
    """The KV cache in bytes, on each device. The share of a device's memory then decides of nothing but whether vLLM
    refuses to start, so that is set to next to nothing; by itself it would take nearly all of the device."""
    terms = _terms(entry, launch.context or launch.spec.context)
    count = len(launch.devices)
    try:
        needed = estimate(files_of(source), terms)
        cache = math.ceil(needed.cache / min(count, needed.cache_split))
        if entry.memory_mb:
            cache += launch.bytes_each - needed.on_each(count)
    except Inestimable:
        weights = sum(path.stat().st_size for path in source.glob("*.safetensors"))
        cache = launch.bytes_each - math.ceil(weights / count) - UNKNOWN_BYTES
    return [f"--kv-cache-memory-bytes={max(cache, SMALLEST_CACHE)}", "--gpu-memory-utilization=0.01"]


def _pooling_arguments(entry: ModelEntry) -> list[str]:
    """What an embedder's own files say is not contradicted unless the entry does."""
    told: dict[str, object] = {}
    if "pooling" in entry.model_fields_set:
        told["pooling_type"] = entry.pooling.upper()
    if "normalise" in entry.model_fields_set:
        told["use_activation"] = entry.normalise
    arguments = ["--runner=pooling"]
    if told and "pooler_config" not in entry.engine_args:
        arguments.append(f"--pooler-config={json.dumps(told)}")
    return arguments


def _options(entry: ModelEntry) -> Iterator[str]:
    for name, value in entry.engine_args.items():
        if name not in PASSED_ON:
            continue
        option = name.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{option}" if value else f"--no-{option}"
        else:
            yield f"--{option}={json.dumps(value) if isinstance(value, dict) else value}"


def _embedder(entry: ModelEntry, source: Path, dimensions: int | None, longest: int | None) -> Embedder | None:
    if entry.kind != "embedding" or dimensions is None or longest is None:
        return None
    files = [*sorted(source.glob("*.safetensors")), source / "config.json", source / "tokenizer.json"]
    return foreign_embedder(entry, dimensions, longest, [path for path in files if path.is_file()])
