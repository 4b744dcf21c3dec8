"""A load generator that is started for one load, and its result."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Set
from dataclasses import asdict

import orjson

from inference.evaluation.load import Load, Result
from inference.evaluation.processes import Unmeasurable, ended, pin

_LOAD_SECONDS = 120.0


def drive(name: str, load: Load, on: Set[int] | None = None) -> Result:
    """One load in a process of its own, on the cores `on` where they are given. Raises Unmeasurable, with `name`, when
    an answer was wrong."""
    process = subprocess.Popen(
        [sys.executable, "-m", "inference.evaluation.load"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with ended(process):
        if on:
            pin(process.pid, set(on))
        said, complained = process.communicate(orjson.dumps(asdict(load)).decode(), _LOAD_SECONDS)
    if process.returncode:
        raise Unmeasurable(f"{name}: {complained.strip()[-500:]}")
    return Result(**orjson.loads(said))
