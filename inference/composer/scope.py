"""What a running node is lent, what it may refer to, and what a graph of nodes is to whoever carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from inference.functions import Context
from inference.models.toolchain import Toolchain

STATE, NODE = "state.", "node."

_EMPTY: dict[str, Any] = {"string": "", "array": [], "object": {}, "integer": 0, "number": 0, "boolean": False}

Emit = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run that a graph is carried for. `emit(event, data)` tells its watchers."""

    ctx: Context
    emit: Emit
    run: Mapping[str, str]


def scope_of(channels: Mapping[str, Any], run: Mapping[str, str], result: Any = None) -> dict[str, Any]:
    """The roots of references, from the graph's channels `input`, `state.<key>` and `node.<id>`."""
    return {
        "input": channels.get("input", {}),
        "state": {key[len(STATE) :]: value for key, value in channels.items() if key.startswith(STATE)},
        "nodes": {key[len(NODE) :]: value for key, value in channels.items() if key.startswith(NODE)},
        "run": run,
        "result": result,
    }


class Graph(Protocol):
    """What the engine needs of a compiled LangGraph graph."""

    async def ainvoke(
        self, input: dict[str, Any], config: dict[str, Any], *, context: RunContext
    ) -> dict[str, Any]: ...


class NodeFailed(Exception):
    """A node ended in an error; `cause` is that error."""

    def __init__(self, node: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.node = node
        self.cause = cause


def initial_state(toolchain: Toolchain, given: dict[str, Any]) -> dict[str, Any]:
    """The channels before the first node: the input, and every state key's default."""
    return {"input": given} | {
        STATE + name: _EMPTY.get(key.type) if key.default is None else key.default
        for name, key in toolchain.state.items()
    }
