"""The toolchain in the making: its state, its names, and what could not be carried."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inference.composer.graph import END, START
from inference.composer.importing.expressions import Expression, Part, Read, built, descend, is_plain, kind_of, ref
from inference.errors import InvalidInput
from inference.json_values import as_array, as_object, is_array, is_object

# A toolchain may have 1000 nodes; a few are kept for the frame around them.
_MOST_NODES = 900
_MOST_NOTES = 1000
_MOST_WRITTEN = 50_000
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not carried over as it was, by its path in the source."""

    path: str
    message: str


class CannotCarry(Exception):
    """A part of the source that has no counterpart; whoever reads the part around it leaves it out and says so."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.note = Note(path, message)


# What the import keeps in the state beside the source's own keys: scope and what it is for.
_BOOKS: dict[str, tuple[str, str]] = {
    "handed": ("run", "What nodes were handed by those that fired them."),
    "fired": ("run", "Which nodes were fired."),
    "held": ("run", "Values as they were when a node began."),
    "waiting": ("thread", "What nodes wait with until they are fired."),
    "files": ("thread", "The session's files."),
    "event_result": ("run", "What the event gives back to who fired it."),
    "agenda": ("run", "The nodes that are to be worked off."),
    "turn": ("run", "The node that is being worked off."),
    "inbox": ("run", "What was delivered to the nodes that are to be worked off."),
}


class Draft:
    """What all parts of an import add to."""

    def __init__(self, initial_state: dict[str, Any], input_names: set[str]) -> None:
        self._notes = dict[Note, None]()
        self.state: dict[str, dict[str, Any]] = {}
        self.input_types: dict[str, dict[str, Any]] = {}
        self.input_names = input_names
        self.user_keys: list[str] = []
        self.user_open = False
        self.texts = set[str]()
        self.streamed: list[tuple[Part, ...]] = []
        self._initial = initial_state
        self._names = {START, END}
        self._keys = dict[str, str]()
        self._books = dict[str, str]()
        self._count = 0
        self._serial = self._spent = 0
        self._counts = dict[str, int]()
        for key, value in initial_state.items():
            self._declare(key, value)

    def note(self, path: str, message: str) -> None:
        if len(self._notes) < _MOST_NOTES:
            self._notes[Note(path, message)] = None
        elif len(self._notes) == _MOST_NOTES:
            self._notes[Note("nodes", f"more than {_MOST_NOTES} things could not be carried: the rest is not told")] = (
                None
            )

    @property
    def notes(self) -> list[Note]:
        return list(self._notes)

    def name(self, wanted: str) -> str:
        """A node's id that no other node has."""
        base = re.sub(r"[^a-z0-9_]+", "_", wanted.lower()).strip("_")[:44]
        base = base if base[:1].isalpha() else f"node_{base}".rstrip("_")
        name = base
        while name in self._names:
            self._counts[base] = self._counts.get(base, 1) + 1
            name = f"{base}_{self._counts[base]}"
        self._names.add(name)
        return name

    def serial(self) -> str:
        """A name that was not given before, for a value that is kept for a while."""
        self._serial += 1
        return f"value_{self._serial}"

    def count(self, nodes: int = 1) -> None:
        """Counts nodes. Raises InvalidInput when they become too many."""
        self._count += nodes
        if self._count > _MOST_NODES:
            raise InvalidInput(
                f"The toolchain becomes more than {_MOST_NODES} nodes: too many ways lead to the same ones. Split it.",
                field="toolchain.nodes",
            )

    def spend(self, values: int) -> None:
        """Counts values that are written out at once, such as all arguments of a node. Raises InvalidInput when they
        become too many: the toolchain would be the square of its source."""
        self._spent += values
        if self._spent > _MOST_WRITTEN:
            raise InvalidInput(
                "The toolchain hands on whole states or all arguments so often that it becomes too large. Split it.",
                field="toolchain.nodes",
            )

    # The state

    @property
    def keys(self) -> dict[str, str]:
        """The source's state keys, and what they are called here."""
        return self._keys

    def _declare(self, key: str, initial: Any) -> str:
        name = key if is_plain(key) else self._free(re.sub(r"[^A-Za-z0-9_-]+", "_", key).strip("_-") or "key")
        if name in self.state:
            name = self._free(name)
        if name != key:
            self.note(f"initial_state.{key}", f"the state key {key!r} is called {name!r} here")
        self._keys[key] = name
        self.state[name] = _state_key(initial) | {"scope": "thread"}
        return name

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.state or name in self._initial:
            number += 1
            name = f"{wanted}_{number}"
        return name

    def book(self, wanted: str) -> str:
        """The state key in which the import keeps something of its own; declared when it is first asked for."""
        if wanted not in self._books:
            scope, description = _BOOKS[wanted]
            name = self._free(wanted)
            self._books[wanted] = name
            default: Any = [] if wanted == "agenda" else {}
            self.state[name] = _state_key(default) | {"scope": scope, "description": description}
        return self._books[wanted]

    def has_book(self, wanted: str) -> bool:
        return wanted in self._books

    def forget(self, toolchain: dict[str, Any]) -> None:
        """Takes away the keys that nothing looks at in the end."""
        texts, waiting = set[str](), list[Any]([toolchain["nodes"], toolchain["output"]])
        while waiting:
            here = waiting.pop()
            if isinstance(here, str):
                texts.add(here.removeprefix("state.").partition(".")[0])
            waiting += here.values() if is_object(here) else here if is_array(here) else ()
        for name in list(self.state):
            if name not in texts:
                del self.state[name]

    def loosen(self, name: str, value: Any) -> None:
        """A key that is set to something of another kind may hold any; one that text streams into stays a text."""
        declared = self.state[name]
        if name not in self.texts and kind_of(value) != declared["type"]:
            declared["type"] = "any"

    def key(self, key: str, path: str) -> str:
        """What a source's key is called here; one that is not in the initial state begins as null."""
        if key in self._keys:
            return self._keys[key]
        if len(self._keys) > _MOST_NODES:
            raise CannotCarry(path, "the toolchain writes too many different state keys")
        return self._declare(key, None)

    def initial_at(self, parts: Sequence[Part]) -> Any:
        """What the initial state has at a path; `no_value` of it says when that is nothing."""
        here: Any = self._initial
        for part in parts:
            if isinstance(part, str):
                here = as_object(here).get(part, _MISSING)
            elif isinstance(part, int) and -len(as_array(here)) <= part < len(as_array(here)):
                here = as_array(here)[part]
            else:
                return _MISSING
        return here

    @staticmethod
    def no_value(found: Any) -> bool:
        return found is _MISSING

    def state_read(self, parts: Sequence[Part], path: str) -> Read:
        """A value of the state. It can change until it is looked at."""
        if not parts:
            self.spend(len(self._keys))
            return Read(built({key: ref("state", name) for key, name in self._keys.items()}), fixed=False)
        first, rest = parts[0], parts[1:]
        if not isinstance(first, str):
            return descend(self.state_read([], path), parts, fixed=False)
        known = self.initial_at([first])
        value = ref("state", self.key(first, path))
        there: Expression | None = None
        if known is _MISSING:
            there = {"!=": [value, None]}
        if rest:
            return descend(Read(value, None, fixed=False), rest)
        return Read(value, there, fixed=False)

    def state_path(self, parts: Sequence[Part], path: str) -> list[Part]:
        """Where something is written in the state."""
        first = parts[0]
        if not isinstance(first, str):
            raise CannotCarry(path, "a state key that is only known when the toolchain runs cannot be written")
        return [self.key(first, path), *parts[1:]]


def _state_key(initial: Any) -> dict[str, Any]:
    """A state key as it is declared; lists, texts and objects grow without being written anew."""
    match initial:
        case str():
            return {"type": "string", "reducer": "append", "default": initial}
        case list():
            return {"type": "array", "reducer": "append", "default": initial}
        case dict():
            return {"type": "object", "reducer": "merge", "default": initial}
        case None:
            return {"type": "any"}
        case _:
            return {"type": "any", "default": initial}
