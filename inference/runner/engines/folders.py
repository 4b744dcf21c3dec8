"""A model's folder as published on a hub, looked at without reading its weights."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from inference.runner import Embedder
from inference.runner.engines.onnx.model import fingerprint, sampled
from inference.runner.kinds import Unusable

if TYPE_CHECKING:
    from inference.models.models import ModelEntry

MAX_JSON_BYTES = 1 << 20


def model_folder(entry: ModelEntry) -> Path:
    """The folder with config.json and safetensors. Raises Unusable."""
    folder = Path(entry.source)
    if not folder.is_dir():
        raise Unusable(("source", f"there is no folder {folder}; pull_model downloads models into models/"))
    if not (folder / "config.json").is_file():
        raise Unusable(("source", f"{folder} holds no config.json"))
    if not any(folder.glob("*.safetensors")):
        raise Unusable(("source", f"{folder} holds no *.safetensors; weights in other formats are not read"))
    return folder


def with_absolute_paths(entry: ModelEntry, base: Path, files: Iterable[str] = ()) -> ModelEntry:
    """The entry with paths that begin at the root: `source`, adapters, and the arguments that name `files`."""
    given = {name: value for name, value in entry.engine_args.items() if name in files and isinstance(value, str)}
    return entry.model_copy(
        update={
            "source": str((base / entry.source).resolve()),
            "lora": [one.model_copy(update={"source": str((base / one.source).resolve())}) for one in entry.lora],
            "engine_args": entry.engine_args | {name: str((base / value).resolve()) for name, value in given.items()},
        }
    )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a file of the model's folder. Raises Unusable."""
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            raise Unusable(("source", f"{path} is larger than {MAX_JSON_BYTES} bytes"))
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Unusable(("source", f"{path} cannot be read: {error}")) from None
    if not isinstance(found, dict):
        raise Unusable(("source", f"{path} holds no object"))
    return cast("dict[str, Any]", found)


def text_config(config: dict[str, Any]) -> dict[str, Any]:
    """The part that describes the language model, of models that see as well."""
    inner = config.get("text_config")
    return cast("dict[str, Any]", inner) if isinstance(inner, dict) else config


def number(config: dict[str, Any], *names: str) -> int | None:
    """The first of these that is a positive whole number."""
    return next((value for name in names if type(value := config.get(name)) is int and value > 0), None)


def foreign_embedder(entry: ModelEntry, dimensions: int, max_tokens: int, files: Sequence[Path]) -> Embedder:
    """An embedder whose engine knows nothing of prefixes, so that `embed` adds them. `files` are what its vectors
    depend on; a tokenizer.json among them counts its tokens. Raises Unusable where a file cannot be read."""
    try:
        told = [sampled(path) for path in files]
    except OSError as error:
        raise Unusable(("source", f"{error.filename} cannot be read: {error.strerror}")) from None
    facts = (entry.engine, entry.pooling, entry.normalise, entry.query_prefix, entry.passage_prefix, entry.engine_args)
    return Embedder(
        id=entry.id,
        dimensions=dimensions,
        max_tokens=max_tokens,
        precision="remote",
        fingerprint=fingerprint(told, facts),
        tokenizer=next((str(path) for path in files if path.name == "tokenizer.json"), ""),
        query_prefix=entry.query_prefix,
        passage_prefix=entry.passage_prefix,
    )


def load_timeout(entry: ModelEntry, usual: float) -> float:
    """In seconds."""
    return float(entry.limits.load_seconds) if entry.limits and entry.limits.load_seconds else usual
