"""V1: who fires whom, told from the mappings alone. Pure."""

from __future__ import annotations

import re

from inference.composer.importing.expressions import Read
from inference.composer.importing.mappings import FILES, STATE, USER, Mapping
from inference.composer.importing.source import Source, SourceNode
from inference.json_values import is_object

# More firings than this are worked off by an agenda: a line of more nodes is no help to anyone.
MOST_FIRINGS = 200


def stored_arguments(source: Source) -> dict[str, list[str]]:
    """The nodes that wait with arguments, and the keys of these."""
    found = dict[str, list[str]]()
    for node in source.nodes.values():
        for entry in node.entries:
            target = entry.get("destination") if is_object(entry) and entry.get("store") is True else None
            if isinstance(target, str) and target in source.nodes:
                mapping = Mapping(entry, "", target, Read(None), None, dry=False)
                keys = found.setdefault(target, [])
                if mapping.single_key and mapping.single_key not in keys:
                    keys.append(mapping.single_key)
    return found


def slots(source: Source) -> dict[str, str]:
    """A name for every node under which something of it is kept."""
    taken, slots = set[str](), dict[str, str]()
    for name in source.nodes:
        base = re.sub(r"[^A-Za-z0-9_]+", "_", name)[:60]
        base = base if base[:1].isalpha() else f"node_{base}"
        slot, number = base, 1
        while slot in taken:
            number += 1
            slot = f"{base}_{number}"
        taken.add(slot)
        slots[name] = slot
    return slots


def targets(node: SourceNode, known: dict[str, SourceNode]) -> list[str]:
    """The nodes that a node may fire, one for every firing."""
    found: list[str] = []
    begun = set[str]()
    for entry in node.entries:
        if not is_object(entry) or entry.get("store") is True:
            continue
        name = entry.get("destination")
        if not isinstance(name, str) or name not in known or name in (STATE, USER, FILES):
            continue
        if name not in begun:
            found.append(name)
        if entry.get("iterate") is True:
            begun.discard(name)
        else:
            begun.add(name)
    return found


def reached(nodes: dict[str, SourceNode], begin: str) -> list[SourceNode]:
    """All that an event may fire, itself first."""
    found, waiting = {begin: None}, [begin]
    while waiting:
        for name in targets(nodes[waiting.pop(0)], nodes):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return [nodes[name] for name in found]


def firings(nodes: dict[str, SourceNode], begin: str) -> int:
    """How many firings an event unrolls to; more than may be when ways lead in circles."""
    counts = dict[str, int]()
    open_names = set[str]()
    stack: list[tuple[str, bool]] = [(begin, False)]
    while stack:
        name, done = stack.pop()
        if done:
            open_names.discard(name)
            counts[name] = 1 + sum(counts[target] for target in targets(nodes[name], nodes))
            continue
        if name in counts:
            continue
        if name in open_names:
            return MOST_FIRINGS + 1
        open_names.add(name)
        stack.append((name, True))
        for target in targets(nodes[name], nodes):
            if target in open_names:
                return MOST_FIRINGS + 1
            if target not in counts:
                stack.append((target, False))
    return counts[begin]
