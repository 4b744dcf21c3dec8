"""Environments of peers, each of its own, under .cache/bench: made once, kept until something else is wanted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.settings import ROOT


def install(name: str, *wanted: str, with_pip: bool = False) -> Path:
    """The folder with the programs of an environment that holds these requirements. `with_pip`: also where there is uv,
    which looks for packages in other places than pip is told to. Raises Unmeasurable where they cannot be installed."""
    place = ROOT / ".cache" / "bench" / name
    stamp = place / f".installed-{sha256(' '.join(wanted).encode()).hexdigest()[:16]}"
    if not stamp.exists():
        tell(f"installing {', '.join(wanted)} into {place}")
        shutil.rmtree(place, ignore_errors=True)
        python = str(place / "bin" / "python")
        uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
        if uv and not with_pip:
            _run(name, uv, "venv", "-q", "-p", sys.executable, str(place))
            _run(name, uv, "pip", "install", "-q", "--python", python, *wanted)
        else:
            _run(name, sys.executable, "-m", "venv", str(place))
            _run(name, python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted)
        stamp.touch()
    return place / "bin"


def _run(name: str, *command: str) -> None:
    done = subprocess.run(  # noqa: S603 - the commands of install()
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unmeasurable(f"{name} cannot be installed: {done.stderr.strip()[-500:]}")
