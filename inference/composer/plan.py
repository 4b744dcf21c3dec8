"""A body of nodes cut into lines: stretches in which one node follows the other. Pure.

A line begins where ways part or meet. Every line is come to by each of the ways that lead to it, whether the way was
taken or not; a line none of whose ways was taken does nothing and takes none of its own. So ways that run side by side
meet again at the first node behind them, whichever of them a branch has left out, and nothing waits for ever.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from inference.composer.graph import END, START, ways_in
from inference.models.toolchain import Body, Node, Toolchain


@dataclass(frozen=True, slots=True)
class Way:
    """From the end of a line (None: the beginning) to another. It is taken when the line's last node says `when`: a
    branch chose this `target`, the node failed (`error`), or it ended (`next`)."""

    index: int
    source: int | None
    to: int
    when: str
    target: str


@dataclass(frozen=True, slots=True)
class Line:
    """Nodes that follow each other, the ways that lead to the first and those that leave the last."""

    index: int
    nodes: tuple[Node, ...]
    ways_in: tuple[Way, ...]
    ways_out: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All lines of a body, each after those that lead to it as far as they are listed so."""

    lines: tuple[Line, ...]
    last: str


def plan_of(part: Toolchain | Body) -> Plan:
    """The plan of a body without faults."""
    nodes = {node.id: node for node in part.nodes}
    leaving = ways_in(part)
    arriving: dict[str, list[str]] = defaultdict(list)
    for source, ways in leaving.items():
        for _, target in ways:
            arriving[target].append(source)
    heads = [name for name in nodes if _begins_line(arriving[name], leaving)]
    lines = {head: _line_from(head, leaving, arriving) for head in heads}
    place = {head: index for index, head in enumerate(heads)}
    into: dict[int, list[Way]] = defaultdict(list)
    out: dict[int, list[Way]] = defaultdict(list)
    count = 0
    ends = [(None, START), *((place[head], names[-1]) for head, names in lines.items())]
    for source, last in ends:
        for when, target in leaving.get(last, []):
            if target not in place:
                continue
            way = Way(count, source, place[target], when, target)
            count += 1
            into[way.to].append(way)
            if source is not None:
                out[source].append(way)
    made = tuple(
        Line(index, tuple(nodes[name] for name in lines[head]), tuple(into[index]), tuple(out[index]))
        for index, head in enumerate(heads)
    )
    return Plan(made, part.nodes[-1].id)


def _begins_line(sources: list[str], leaving: dict[str, list[tuple[str, str]]]) -> bool:
    if len(sources) != 1 or sources[0] == START:
        return bool(sources)
    ways = leaving[sources[0]]
    return len(ways) != 1 or ways[0][0] != "next"


def _line_from(head: str, leaving: dict[str, list[tuple[str, str]]], arriving: dict[str, list[str]]) -> list[str]:
    names = [head]
    while True:
        ways = leaving.get(names[-1], [])
        if len(ways) != 1 or ways[0][0] != "next" or ways[0][1] == END or len(arriving[ways[0][1]]) != 1:
            return names
        names.append(ways[0][1])
