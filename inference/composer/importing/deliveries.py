"""V2: mappings as changes of the state, and as what is delivered to other nodes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inference.composer.importing.changes import Change, held_back, set_to
from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import (
    Expression,
    Part,
    Read,
    as_value,
    built,
    call,
    expression,
    path_of,
    ref,
)
from inference.composer.importing.jsonpaths import Values, plain_path
from inference.composer.importing.routes import Test
from inference.composer.importing.source import SourceNode
from inference.composer.values import mark_of
from inference.json_values import as_object, is_array, is_object

_MODES = ("set", "append", "merge")
_LONGEST_GAP = 100
ITEM = {"ref": "item"}


@dataclass(slots=True)
class Delivery:
    """A mapping to another node: `key` of its payload gets the value; without a key it only fires."""

    target: str
    key: str | None
    read: Read
    test: Test | None


@dataclass(slots=True)
class Destination:
    """Where a mapping goes, by its kind, and how it meets what is there."""

    kind: str
    node: str | None
    parts: list[Part]
    mode: str


def destination_of(given: Any, path: str, known: dict[str, SourceNode]) -> Destination:
    """Raises CannotCarry."""
    if not is_object(given):
        raise CannotCarry(path, "a mapping is an object with a `destination`")
    place = as_object(given.get("destination"))
    kind, node = place.get("kind"), place.get("id")
    if kind not in ("state", "node", "user", "files"):
        raise CannotCarry(f"{path}.destination", "its `kind` is state, node, user or files")
    if kind == "node" and (not isinstance(node, str) or node not in known):
        raise CannotCarry(f"{path}.destination.id", f"there is no node {str(node)[:80]!r}")
    mode = given.get("mode") or "set"
    if mode not in _MODES:
        raise CannotCarry(f"{path}.mode", f"there is no mode {str(mode)[:40]!r}")
    return Destination(str(kind), node, plain_path(given.get("path", "$"), f"{path}.path"), str(mode))


def elements_of(given: Any, values: Values, path: str) -> Any:
    """The list that `iterate` goes through: nothing for null, one element for what is no list."""
    place = as_object(given)
    whole = values.value(place, path) if "ref" in place or "literal" in place else values.reference(place, path)
    kind, value = call("type", whole.tolerant), whole.tolerant
    return call("if", expression("==", kind, "array"), value, expression("==", kind, "null"), [], [value])


def state_changes(
    given: dict[str, Any], path: str, to: Destination, values: Values, draft: Draft, name: str
) -> list[Change]:
    """What a mapping to the state, the files or the user changes. Raises CannotCarry."""
    parts = to.parts
    if not parts:
        return []
    if given.get("iterate") is not None:
        each = elements_of(given["iterate"], values, f"{path}.iterate")
        made = values.within(ITEM).value(given.get("value"), f"{path}.value")
        return _every(to, call("map", each, made.tolerant), draft, path)
    read = values.value(given.get("value"), f"{path}.value")
    test = condition_of(given, values, path)
    return held_back(
        once(to, read.tolerant, draft, path), test.holds if test else None, test is None or test.fixed, draft, name
    )


def condition_of(given: dict[str, Any], values: Values, path: str) -> Test | None:
    condition = given.get("condition")
    return None if condition is None else values.condition(condition, f"{path}.condition")


def full_path(to: Destination, draft: Draft, path: str) -> list[Part]:
    if to.kind == "files":
        return [draft.book("files"), *to.parts]
    return draft.state_path(to.parts, path)


def once(to: Destination, value: Any, draft: Draft, path: str) -> list[Change]:
    if to.kind == "user":
        return _to_user(to, value, draft, path)
    full = full_path(to, draft, path)
    place = path_of(full)
    held = draft.state_read(to.parts, path) if to.kind == "state" else Read(ref("state", *_plain(full)))
    known = draft.initial_at(to.parts) if to.kind == "state" else None
    match to.mode:
        case "append" if isinstance(known, str | list):
            return [{"op": "append", "path": place, "value": value}]
        case "append":
            _loosen(draft, full)
            return [set_to(place, _appended(held, value))]
        case "merge":
            now = call("type", held.tolerant)
            objects: Expression = {"and": [_is(now, "object"), _is(call("type", value), "object")]}
            return [
                {"op": "merge", "path": place, "value": value, "when": objects},
                set_to(place, value, {"not": [objects]}),
            ]
        case _:
            _loosen(draft, full, value)
            return [set_to(place, value)]


def _plain(full: list[Part]) -> list[str | int]:
    return [part for part in full if isinstance(part, str | int)]


def _is(kind: Any, name: str) -> Expression:
    return expression("==", kind, name)


def _loosen(draft: Draft, full: list[Part], value: Any = None) -> None:
    if len(full) == 1:
        draft.loosen(str(full[0]), value)


def _appended(held: Read, value: Any) -> Any:
    """A value added to what is there: an element to a list, text to a text; to nothing, what it is itself."""
    now = call("default", held.value)
    return call(
        "if",
        _is(call("type", now), "null"), as_start(value),
        _is(call("type", now), "string"), call("cat", now, value),
        call("merge", now, [value]),
    )  # fmt: skip


def as_start(value: Any) -> Any:
    """What appending makes of nothing."""
    if isinstance(value, str) or is_array(value):
        return value
    if not is_object(value) or mark_of(value) is None:
        return [value]
    kind = call("type", value)
    return call("if", expression("or", as_value(_is(kind, "array")), as_value(_is(kind, "string"))), value, [value])


def _every(to: Destination, made: Any, draft: Draft, path: str) -> list[Change]:
    """A mapping that is applied for each of several values."""
    some: Expression = {"not": [expression("empty", made)]}
    last = call("get", made, -1)
    if to.kind == "user":
        return [change | {"when": some} for change in _to_user(to, last, draft, path)]
    full = full_path(to, draft, path)
    place = path_of(full)
    known = draft.initial_at(to.parts) if to.kind == "state" else None
    match to.mode:
        case "append" if isinstance(known, str):
            return [{"op": "append", "path": place, "value": call("join", made, "")}]
        case "append":
            return [{"op": "extend", "path": place, "value": made}]
        case "merge":
            whole = call("reduce", made, call("merge", {"ref": "accumulator"}, ITEM), {})
            return [{"op": "merge", "path": place, "value": whole}]
        case _:
            _loosen(draft, full)
            return [set_to(place, last, some)]


def _to_user(to: Destination, value: Any, draft: Draft, path: str) -> list[Change]:
    key, nested = partial(to, value, path)
    if key not in draft.user_keys:
        draft.user_keys.append(key)
    return [set_to(path_of([draft.book("event_result"), key]), nested)]


def partial(to: Destination, value: Any, path: str) -> tuple[str, Any]:
    """The top-level key that a mapping to a node or to the user gives, and its value."""
    first, rest = to.parts[0], to.parts[1:]
    if not isinstance(first, str):
        raise CannotCarry(path, "the first part of this path is a key")
    made = as_start(value) if to.mode == "append" else value
    for part in reversed(rest):
        if isinstance(part, int):
            if not 0 <= part <= _LONGEST_GAP:
                raise CannotCarry(path, "this index cannot be filled")
            made = [*[None] * part, made]
        else:
            made = built({str(part): made})
    return first, made


def delivery_of(given: dict[str, Any], path: str, to: Destination, values: Values) -> Delivery:
    """A mapping to another node. Raises CannotCarry."""
    target = to.node or ""
    if given.get("iterate") is not None:
        each = elements_of(given["iterate"], values, f"{path}.iterate")
        made = values.within(ITEM).value(given.get("value"), f"{path}.value")
        listed = call("map", each, made.tolerant)
        key, value = partial(to, call("get", listed, -1), path) if to.parts else (None, None)
        return Delivery(target, key, Read(value, None, False), Test({"not": [expression("empty", each)]}, False))
    test = condition_of(given, values, path)
    if not to.parts:
        return Delivery(target, None, Read(None), test)
    read = values.value(given.get("value"), f"{path}.value")
    key, value = partial(to, read.tolerant, path)
    plain = len(to.parts) == 1 and to.mode != "append"
    return Delivery(target, key, read if plain else Read(value, None, read.fixed), test)
