"""The JSON Schema of a toolchain's output, as far as the toolchain tells it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from inference.composer.values import mark_of, parts_of
from inference.json_values import as_object, is_array, is_object
from inference.models.toolchain import Node, Toolchain

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFS = "#/$defs/"

_TEXT: Schema = {"type": "string"}
_TRUTH: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer"}
_LIST: Schema = {"type": "array"}
_OBJECT: Schema = {"type": "object"}

# What the operators of expressions give; of the others it depends on their operands.
_OPERATORS: dict[str, Schema] = (
    dict.fromkeys(
        ("==", "!=", ">", ">=", "<", "<=", "in", "and", "or", "not", "empty", "exists", "all", "some", "starts_with",
         "ends_with", "boolean"),
        _TRUTH,
    )
    | dict.fromkeys(("cat", "join", "lower", "upper", "trim", "replace", "string", "type", "to_json"), _TEXT)
    | dict.fromkeys(("map", "filter", "split", "sort", "reverse", "unique", "flatten", "range", "keys"), _LIST)
    | {"values": _LIST, "length": _COUNT, "integer": _COUNT, "number": {"type": "number"}, "object": _OBJECT}
)  # fmt: skip


def output_schema(toolchain: Toolchain, result_of: Callable[[str], Schema]) -> Schema:
    """`result_of` gives the JSON Schema of a function's result, by its name. What cannot be known is `{}`: anything."""
    definitions: Schema = {}
    reader = _Reader(toolchain, result_of, definitions)
    properties = {name: reader.value(value) for name, value in toolchain.output.items()}
    schema: Schema = {
        "$schema": _DIALECT,
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }
    needed = _needed(properties, definitions)
    return schema | ({"$defs": {name: definitions[name] for name in sorted(needed)}} if needed else {})


class _Reader:
    def __init__(self, toolchain: Toolchain, result_of: Callable[[str], Schema], definitions: Schema) -> None:
        self._toolchain, self._result_of, self._definitions = toolchain, result_of, definitions
        self._nodes: dict[str, Node] = {node.id: node for node in toolchain.nodes}
        self._known: dict[str, Schema] = {}
        self._node_results: dict[str, Schema] = {}

    def value(self, value: Any) -> Schema:
        match mark_of(value):
            case "ref":
                path = str(value["ref"])
                if path not in self._known:
                    self._known[path] = self._reference(path)
                return self._known[path]
            case "template":
                return _TEXT
            case "expr":
                return _OPERATORS.get(next(iter(as_object(value["expr"])), ""), {})
            case "literal":
                return {"const": value["literal"]}
            case _:
                return self._literal(value)

    def _literal(self, value: Any) -> Schema:
        if is_object(value):
            properties = {name: self.value(item) for name, item in value.items()}
            return {"type": "object", "required": list(properties), "properties": properties}
        if is_array(value):
            return {"type": "array", "prefixItems": [self.value(item) for item in value], "items": False}
        return {"const": value}

    def _reference(self, path: str) -> Schema:
        root, *parts = parts_of(path)
        name = str(parts[0]) if parts else ""
        if root == "run":
            return _TEXT if parts else {"type": "object", "additionalProperties": _TEXT}
        if root == "state" and name in self._toolchain.state:
            kind = self._toolchain.state[name].type
            whole: Schema = {} if kind == "any" else {"type": kind}
            return whole if len(parts) == 1 else {}
        if root == "input":
            found = self._at(self._toolchain.input, parts, self._toolchain.input)
            return {} if any(_references(found)) else found
        if root == "nodes" and name in self._nodes:
            return self._of_node(self._nodes[name], parts[1:])
        return {}

    def _of_node(self, node: Node, parts: list[str | int]) -> Schema:
        if node.id not in self._node_results:
            self._node_results[node.id] = self._result(node)
        schema = self._node_results[node.id]
        self._definitions |= schema.get("$defs", {})
        found = self._at(schema, parts, schema)
        return {name: part for name, part in found.items() if name != "$defs"}

    def _result(self, node: Node) -> Schema:
        if node.kind == "function":
            return self._result_of(node.function)
        if node.kind == "map":
            last = node.body.nodes[-1] if node.result is None and node.body.edges is None else None
            inner = self._result(last) if last else {}
            # Its definitions stay behind: a result within a list is told one level deep.
            return {"type": "array", "items": {} if any(_references(inner)) else inner}
        return _results(node)

    def _at(self, schema: Any, parts: list[str | int], root: Schema) -> Schema:
        """What lies at a path within what a schema describes."""
        here = _only(schema, root)
        for part in parts:
            if here.get("type") == "array" and isinstance(part, int):
                inside = here.get("items", {})
            else:
                inside = as_object(here.get("properties")).get(str(part), {})
            here = _only(inside, root) if part is not parts[-1] else as_object(inside)
        return here


def _results(node: Node) -> Schema:
    """The results of kinds that have the same one wherever they stand (schemas/toolchain.yaml tells them)."""
    match node.kind:
        case "llm" | "agent":
            data = node.answer_schema or {}
            fields: Schema = {
                "text": _TEXT,
                "data": {} if any(_references(data)) else data,
                "tool_calls" if node.kind == "llm" else "steps": {"type": "array", "items": _OBJECT},
                "finish_reason": {"type": ["string", "null"]},
                "usage": {"type": ["object", "null"]},
                "citations": {"type": "array", "items": _OBJECT},
            }
        case "approval" | "wait":
            form = node.form or {}
            fields = {"value": {} if any(_references(form)) else form, "timed_out": _TRUTH}
        case "loop":
            fields = {"iterations": _COUNT, "last": {}, "done": _TRUTH}
        case "code":
            fields = {"value": {}, "printed": _TEXT}
        case "http":
            fields = {"status": _COUNT, "headers": {"type": "object", "additionalProperties": _TEXT}, "body": {}}
        case "subchain":
            return _OBJECT
        case _:
            return {}
    return {"type": "object", "required": list(fields), "properties": fields}


def _only(schema: Any, root: Schema, deepest: int = 20) -> Schema:
    """The schema that a reference leads to, and of several the one that is not null; else `{}`."""
    for _ in range(deepest):
        here = as_object(schema)
        options = [o for o in here.get("anyOf", ()) if as_object(o).get("type") != "null"] if "anyOf" in here else []
        reference = here.get("$ref")
        if isinstance(reference, str) and reference.startswith(_DEFS):
            schema = as_object(root.get("$defs")).get(reference.removeprefix(_DEFS), {})
        elif len(options) == 1:
            schema = options[0]
        else:
            return here if "$ref" not in here else {}
    return {}


def _references(schema: Any) -> Iterator[Any]:
    """What a schema refers to, however deep."""
    waiting = [schema]
    while waiting:
        here = waiting.pop()
        if is_object(here):
            yield from (here[word] for word in ("$ref", "$dynamicRef", "$id") if word in here)
            waiting += here.values()
        elif is_array(here):
            waiting += here


def _needed(schema: Any, definitions: Schema) -> set[str]:
    """The names of all definitions that a schema leads to."""
    found = set[str]()
    waiting = [schema]
    while waiting:
        for reference in _references(waiting.pop()):
            name = str(reference).removeprefix(_DEFS)
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return found
