"""Functions and toolchains as tools of a model: what it is told of them, and their calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from inference.composer.catalogue import find_toolchain
from inference.composer.nodes.base import Step
from inference.errors import InvalidInput
from inference.functions import find, invoke, is_read_only
from inference.json_values import as_array, as_object, is_object
from inference.models.toolchain import Tool

# The longest name that the OpenAI protocol takes.
_LONGEST_NAME = 64
# What a call that does not fit is told of: enough to mend it.
_MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool as a model sees it. `definition` is OpenAI's; `fixed` is given whatever the model says."""

    name: str
    tool: Tool
    definition: dict[str, Any]
    fixed: dict[str, Any]

    @property
    def acts(self) -> bool:
        """Whether somebody may notice when it is called twice. A toolchain that fails has no record of what it did."""
        return self.tool.function is None or not is_read_only(self.tool.function)

    async def call(self, step: Step, place: str, arguments: dict[str, Any]) -> Any:
        """What it gives, as JSON. `place`: its name within the node. The rights are those of the run's caller. Raises
        InvalidInput for arguments that do not fit, and what the function or the toolchain raises."""
        given = arguments | self.fixed
        if self.tool.toolchain is not None:
            return await step.run_toolchain(place, self.tool.toolchain, None, given)
        target = find(self.tool.function or "")
        try:
            request = target.request.model_validate(given)
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg']}" for each in error.errors()]
            raise InvalidInput(f"{self.name} does not take this: {'; '.join(faults[:_MOST_FAULTS])}.") from None
        result = await invoke(target, step.run.ctx, request)
        return result.model_dump(mode="json", by_alias=True)


async def offered_tools(tools: list[Tool], step: Step) -> dict[str, OfferedTool]:
    """The tools by the names that the model knows them by. Raises InvalidInput and NotFound for those that there cannot
    be, and what the values of their fixed fields raise."""
    offered: dict[str, OfferedTool] = {}
    for index, tool in enumerate(tools):
        where = f"tools.{index}"
        if (tool.function is None) == (tool.toolchain is None):
            raise InvalidInput("A tool is either a `function` or a `toolchain`.", field=where)
        described = _describe_function(tool.function, where) if tool.function else await _describe_toolchain(tool, step)
        name = tool.name or (tool.function or tool.toolchain or "")[:_LONGEST_NAME]
        if name in offered:
            raise InvalidInput(f"Two tools are called {name!r}: give one of them another `name`.", field=where)
        fixed = {field: step.evaluate(value) for field, value in tool.input.items()}
        definition = {
            "name": name,
            "description": tool.description or described[0],
            "parameters": _without(described[1], fixed),
        }
        offered[name] = OfferedTool(name, tool, {"type": "function", "function": definition}, fixed)
    return offered


def arguments_of(text: str) -> dict[str, Any]:
    """The arguments that a model wrote; nothing at all is meant as none. Raises InvalidInput."""
    try:
        arguments = orjson.loads(text if text.strip() else "{}")
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"The arguments are not JSON ({error}); they begin with {text[:200]!r}.") from None
    if not is_object(arguments):
        raise InvalidInput(f"The arguments must be a JSON object; they are {text[:200]!r}.")
    return arguments


def _describe_function(name: str, where: str) -> tuple[str, dict[str, Any]]:
    target = find(name)
    if not target.is_node:
        raise InvalidInput(f"{name} cannot be a tool: it takes or gives files, or works without a caller.", field=where)
    return target.description, target.request.model_json_schema()


async def _describe_toolchain(tool: Tool, step: Step) -> tuple[str, dict[str, Any]]:
    ctx = step.run.ctx
    found = (await find_toolchain(ctx.storage, ctx.user, tool.toolchain or "")).definition
    return str(found.get("description") or found.get("title") or ""), as_object(found.get("input"))


def _without(schema: dict[str, Any], fixed: dict[str, Any]) -> dict[str, Any]:
    """A request's schema without the fields that the model does not see."""
    fields = {name: field for name, field in as_object(schema.get("properties")).items() if name not in fixed}
    required = [name for name in as_array(schema.get("required")) if name not in fixed]
    return schema | {"type": "object", "properties": fields, "required": required}
