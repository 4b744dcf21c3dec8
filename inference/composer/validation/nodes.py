"""What is wrong with each node, by its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from inference.composer.nodes.code import CODE_SCOPE
from inference.composer.nodes.pauses import defaults_of
from inference.composer.state import SAME
from inference.composer.validation.scopes import Place
from inference.composer.validation.types import fits, names, schema_of, type_at
from inference.composer.validation.whole import faults_of_schema
from inference.composer.values import mark_of, parts_of
from inference.errors import NotFound, PenstockError
from inference.functions import Caller, check_scope, find
from inference.models.common import Fault
from inference.models.toolchain import (
    AgentNode,
    ApprovalNode,
    Body,
    BranchNode,
    ChatBase,
    CodeNode,
    EmitNode,
    FunctionNode,
    HttpNode,
    LlmNode,
    LoopNode,
    MapNode,
    Node,
    SubchainNode,
    Tool,
    Toolchain,
    UpdateNode,
    WaitNode,
    WorkBase,
)


def faults_of_nodes(toolchain: Toolchain, caller: Caller | None) -> Iterator[Fault]:
    """What is wrong with the nodes of a toolchain, for a caller also what they may not do."""
    yield from _Nodes(toolchain, caller).of(toolchain, Place(toolchain), "", in_map=False)


class _Nodes:
    def __init__(self, toolchain: Toolchain, caller: Caller | None) -> None:
        self._toolchain, self._caller = toolchain, caller

    def of(self, part: Toolchain | Body, outer: Place, path: str, *, in_map: bool) -> Iterator[Fault]:
        for index, node, place in outer.places(part):
            here = f"{path}nodes[{index}]"
            if node.when is not None:
                yield from place.expression(f"{here}.when", node.when)
            yield from self._kind(here, node, place, in_map=in_map)
            if isinstance(node, WorkBase):
                yield from self._work(here, node, place, in_map=in_map)
            if isinstance(node, MapNode | LoopNode):
                inner = place.inside(node)
                yield from self.of(node.body, inner, f"{here}.body.", in_map=in_map or isinstance(node, MapNode))
                if node.result is not None:
                    yield from inner.at_end(node.body).value(f"{here}.result", node.result)

    def _work(self, path: str, node: WorkBase, place: Place, *, in_map: bool) -> Iterator[Fault]:
        if node.cache:
            yield from place.value(f"{path}.cache.key", node.cache.key)
        after = place.with_result()
        for name, value in node.write.items():
            where = f"{path}.write.{name}"
            yield from after.value(where, value)
            key = self._toolchain.state.get(name)
            if key is None:
                yield Fault(path=where, message=f"there is no state key {name!r}: declare it under `state`")
                continue
            if in_map and key.reducer == "set":
                yield Fault(path=where, message=_one_of_many(name))
            wanted = frozenset({key.type})
            given = after.type_of(value)
            if key.reducer == "set" and key.type != "any" and not fits(given, wanted):
                yield Fault(path=where, message=f"{name!r} is {key.type}; this is {names(given)}")

    def _kind(self, path: str, node: Node, place: Place, *, in_map: bool) -> Iterator[Fault]:
        for field, value in _values(node):
            yield from place.value(f"{path}.{field}", value)
        match node:
            case FunctionNode():
                yield from self._function(path, node, place)
            case LlmNode() | AgentNode():
                yield from self._chat(path, node, place, in_map=in_map)
            case SubchainNode():
                if node.stream is not None:
                    yield from faults_of_stream(self._toolchain, f"{path}.stream", node.stream, in_map=in_map)
            case UpdateNode():
                yield from self._changes(path, node, place, in_map=in_map)
            case BranchNode():
                for index, case in enumerate(node.cases):
                    yield from place.expression(f"{path}.cases[{index}].when", case.when)
            case LoopNode():
                yield from self._loop(path, node, place)
            case ApprovalNode() | WaitNode():
                yield from self._pause(path, node)
            case CodeNode():
                yield from self._may(f"{path}.kind", CODE_SCOPE, "run code")
            case _:
                pass

    def _pause(self, path: str, node: ApprovalNode | WaitNode) -> Iterator[Fault]:
        if not self._toolchain.durable:
            yield Fault(path=f"{path}.kind", message="only a durable toolchain can pause: leave out `durable`")
        if node.form is not None:
            yield from faults_of_schema(f"{path}.form", node.form)
        if isinstance(node, WaitNode) and node.seconds is None and node.until is None and node.event is None:
            yield Fault(path=path, message="a wait needs `seconds`, `until` or `event`")

    def _loop(self, path: str, node: LoopNode, place: Place) -> Iterator[Fault]:
        end = place.inside(node).at_end(node.body)
        if node.while_ is not None:
            # Before the first round no node of the body has ended.
            yield from end.but_before(place).expression(f"{path}.while", node.while_)
        if node.until is not None:
            yield from end.expression(f"{path}.until", node.until)

    def _function(self, path: str, node: FunctionNode, place: Place) -> Iterator[Fault]:
        try:
            target = find(node.function)
        except NotFound:
            told = f"there is no function {node.function!r}; GET /api/help lists them"
            yield Fault(path=f"{path}.function", message=told)
            return
        if not target.is_node:
            yield Fault(path=f"{path}.function", message=f"{node.function!r} cannot be called from a toolchain")
            return
        yield from self._may(f"{path}.function", target.scope, f"call {node.function!r}", admin=target.admin)
        yield from _request(f"{path}.input", node.function, target.request, node.input, place)

    def _may(self, path: str, scope: str | None, what: str, *, admin: bool = False) -> Iterator[Fault]:
        if self._caller is None:
            return
        try:
            check_scope(self._caller, scope, what, admin=admin)
        except PenstockError as error:
            yield Fault(path=path, message=error.message)

    def _chat(self, path: str, node: LlmNode | AgentNode, place: Place, *, in_map: bool) -> Iterator[Fault]:
        if node.messages is None and node.prompt is None:
            yield Fault(path=path, message="say what the model is asked: `messages` or `prompt`")
        if node.stream is not None:
            yield from faults_of_stream(self._toolchain, f"{path}.stream", node.stream, in_map=in_map)
        if mark_of(node.answer_schema) in ("ref", "expr"):
            yield from place.value(f"{path}.answer_schema", node.answer_schema)
        elif node.answer_schema is not None:
            yield from faults_of_schema(f"{path}.answer_schema", node.answer_schema)
        called = set[str]()
        for index, tool in enumerate(node.tools):
            yield from self._tool(f"{path}.tools[{index}]", tool)
            name = tool.name or tool.function or tool.toolchain or ""
            if name in called:
                yield Fault(path=f"{path}.tools[{index}].name", message=f"two tools are called {name!r}")
            called.add(name)

    def _tool(self, path: str, tool: Tool) -> Iterator[Fault]:
        if (tool.function is None) == (tool.toolchain is None):
            yield Fault(path=path, message="a tool is a `function` or a `toolchain`")
        if tool.function is None:
            return
        try:
            target = find(tool.function)
        except NotFound:
            yield Fault(
                path=f"{path}.function", message=f"there is no function {tool.function!r}; GET /api/help lists them"
            )
            return
        if not target.is_node:
            yield Fault(path=f"{path}.function", message=f"{tool.function!r} cannot be called from a toolchain")
        yield from self._may(f"{path}.function", target.scope, f"call {tool.function!r}", admin=target.admin)
        for name in tool.input:
            if name not in target.request.model_fields:
                yield Fault(path=f"{path}.input.{name}", message=f"{tool.function} takes no {name!r}")

    def _changes(self, path: str, node: UpdateNode, place: Place, *, in_map: bool) -> Iterator[Fault]:
        for index, change in enumerate(node.changes):
            here = f"{path}.changes[{index}]"
            parts: list[Any] = list(parts_of(change.path)) if isinstance(change.path, str) else change.path
            for part in [] if isinstance(change.path, str) else parts:
                yield from place.value(f"{here}.path", part)
            yield from place.value(f"{here}.value", change.value)
            if change.when is not None:
                yield from place.expression(f"{here}.when", change.when)
            if mark_of(parts[0]) is not None:
                continue
            name = str(parts[0])
            key = self._toolchain.state.get(name)
            if key is None:
                yield Fault(path=f"{here}.path", message=f"there is no state key {name!r}: declare it under `state`")
            elif in_map and (len(parts) > 1 or key.reducer == "set" or key.reducer not in SAME.get(change.op, ())):
                yield Fault(path=f"{here}.path", message=_one_of_many(name))


def _one_of_many(name: str) -> str:
    return f"the elements of a map are done side by side: {name!r} needs a reducer that lets each add to it"


def faults_of_stream(toolchain: Toolchain, path: str, stream: str, *, in_map: bool = False) -> Iterator[Fault]:
    """What is wrong with a place that text streams into."""
    name, _, deeper = stream.partition(".")
    key = toolchain.state.get(name)
    if key is None:
        yield Fault(path=path, message=f"there is no state key {name!r}: declare it under `state`")
    elif not deeper and key.type not in ("string", "any"):
        yield Fault(path=path, message=f"text streams into a state key of type string; {name!r} is {key.type}")
    elif deeper and key.type not in ("array", "object", "any"):
        yield Fault(path=path, message=f"nothing is within {name!r}: it is {key.type}")
    elif in_map and (deeper or key.reducer == "set"):
        yield Fault(path=path, message=_one_of_many(name))


def _values(node: Node) -> Iterator[tuple[str, Any]]:
    """The fields of a node that are values, with their names."""
    match node:
        case FunctionNode() | SubchainNode() | CodeNode():
            yield from ((f"input.{name}", value) for name, value in node.input.items())
        case HttpNode():
            yield from (("url", node.url), ("body", node.body))
            yield from ((f"headers.{name}", value) for name, value in node.headers.items())
            yield from ((f"query.{name}", value) for name, value in node.query.items())
        case EmitNode():
            yield "data", node.data
        case MapNode():
            yield "over", node.over
        case ApprovalNode():
            yield "message", node.message
            for name, value in defaults_of(node.form).items():
                yield f"form.properties.{name}.default", value
        case WaitNode():
            yield from (("seconds", node.seconds), ("until", node.until))
        case _:
            pass
    if isinstance(node, ChatBase):
        yield from (("model", node.model), ("messages", node.messages), ("prompt", node.prompt), ("cite", node.cite))
    if isinstance(node, LlmNode | AgentNode):
        for index, tool in enumerate(node.tools):
            yield from ((f"tools[{index}].input.{name}", value) for name, value in tool.input.items())


def _request(
    path: str, function: str, request: type[BaseModel], given: dict[str, Any], place: Place
) -> Iterator[Fault]:
    fields = request.model_fields
    for name in given:
        if name not in fields:
            told = f"{function} takes no {name!r}; it takes {', '.join(fields) or 'nothing'}"
            yield Fault(path=f"{path}.{name}", message=told)
    for name, field in fields.items():
        if field.is_required() and name not in given:
            yield Fault(path=path, message=f"{function} needs {name!r}")
    for name, value in given.items():
        if name not in fields:
            continue
        if mark_of(value) is None and isinstance(value, str | int | float | bool):
            yield from _literal(f"{path}.{name}", request, name, value)
        else:
            wanted, got = type_at(schema_of(request), [name]), place.type_of(value)
            if not fits(got, wanted):
                yield Fault(path=f"{path}.{name}", message=f"{function} wants {names(wanted)}; this is {names(got)}")


def _literal(path: str, request: type[BaseModel], name: str, value: Any) -> Iterator[Fault]:
    try:
        request.__pydantic_validator__.validate_assignment(request.model_construct(), name, value)
    except ValidationError as error:
        yield Fault(path=path, message=error.errors()[0]["msg"])
