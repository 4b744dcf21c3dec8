"""Everything that is wrong with a toolchain, at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic import ValidationError

from inference.composer.graph import END, START, ancestors, edges_of, find_cycle, reachable
from inference.composer.values import (
    faults_of_expression,
    faults_of_value,
    mark_of,
    references,
    references_of_expression,
)
from inference.errors import InvalidInput, NotFound
from inference.functions import find
from inference.models.common import Fault
from inference.models.toolchain import BranchNode, EmitNode, FunctionNode, LlmNode, Node, Toolchain

_RUN_FIELDS = ("id", "thread_id", "user_id", "toolchain_id")


def read_toolchain(definition: dict[str, Any]) -> Toolchain:
    """The toolchain, when it has no fault. Raises InvalidInput with all of them."""
    toolchain, faults = check_toolchain(definition)
    if toolchain is None or faults:
        first = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise InvalidInput(
            f"The toolchain has faults: {first.path}: {first.message}{more}", field="toolchain", faults=faults
        )
    return toolchain


def check_toolchain(definition: dict[str, Any]) -> tuple[Toolchain | None, list[Fault]]:
    """The toolchain if its form is right, and every fault that was found."""
    try:
        toolchain = Toolchain.model_validate(definition)
    except ValidationError as error:
        return None, [Fault(path=_path(fault["loc"]), message=_words(fault["msg"])) for fault in error.errors()]
    faults = [*_names(toolchain), *_edges(toolchain), *_shape(toolchain)]
    faults += [*_state(toolchain), *_input_schema(toolchain)]
    faults += [
        fault for index, node in enumerate(toolchain.nodes) for fault in _node(toolchain, f"nodes[{index}]", node)
    ]
    faults += _ends(toolchain)
    return toolchain, faults


def _path(location: tuple[int | str, ...]) -> str:
    # pydantic names the chosen kind of a node between its index and the field: that is no part of the JSON.
    parts = [p for i, p in enumerate(location) if not (i == 2 and location[0] == "nodes" and p in _KINDS)]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".") or "$"


_KINDS = ("function", "llm", "branch", "emit")


def _words(message: str) -> str:
    return message.replace("Extra inputs are not permitted", "this field is not known here").replace(
        "Field required", "this field is missing"
    )


def _names(toolchain: Toolchain) -> Iterator[Fault]:
    seen = set[str]()
    for index, node in enumerate(toolchain.nodes):
        if node.id in (START, END):
            yield Fault(
                path=f"nodes[{index}].id",
                message=f"{node.id!r} is the name of the graph's own {node.id}: choose another",
            )
        if node.id in seen:
            yield Fault(path=f"nodes[{index}].id", message=f"two nodes are called {node.id!r}")
        seen.add(node.id)


def _edges(toolchain: Toolchain) -> Iterator[Fault]:
    ids = {node.id for node in toolchain.nodes}
    branches = {node.id for node in toolchain.nodes if isinstance(node, BranchNode)}
    left = set[str]()
    for index, edge in enumerate(toolchain.edges):
        if edge.from_ not in ids | {START}:
            yield Fault(path=f"edges[{index}].from", message=f"there is no node {edge.from_!r}")
        elif edge.from_ in branches:
            yield Fault(path=f"edges[{index}].from", message=f"{edge.from_!r} is a branch: its cases say where it goes")
        if edge.to not in ids | {END}:
            yield Fault(path=f"edges[{index}].to", message=f"there is no node {edge.to!r}")
        if edge.from_ in left:
            # Ways that run side by side would have to meet again at a node that waits for both.
            told = f"an edge leaves {edge.from_!r} already: one node follows it, or a branch that chooses"
            yield Fault(path=f"edges[{index}]", message=told)
        left.add(edge.from_)
    for index, node in enumerate(toolchain.nodes):
        if isinstance(node, BranchNode):
            targets = [(f"cases[{n}].to", case.to) for n, case in enumerate(node.cases)] + [("else", node.else_)]
            for where, target in targets:
                if target not in ids | {END}:
                    yield Fault(path=f"nodes[{index}].{where}", message=f"there is no node {target!r}")


def _shape(toolchain: Toolchain) -> Iterator[Fault]:
    edges = edges_of(toolchain)
    if START not in edges:
        yield Fault(path="edges", message="nothing begins: add an edge from 'start'")
    if cycle := find_cycle(edges):
        yield Fault(path="edges", message=f"a cycle without an end: {' → '.join(cycle)}")
    found = reachable(edges)
    for index, node in enumerate(toolchain.nodes):
        if node.id not in found:
            yield Fault(
                path=f"nodes[{index}]", message=f"nothing leads to {node.id!r}: add an edge to it, or remove it"
            )


def _state(toolchain: Toolchain) -> Iterator[Fault]:
    for name, key in toolchain.state.items():
        fitting = _REDUCED.get(key.reducer)
        if fitting and key.type not in (*fitting, "any"):
            words = f"`{key.reducer}` works on {' and '.join(fitting)}; this key is {key.type}"
            yield Fault(path=f"state.{name}.reducer", message=words)
        fits: Any = Draft202012Validator(_SCHEMAS[key.type])
        if key.default is not None and not fits.is_valid(key.default):
            yield Fault(path=f"state.{name}.default", message=f"this is no value of type {key.type}")


# What each reducer can work on, and JSON Schema's word for each type.
_REDUCED = {"append": ("string", "array"), "merge": ("object",), "add": ("integer", "number")}
_SCHEMAS: dict[str, dict[str, Any]] = {"any": {}} | {
    name: {"type": name} for name in ("string", "integer", "number", "boolean", "object", "array")
}


def _input_schema(toolchain: Toolchain) -> Iterator[Fault]:
    try:
        Draft202012Validator.check_schema(toolchain.input, format_checker=Draft202012Validator.FORMAT_CHECKER)
    except SchemaError as error:
        yield Fault(path="input", message=f"this is not a JSON Schema: {error.message}")
        return
    except RecursionError:
        yield Fault(path="input", message="this JSON Schema nests too deep")
        return
    if toolchain.input.get("type") != "object":
        yield Fault(path="input.type", message="a run's input is an object: `type` must be `object`")


def _node(toolchain: Toolchain, path: str, node: Node) -> Iterator[Fault]:
    values: dict[str, Any] = {}
    match node:
        case FunctionNode():
            yield from _function(path, node)
            values = {f"{path}.input.{name}": value for name, value in node.input.items()}
        case LlmNode():
            values = {f"{path}.messages": node.messages, f"{path}.model": node.model, f"{path}.cite": node.cite}
            if node.stream is not None:
                yield from _stream(toolchain, f"{path}.stream", node.stream)
        case EmitNode():
            values = {f"{path}.data": node.data}
        case BranchNode():
            for index, case in enumerate(node.cases):
                where = f"{path}.cases[{index}].when"
                yield from (Fault(path=where, message=words) for words in faults_of_expression(case.when))
                for reference in references_of_expression(case.when):
                    yield from _reference(toolchain, where, node.id, reference, own_result=False)
    for where, value in values.items():
        yield from _value(toolchain, where, node.id, value, own_result=False)
    if isinstance(node, FunctionNode | LlmNode):
        for key, value in node.write.items():
            if key not in toolchain.state:
                yield Fault(
                    path=f"{path}.write.{key}", message=f"there is no state key {key!r}: declare it under `state`"
                )
            yield from _value(toolchain, f"{path}.write.{key}", node.id, value, own_result=True)


def _function(path: str, node: FunctionNode) -> Iterator[Fault]:
    try:
        target = find(node.function)
    except NotFound:
        yield Fault(
            path=f"{path}.function", message=f"there is no function {node.function!r}; GET /api/help lists them"
        )
        return
    if not target.is_node:
        yield Fault(path=f"{path}.function", message=f"{node.function!r} cannot be called from a toolchain")
        return
    fields = target.request.model_fields
    for name in node.input:
        if name not in fields:
            yield Fault(
                path=f"{path}.input.{name}",
                message=f"{node.function} takes no {name!r}; it takes {', '.join(fields) or 'nothing'}",
            )
    for name, field in fields.items():
        if field.is_required() and name not in node.input:
            yield Fault(path=f"{path}.input", message=f"{node.function} needs {name!r}")
    for name in node.input:
        value = node.input[name]
        if name in fields and mark_of(value) is None and isinstance(value, str | int | float | bool):
            yield from _literal(f"{path}.input.{name}", target.request, name, value)


def _literal(path: str, request: Any, name: str, value: Any) -> Iterator[Fault]:
    try:
        request.__pydantic_validator__.validate_assignment(request.model_construct(), name, value)
    except ValidationError as error:
        yield Fault(path=path, message=_words(error.errors()[0]["msg"]))


def _value(toolchain: Toolchain, path: str, node: str | None, value: Any, *, own_result: bool) -> Iterator[Fault]:
    yield from (Fault(path=path, message=words) for words in faults_of_value(value))
    for reference in references(value):
        yield from _reference(toolchain, path, node, reference, own_result=own_result)


def _reference(
    toolchain: Toolchain, path: str, node: str | None, reference: str, *, own_result: bool
) -> Iterator[Fault]:
    root, _, rest = reference.partition(".")
    name = rest.partition(".")[0]
    known: dict[str, Any] = {
        "input": toolchain.input.get("properties", {}),
        "state": toolchain.state,
        "nodes": {other.id for other in toolchain.nodes} if node is None else ancestors(edges_of(toolchain), node),
        "run": _RUN_FIELDS,
    }
    if root == "result" and own_result:
        return
    if root not in known:
        yield Fault(path=path, message=f"{reference!r} begins with none of input, state, nodes, run")
    elif name and name not in known[root]:
        why = "which no node before this one has" if root == "nodes" else "which is not declared"
        yield Fault(path=path, message=f"{reference!r} refers to {name!r}, {why}")


def _stream(toolchain: Toolchain, path: str, key: str) -> Iterator[Fault]:
    if key not in toolchain.state:
        yield Fault(path=path, message=f"there is no state key {key!r}: declare it under `state`")
    elif toolchain.state[key].type != "string":
        yield Fault(
            path=path, message=f"text streams into a state key of type string; {key!r} is {toolchain.state[key].type}"
        )


def _ends(toolchain: Toolchain) -> Iterator[Fault]:
    if toolchain.stream is not None:
        yield from _stream(toolchain, "stream", toolchain.stream)
    for name, value in toolchain.output.items():
        yield from _value(toolchain, f"output.{name}", None, value, own_result=False)
