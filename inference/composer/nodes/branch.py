"""Goes one of several ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.composer.nodes.base import Performed, Tell
from inference.composer.scope import RunContext
from inference.composer.values import calculate
from inference.models.toolchain import BranchNode


def choose(node: BranchNode, scope: Mapping[str, Any]) -> str:
    """The target of the first case that holds, or of `else`."""
    return next((case.to for case in node.cases if calculate(case.when, scope)), node.else_)


async def perform_branch(node: BranchNode, scope: Mapping[str, Any], run: RunContext, tell: Tell) -> Performed:
    """`{to}`: where it goes."""
    tell({})
    return Performed({"to": choose(node, scope)}, {})
