"""LoRA adapters (https://docs.vllm.ai/en/latest/features/lora.html): each answers to its own name as `model`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner.engines.folders import number, read_json
from inference.runner.kinds import Unusable

if TYPE_CHECKING:
    from inference.models.models import ModelEntry

RANKS = (8, 16, 32, 64, 128, 256, 320, 512)  # what --max-lora-rank takes


def adapter_faults(entry: ModelEntry) -> list[tuple[str, str]]:
    """`entry` with absolute sources."""
    faults: list[tuple[str, str]] = []
    if entry.lora and entry.kind != "chat":
        faults.append(("lora", "adapters are of chat models: vectors made with one could not be told from others"))
    for place, adapter in enumerate(entry.lora):
        where = f"lora[{place}]"
        try:
            if _rank(Path(adapter.source)) > RANKS[-1]:
                faults.append((f"{where}.source", f"its rank is above {RANKS[-1]}"))
        except Unusable as error:
            faults += [(f"{where}.source", words) for _, words in error.faults]
    return faults


def adapter_arguments(entry: ModelEntry) -> list[str]:
    """Raises Unusable where an adapter is gone."""
    if not entry.lora:
        return []
    largest = max(_rank(Path(adapter.source)) for adapter in entry.lora)
    modules = [json.dumps({"name": adapter.id, "path": adapter.source}) for adapter in entry.lora]
    rank = next(rank for rank in RANKS if rank >= largest)
    return ["--enable-lora", f"--max-lora-rank={rank}", "--lora-modules", *modules]


def _rank(folder: Path) -> int:
    if not (folder / "adapter_model.safetensors").is_file():
        raise Unusable(("source", f"{folder} holds no adapter_model.safetensors"))
    rank = number(read_json(folder / "adapter_config.json"), "r")
    if rank is None:
        raise Unusable(("source", f"{folder / 'adapter_config.json'} tells no rank `r`"))
    return rank
