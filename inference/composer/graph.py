"""A body of nodes as a graph of names: who follows whom, and which ways exclude each other. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from itertools import pairwise

from inference.models.toolchain import Body, BranchNode, Edge, Toolchain

START, END = "start", "end"

Edges = Mapping[str, list[str]]


def edges_in(part: Toolchain | Body) -> list[Edge]:
    """The edges of a body; where none are written, its nodes follow each other."""
    if part.edges is not None:
        return part.edges
    names = [START, *(node.id for node in part.nodes), END]
    return [Edge.model_construct(from_=source, to=target) for source, target in pairwise(names)]


def ways_in(part: Toolchain | Body) -> dict[str, list[tuple[str, str]]]:
    """Of every name the ways that leave it, as (when, target): `next`, `choice` of a branch, `error` of a node."""
    leaving: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for edge in edges_in(part):
        if ("next", edge.to) not in leaving[edge.from_]:
            leaving[edge.from_].append(("next", edge.to))
    for node in part.nodes:
        if isinstance(node, BranchNode):
            targets = dict.fromkeys([*(case.to for case in node.cases), node.else_])
            leaving[node.id] = [("choice", target) for target in targets]
        elif (on_error := getattr(node, "on_error", None)) is not None:
            leaving[node.id].append(("error", on_error))
    return dict(leaving)


def edges_of(part: Toolchain | Body) -> dict[str, list[str]]:
    """Successors by name."""
    return {source: [target for _, target in ways] for source, ways in ways_in(part).items()}


def reachable(edges: Edges, begin: str = START) -> set[str]:
    """All that can be come to."""
    found, waiting = {begin}, deque([begin])
    while waiting:
        for follower in edges.get(waiting.popleft(), []):
            if follower not in found:
                found.add(follower)
                waiting.append(follower)
    return found


def ancestors(edges: Edges) -> dict[str, frozenset[str]]:
    """Of every name all that may have run before it; names on a cycle are left out."""
    arriving: dict[str, int] = defaultdict(int)
    for followers in edges.values():
        for follower in followers:
            arriving[follower] += 1
    found: dict[str, set[str]] = defaultdict(set)
    ready = deque(name for name in edges if not arriving[name])
    done: dict[str, frozenset[str]] = {}
    while ready:
        name = ready.popleft()
        done[name] = frozenset(found.pop(name, set()))
        for follower in edges.get(name, []):
            found[follower] |= done[name]
            found[follower].add(name)
            arriving[follower] -= 1
            if not arriving[follower]:
                ready.append(follower)
    return done


def decisions(part: Toolchain | Body) -> dict[str, dict[str, set[int]]]:
    """Of every name what had to be decided for it to be come to: of each branch (or node that may fail) the ways that
    it can have gone. Two names that need different ways of the same one are never both come to."""
    ways = ways_in(part)
    everything = reachable(edges_of(part))
    needed: dict[str, dict[str, set[int]]] = {name: {} for name in everything}
    for source, leaving in ways.items():
        # Plain edges are taken together; each choice of a branch, and an error, alone.
        labels = [-1 if when == "next" else index for index, (when, _) in enumerate(leaving)]
        if len(set(labels)) < 2:
            continue
        edges = {name: [target for _, target in each] for name, each in ways.items()}
        without = reachable(edges | {source: []})
        for label in set(labels):
            kept = [target for own, (_, target) in zip(labels, leaving, strict=True) if own == label]
            for name in reachable(edges | {source: kept}) - without:
                needed[name].setdefault(source, set()).add(label)
    return needed


def exclusive(needed: Mapping[str, Mapping[str, set[int]]], one: str, other: str) -> bool:
    """Whether two names are never both come to."""
    return any(ways.isdisjoint(needed.get(other, {}).get(source, ways)) for source, ways in needed.get(one, {}).items())


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
