"""Changes state in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inference.composer.state import change_of
from inference.composer.values import calculate
from inference.models.toolchain import UpdateNode

if TYPE_CHECKING:
    from inference.composer.steps import NodeStep


async def perform_update(node: UpdateNode, step: NodeStep) -> None:
    """Nothing: each change sees the one before it."""
    step.tell({})
    for change in node.changes:
        if change.when is None or calculate(change.when, step.scope):
            path, value = change_of(change, step.scope)
            step.frame.state.change(change.op, path, value)
