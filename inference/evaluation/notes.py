"""Many small files by `penstock ingest`, as somebody brings a folder of notes: what a file costs must not depend on how
many wait."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from inference.evaluation.figures import Line, Target, exponent, figure
from inference.evaluation.installation import new_home, started
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.texts import Zipf

FEW, MANY = 250, 2_000
_WORDS = (40, 120)
_SEED = 3


def measure() -> list[Line]:
    """Lines of both sizes, each a folder and a collection of its own."""
    with new_home() as home, started(home) as platform:
        environment = os.environ | {"PENSTOCK_API_KEY": platform.api_key()}
        url = f"http://127.0.0.1:{platform.port}"
        # The model and the libraries are loaded.
        _ingest(_folder(home, 1), url, environment)
        took = {count: _ingest(_folder(home, count), url, environment) for count in (FEW, MANY)}
    grown = exponent((FEW, took[FEW]), (MANY, took[MANY]))
    return [
        *(Line(f"{count} notes by `penstock ingest`", figure([seconds], "s")) for count, seconds in took.items()),
        Line("growth exponent of their time", figure([grown], ""), target=Target(1.1)),
    ]


def _folder(home: Path, count: int) -> Path:
    folder, writer = home / f"{count} notes", Zipf(_SEED + count)
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.md").write_text(f"# Note {number}\n\n{writer.text(*_WORDS)}\n")
    return folder


def _ingest(folder: Path, url: str, environment: dict[str, str]) -> float:
    command = (sys.executable, "-m", "inference.cli", "ingest", str(folder), "--collection", folder.name, "--url", url)
    begun = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - the product's own command
        command, capture_output=True, text=True, check=False, env=environment
    )
    took = time.perf_counter() - begun
    if done.returncode:
        raise Unmeasurable(f"penstock ingest failed: {done.stderr[-500:]}")
    tell(f"ingestion: {folder.name} after {took:.1f} s")
    return took
