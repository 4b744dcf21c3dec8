"""Names and ways: what follows what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from inference.composer.graph import (
    END,
    START,
    ancestors,
    decisions,
    edges_in,
    edges_of,
    exclusive,
    find_cycle,
    reachable,
    ways_in,
)
from inference.models.common import Fault
from inference.models.toolchain import (
    Body,
    BranchNode,
    JoinNode,
    LoopNode,
    MapNode,
    Node,
    Toolchain,
    UpdateNode,
    WorkBase,
)


def all_nodes(part: Toolchain | Body, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with its path, those within others behind them."""
    for index, node in enumerate(part.nodes):
        here = f"{path}nodes[{index}]"
        yield here, node
        if isinstance(node, MapNode | LoopNode):
            yield from all_nodes(node.body, f"{here}.body.")


def faults_of_names(toolchain: Toolchain) -> Iterator[Fault]:
    """Names that are taken, within whatever node: a reference must mean one thing."""
    seen = set[str]()
    for path, node in all_nodes(toolchain):
        if node.id in (START, END):
            told = f"{node.id!r} is the name of the graph's own {node.id}: choose another"
            yield Fault(path=f"{path}.id", message=told)
        if node.id in seen:
            yield Fault(path=f"{path}.id", message=f"two nodes are called {node.id!r}")
        seen.add(node.id)


def faults_of_shape(part: Toolchain | Body, path: str) -> Iterator[Fault]:
    """What is wrong with the ways of a body, and of those in its nodes."""
    yield from _edges(part, path)
    edges = edges_of(part)
    if START not in edges:
        yield Fault(path=f"{path}edges", message="nothing begins: add an edge from 'start'")
    if cycle := find_cycle(edges):
        told = f"a cycle without an end: {' → '.join(cycle)}. Put what is to be repeated into a `loop`"
        yield Fault(path=f"{path}edges", message=told)
    else:
        yield from _meetings(part, path)
    found = reachable(edges)
    for index, node in enumerate(part.nodes):
        if node.id not in found:
            told = f"nothing leads to {node.id!r}: add an edge to it, or remove it"
            yield Fault(path=f"{path}nodes[{index}]", message=told)
        if isinstance(node, MapNode | LoopNode):
            yield from faults_of_shape(node.body, f"{path}nodes[{index}].body.")


def _edges(part: Toolchain | Body, path: str) -> Iterator[Fault]:
    ids = {node.id for node in part.nodes}
    branches = {node.id for node in part.nodes if isinstance(node, BranchNode)}
    seen = set[tuple[str, str]]()
    for index, edge in enumerate(edges_in(part)):
        if edge.from_ not in ids | {START}:
            yield Fault(path=f"{path}edges[{index}].from", message=f"there is no node {edge.from_!r}")
        elif edge.from_ in branches and part.edges is not None:
            told = f"{edge.from_!r} is a branch: its cases say where it goes"
            yield Fault(path=f"{path}edges[{index}].from", message=told)
        if edge.to not in ids | {END}:
            yield Fault(path=f"{path}edges[{index}].to", message=f"there is no node {edge.to!r}")
        if (edge.from_, edge.to) in seen:
            yield Fault(path=f"{path}edges[{index}]", message="this edge is there already")
        seen.add((edge.from_, edge.to))
    for index, node in enumerate(part.nodes):
        for where, target in _targets(node):
            if target not in ids | {END}:
                yield Fault(path=f"{path}nodes[{index}].{where}", message=f"there is no node {target!r}")


def _targets(node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, BranchNode):
        yield from ((f"cases[{index}].to", case.to) for index, case in enumerate(node.cases))
        yield "else", node.else_
    elif isinstance(node, WorkBase) and node.on_error is not None:
        yield "on_error", node.on_error


def _meetings(part: Toolchain | Body, path: str) -> Iterator[Fault]:
    """Joins that wait for what cannot come, and writes side by side of which one would be lost."""
    needed = decisions(part)
    ways = ways_in(part)
    for index, node in enumerate(part.nodes):
        if isinstance(node, JoinNode) and node.need == "all":
            sources = [source for source, leaving in ways.items() for _, target in leaving if target == node.id]
            pairs = [(a, b) for i, a in enumerate(sources) for b in sources[i + 1 :]]
            if any(a == b or exclusive(needed, a, b) for a, b in pairs):
                told = (
                    "this join can never complete: of the ways that lead to it only one is ever taken. Use `need: any`"
                )
                yield Fault(path=f"{path}nodes[{index}].need", message=told)
    if isinstance(part, Toolchain):
        yield from _lost_writes(part)


def _lost_writes(toolchain: Toolchain) -> Iterator[Fault]:
    writers: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for index, node in enumerate(toolchain.nodes):
        for key in set(_replaced_by(toolchain, node)):
            writers[key].append((index, node.id))
    if all(len(nodes) < 2 for nodes in writers.values()):
        return
    edges, needed = edges_of(toolchain), decisions(toolchain)
    before = ancestors(edges)
    for key, nodes in writers.items():
        for place, (_, one) in enumerate(nodes):
            for index, other in nodes[place + 1 :]:
                if (
                    one not in before.get(other, ())
                    and other not in before.get(one, ())
                    and not exclusive(needed, one, other)
                ):
                    told = f"{one!r} and {other!r} may write {key!r} side by side: give the key a reducer, or an order"
                    yield Fault(path=f"nodes[{index}].write.{key}", message=told)


def _replaced_by(toolchain: Toolchain, node: Node) -> Iterator[str]:
    """The keys that a node, or one within it, may replace."""
    if isinstance(node, WorkBase):
        yield from (key for key in node.write if key in toolchain.state and toolchain.state[key].reducer == "set")
    stream = getattr(node, "stream", None)
    if stream in toolchain.state and toolchain.state[stream].reducer == "set":
        yield str(stream)
    if isinstance(node, UpdateNode):
        for change in node.changes:
            key = str(change.path).partition(".")[0] if isinstance(change.path, str) else str(change.path[0])
            if key in toolchain.state and toolchain.state[key].reducer == "set":
                yield key
    if isinstance(node, LoopNode):
        for inner in node.body.nodes:
            yield from _replaced_by(toolchain, inner)
