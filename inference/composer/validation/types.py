"""JSON types as far as schemas tell them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel

from inference.errors import NotFound
from inference.functions import Download, find
from inference.json_values import as_array, as_object, is_array, is_object
from inference.models.toolchain import (
    AgentNode,
    ApprovalNode,
    CodeNode,
    FunctionNode,
    HttpNode,
    LlmNode,
    LoopNode,
    MapNode,
    Node,
    WaitNode,
)

# JSON Schema's names of types; empty: not known.
Type: TypeAlias = frozenset[str]
ANY: Type = frozenset()

_NAMES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
}
_CHAT = {"text": "string", "tool_calls": "array", "steps": "array", "finish_reason": "string", "citations": "array"}
_RESULTS: dict[type, dict[str, str]] = {
    LlmNode: _CHAT,
    AgentNode: _CHAT,
    LoopNode: {"iterations": "integer", "done": "boolean"},
    ApprovalNode: {"timed_out": "boolean"},
    WaitNode: {"timed_out": "boolean"},
    CodeNode: {"printed": "string"},
    HttpNode: {"status": "integer", "headers": "object"},
}


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of one type may be one of another; what is not known may be anything."""
    if not given or not wanted or given & wanted:
        return True
    return "integer" in given and "number" in wanted


def names(of: Type) -> str:
    """A type in words."""
    return " or ".join(sorted(of))


def type_of_literal(value: Any) -> Type:
    """The type of JSON as it stands."""
    return frozenset(
        {"null" if value is None else next((n for t, n in _NAMES.items() if isinstance(value, t)), "object")}
    )


def type_at(schema: dict[str, Any], path: Sequence[str | int]) -> Type:
    """The type that a schema gives to what is at a path."""
    here = _resolved(schema, schema)
    for part in path:
        if isinstance(part, int):
            here = _resolved(here.get("items"), schema)
        else:
            here = _resolved(as_object(here.get("properties")).get(str(part)), schema)
        if not here:
            return ANY
    return _types(here, schema)


def has_path(schema: dict[str, Any], path: Sequence[str | int]) -> bool:
    """Whether something may be at a path; False only where a schema says that it has no such field."""
    here = _resolved(schema, schema)
    for part in path:
        fields = here.get("properties")
        if isinstance(part, int):
            here = _resolved(here.get("items"), schema)
        elif is_object(fields) and str(part) not in fields and here.get("additionalProperties") is False:
            return False
        else:
            here = _resolved(fields.get(str(part)) if is_object(fields) else None, schema)
        if not here:
            return True
    return True


def _resolved(part: Any, whole: dict[str, Any]) -> dict[str, Any]:
    for _ in range(8):
        if not is_object(part):
            return {}
        reference = part.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/$defs/"):
            return part
        part = as_object(whole.get("$defs")).get(reference.removeprefix("#/$defs/"))
    return {}


def _types(schema: dict[str, Any], whole: dict[str, Any], seen: set[int] | None = None) -> Type:
    """The types of a part; `seen`: parts that were looked at, for alternatives may refer to themselves."""
    seen = set() if seen is None else seen
    found = schema.get("type")
    if isinstance(found, str):
        return frozenset({found})
    if is_array(found):
        return frozenset(str(each) for each in found)
    if id(schema) in seen:
        return ANY
    seen.add(id(schema))
    options = [_types(_resolved(each, whole), whole, seen) for each in as_array(schema.get("anyOf"))]
    return ANY.union(*options) if options and all(options) else ANY


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON Schema."""
    return model.model_json_schema()


def type_of_result(node: Node, path: Sequence[str | int]) -> Type:
    """The type of what is at a path of a node's result."""
    if isinstance(node, MapNode):
        return ANY if path else frozenset({"array"})
    if not path:
        return ANY
    if isinstance(node, FunctionNode):
        try:
            result = find(node.function).result
        except NotFound:
            return ANY
        return ANY if issubclass(result, Download) else type_at(schema_of(result), path)
    known = _RESULTS.get(type(node), {})
    return frozenset({known[str(path[0])]}) if len(path) == 1 and str(path[0]) in known else ANY
