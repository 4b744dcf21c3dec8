"""What a running node is lent, and what it may refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from inference.functions import Context

STATE, NODE = "state.", "node."

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
