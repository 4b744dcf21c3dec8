"""Runs Python in the sandbox."""

from __future__ import annotations

from typing import Any

from inference.composer.nodes.base import Step
from inference.composer.sandbox import Limits, run_code
from inference.errors import InvalidInput
from inference.functions import check_scope
from inference.models.toolchain import CodeNode

# The scope that an API key needs to run a toolchain with code nodes.
CODE_SCOPE = "code:run"


async def perform_code(node: CodeNode, step: Step) -> dict[str, Any]:
    """`{value, printed}`: the value of the last line as JSON, None when that is no expression, and what was printed.
    Raises NotAllowed, InvalidInput, CodeFailed with the line, and LimitReached with the field to raise."""
    check_scope(step.run.ctx.user, CODE_SCOPE, "run code")
    for name in node.input:
        if not name.isidentifier():
            raise InvalidInput(f"{name!r} cannot be a variable: take letters, digits and `_`.", field=f"input.{name}")
    given = {name: step.evaluate(value) for name, value in node.input.items()}
    step.tell(given)
    outcome = await run_code(node.code, given, Limits(node.seconds, node.memory_mb))
    return {"value": outcome.value, "printed": outcome.printed}
