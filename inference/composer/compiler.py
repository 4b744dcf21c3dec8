"""From a checked toolchain to a LangGraph graph. Channels: `input`, `state.<key>` with its reducer, `node.<id>`."""

from __future__ import annotations

import asyncio
import operator
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol, TypedDict, cast

from langgraph.graph import END as GRAPH_END
from langgraph.graph import START as GRAPH_START
from langgraph.graph import StateGraph
from langgraph.runtime import Runtime

from inference.composer.clipping import clipped
from inference.composer.graph import END, START
from inference.composer.nodes import Performed, perform_branch, perform_emit, perform_function, perform_llm
from inference.composer.scope import NODE, STATE, RunContext, scope_of
from inference.composer.values import evaluate
from inference.errors import NodeTimeout, PenstockError
from inference.json_values import is_array
from inference.models.toolchain import BranchNode, EmitNode, FunctionNode, LlmNode, Node, StateKey, Toolchain


class Graph(Protocol):
    """What the engine needs of a compiled LangGraph graph."""

    async def ainvoke(
        self, input: dict[str, Any], config: dict[str, Any], *, context: RunContext
    ) -> dict[str, Any]: ...


def _append(held: Any, written: Any) -> Any:
    if isinstance(held, str):
        return held + str(written)
    return [*held, *written] if is_array(written) else [*held, written]


def _merge(held: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    return {**held, **written}


_REDUCERS: dict[str, Callable[[Any, Any], Any]] = {"append": _append, "merge": _merge, "add": operator.add}
_EMPTY: dict[str, Any] = {"string": "", "array": [], "object": {}, "integer": 0, "number": 0, "boolean": False}


class NodeFailed(Exception):
    """A node ended in an error; `cause` is that error."""

    def __init__(self, node: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.node = node
        self.cause = cause


def compile_toolchain(toolchain: Toolchain) -> Graph:
    """The graph of a toolchain that has no faults."""
    channels: dict[str, Any] = {"input": Any}
    channels |= {STATE + name: _channel(key) for name, key in toolchain.state.items()}
    channels |= {NODE + node.id: Any for node in toolchain.nodes}
    schema: Any = TypedDict("schema", channels, total=False)  # pyright: ignore  # the keys are data
    graph: Any = StateGraph(schema, context_schema=RunContext)
    for node in toolchain.nodes:
        graph.add_node(node.id, _runnable(node))
        if isinstance(node, BranchNode):
            targets = {target: _name(target) for target in (*(case.to for case in node.cases), node.else_)}
            graph.add_conditional_edges(node.id, _router(node), targets)
    for edge in toolchain.edges:
        graph.add_edge(_name(edge.from_), _name(edge.to))
    return cast(Graph, graph.compile(name=toolchain.id))


def initial_state(toolchain: Toolchain, given: dict[str, Any]) -> dict[str, Any]:
    """The channels before the first node: the input, and every state key's default."""
    return {"input": given} | {
        STATE + name: _EMPTY.get(key.type) if key.default is None else key.default
        for name, key in toolchain.state.items()
    }


def _channel(key: StateKey) -> Any:
    return Annotated[Any, _REDUCERS[key.reducer]] if key.reducer in _REDUCERS else Any


def _name(name: str) -> str:
    return {START: GRAPH_START, END: GRAPH_END}.get(name, name)


def _router(node: BranchNode) -> Callable[[dict[str, Any]], str]:
    return lambda channels: channels[NODE + node.id]["to"]


def _perform(node: Node) -> Callable[..., Awaitable[Performed]]:
    match node:
        case FunctionNode():
            return perform_function
        case LlmNode():
            return perform_llm
        case BranchNode():
            return perform_branch
        case EmitNode():
            return perform_emit


def _runnable(node: Node) -> Callable[..., Awaitable[dict[str, Any]]]:
    perform = _perform(node)
    limit = node.timeout_seconds if isinstance(node, FunctionNode | LlmNode) else None
    write = node.write if isinstance(node, FunctionNode | LlmNode) else {}

    async def run_node(channels: dict[str, Any], runtime: Runtime[RunContext]) -> dict[str, Any]:
        run, begun, told = runtime.context, time.perf_counter(), False

        def tell(values: Any) -> None:
            nonlocal told
            told = True
            run.emit("node_started", {"node": node.id, "kind": node.kind, "input": clipped(values)})

        try:
            async with asyncio.timeout(limit):
                performed = await perform(node, scope_of(channels, run.run), run, tell)
            scope = scope_of(channels, run.run, performed.result)
            written = performed.state | {key: evaluate(value, scope) for key, value in write.items()}
        except Exception as error:
            cause = _named(node.id, limit, error)
            if not told:
                tell({})
            run.emit(
                "node_finished", {"node": node.id, "duration_ms": _since(begun), "output": None, "error": str(cause)}
            )
            raise NodeFailed(node.id, cause) from error
        run.emit("node_finished", {"node": node.id, "duration_ms": _since(begun), "output": clipped(performed.result)})
        return {NODE + node.id: performed.result} | {STATE + key: value for key, value in written.items()}

    return run_node


def _named(node: str, limit: float | None, error: Exception) -> Exception:
    if isinstance(error, TimeoutError) and not isinstance(error, PenstockError):
        return NodeTimeout(
            f"The node {node!r} took longer than its {limit:g} seconds. Raise timeout_seconds, or give it less."
        )
    return error


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 3)
