"""Pulls of one model from a hub: how they end, and what they leave in the models' folder."""

from __future__ import annotations

import asyncio
from pathlib import Path

from inference.models.pulls import Pull, PullOrder
from inference.runner.pulling import Puller
from tests.fake_hub import COMMIT

ORDER = PullOrder(source="owner/model")


async def ended(pulls: Puller, pull: Pull) -> Pull:
    """The pull when it has ended, well or badly."""
    async with asyncio.timeout(20):
        while True:
            now = next(each for each in pulls.pulls() if each.id == pull.id)
            if now.state not in ("queued", "running"):
                return now
            await asyncio.sleep(0.005)


def half_done(tmp_path: Path) -> dict[str, int]:
    """What lies in the folder of downloads that are under way or broke off: names and sizes."""
    half = tmp_path / "models" / ".pulling"
    return {path.name: path.stat().st_size for path in half.rglob("*") if path.is_file()} if half.is_dir() else {}


def names(folder: str | Path) -> list[str]:
    """What a folder holds; nothing where there is none."""
    return sorted(path.name for path in Path(folder).iterdir()) if Path(folder).is_dir() else []


def half_file(tmp_path: Path, content: bytes) -> None:
    """Lays down what an earlier try left of the weights."""
    half = tmp_path / "models" / ".pulling" / f"owner--model--{COMMIT}"
    half.mkdir(parents=True)
    (half / "model.safetensors.part").write_bytes(content)
