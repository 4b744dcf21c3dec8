"""How values of the toolchain language are written down. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inference.composer.values import ALL_OPERATORS, MARKS, is_expression, mark_of
from inference.json_values import is_array, is_object

Expression = dict[str, Any]
# A part of a path: a key, an index, or a value that says at run time which.
Part = str | int | dict[str, Any]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SPECIAL_KEYS = frozenset(MARKS) | frozenset(ALL_OPERATORS)
# More parts than any path has; a part that is only known when the toolchain runs nests everything before it.
LONGEST_PATH = 30
# The most values that are written in more than one place.
_SMALL = 60
# What `get` gives for what is not there; no value of a toolchain is likely to be this text.
_NOTHING = "\u0000nothing"


@dataclass(frozen=True, slots=True)
class Read:
    """Something that can be read: `there` holds when it can be (None: always). A `fixed` value is the same whenever the
    run looks at it; others are state that may change in between."""

    value: Any
    there: Expression | None = None
    fixed: bool = True

    @property
    def tolerant(self) -> Any:
        """The value, or null where there is none."""
        return self.value if self.there is None else call("default", self.value)


def literal(value: Any) -> Any:
    """Data as it stands: marked as such where it would be read as something else."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if is_object(here):
            if len(here) == 1 and next(iter(here)) in _SPECIAL_KEYS:
                return {"literal": value}
            waiting += here.values()
        elif is_array(here):
            waiting += here
    return value


def ref(*parts: str | int) -> dict[str, Any]:
    return {"ref": ".".join(str(part) for part in parts)}


def operand(value: Any) -> Any:
    """A value or an expression where an operator expects its operand: there no object stands for itself."""
    if mark_of(value) == "expr":
        return value["expr"]
    # Data that looks like an expression has been marked by `literal`, or written with `object` by `built`.
    if is_object(value) and mark_of(value) is None and not is_expression(value):
        if _is_data(value):
            return {"literal": value}
        return {"object": [[[key, each] for key, each in value.items()]]}
    return value


def _is_data(value: Any) -> bool:
    """Whether nothing in it is to be evaluated."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if mark_of(here) is not None:
            return False
        waiting += here.values() if is_object(here) else here if is_array(here) else ()
    return True


def expression(operator: str, *operands: Any) -> Expression:
    return {operator: [operand(each) for each in operands]}


def call(operator: str, *operands: Any) -> dict[str, Any]:
    """An expression as a value."""
    return {"expr": expression(operator, *operands)}


def as_value(condition: Expression) -> dict[str, Any]:
    return {"expr": condition}


def built(fields: dict[str, Any]) -> Any:
    """An object of values: written with `object` where its only key would be read as an operator."""
    if len(fields) == 1 and next(iter(fields)) in _SPECIAL_KEYS:
        return call("object", [[key, value] for key, value in fields.items()])
    return fields


def both(*conditions: Expression | None) -> Expression | None:
    """All of them; None stands for what always holds."""
    flat: list[Expression] = []
    for condition in conditions:
        within: list[Any] = condition.get("and", []) if condition else []
        parts: list[Any] = within if within and all(is_expression(each) for each in within) else [condition]
        flat += [each for each in parts if each is not None and each not in flat]
    return None if not flat else flat[0] if len(flat) == 1 else {"and": flat}


def is_plain(part: Part) -> bool:
    """Whether a part can stand in a dotted path."""
    return isinstance(part, int) or (isinstance(part, str) and _PLAIN.fullmatch(part) is not None)


def dotted(parts: Sequence[Part]) -> str | None:
    """The path as text, when all its parts can stand in one."""
    return ".".join(str(part) for part in parts) if all(is_plain(part) for part in parts) else None


def path_of(parts: Sequence[Part]) -> str | list[Any]:
    """A path as a change takes it."""
    return dotted(parts) or [part if is_object(part) else literal(part) for part in parts]


def descend(read: Read, parts: Sequence[Part], *, fixed: bool = True) -> Read:
    """What is at a path within something that can be read."""
    value, there = read.value, read.there
    rest = list(parts)
    while rest and mark_of(value) is None and is_object(value) and isinstance(key := rest[0], str) and key in value:
        value, rest = value[key], rest[1:]
    if mark_of(value) == "ref":
        plain: list[str] = []
        while rest and is_plain(rest[0]):
            plain.append(str(rest.pop(0)))
        if plain:
            value = ref(value["ref"], *plain)
            there = both(there, {"exists": [value]})
    for index, part in enumerate(rest):
        within = call("default", value, {})
        last = index == len(rest) - 1
        if last:
            there = both(there, expression("!=", call("get", within, part, _NOTHING), _NOTHING))
        value = call("get", within, part)
    return Read(value, there, read.fixed and fixed)


def is_small(value: Any) -> bool:
    """Whether a value is short enough to be written wherever it is looked at. What is written twice at every step would
    otherwise double from step to step."""
    count, waiting = 0, [value]
    while waiting and count <= _SMALL:
        here = waiting.pop()
        count += 1
        waiting += here.values() if is_object(here) else here if is_array(here) else ()
    return count <= _SMALL


def set_in(container: dict[str, Any], parts: Sequence[Part], value: Any) -> Any | None:
    """An object that is written out, with the value at a path in it; None when that leads out of what is written."""
    part, rest = parts[0], parts[1:]
    if not isinstance(part, str) or part in MARKS:
        return None
    if not rest:
        return {**container, part: value}
    inner = container.get(part)
    if not is_object(inner) or mark_of(inner) is not None:
        return None
    made = set_in(inner, rest, value)
    return None if made is None else {**container, part: made}


def kind_of(value: Any) -> str | None:
    """The state type of data as it stands; None for what is only known when the toolchain runs, and for scalars."""
    if mark_of(value) is not None:
        return None
    if isinstance(value, str):
        return "string"
    return "array" if is_array(value) else "object" if is_object(value) else None
