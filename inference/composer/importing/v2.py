"""V2: what an event fires, breadth first, as nodes one after another. Pure.

Where it is known in which order nodes come and what is delivered to them, each is there as often as it is worked off.
Where only the run can tell (ways in circles, or conditions before a node that several lead to), every node is there
once and an agenda in the state says whose turn it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.calls import Called, Site
from inference.composer.importing.changes import Change, held_back, set_to
from inference.composer.importing.deliveries import (
    Delivery,
    delivery_of,
    destination_of,
    state_changes,
)
from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import Expression, Read, both, call, expression, is_small, ref
from inference.composer.importing.growing import is_stream, stream_changes
from inference.composer.importing.jsonpaths import Payload, Values, plain_path
from inference.composer.importing.lines import Line, agenda_loop
from inference.composer.importing.source import Source, SourceNode
from inference.composer.importing.table import call_function
from inference.composer.importing.ways import slots
from inference.json_values import as_object, is_object

# More than this are worked off by an agenda.
_MOST_TURNS = 200


@dataclass(slots=True)
class Turn:
    """A node that is worked off: its id here, what was delivered to it, and when it is fired at all."""

    node: SourceNode
    id: str
    payload: Payload
    guard: Expression | None = None
    deliveries: list[Delivery] = field(default_factory=list[Delivery])


class SecondFormat:
    """Makes the line of an event."""

    def __init__(self, source: Source, draft: Draft) -> None:
        self._source, self._draft = source, draft
        self._slots = slots(source)
        self._mapped = frozenset(_mapped_keys(source))

    def event(self, node: SourceNode) -> list[dict[str, Any]]:
        line = Line(self._draft)
        if _is_settled(self._source.nodes, node.id):
            self._in_order(node, line)
        else:
            self._work_off(node, line)
        return line.nodes

    def _in_order(self, event: SourceNode, line: Line) -> None:
        waiting = [Turn(event, self._draft.name(event.id), Payload(("input",)))]
        while waiting:
            turn = waiting.pop(0)
            then: list[Change] = []
            deliveries = self._emit(turn, line, then)
            for target in dict.fromkeys(delivery.target for delivery in deliveries):
                mine = [delivery for delivery in deliveries if delivery.target == target]
                pending = next((other for other in waiting if other.node.id == target), None)
                if pending is None:
                    pending = Turn(self._source.nodes[target], self._draft.name(target), self._copy(turn.payload))
                    waiting.append(pending)
                    self._deliver(turn, pending, mine, then)
                else:
                    self._deliver_known(pending, mine, then)
            self._close(turn, line, then)

    @staticmethod
    def _copy(payload: Payload) -> Payload:
        return Payload(payload.base, dict(payload.keys))

    def _deliver(self, turn: Turn, to: Turn, deliveries: list[Delivery], then: list[Change]) -> None:
        """What a node delivers to one that is not waiting yet."""
        to.guard = turn.guard
        if all(delivery.test is None for delivery in deliveries):
            self._deliver_known(to, deliveries, then)
            return
        draft = self._draft
        inbox = draft.book("inbox")
        then.append(set_to(f"{inbox}.{to.id}", to.payload.read([]).value))
        to.payload = Payload(("state", inbox, to.id))
        marked = any(delivery.test is None for delivery in deliveries)
        for number, delivery in enumerate(deliveries):
            changes: list[Change] = []
            if delivery.key is not None:
                changes.append(set_to([inbox, to.id, delivery.key], delivery.read.tolerant))
            if not marked:
                changes.append(set_to(f"{draft.book('fired')}.{to.id}", True))
            then += _when(delivery, changes, draft, f"{to.id}_d{number}")
        if not marked:
            to.guard = both(turn.guard, {"default": [ref("state", draft.book("fired"), to.id), False]})

    def _deliver_known(self, to: Turn, deliveries: list[Delivery], then: list[Change]) -> None:
        """What is delivered in any case: kept where it could change before it is looked at."""
        for delivery in deliveries:
            if delivery.key is None:
                continue
            read = delivery.read
            if not read.fixed or not is_small(read.value):
                inbox = self._draft.book("inbox")
                name = self._draft.name(f"{to.id}_{delivery.key}")
                then.append(set_to([inbox, name], read.tolerant))
                read = Read(ref("state", inbox, name))
            to.payload.keys[delivery.key] = read

    # An agenda

    def _work_off(self, event: SourceNode, line: Line) -> None:
        draft = self._draft
        agenda, turn, inbox = draft.book("agenda"), draft.book("turn"), draft.book("inbox")
        slot = self._slots[event.id]
        first = [set_to(agenda, [slot]), set_to(f"{inbox}.{slot}", {"ref": "input"})]
        head = ref("state", agenda, 0)
        taken: list[Change] = [
            set_to(turn, {"node": head, "args": call("get", ref("state", inbox), head)}),
            {"op": "delete", "path": f"{agenda}.0"},
        ]
        body = agenda_loop(line, first, taken, ["state", agenda])
        for node in _reached(self._source.nodes, event.id):
            guard = expression("==", ref("state", turn, "node"), self._slots[node.id])
            at_work = Turn(node, draft.name(node.id), Payload(("state", turn, "args")), guard)
            then: list[Change] = []
            deliveries = self._emit(at_work, body, then)
            for target in dict.fromkeys(delivery.target for delivery in deliveries):
                self._queue(at_work, target, [d for d in deliveries if d.target == target], then)
            self._close(at_work, body, then)

    def _queue(self, turn: Turn, target: str, deliveries: list[Delivery], then: list[Change]) -> None:
        """Delivers to a node that may be waiting already: then what it waits with is added to."""
        draft, slot = self._draft, self._slots[target]
        agenda, inbox, fired = draft.book("agenda"), draft.book("inbox"), draft.book("fired")
        mark = draft.name(f"{turn.id}_{slot}")
        absent: Expression = {"not": [expression("in", slot, ref("state", agenda))]}
        then.append(set_to(f"{inbox}.{slot}", ref(*turn.payload.base), absent))
        then.append(set_to(f"{fired}.{mark}", False))
        for number, delivery in enumerate(deliveries):
            changes = [set_to(f"{fired}.{mark}", True)]
            if delivery.key is not None:
                changes.insert(0, set_to([inbox, slot, delivery.key], delivery.read.tolerant))
            then += _when(delivery, changes, draft, f"{mark}_d{number}")
        both_hold = both({"default": [ref("state", fired, mark), False]}, absent)
        then.append({"op": "append", "path": agenda, "value": slot, "when": both_hold})

    # A node

    def _emit(self, turn: Turn, line: Line, then: list[Change]) -> list[Delivery]:
        """Adds what is before a node and the node itself; gives what it delivers, and adds its changes to `then`."""
        draft, node, known = self._draft, turn.node, self._source.nodes
        before: list[Change] = []
        reads = Values(draft, turn.payload, None, self._mapped)
        called = self._call(turn, reads)
        values = Values(draft, turn.payload, called.outputs if called else None, self._mapped)
        deliveries: list[Delivery] = []
        later: list[Change] = []
        for index, given in enumerate(node.entries):
            path = f"{node.path}.mappings[{index}]"
            try:
                to = destination_of(given, path, known)
                if to.kind == "node":
                    deliveries.append(delivery_of(given, path, to, values))
                    continue
                streamed = stream_changes(given, path, to, called, values, draft) if is_stream(given) else None
                if streamed:
                    before += streamed[0]
                    then += streamed[1]
                else:
                    later += state_changes(given, path, to, values, draft, f"{turn.id}_m{index}")
            except CannotCarry as problem:
                draft.note(problem.note.path, f"{problem.note.message}: the mapping is left out")
        if called:
            line.update(f"{turn.id}_begin", f"{node.id[:180]}: begin", before, turn.guard)
            for made in called.nodes:
                line.add(made, turn.guard)
        then += later
        return deliveries

    def _call(self, turn: Turn, values: Values) -> Called | None:
        node = turn.node
        if node.function is None:
            return None
        arguments = dict[str, Read]()
        for name, given in node.inputs.items():
            try:
                arguments[name] = values.value(given, f"{node.path}.inputs.{name}")
            except CannotCarry as problem:
                self._draft.note(problem.note.path, f"{problem.note.message}: the argument is left out")
        return call_function(node.function, Site(self._draft, turn.id, node.id[:200], node.path, arguments))

    def _close(self, turn: Turn, line: Line, then: list[Change]) -> None:
        title = turn.node.id[:180]
        if any(made["id"] == turn.id for made in line.nodes):
            line.update(f"{turn.id}_then", f"{title}: then", then, turn.guard)
        else:
            line.update(turn.id, title, then, turn.guard, own=True)


def _when(delivery: Delivery, changes: list[Change], draft: Draft, name: str) -> list[Change]:
    test = delivery.test
    return held_back(changes, test.holds if test else None, test is None or test.fixed, draft, name)


def targets(node: SourceNode, known: dict[str, SourceNode]) -> list[str]:
    """The nodes that a node may fire."""
    found = dict[str, None]()
    for entry in node.entries:
        place = as_object(as_object(entry).get("destination"))
        if place.get("kind") == "node" and isinstance(name := place.get("id"), str) and name in known:
            found[name] = None
    return list(found)


def _mapped_keys(source: Source) -> set[str]:
    """Keys that nodes deliver to each other: they are no parameters of an event."""
    found = set[str]()
    for node in source.nodes.values():
        for entry in node.entries:
            if is_object(entry) and as_object(entry.get("destination")).get("kind") == "node":
                try:
                    parts = plain_path(entry.get("path", "$"), "")
                except CannotCarry:
                    continue
                if parts and isinstance(parts[0], str):
                    found.add(parts[0])
    return found


def _reached(nodes: dict[str, SourceNode], begin: str) -> list[SourceNode]:
    found, waiting = {begin: None}, [begin]
    while waiting:
        for name in targets(nodes[waiting.pop(0)], nodes):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return [nodes[name] for name in found]


def _is_settled(nodes: dict[str, SourceNode], begin: str) -> bool:
    """Whether the order in which an event's nodes come is known before it is fired."""
    met = _reached(nodes, begin)
    ways = [target for node in met for target in targets(node, nodes)]
    meets = len(ways) != len(set(ways)) or begin in ways
    conditional = any(
        is_object(entry)
        and as_object(entry.get("destination")).get("kind") == "node"
        and (entry.get("condition") is not None or entry.get("iterate") is not None)
        for node in met
        for entry in node.entries
    )
    return not (conditional and meets) and _turns(nodes, begin) <= _MOST_TURNS


def _turns(nodes: dict[str, SourceNode], begin: str) -> int:
    """How many turns an event takes when everything is fired; one more than the most when it takes more."""
    waiting, count = [begin], 0
    while waiting and count <= _MOST_TURNS:
        count += 1
        for name in targets(nodes[waiting.pop(0)], nodes):
            if name not in waiting:
                waiting.append(name)
    return count
