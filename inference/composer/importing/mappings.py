"""V1: the mappings of a node made ready: what each reads, when it is applied, which of them fire a node together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.calls import SILENT
from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import Expression, Read, both, is_small
from inference.composer.importing.routes import Reader, Test
from inference.composer.importing.sequences import Writer
from inference.composer.importing.source import SourceNode
from inference.json_values import is_array, is_object

STATE, USER, FILES = "<<STATE>>", "<<USER>>", "<<FILES>>"


@dataclass(slots=True)
class Mapping:
    """A mapping that can be applied. A `dry` one has no value that it could write."""

    given: dict[str, Any]
    path: str
    destination: str
    read: Read
    test: Test | None
    dry: bool

    @property
    def holds(self) -> Expression | None:
        return both(self.test.holds if self.test else None, self.read.there)

    @property
    def fixed(self) -> bool:
        """Whether `holds` comes out the same whenever it is looked at."""
        return (self.test is None or self.test.fixed) and (self.read.there is None or self.read.fixed)

    @property
    def single_key(self) -> str | None:
        """The key that the value is put at, when that is all that it writes."""
        route: Any = self.given.get("route")
        if route is None and is_array(sequence := self.given.get("sequence")) and len(sequence) == 1:
            action = sequence[0]
            plain = {"type", "route", "insertions", "insertion_values"}
            if not is_object(action) or action.get("type") not in ("createAction", "updateAction"):
                return None
            if any(value for name, value in action.items() if name not in plain) or action.get("insertions"):
                return None
            route = action.get("route")
        return route[0] if is_array(route) and len(route) == 1 and isinstance(route[0], str) else None

    @property
    def writes(self) -> bool:
        return not self.dry and (self.given.get("route") is not None or bool(self.given.get("sequence")))


@dataclass(slots=True)
class Group:
    """Mappings that fire a node once, or once for every element of what the last of them reads."""

    target: SourceNode
    name: str
    mappings: list[Mapping] = field(default_factory=list[Mapping])
    each: Mapping | None = None
    elements: str = ""
    """Under which name the elements are kept, and under which what is handed over with every one of them."""
    base: str = ""

    def is_known(self) -> bool:
        """Whether what is handed over can be told before the toolchain runs, and that it is."""
        return self.each is None and all(
            mapping.holds is None
            and (not mapping.writes or mapping.single_key is not None)
            and mapping.read.fixed
            and is_small(mapping.read.value)
            for mapping in self.mappings
        )


def is_stream(given: Any) -> bool:
    return (
        is_object(given)
        and given.get("stream") is True
        and given.get("destination") == STATE
        and is_object(given.get("getFromOutputs"))
    )


def read_mappings(node: SourceNode, reader: Reader, draft: Draft, known: dict[str, SourceNode]) -> list[Mapping]:
    """A node's mappings that are not streams, in order, without those that cannot be carried, which are noted."""
    read: list[Mapping] = []
    for index, given in enumerate(node.entries):
        path = f"{node.path}.feed_mappings[{index}]"
        if is_stream(given):
            continue
        try:
            read.append(_mapping(given, path, reader, known))
        except CannotCarry as problem:
            draft.note(problem.note.path, f"{problem.note.message}: the mapping is left out")
    return read


def _mapping(given: Any, path: str, reader: Reader, known: dict[str, SourceNode]) -> Mapping:
    if not is_object(given) or not isinstance(given.get("destination"), str):
        raise CannotCarry(path, "a mapping is an object with a `destination`")
    destination: str = given["destination"]
    if destination not in (STATE, USER, FILES) and destination not in known:
        raise CannotCarry(f"{path}.destination", f"there is no node {destination[:80]!r}")
    read = _source(given, path, reader)
    value = Read(None) if read is None else read
    condition = given.get("condition")
    test = None if condition is None else reader.about(value).condition(condition, f"{path}.condition")
    return Mapping(given, path, destination, value, test, dry=_is_silent(given))


def _source(given: dict[str, Any], path: str, reader: Reader) -> Read | None:
    """The mapping's value; None when it has none, which fires without handing anything over."""
    for name, kind in (
        ("getFromOutputs", "getNodeOutput"),
        ("getFromInputs", "getNodeInput"),
        ("getFromState", "stateValue"),
    ):
        if is_object(place := given.get(name)):
            return reader.value_object({**place, "type": kind}, f"{path}.{name}")
    if "value" in given:
        return reader.value_object({"type": "staticValue", "value": given["value"]}, f"{path}.value")
    if given.get("getFrom") is not None:
        return reader.value_object(given["getFrom"], f"{path}.getFrom")
    return None


def _is_silent(given: dict[str, Any]) -> bool:
    """Whether it hands on what the server knows by itself."""
    place = given.get("getFromInputs")
    route = place.get("route") if is_object(place) else None
    return is_array(route) and len(route) == 1 and route[0] in SILENT


def groups_of(mappings: list[Mapping], draft: Draft, known: dict[str, SourceNode]) -> list[Group]:
    """The firings, those of elements first, each with the mappings that belong to it."""
    open_groups, found = dict[str, Group](), list[Group]()
    for mapping in mappings:
        target = mapping.destination
        if target in (STATE, USER, FILES) or mapping.given.get("store") is True:
            continue
        group = open_groups.get(target)
        if group is None:
            group = open_groups[target] = Group(known[target], draft.name(target))
            found.append(group)
        if mapping.given.get("iterate") is True:
            group.each = mapping
            group.elements, group.base = draft.name(f"{group.name}_elements"), draft.name(f"{group.name}_base")
            # What was handed over is used up: a later mapping begins anew.
            del open_groups[target]
            if mapping.test and group.mappings:
                draft.note(mapping.path, "without its condition nothing is fired, also not by the mappings before it")
        else:
            group.mappings.append(mapping)
    return [group for group in found if group.each] + [group for group in found if not group.each]


def writer_for(mapping: Mapping, draft: Draft, reader: Reader, base: tuple[str, ...] | None) -> Writer:
    """What a mapping writes to a destination. Raises CannotCarry."""
    writer = Writer(draft, reader.about(mapping.read), base)
    if mapping.writes:
        writer.mapping(mapping.given, mapping.path)
    return writer
