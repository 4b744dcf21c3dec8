"""The nodes that direct: branch and join."""

from __future__ import annotations

from inference.composer.nodes.base import Step
from inference.composer.values import calculate
from inference.models.toolchain import BranchNode, JoinNode


async def perform_branch(node: BranchNode, step: Step) -> dict[str, str]:
    """`{to}`: the target of the first case that holds, or of `else`."""
    step.tell({})
    return {"to": next((case.to for case in node.cases if calculate(case.when, step.scope)), node.else_)}


async def perform_join(node: JoinNode, step: Step) -> None:
    """Nothing: that it begins is what it is for."""
    step.tell({})
