"""V1's ways to write something: routes and sequences of actions become changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.changes import Change
from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import (
    LONGEST_PATH,
    Expression,
    Part,
    Read,
    as_value,
    both,
    built,
    call,
    dotted,
    expression,
    path_of,
    ref,
    set_in,
)
from inference.composer.importing.routes import Reader
from inference.composer.values import mark_of
from inference.json_values import as_array, is_array, is_object

_ACTIONS = frozenset(
    "createAction appendAction updateAction deleteAction operatorAction backOut insertSequenceAction".split()  # noqa: SIM905 - a list of words
)
_DYNAMIC = frozenset({"getFrom", "getFromState", "getFromInputs", "getFromOutputs", "getFiles", "getLength"})


@dataclass(slots=True)
class _Made:
    """What an action has built: `later` are insertions that come after it, `landed` the places of the value in it."""

    value: Any
    later: list[tuple[list[Part], Any]] = field(default_factory=list["tuple[list[Part], Any]"])
    landed: list[list[Part]] = field(default_factory=list["list[Part]"])


@dataclass(slots=True)
class Writer:
    """Writes into one destination. `base` is where that is in the state; None is the source's state itself. With
    `pinned` every part of a path that is only known at run time is looked at once and kept, so that it stays the same
    while the node runs. `landed` are the places that the value was put at."""

    draft: Draft
    reader: Reader
    base: tuple[str, ...] | None
    pinned: bool = False
    changes: list[Change] = field(default_factory=list[Change])
    landed: list[list[Part]] = field(default_factory=list["list[Part]"])

    @property
    def value(self) -> Read:
        return self.reader.value or Read(None)

    def mapping(self, given: dict[str, Any], path: str) -> None:
        """What a mapping writes. Raises CannotCarry."""
        if given.get("route") is not None:
            parts, _ = self.reader.route(given["route"], f"{path}.route")
            self._put(parts, self.value.value, None, path)
            self._land(parts)
        elif is_array(sequence := given.get("sequence")):
            self._sequence(sequence, f"{path}.sequence")

    def _sequence(self, sequence: list[Any], path: str) -> None:
        here: list[Part] = []
        for index, item in enumerate(sequence):
            where = f"{path}[{index}]"
            if is_object(item) and (kind := _action(item)):
                if kind == "backOut":
                    count = item.get("count", 1)
                    here = here[: max(0, len(here) - count)] if isinstance(count, int) and count > 0 else here
                else:
                    self._act(kind, item, here, where)
            else:
                here = [*here, self.reader.part(item, where)[0]]
                if len(here) > LONGEST_PATH:
                    raise CannotCarry(where, f"it goes down more than {LONGEST_PATH} levels")

    def _act(self, kind: str, action: dict[str, Any], here: list[Part], path: str) -> None:
        when: Expression | None = None
        if action.get("condition") is not None:
            when = self.reader.condition(action["condition"], f"{path}.condition").holds
        match kind:
            case "createAction":
                parts = self._at(action, here, path)
                made = self._build(action, path)
                when = self._settled(when, made)
                self._put(parts, made.value, when, path)
                self._inside(parts, made, when, path)
            case "appendAction":
                self._append(action, here, when, path)
            case "updateAction":
                parts = self._at(action, here, path)
                read = self._own(action, path)
                self._put(parts, read.value, both(when, read.there), path)
                if action.get("value") is None:
                    self._land(parts)
            case "deleteAction":
                self._delete(action, here, when, path)
            case "operatorAction":
                self._operate(action, here, when, path)
            case _:
                self.draft.note(path, "insertSequenceAction does nothing in QueryLake, and nothing here")

    def _at(self, action: dict[str, Any], here: list[Part], path: str) -> list[Part]:
        parts, _ = self.reader.route(action.get("route"), f"{path}.route")
        return self._pin([*here, *parts])

    def _own(self, action: dict[str, Any], path: str) -> Read:
        given = action.get("value")
        return self.value if given is None else self.reader.value_object(given, f"{path}.value")

    def _pin(self, parts: list[Part]) -> list[Part]:
        if not self.pinned:
            return parts
        pinned: list[Part] = []
        for part in parts:
            if is_object(part):
                book, name = self.draft.book("held"), self.draft.serial()
                self.changes.append({"op": "set", "path": f"{book}.{name}", "value": part})
                pinned.append(ref("state", book, name))
            else:
                pinned.append(part)
        return pinned

    def _build(self, action: dict[str, Any], path: str) -> _Made:
        """What the action writes: an object, with insertions that are written into it or come after it."""
        initial = action.get("initialValue")
        if initial is None:
            made = _Made(self.value.value, landed=[[]])
        else:
            made = _Made(self.reader.value_object(initial, f"{path}.initialValue").tolerant)
        insertions, values = as_array(action.get("insertions")), as_array(action.get("insertion_values"))
        for index, insertion in enumerate(insertions):
            inside, _ = self.reader.route(insertion, f"{path}.insertions[{index}]")
            given = values[index] if index < len(values) else None
            if given is None:
                value: Any = self.value.value
                made.landed.append(inside)
            else:
                value = self._inserted(given, f"{path}.insertion_values[{index}]")
            if not inside:
                made.value = value
                continue
            plain = is_object(made.value) and mark_of(made.value) is None and not made.later
            whole = set_in(made.value, inside, value) if plain else None
            if whole is None:
                made.later.append((inside, value))
            else:
                made.value = whole
        if is_object(made.value) and mark_of(made.value) is None:
            made.value = built(made.value)
        return made

    def _inside(self, parts: list[Part], made: _Made, when: Expression | None, path: str) -> None:
        """Insertions that could not be written into the object, and where in it the value is."""
        for inside, value in made.later:
            self._change("set", [*parts, *inside], value, when, path)
        for inside in made.landed:
            self._land([*parts, *inside])

    def _settled(self, when: Expression | None, made: _Made) -> Expression | None:
        """A condition as it is before the first of several changes."""
        if when is None or not made.later:
            return when
        book, name = self.draft.book("held"), self.draft.serial()
        self.changes.append({"op": "set", "path": f"{book}.{name}", "value": as_value(when)})
        return {"default": [ref("state", book, name), False]}

    def _inserted(self, given: Any, path: str) -> Any:
        try:
            return self.reader.value_object(given, path).tolerant
        except CannotCarry as problem:
            self.draft.note(problem.note.path, f"{problem.note.message}; null takes its place")
            return None

    def _append(self, action: dict[str, Any], here: list[Part], when: Expression | None, path: str) -> None:
        parts = self._at(action, here, path)
        made = self._build(action, path)
        if not parts:
            raise CannotCarry(path, "an appendAction needs a route to a list or a text")
        when = self._settled(when, made)
        self._change("append", parts, made.value, when, path)
        found = self.draft.initial_at(parts) if self.base is None else None
        if isinstance(found, str):
            self._land(parts)
        else:
            self._inside([*parts, -1], made, when, path)

    def _delete(self, action: dict[str, Any], here: list[Part], when: Expression | None, path: str) -> None:
        routes = [action["route"]] if action.get("route") is not None else as_array(action.get("routes"))
        if routes and not any(is_array(route) for route in routes):
            routes = [routes]
        for route in routes:
            parts, _ = self.reader.route(route, f"{path}.route")
            whole = [*here, *parts]
            if not whole:
                raise CannotCarry(path, "a deleteAction needs a route")
            full = self._full(whole, path)
            text = dotted(full)
            there: Expression | None = {"exists": [ref("state", text)]} if text else None
            self._loosen(full, None)
            self._add("delete", full, None, both(when, there))

    def _operate(self, action: dict[str, Any], here: list[Part], when: Expression | None, path: str) -> None:
        parts = self._at(action, here, path)
        read = self._own(action, path)
        if not parts:
            raise CannotCarry(path, "an operatorAction needs a route")
        when = both(when, read.there)
        value = read.value
        if action.get("action") in ("-", "-="):
            self._change("subtract", parts, value, when, path)
            return
        if action.get("action") not in ("+", "+="):
            raise CannotCarry(f"{path}.action", f"there is no operation {str(action.get('action'))[:40]!r}")
        if action.get("value") is None:
            self._land(parts)
        match value:
            case bool() | int() | float():
                operation = "add"
            case str():
                operation = "append"
            case list():
                operation = "extend"
            case _:
                self._grow(parts, value, when, path)
                return
        self._change(operation, parts, value, when, path)

    def _grow(self, parts: list[Part], value: Any, when: Expression | None, path: str) -> None:
        """Adds numbers, texts or lists, whichever the value turns out to be."""
        kind = call("type", value)
        is_text, is_list = expression("==", kind, "string"), expression("==", kind, "array")
        self._change("append", parts, value, both(when, is_text), path)
        self._change("extend", parts, value, both(when, is_list), path)
        self._change("add", parts, value, both(when, {"not": [{"or": [is_text, is_list]}]}), path)

    # Changes

    def _put(self, parts: list[Part], value: Any, when: Expression | None, path: str) -> None:
        if parts:
            self._change("set", parts, value, when, path)
        elif self.base is not None:
            self._add("merge", list(self.base), value, when)
        else:
            self._merge_into_state(value, when, path)

    def _merge_into_state(self, value: Any, when: Expression | None, path: str) -> None:
        """An object that is merged into the state, key by key."""
        if is_object(value) and mark_of(value) is None:
            for key, each in value.items():
                self._change("set", [key], each, when, path)
            return
        self.draft.note(path, "of what is merged into the state only keys that the toolchain names are taken")
        self.draft.spend(len(self.draft.keys))
        for key in list(self.draft.keys):
            self._change("set", [key], call("get", value, key), both(when, expression("in", key, value)), path)

    def _full(self, parts: Sequence[Part], path: str) -> list[Part]:
        return self.draft.state_path(parts, path) if self.base is None else [*self.base, *parts]

    def _change(self, op: str, parts: list[Part], value: Any, when: Expression | None, path: str) -> None:
        full = self._full(parts, path)
        if op in ("set", "append"):
            self._loosen(full, value if op == "set" else ...)
        self._add(op, full, value, when)

    def _loosen(self, full: list[Part], value: Any) -> None:
        if self.base is None and len(full) == 1 and value is not ...:
            self.draft.loosen(str(full[0]), value)

    def _add(self, op: str, full: list[Part], value: Any, when: Expression | None) -> None:
        change: Change = {"op": op, "path": path_of(full)}
        if op != "delete":
            change["value"] = value
        self.changes.append(change if when is None else change | {"when": when})

    def _land(self, parts: list[Part]) -> None:
        self.landed.append(self._full(parts, "") if parts else [])


def _action(item: dict[str, Any]) -> str | None:
    """The kind of an action; None for an element of a route."""
    kind = item.get("type")
    if isinstance(kind, str) and kind in _ACTIONS:
        return kind
    if kind is not None or (not _DYNAMIC.isdisjoint(item) and "route" not in item):
        return None
    if "count" in item:
        return "backOut"
    if "action" in item:
        return "operatorAction"
    if "insertions" in item or "initialValue" in item:
        return "createAction"
    if "routes" in item:
        return "deleteAction"
    return "updateAction" if "route" in item else None
