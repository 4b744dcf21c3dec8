"""Tells the run's watchers something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.composer.nodes.base import Performed, Tell
from inference.composer.scope import RunContext
from inference.composer.values import evaluate
from inference.models.toolchain import EmitNode


async def perform_emit(node: EmitNode, scope: Mapping[str, Any], run: RunContext, tell: Tell) -> Performed:
    """The data that was sent."""
    data = evaluate(node.data, scope)
    tell(data)
    run.emit(
        node.event,
        {"node": node.id, "sources": data} if node.event == "sources" else {"node": node.id, "path": "", "value": data},
    )
    return Performed(data, {})
