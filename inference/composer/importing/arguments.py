"""V1: where the arguments of a node come from. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.calls import SILENT
from inference.composer.importing.changes import Change, set_to
from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import Expression, Read, as_value, call, descend, literal, ref
from inference.composer.importing.lines import Line
from inference.composer.importing.routes import Reader
from inference.composer.importing.source import SourceNode
from inference.json_values import as_object, is_array, is_object


@dataclass(slots=True)
class Firing:
    """A node that is fired: its id here, what it was handed, and when. `box` is where in the state that is kept which
    is not known before the toolchain runs; `opening` is the loop whose rounds fire it."""

    node: SourceNode
    id: str
    line: Line
    guard: Expression | None = None
    handed: dict[str, Read] = field(default_factory=dict[str, Read])
    box: tuple[str, ...] | None = None
    opening: tuple[Line, dict[str, Any], Expression | None] | None = None

    def given(self, key: str) -> Read | None:
        """What was handed over under a key."""
        if key in self.handed:
            return self.handed[key]
        return descend(Read(ref("state", *self.box)), [key]) if self.box else None


def arguments_of(firing: Firing, draft: Draft, stored: Sequence[str]) -> dict[str, Read]:
    """A node's arguments by name; `stored` are names that it may have been left without being fired."""
    read = dict[str, Read]()
    for key in stored:
        if found := firing.given(key):
            read[key] = found
    for index, argument in enumerate(firing.node.arguments):
        path = f"{firing.node.path}.input_arguments[{index}]"
        if not is_object(argument) or not isinstance(argument.get("key"), str):
            draft.note(path, "an argument is an object with a `key`: this one is left out")
            continue
        try:
            found = _argument(argument, firing, draft, path)
        except CannotCarry as problem:
            draft.note(problem.note.path, problem.note.message)
            found = None
        if found is not None:
            read[argument["key"]] = found
    return read


def _argument(argument: dict[str, Any], firing: Firing, draft: Draft, path: str) -> Read | None:
    key: str = argument["key"]
    optional = argument.get("optional") is True
    default = argument.get("default_value")
    if argument.get("value") is not None:
        return Read(literal(argument["value"]))
    if key in SILENT or argument.get("from_server"):
        return Read(None)
    reader = Reader(draft, {}, None)
    if argument.get("from_user"):
        draft.input_names.add(key)
        return _perhaps(descend(Read({"ref": "input"}), [key]), optional, default)
    if is_object(place := argument.get("from_state")):
        parts, fixed = reader.route(place.get("route", [key]), f"{path}.from_state.route")
        found = draft.state_read(parts, path)
        return Read(found.value, None, found.fixed and fixed)
    if is_object(place := argument.get("from_files")):
        return reader.files(place, f"{path}.from_files")
    handed = firing.given(key)
    if handed is None:
        if optional:
            return None if default is None else Read(literal(default))
        draft.note(path, f"nothing hands over {key!r}, which is not optional")
        return Read(ref("state", draft.book("handed"), firing.id, key))
    return _perhaps(handed, optional, default)


def _perhaps(read: Read, optional: bool, default: Any) -> Read:
    """With its default; without one, there only when it was given; a required one is an error when it is missing."""
    if read.there is None:
        return read
    if optional and default is not None:
        return Read(call("if", as_value(read.there), read.value, literal(default)), None, read.fixed)
    return read if optional else Read(read.value, None, read.fixed)


def kept(read: dict[str, Read], firing: Firing, draft: Draft, changes: list[Change], *, all_of_them: bool) -> None:
    """Keeps the arguments that come from the state as they are now, where mappings look at them later."""
    for key, each in list(read.items()):
        if each.fixed or not (all_of_them or _looked_at(firing.node.entries, key)):
            continue
        book, name = draft.book("held"), draft.name(f"{firing.id}_{key}")
        changes.append(set_to(f"{book}.{name}", each.value, each.there))
        place = ref("state", book, name)
        read[key] = Read(place, None if each.there is None else {"exists": [place]})


def _looked_at(entries: list[Any], key: str) -> bool:
    waiting: list[Any] = [entries]
    while waiting:
        here = waiting.pop()
        if is_object(here):
            source = here.get("getFromInputs") or (here if here.get("type") == "getNodeInput" else None)
            if is_object(source) and (source.get("route") or [key]) in (key, [key]):
                return True
            if is_object(source) and is_array(source.get("route")) and source["route"][0] == key:
                return True
            waiting += here.values()
        elif is_array(here):
            waiting += here
    return False


def required_parameters(node: SourceNode) -> list[str]:
    """The parameters without which an event of this node ends in an error."""
    if node.optional is not None:
        paths = {name: _input_path(value) for name, value in node.inputs.items() if name not in node.optional}
        return [path.removeprefix("$.") for path in paths.values() if path and _SINGLE.fullmatch(path)]
    return [
        argument["key"]
        for argument in node.arguments
        if is_object(argument)
        and isinstance(argument.get("key"), str)
        and argument.get("from_user")
        and argument.get("value") is None
        and argument.get("optional") is not True
        and argument["key"] not in SILENT
    ]


_SINGLE = re.compile(r"\$\.[^.\[\]]+")


def _input_path(value: Any) -> str | None:
    place = as_object(as_object(value).get("ref"))
    path = place.get("path")
    return path if place.get("source") == "inputs" and isinstance(path, str) else None
