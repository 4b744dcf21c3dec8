"""Tells the run's watchers something."""

from __future__ import annotations

from typing import Any

from inference.composer.nodes.base import Step
from inference.models.toolchain import EmitNode


async def perform_emit(node: EmitNode, step: Step) -> Any:
    """The data that was sent."""
    data = step.evaluate(node.data)
    step.tell(data)
    if node.event == "sources":
        step.run.emit("sources", {"node": step.key, "sources": data})
    else:
        step.run.emit("state", {"node": step.key, "path": node.path, "value": data})
    return data
