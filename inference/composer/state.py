"""The state of a run: keys, how a write meets what is there, and paths into them. Pure."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inference.composer.values import Scope, operand, parts_of
from inference.errors import InvalidInput
from inference.json_values import is_array, is_object
from inference.models.toolchain import Change, StateKey

_EMPTY: dict[str, Any] = {"string": "", "array": [], "object": {}, "integer": 0, "number": 0, "boolean": False}

# A write as it is kept: the key, `reduce` or `set`, and the value.
Write = tuple[str, str, Any]


def _append(held: Any, written: Any) -> Any:
    if isinstance(held, str):
        return held + str(written)
    return [*held, *written] if is_array(written) else [*held, written]


def _merge(held: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    return {**held, **written}


def _messages(held: list[Any], written: Any) -> list[Any]:
    """Adds messages; one that has the `id` of an earlier one takes its place."""
    added = written if is_array(written) else [written]
    if not any(message.get("id") is not None for message in added):
        return [*held, *added]
    together = list(held)
    places = {message["id"]: index for index, message in enumerate(together) if is_object(message) and "id" in message}
    for message in added:
        name = message.get("id")
        if name is not None and name in places:
            together[places[name]] = message
            continue
        if name is not None:
            places[name] = len(together)
        together.append(message)
    return together


_REDUCERS: dict[str, Callable[[Any, Any], Any]] = {
    "set": lambda _, written: written,
    "append": _append,
    "merge": _merge,
    "add": operator.add,
    "messages": _messages,
}


def reduced(name: str, key: StateKey, held: Any, written: Any) -> Any:
    """What a key holds after a write. Raises InvalidInput naming the key."""
    try:
        return _REDUCERS[key.reducer](held, written)
    except (TypeError, ValueError, AttributeError):
        kinds = f"{type(written).__name__} to {type(held).__name__}"
        raise InvalidInput(f"The state key {name!r} cannot {key.reducer} {kinds}.", field=f"state.{name}") from None


def applied(keys: Mapping[str, StateKey], held: dict[str, Any], writes: Sequence[Write]) -> dict[str, Any]:
    """The values after writes, in order; `held` stays as it is."""
    values = dict(held)
    for name, operation, value in writes:
        if name in keys:
            values[name] = value if operation == "set" else reduced(name, keys[name], values.get(name), value)
    return values


def beginning(keys: Mapping[str, StateKey]) -> dict[str, Any]:
    """What keys hold before anything is written."""
    return {name: _EMPTY.get(key.type) if key.default is None else key.default for name, key in keys.items()}


class State:
    """The values of the keys now, and every write since it was made, for whoever has to repeat them elsewhere."""

    def __init__(self, keys: Mapping[str, StateKey], values: dict[str, Any]) -> None:
        self.keys, self.values = keys, values
        self.writes: list[Write] = []
        # How many of the changes that forks made are in it: each comes once, behind the steps that it was made behind.
        self.edits = 0

    def write(self, name: str, value: Any) -> None:
        """Writes through the key's reducer. Raises InvalidInput."""
        self.values[name] = reduced(name, self.keys[name], self.values.get(name), value)
        self.writes.append((name, "reduce", value))

    def put(self, name: str, value: Any) -> None:
        """Replaces what a key holds, whatever its reducer."""
        self.values[name] = value
        self.writes.append((name, "set", value))

    def repeat(self, writes: Sequence[Write]) -> None:
        """Does writes again that were made elsewhere."""
        self.see(writes)
        self.writes += writes

    def see(self, writes: Sequence[Write]) -> None:
        """Holds what writes give that somebody else repeats."""
        self.values.update(applied(self.keys, self.values, writes))

    def child(self) -> State:
        """A state that begins with these values and whose writes stay its own."""
        return State(self.keys, dict(self.values))

    def add_text(self, path: str, text: str) -> None:
        """Adds text at a path: a bare key is written, at a deeper one the text that is there grows."""
        if "." not in path:
            self.write(path, text)
        else:
            self.change("append", parts_of(path), text)

    def change(self, operation: str, path: Sequence[Any], value: Any) -> None:
        """Changes what is at a path. A bare key whose reducer means the same is written through it, so that writes
        of others beside it are kept. Raises InvalidInput naming the path."""
        name = str(path[0])
        if name not in self.keys:
            raise InvalidInput(f"There is no state key {name!r}: declare it under `state`.", field=f"state.{name}")
        reducer = self.keys[name].reducer
        if len(path) == 1 and reducer in SAME.get(operation, ()):
            listed = operation == "append" and is_array(self.values.get(name))
            self.write(name, [value] if listed else value)
            return
        try:
            changed = _changed({name: self.values.get(name)}, list(path), operation, value)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            where = ".".join(str(part) for part in path)
            raise InvalidInput(f"Nothing can be changed at state.{where}: {error}.", field=f"state.{where}") from None
        self.put(name, changed.get(name))


# The reducers that do what an operation does.
SAME = {
    "set": ("set",),
    "append": ("append", "messages"),
    "extend": ("append", "messages"),
    "merge": ("merge",),
    "add": ("add",),
}


def change_of(change: Change, scope: Scope) -> tuple[list[Any], Any]:
    """Where a change is to be made, and its value, as they are now."""
    path = (
        list(parts_of(change.path)) if isinstance(change.path, str) else [operand(part, scope) for part in change.path]
    )
    return path, operand(change.value, scope)


def _changed(container: Any, path: list[Any], operation: str, value: Any) -> Any:
    """A copy of the container with the change made; what is not on the way is shared."""
    part, rest = path[0], path[1:]
    copy: Any = list(container) if is_array(container) else dict(container) if is_object(container) else None
    if copy is None:
        raise TypeError(f"{part!r} leads into a {type(container).__name__}")
    place: Any = _place(copy, part, new=operation != "delete")
    if rest:
        copy[place] = _changed(_parent(copy, place), rest, operation, value)
    elif operation == "delete":
        del copy[place]
    elif is_array(copy) and place == len(copy):
        copy.append(_made(None, operation, value))
    else:
        copy[place] = _made(copy.get(place) if is_object(copy) else copy[place], operation, value)
    return copy


def _place(container: Any, part: Any, *, new: bool) -> Any:
    if not is_array(container):
        return str(part)
    index = int(part) + (len(container) if int(part) < 0 else 0)
    if not 0 <= index < len(container) + new:
        raise IndexError(f"the list has {len(container)} elements, none at {part}")
    return index


def _parent(container: Any, place: Any) -> Any:
    if is_array(container):
        return container[place]
    return {} if container.get(place) is None else container[place]


def _made(held: Any, operation: str, value: Any) -> Any:
    match operation:
        case "set":
            return value
        case "append" if isinstance(held, str):
            return held + str(value)
        case "append" if held is None and isinstance(value, str):
            return value
        case "append" if held is None or is_array(held):
            return [*(held or []), value]
        case "extend" if (held is None or is_array(held)) and is_array(value):
            return [*(held or []), *value]
        case "merge" if held is None or is_object(held):
            return {**(held or {}), **value}
        case "add" if held is not None:
            return held + value
        case "subtract" if held is not None:
            return held - value
        case _:
            raise TypeError(f"`{operation}` does not fit what is there ({type(held).__name__})")
