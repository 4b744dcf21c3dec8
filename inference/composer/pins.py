"""Results that nodes are given: such a node is not done. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference.errors import InvalidInput
from inference.json_values import is_object
from inference.models.common import Fault
from inference.models.toolchain import BranchNode, LoopNode, MapNode, Node, Toolchain, WorkBase


def checked_pins(toolchain: Toolchain, pinned: dict[str, Any], field: str = "pinned") -> dict[str, Any]:
    """The results, if each is of a node that works for one. Raises InvalidInput naming the first that is not; `field`
    is where they were given."""
    for fault in faults_of_pins(toolchain, field, pinned):
        raise InvalidInput(f"{fault.path}: {fault.message}", field=fault.path)
    return pinned


def faults_of_pins(toolchain: Toolchain, path: str, pinned: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with results that nodes are given."""
    if not pinned:
        return
    nodes = {node.id: node for node in all_nodes(toolchain.nodes)}
    for name, value in pinned.items():
        where = f"{path}.{name[:80]}"
        if name not in nodes:
            yield Fault(path=where, message=f"there is no node {name[:80]!r}")
        elif told := _fault(nodes[name], value):
            yield Fault(path=where, message=f"{name!r} {told}")


def _fault(node: Node, value: Any) -> str | None:
    if isinstance(node, BranchNode):
        ways = ways_of(node)
        if not is_object(value) or value.get("to") not in ways:
            return f'is a branch: it gives {{"to": …}} with one of {", ".join(ways)}'
    elif not isinstance(node, WorkBase):
        return f"works for no result: nodes of kind {node.kind} cannot be pinned"
    return None


def ways_of(node: BranchNode) -> list[str]:
    """Where a branch may go, each once."""
    return list(dict.fromkeys([*(case.to for case in node.cases), node.else_]))


def node_within(toolchain: Toolchain, name: str) -> tuple[Node, list[MapNode | LoopNode]]:
    """The node of this id with those that it lies within, the outermost first. Raises InvalidInput."""
    found = _search(toolchain.nodes, name)
    if found is None:
        raise InvalidInput(f"The toolchain has no node {name[:80]!r}.", field="node")
    return found


def _search(nodes: list[Node], name: str) -> tuple[Node, list[MapNode | LoopNode]] | None:
    for node in nodes:
        if node.id == name:
            return node, []
        if isinstance(node, MapNode | LoopNode) and (found := _search(node.body.nodes, name)):
            return found[0], [node, *found[1]]
    return None


def all_nodes(nodes: list[Node]) -> Iterator[Node]:
    """The nodes and those within them, each before what it holds."""
    for node in nodes:
        yield node
        if isinstance(node, MapNode | LoopNode):
            yield from all_nodes(node.body.nodes)
