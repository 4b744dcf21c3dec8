"""Results that nodes are given: such a node is not done. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference.errors import InvalidInput
from inference.models.common import Fault
from inference.models.toolchain import LoopNode, MapNode, Node, Toolchain, WorkBase


def checked_pins(toolchain: Toolchain, pinned: dict[str, Any]) -> dict[str, Any]:
    """The results, if each is of a node that works for one. Raises InvalidInput naming the first that is not."""
    for fault in faults_of_pins(toolchain, "pinned", pinned):
        raise InvalidInput(f"{fault.path}: {fault.message}", field=fault.path)
    return pinned


def faults_of_pins(toolchain: Toolchain, path: str, pinned: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with results that nodes are given."""
    if not pinned:
        return
    nodes = {node.id: node for node in all_nodes(toolchain.nodes)}
    for name in pinned:
        where = f"{path}.{name[:80]}"
        if name not in nodes:
            yield Fault(path=where, message=f"there is no node {name[:80]!r}")
        elif not isinstance(nodes[name], WorkBase):
            told = f"{name!r} works for no result: nodes of kind {nodes[name].kind} cannot be pinned"
            yield Fault(path=where, message=told)


def all_nodes(nodes: list[Node]) -> Iterator[Node]:
    """The nodes and those within them, each before what it holds."""
    for node in nodes:
        yield node
        if isinstance(node, MapNode | LoopNode):
            yield from all_nodes(node.body.nodes)
