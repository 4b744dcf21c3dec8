"""V1: what an event fires, depth first, as nodes one after another. Pure.

A node is there once for every way that leads to it; marks in the state say which of them were fired. Where ways lead in
circles, or to more nodes than anyone would want to look at, every node is there once and an agenda in the state says
whose turn it is.
"""

from __future__ import annotations

from typing import Any

from inference.composer.importing.arguments import Firing, arguments_of, kept
from inference.composer.importing.calls import Called, Site
from inference.composer.importing.changes import Change, fixed_value, held_back, set_to
from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import Expression, Read, both, call, expression, ref
from inference.composer.importing.lines import MOST_ROUNDS, Line, agenda_loop
from inference.composer.importing.mappings import (
    USER,
    Group,
    Mapping,
    groups_of,
    is_stream,
    read_mappings,
    writer_for,
)
from inference.composer.importing.routes import Reader
from inference.composer.importing.source import Source, SourceNode
from inference.composer.importing.streams import prepare_streams
from inference.composer.importing.table import call_function
from inference.composer.importing.ways import MOST_FIRINGS, firings, reached, slots, stored_arguments


class FirstFormat:
    """Makes the line of an event. `agenda` is on while that line is worked off by one."""

    def __init__(self, source: Source, draft: Draft) -> None:
        self._source, self._draft = source, draft
        self._stored = stored_arguments(source)
        self._slots = slots(source)
        self._agenda = False
        self._dealt: list[Change] = []

    def event(self, node: SourceNode) -> list[dict[str, Any]]:
        line = Line(self._draft)
        self._agenda = firings(self._source.nodes, node.id) > MOST_FIRINGS
        if self._agenda:
            self._work_off(node, line)
        else:
            self._unroll(Firing(node, self._draft.name(node.id), line))
        return line.nodes

    def _unroll(self, first: Firing) -> None:
        waiting = [first]
        while waiting:
            firing = waiting.pop()
            if firing.opening:
                line, loop, guard = firing.opening
                self._draft.count()
                line.add(loop, guard)
            waiting += reversed(self._emit(firing))

    def _work_off(self, event: SourceNode, line: Line) -> None:
        draft = self._draft
        agenda, turn = draft.book("agenda"), draft.book("turn")
        first = [set_to(agenda, [{"node": self._slots[event.id], "args": {}}])]
        taken = [set_to(turn, ref("state", agenda, 0)), {"op": "delete", "path": f"{agenda}.0"}]
        body = agenda_loop(line, first, taken, ["state", agenda])
        self._dealt = []
        place = len(body.nodes)
        for node in reached(self._source.nodes, event.id):
            guard = expression("==", ref("state", turn, "node"), self._slots[node.id])
            self._emit(Firing(node, draft.name(node.id), body, guard, box=(turn, "args")))
        dealt = Line(draft)
        dealt.update("deal", "Hand over the element", self._dealt, None)
        body.nodes[place:place] = dealt.nodes

    def _emit(self, firing: Firing) -> list[Firing]:
        """Adds a fired node to its line, and gives what it fires in turn."""
        draft, node, line = self._draft, firing.node, firing.line
        begin: list[Change] = []
        stored = self._stored.get(node.id)
        if stored is not None:
            self._take_stored(firing, begin)
        arguments = arguments_of(firing, draft, stored or [])
        streams = any(is_stream(entry) for entry in node.entries)
        kept(arguments, firing, draft, begin, all_of_them=streams)
        called: Called | None = None
        if node.function:
            site = Site(draft, firing.id, node.id[:200], node.path, arguments)
            called = call_function(node.function, site)
        reader = Reader(draft, arguments, called.outputs if called else None)
        then: list[Change] = []
        if streams:
            prepare_streams(node, called, reader, draft, begin, then)
        fired = self._map(firing, reader, then)
        if called:
            line.update(f"{firing.id}_begin", f"{node.id[:180]}: begin", begin, firing.guard)
            for made in called.nodes:
                line.add(made, firing.guard)
            line.update(f"{firing.id}_then", f"{node.id[:180]}: then", then, firing.guard)
        else:
            line.update(firing.id, node.id[:200], begin + then, firing.guard, own=True)
        return fired

    def _take_stored(self, firing: Firing, begin: list[Change]) -> None:
        """What waited for the node comes before what it was handed now, and waits no longer."""
        draft = self._draft
        waiting, slot = draft.book("waiting"), self._slots[firing.node.id]
        handed = draft.book("handed")
        box = firing.box or (handed, firing.id)
        now = call("default", ref("state", *box), {})
        begin.append(
            set_to(f"{handed}.{firing.id}", call("merge", call("default", ref("state", waiting, slot), {}), now))
        )
        begin.append(set_to(f"{waiting}.{slot}", {}))
        firing.box = (handed, firing.id)

    # Mappings

    def _map(self, firing: Firing, reader: Reader, then: list[Change]) -> list[Firing]:
        draft, known = self._draft, self._source.nodes
        mappings = read_mappings(firing.node, reader, draft, known)
        groups = groups_of(mappings, draft, known)
        owner = {
            id(each): group for group in groups for each in [*group.mappings, *([group.each] if group.each else [])]
        }
        named = {id(group): self._is_named(group) for group in groups}
        opened = set[int]()
        for number, mapping in enumerate(mappings):
            group = owner.get(id(mapping))
            try:
                if group is None:
                    then += self._write(mapping, firing, reader, number)
                    continue
                if not named[id(group)] and id(group) not in opened:
                    opened.add(id(group))
                    then += self._open(group)
                if mapping is group.each:
                    then += self._keep_list(mapping, group, firing, number)
                elif not named[id(group)]:
                    then += self._hand(mapping, group, firing, reader, number)
            except CannotCarry as problem:
                draft.note(problem.note.path, f"{problem.note.message}: the mapping is left out")
        if self._agenda:
            for group in reversed(groups):
                then += self._put_on_agenda(group, reader)
            return []
        return [self._fire(group, firing, reader, named=named[id(group)]) for group in groups]

    def _is_named(self, group: Group) -> bool:
        return not self._agenda and group.target.id not in self._stored and group.is_known()

    def _write(self, mapping: Mapping, firing: Firing, reader: Reader, number: int) -> list[Change]:
        """The changes of a mapping that fires nothing."""
        draft = self._draft
        match mapping.destination:
            case "<<STATE>>":
                base: tuple[str, ...] | None = None
            case "<<USER>>":
                base = (draft.book("event_result"),)
            case "<<FILES>>":
                base = (draft.book("files"),)
            case _:
                base = (draft.book("waiting"), self._slots[mapping.destination])
        changes = self._changes(mapping, firing, reader, base, number)
        if mapping.destination == USER:
            _note_user_keys(changes, draft, draft.book("event_result"))
        return changes

    def _changes(
        self,
        mapping: Mapping,
        firing: Firing,
        reader: Reader,
        base: tuple[str, ...] | None,
        number: int,
        *also: Change,
    ) -> list[Change]:
        draft, name = self._draft, f"{firing.id}_m{number}"
        writer = writer_for(mapping, draft, reader, base)
        before: list[Change] = []
        if len(writer.changes) > 1 and not mapping.read.fixed:
            before, mapping.read = fixed_value(mapping.read, draft, f"{name}_value")
            writer = writer_for(mapping, draft, reader, base)
        changes = held_back([*writer.changes, *also], mapping.holds, mapping.fixed, draft, name)
        return [*before, *changes]

    def _open(self, group: Group) -> list[Change]:
        draft = self._draft
        name = group.base if group.each else group.name
        changes = [set_to(f"{draft.book('handed')}.{name}", {})]
        if self._agenda:
            changes.append(set_to(f"{draft.book('fired')}.{group.name}", False))
        return changes

    def _hand(self, mapping: Mapping, group: Group, firing: Firing, reader: Reader, number: int) -> list[Change]:
        draft = self._draft
        base = (draft.book("handed"), group.base if group.each else group.name)
        also = [set_to(f"{draft.book('fired')}.{group.name}", True)] if not group.each and self._marks(group) else []
        return self._changes(mapping, firing, reader, base, number, *also)

    def _marks(self, group: Group) -> bool:
        """Whether only the run can say if the group fires."""
        return self._agenda or all(mapping.holds is not None for mapping in group.mappings)

    def _keep_list(self, mapping: Mapping, group: Group, firing: Firing, number: int) -> list[Change]:
        draft = self._draft
        held = f"{draft.book('held')}.{group.elements}"
        empty: list[Change] = [set_to(held, [])] if mapping.holds else []
        return [
            *empty,
            *held_back(
                [set_to(held, mapping.read.value)], mapping.holds, mapping.fixed, draft, f"{firing.id}_m{number}"
            ),
        ]

    # Firing

    def _fire(self, group: Group, firing: Firing, reader: Reader, *, named: bool) -> Firing:
        draft, line = self._draft, firing.line
        if group.each:
            return self._fire_each(group, group.each, firing, reader)
        if named:
            handed = {
                mapping.single_key: mapping.read
                for mapping in group.mappings
                if mapping.writes and mapping.single_key is not None
            }
            return Firing(group.target, group.name, line, firing.guard, handed)
        guard = firing.guard
        if self._marks(group):
            guard = {"default": [ref("state", draft.book("fired"), group.name), False]}
            if line.resets is not None:
                line.resets[group.name] = False
        return Firing(group.target, group.name, line, guard, box=(draft.book("handed"), group.name))

    def _fire_each(self, group: Group, each: Mapping, firing: Firing, reader: Reader) -> Firing:
        draft = self._draft
        held, handed = ref("state", draft.book("held"), group.elements), draft.book("handed")
        element = call("get", held, {"ref": "index"})
        base = ref("state", handed, group.base) if group.mappings else {}
        body = Line(draft, resets={})
        changes = [
            {"op": "merge", "path": draft.book("fired"), "value": {"literal": body.resets}},
            set_to(f"{handed}.{group.name}", base),
        ]
        changes += self._element(group, each, reader, element, (handed, group.name))
        body.update(f"{group.name}_element", f"{group.target.id[:180]}: element", changes, None)
        loop = {
            "id": draft.name(f"each_{group.name}"),
            "kind": "loop",
            "title": f"Each {group.target.id[:180]}",
            "while": expression("<", {"ref": "index"}, call("length", held)),
            "max_iterations": MOST_ROUNDS,
            "body": {"nodes": body.nodes},
        }
        return Firing(
            group.target, group.name, body, box=(handed, group.name), opening=(firing.line, loop, firing.guard)
        )

    def _element(
        self, group: Group, each: Mapping, reader: Reader, element: Any, base: tuple[str, ...]
    ) -> list[Change]:
        mapping = Mapping(each.given, each.path, each.destination, Read(element, None, fixed=False), None, each.dry)
        try:
            return writer_for(mapping, self._draft, reader, base).changes
        except CannotCarry as problem:
            self._draft.note(problem.note.path, problem.note.message)
            return []

    def _put_on_agenda(self, group: Group, reader: Reader) -> list[Change]:
        draft = self._draft
        agenda, turn, slot = draft.book("agenda"), draft.book("turn"), self._slots[group.target.id]
        if group.each is None:
            entry: Any = [{"node": slot, "args": ref("state", draft.book("handed"), group.name)}]
            when: Expression | None = {"default": [ref("state", draft.book("fired"), group.name), False]}
        else:
            args: Any = ref("state", draft.book("handed"), group.base) if group.mappings else {}
            made = {"node": slot, "args": args, "element": {"ref": "item"}, "each": group.name}
            entry = call("map", ref("state", draft.book("held"), group.elements), made)
            when = None
            mine = expression("==", call("default", ref("state", turn, "each"), ""), group.name)
            alone = Reader(draft, {}, None)
            for change in self._element(group, group.each, alone, ref("state", turn, "element"), (turn, "args")):
                self._dealt.append(change | {"when": both(mine, change.get("when"))})
        return [set_to(agenda, call("merge", entry, ref("state", agenda)), when)]


def _note_user_keys(changes: list[Change], draft: Draft, book: str) -> None:
    for change in changes:
        path = change["path"]
        parts: list[Any] = path.split(".") if isinstance(path, str) else path
        if parts[0] != book:
            continue
        if len(parts) > 1 and isinstance(parts[1], str):
            if parts[1] not in draft.user_keys:
                draft.user_keys.append(parts[1])
        else:
            draft.user_open = True
