"""Runs Python in the sandbox."""

from __future__ import annotations

from typing import Any

from inference.composer.nodes.base import Step
from inference.composer.sandbox import Limits, run_code
from inference.errors import InvalidInput, NotAllowed
from inference.functions import Caller
from inference.functions.registry import covers
from inference.models.toolchain import CodeNode

CODE_SCOPE = "code:run"
"""The scope that an API key needs to run a toolchain with code nodes."""


def may_run_code(user: Caller) -> bool:
    """Whether code nodes run for this user: when nothing is asked of a log-in, and for API keys with CODE_SCOPE."""
    return user.scopes is None or covers(user.scopes, CODE_SCOPE)


async def perform_code(node: CodeNode, step: Step) -> dict[str, Any]:
    """`{value, printed}`: the value of the last line as JSON, None when that is no expression, and what was printed.
    Raises NotAllowed, InvalidInput, CodeFailed with the line, and LimitReached with the field to raise."""
    if not may_run_code(step.run.ctx.user):
        raise NotAllowed(f"This API key lacks the scope {CODE_SCOPE!r}, which the code node {node.id!r} needs.")
    for name in node.input:
        if not name.isidentifier():
            raise InvalidInput(f"{name!r} cannot be a variable: take letters, digits and `_`.", field=f"input.{name}")
    given = {name: step.evaluate(value) for name, value in node.input.items()}
    step.tell(given)
    outcome = await run_code(node.code, given, Limits(node.seconds, node.memory_mb))
    return {"value": outcome.value, "printed": outcome.printed}
