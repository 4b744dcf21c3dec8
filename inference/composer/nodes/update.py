"""Changes state in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inference.composer.state import change_of
from inference.composer.values import calculate
from inference.models.toolchain import Change, UpdateNode

if TYPE_CHECKING:
    from inference.composer.steps import NodeStep


async def perform_update(node: UpdateNode, step: NodeStep) -> None:
    """Nothing: each change sees the one before it. Text for whoever reads `stream` is told as it is put there."""
    step.tell({})
    for change in node.changes:
        if change.when is None or calculate(change.when, step.scope):
            path, value = change_of(change, step.scope)
            said = _said(change, path, value, step)
            step.frame.state.change(change.op, path, value)
            if said:
                step.run.emit("delta", {"node": step.key, "path": path[0], "text": said})


def _said(change: Change, path: Sequence[Any], value: Any, step: NodeStep) -> str:
    """What a change adds at the end of the text that streams to chat clients."""
    stream = step.frame.program.toolchain.stream
    if stream is None or list(path) != [stream] or not isinstance(value, str):
        return ""
    fresh = change.op == "set" and not step.frame.state.values.get(stream)
    return value if fresh or change.op == "append" else ""
