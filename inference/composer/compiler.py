"""From a checked toolchain to a LangGraph graph. Channels: `input`, `state.<key>` with its reducer, `node.<id>`."""

from __future__ import annotations

import asyncio
import operator
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypedDict, cast

from langgraph.graph import END as GRAPH_END
from langgraph.graph import START as GRAPH_START
from langgraph.graph import StateGraph
from langgraph.runtime import Runtime

from inference.composer.clipping import clipped
from inference.composer.graph import END, START
from inference.composer.nodes import Performed, perform_branch, perform_emit, perform_function, perform_llm
from inference.composer.scope import NODE, STATE, Graph, NodeFailed, RunContext, scope_of
from inference.composer.values import evaluate
from inference.errors import InvalidInput, NodeTimeout, PenstockError
from inference.json_values import is_array
from inference.models.toolchain import BranchNode, EmitNode, FunctionNode, LlmNode, Node, StateKey, Toolchain


def _append(held: Any, written: Any) -> Any:
    if isinstance(held, str):
        return held + str(written)
    return [*held, *written] if is_array(written) else [*held, written]


def _merge(held: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    return {**held, **written}


_REDUCERS: dict[str, Callable[[Any, Any], Any]] = {"append": _append, "merge": _merge, "add": operator.add}


def compile_toolchain(toolchain: Toolchain) -> Graph:
    """The graph of a toolchain that has no faults."""
    channels: dict[str, Any] = {"input": Any}
    channels |= {STATE + name: _channel(name, key) for name, key in toolchain.state.items()}
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


def _channel(name: str, key: StateKey) -> Any:
    reduce = _REDUCERS.get(key.reducer)
    if reduce is None:
        return Any

    def reduced(held: Any, written: Any) -> Any:
        try:
            return reduce(held, written)
        except (TypeError, ValueError):
            kinds = f"{type(written).__name__} to {type(held).__name__}"
            raise InvalidInput(f"The state key {name!r} cannot {key.reducer} {kinds}.", field=f"state.{name}") from None

    return Annotated[Any, reduced]


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
