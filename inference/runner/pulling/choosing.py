"""Which of a model's files are taken, and under which paths. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from inference.errors import InvalidInput, NotFound

MAX_FILES = 2000
MAX_PATH = 500
MAX_DEPTH = 6
MAX_BYTES = 1 << 46
"""No single file is larger."""

_PART = re.compile(r"[A-Za-z0-9_+=@,()\[\] -][A-Za-z0-9._+=@,()\[\] -]*")
_WEIGHTS = ("*.safetensors", "*.gguf", "*.onnx", "*.onnx_data")
_BESIDE = (
    "*.json", "*.txt", "*.jinja", "*.tiktoken", "tokenizer.model", "spiece.model", "sentencepiece*.model", "LICENSE*",
    "*.md",
)  # fmt: skip
# The same weights a second time, in the publisher's own layout.
_TWICE = ("consolidated*.safetensors",)


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file as the hub tells of it; `sha256` of large ones, `blob` (git's sha1) of the others."""

    path: str
    size: int
    sha256: str = ""
    blob: str = ""


def choose(files: Sequence[HubFile], patterns: Sequence[str]) -> list[HubFile]:
    """Those wanted, in the order of their paths.

    Without patterns: a model in safetensors is taken with what lies beside it; of GGUF files the only one there is;
    an ONNX graph. Raises NotFound when there are none such, and InvalidInput when a pattern has to say which.
    """
    takeable = [file for file in files if _takeable(file.path)]
    if patterns:
        chosen = [file for file in takeable if any(_matches(file.path, pattern) for pattern in patterns)]
        if not chosen:
            raise NotFound(
                f"No file that can be taken matches {', '.join(patterns)[:200]}. There are: {_some(takeable)}.",
                field="files",
            )
    else:
        chosen = _usual(takeable)
    if len(chosen) > MAX_FILES:
        raise InvalidInput(f"These are {len(chosen)} files; {MAX_FILES} are the most: name fewer.", field="files")
    return sorted(chosen, key=lambda file: file.path)


def safe(path: str) -> bool:
    """Whether a name from the hub can become a path below a folder: plain parts, none hidden, none that leads away."""
    parts = path.split("/")
    return len(path) <= MAX_PATH and len(parts) <= MAX_DEPTH and all(map(_PART.fullmatch, parts))


def _takeable(path: str) -> bool:
    name = PurePosixPath(path).name
    return any(fnmatchcase(name, pattern) for pattern in (*_WEIGHTS, *_BESIDE))


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) or fnmatchcase(PurePosixPath(path).name, pattern)


def _usual(files: Sequence[HubFile]) -> list[HubFile]:
    # Of folders only the parts of a sentence-transformers model that say how its vectors are made.
    beside = [
        file
        for file in files
        if not any(_matches(file.path, pattern) for pattern in (*_WEIGHTS, "*.md"))
        and ("/" not in file.path or PurePosixPath(file.path).name == "config.json")
    ]
    top = [file for file in files if "/" not in file.path]
    whole = [file for file in top if file.path.endswith(".safetensors")]
    once = [file for file in whole if not any(_matches(file.path, pattern) for pattern in _TWICE)]
    if once or whole:
        return [*beside, *(once or whole)]
    if ggufs := [file for file in files if file.path.endswith(".gguf")]:
        models = {re.sub(r"-\d{5}-of-\d{5}(?=\.gguf$)", "", file.path) for file in ggufs}
        if len(models) > 1:
            raise InvalidInput(
                f"Say in `files` which of its {len(models)} GGUF files is wanted, such as `*Q4_K_M*.gguf`. "
                f"There are: {_some(ggufs)}.",
                field="files",
            )
        return ggufs
    for graph in ("model.onnx", "onnx/model.onnx"):
        if found := [file for file in files if file.path in (graph, f"{graph}_data")]:
            return [*beside, *found]
    raise NotFound(
        f"It has no weights as safetensors, GGUF or model.onnx. What can be taken: {_some(files)}.", field="source"
    )


def _some(files: Sequence[HubFile]) -> str:
    names = [file.path for file in files[:20]]
    return ", ".join(names) + (f" and {len(files) - 20} more" if len(files) > 20 else "") if names else "nothing"
