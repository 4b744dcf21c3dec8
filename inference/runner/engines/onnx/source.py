"""A model's folder and its entry in models.yaml, brought together and checked without reading the weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner.engines.onnx.model import (
    OnnxModel,
    Shape,
    find_weights,
    fingerprint,
    read_shape,
    sampled,
)
from inference.runner.engines.onnx.published import NAME, published
from inference.runner.kinds import Unusable

if TYPE_CHECKING:
    from inference.models.models import ModelEntry

MAX_THREADS = 256


def read_model(entry: ModelEntry, base: Path) -> OnnxModel:
    """Raises Unusable with every fault that can be seen from here."""
    if entry.source == NAME:
        return _published(entry)
    folder = (base / entry.source).resolve()
    if not folder.is_dir():
        raise Unusable(("source", f"there is no folder {folder}"))
    weights = find_weights(folder)
    missing = [name for name in ("config.json", "tokenizer.json") if not (folder / name).is_file()]
    if missing:
        raise Unusable(*(("source", f"{folder} holds no {name}") for name in missing))
    ready_made = weights.suffix == ".onnx"
    shape = read_shape(folder / "config.json", any_model=ready_made)
    if faults := _faults(entry, shape, ready_made=ready_made):
        raise Unusable(*faults)
    kind = "rerank" if entry.kind == "rerank" else "embedding"
    try:
        told = (sampled(weights), sampled(folder / "tokenizer.json"), sampled(folder / "config.json"))
    except OSError as error:
        raise Unusable(("source", f"{folder} cannot be read: {error}")) from None
    longest = entry.max_tokens or shape.places
    facts = (kind, longest, entry.pooling, entry.normalise, entry.query_prefix, entry.passage_prefix, entry.dtype)
    return OnnxModel(
        id=entry.id,
        kind=kind,
        weights=str(weights),
        config=str(folder / "config.json"),
        tokenizer=str(folder / "tokenizer.json"),
        dimensions=shape.dimensions,
        max_tokens=longest,
        pooling=entry.pooling,
        normalise=entry.normalise,
        query_prefix=entry.query_prefix,
        passage_prefix=entry.passage_prefix,
        precision=entry.dtype,
        threads=_threads(entry),
        sha256="",
        fingerprint=fingerprint(told, facts),
    )


def _published(entry: ModelEntry) -> OnnxModel:
    """The built-in weights under another name, in another precision. Raises Unusable for what they are not."""
    model = published(entry.id, entry.dtype, _threads(entry))
    wanted = {
        "kind": (entry.kind, model.kind),
        "dimensions": (entry.dimensions or model.dimensions, model.dimensions),
        "max_tokens": (entry.max_tokens or model.max_tokens, model.max_tokens),
        "pooling": (entry.pooling, model.pooling),
        "normalise": (entry.normalise, model.normalise),
        "query_prefix": (entry.query_prefix, ""),
        "passage_prefix": (entry.passage_prefix, ""),
    }
    faults = [(name, f"{NAME} has {right!r}") for name, (given, right) in wanted.items() if given != right]
    if faults:
        raise Unusable(*faults)
    return model


def _faults(entry: ModelEntry, shape: Shape, *, ready_made: bool) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    if entry.kind == "chat":
        faults.append(("kind", "`onnx` serves embedders and rerankers"))
    if entry.kind == "rerank" and shape.labels != 1:
        faults.append(("source", f"its config.json tells of {shape.labels} labels; a reranker has 1"))
    if entry.dimensions not in (None, shape.dimensions):
        faults.append(("dimensions", f"the model's config.json says {shape.dimensions}"))
    if (entry.max_tokens or 0) > shape.places:
        faults.append(("max_tokens", f"the model has places for {shape.places} tokens"))
    if ready_made and entry.dtype == "int8":
        faults.append(("dtype", "a graph that is ready (.onnx) is served as it is: leave dtype out"))
    return faults


def _threads(entry: ModelEntry) -> int | None:
    """Raises Unusable."""
    faults = [(f"engine_args.{name}", "`onnx` takes `threads`") for name in entry.engine_args if name != "threads"]
    threads = entry.engine_args.get("threads")
    if threads is not None and (type(threads) is not int or not 0 < threads <= MAX_THREADS):
        faults.append(("engine_args.threads", f"it must be a number from 1 to {MAX_THREADS}"))
    if faults:
        raise Unusable(*faults)
    return threads
