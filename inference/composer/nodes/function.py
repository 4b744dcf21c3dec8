"""Calls a registered function."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from inference.composer.nodes.base import Step
from inference.errors import InvalidInput
from inference.functions import find, invoke
from inference.models.toolchain import FunctionNode


async def perform_function(node: FunctionNode, step: Step) -> Any:
    """The function's result as JSON. Raises what the function raises, and InvalidInput where values do not fit."""
    target = find(node.function)
    values = {name: step.evaluate(value) for name, value in node.input.items()}
    step.tell(values)
    try:
        request = target.request.model_validate(values)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise InvalidInput(f"{node.function} does not take this {field!r}: {fault['msg']}.", field=field) from None
    result = await invoke(target, step.run.ctx, request)
    return result.model_dump(mode="json", by_alias=True)
