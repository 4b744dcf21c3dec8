"""The toolchains that are measured. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

_COUNTED = {"n": {"type": "integer"}}


def chain(length: int, **parts: Any) -> dict[str, Any]:
    """Nodes that follow each other, each of which writes its number to the state: all that one does beside it is to
    give back a constant text. `parts` are further fields of the toolchain."""
    names = ["start", *(f"node{number}" for number in range(1, length + 1)), "end"]
    return {
        "id": f"chain-{length}",
        "title": "Nodes that do nothing",
        "state": _COUNTED,
        "nodes": [_nothing(number) for number in range(1, length + 1)],
        "edges": [{"from": before, "to": after} for before, after in pairwise(names)],
        "output": {"n": {"ref": "state.n"}},
        **parts,
    }


def fans(groups: int, width: int = 3) -> dict[str, Any]:
    """Groups of a node from which `width` ways go side by side and meet again in the next group's first: as many lines
    as nodes."""
    names = [[f"fan{group}", *(f"side{group}_{way}" for way in range(width))] for group in range(groups)]
    edges = [{"from": "start", "to": names[0][0]}]
    for group, (first, *sides) in enumerate(names):
        behind = names[group + 1][0] if group + 1 < groups else "end"
        edges += [{"from": first, "to": side} for side in sides]
        edges += [{"from": side, "to": behind} for side in sides]
    nodes = [_nothing(number, name) for number, name in enumerate((n for group in names for n in group), 1)]
    summed = {"n": {"type": "integer", "reducer": "add"}}
    return chain(len(nodes), state=summed, nodes=nodes, edges=edges)


def traced(length: int, function: str) -> dict[str, Any]:
    """A chain whose nodes call `function` with the run's id and their own number."""

    def node(number: int) -> dict[str, Any]:
        given = {"run": {"ref": "run.id"}, "number": number}
        return _nothing(number) | {"function": function, "input": given}

    return chain(length, id="traced", nodes=[node(number) for number in range(1, length + 1)])


def acting(length: int, function: str) -> dict[str, Any]:
    """A chain whose nodes call `function` as those of `chain` call `isolate_question`."""
    nodes = [_nothing(number) | {"function": function} for number in range(1, length + 1)]
    return chain(length, id=f"acting-{length}", nodes=nodes)


def conversation() -> dict[str, Any]:
    """One turn of a thread: two messages with the text that is given."""
    said = [{"role": role, "content": {"ref": "input.text"}} for role in ("user", "assistant")]
    return {
        "id": "conversation",
        "title": "A turn",
        "input": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
        "state": {"messages": {"type": "array", "reducer": "messages", "scope": "thread"}},
        "nodes": [_nothing(1) | {"write": {"messages": said}}],
        "edges": [{"from": "start", "to": "node1"}, {"from": "node1", "to": "end"}],
        "output": {"n": {"expr": {"length": [{"ref": "state.messages"}]}}},
    }


def _nothing(number: int, name: str | None = None) -> dict[str, Any]:
    # With no history the function gives back what it gets.
    return {
        "id": name or f"node{number}",
        "kind": "function",
        "function": "isolate_question",
        "input": {"question": "x"},
        "write": {"n": number},
    }
