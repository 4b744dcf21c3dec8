"""A model's files, found and their headers read."""

from __future__ import annotations

from pathlib import Path

from inference.runner.estimate import gguf
from inference.runner.estimate.config import read_config
from inference.runner.estimate.facts import Inestimable, ModelFiles
from inference.runner.estimate.gguf_architecture import read_metadata
from inference.runner.estimate.safetensors import read_sizes

CONFIG = "config.json"
# A projector for images lies beside its model, and is no model.
_PROJECTOR = "mmproj"


def read_files(source: Path) -> ModelFiles:
    """What lies at `source`: a .gguf file (the first one of several), or a folder with one, with safetensors, or with a
    graph (.onnx). Only headers are read. Raises Inestimable."""
    if source.is_file() and source.suffix == ".gguf":
        return _gguf(source)
    if not source.is_dir():
        raise Inestimable(str(source), "", "there is neither a folder nor a .gguf file")
    if (source / CONFIG).is_file() and any(source.glob("*.safetensors")):
        sizes = read_sizes(source)
        return ModelFiles(
            source=str(source),
            format="safetensors",
            weights=sizes.weights,
            architecture=read_config(source / CONFIG),
            wide=sizes.wide,
            embedding=sizes.embedding,
        )
    if found := sorted(path for path in source.glob("*.gguf") if not path.name.startswith(_PROJECTOR)):
        first = [path for path in found if "-of-" not in path.name or "-00001-of-" in path.name]
        if len(first) != 1:
            raise Inestimable(str(source), "", f"it holds {len(first)} models as .gguf: name the file")
        return _gguf(first[0])
    if graphs := sorted(source.glob("*.onnx*")):
        weights = max((path for path in graphs if path.suffix == ".onnx"), key=_size, default=graphs[0])
        data = [path for path in graphs if path.name.startswith(f"{weights.name}_data") or path.suffix == ".data"]
        total = sum(map(_size, [weights, *data]))
        return ModelFiles(str(source), "onnx", total, read_config(source / CONFIG), wide=total)
    raise Inestimable(str(source), "", f"it holds no weights: neither {CONFIG} with .safetensors or .onnx nor a .gguf")


def _gguf(path: Path) -> ModelFiles:
    parts = [gguf.read_gguf(each) for each in gguf.shards(path)]
    tensors = [tensor for part in parts for tensor in part.tensors]
    return ModelFiles(
        source=str(path),
        format="gguf",
        weights=sum(tensor.size for tensor in tensors),
        architecture=read_metadata(parts[0]),
        embedding=sum(tensor.size for tensor in tensors if tensor.name == "token_embd.weight"),
        tied=all(tensor.name != "output.weight" for tensor in tensors),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise Inestimable(str(path), "", f"it cannot be read: {error}") from None
