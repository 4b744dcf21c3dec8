"""The toolchain that is edited: a grid, ten nodes across."""

from __future__ import annotations

from typing import Any

NODES, EDGES = 300, 450
ACROSS = 10


def toolchain() -> dict[str, Any]:
    """Each node leads to the one below, some to the one below and beside, too."""
    names = [f"n{index}" for index in range(NODES)]
    given: dict[str, Any] = {"question": {"ref": "input.question"}, "history": []}
    nodes = [{"id": name, "kind": "function", "function": "isolate_question", "input": given} for name in names]
    edges = [("start", name) for name in names[:ACROSS]]
    edges += [(names[index - ACROSS], names[index]) for index in range(ACROSS, NODES)]
    edges += [(name, "end") for name in names[-ACROSS:]]
    aside = ((names[index], names[index + ACROSS + 1]) for index in range(NODES - ACROSS - 1))
    while len(edges) < EDGES:
        edges.append(next(aside))
    return {
        "id": "grid",
        "title": "Grid",
        "input": {"type": "object", "properties": {"question": {"type": "string"}}},
        "nodes": nodes,
        "edges": [{"from": begin, "to": end} for begin, end in edges],
    }
