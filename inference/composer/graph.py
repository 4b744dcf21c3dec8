"""A toolchain as a graph of names: who follows whom. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping

from inference.models.toolchain import BranchNode, Toolchain

START, END = "start", "end"

Edges = Mapping[str, list[str]]


def edges_of(toolchain: Toolchain) -> dict[str, list[str]]:
    """Successors by name: the edges, and the targets of branches."""
    edges: dict[str, list[str]] = defaultdict(list)
    for edge in toolchain.edges:
        edges[edge.from_].append(edge.to)
    for node in toolchain.nodes:
        if isinstance(node, BranchNode):
            edges[node.id] += dict.fromkeys([*(case.to for case in node.cases), node.else_])
    return dict(edges)


def reachable(edges: Edges, begin: str = START) -> set[str]:
    """All that can be come to."""
    found, waiting = {begin}, deque([begin])
    while waiting:
        for follower in edges.get(waiting.popleft(), []):
            if follower not in found:
                found.add(follower)
                waiting.append(follower)
    return found


def ancestors(edges: Edges, name: str) -> set[str]:
    """All that may have run before `name`."""
    back: dict[str, list[str]] = defaultdict(list)
    for source, followers in edges.items():
        for follower in followers:
            back[follower].append(source)
    return reachable(back, name) - {name}


def find_cycle(edges: Edges) -> list[str] | None:
    """Some cycle as the names along it, the first again at the end; None when there is none."""
    done = set[str]()
    for begin in edges:
        path: list[str] = []
        on_path = set[str]()
        stack = [(begin, iter(edges.get(begin, [])))] if begin not in done else []
        if stack:
            path.append(begin)
            on_path.add(begin)
        while stack:
            name, followers = stack[-1]
            for follower in followers:
                if follower in on_path:
                    return [*path[path.index(follower) :], follower]
                if follower not in done:
                    stack.append((follower, iter(edges.get(follower, []))))
                    path.append(follower)
                    on_path.add(follower)
                    break
            else:
                stack.pop()
                path.pop()
                on_path.discard(name)
                done.add(name)
    return None
