"""V2's ways to read: JSON paths, value expressions and conditions. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

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
    descend,
    expression,
    literal,
    operand,
    ref,
)
from inference.composer.importing.outputs import Outputs
from inference.composer.importing.routes import Test
from inference.composer.values import mark_of
from inference.json_values import as_array, is_array, is_object

EVERY = "*"
_STEP = re.compile(r"""\.([^.\[\]]+)|\[(-?\d+)\]|\['([^']*)'\]|\["([^"]*)"\]|(\[\*\])""")
_COMPARISONS = {"==", "!=", ">", "<", ">=", "<="}


@dataclass(frozen=True, slots=True)
class Every:
    """The part `[*]` of a path: all elements."""


def parse_path(given: Any, path: str) -> list[str | int | Every]:
    """The parts of `$.a.b[0]['k'][*]`. Raises CannotCarry."""
    if not isinstance(given, str):
        raise CannotCarry(path, "a path is a text that begins with `$`")
    text = given.strip()
    rest = text[1:] if text.startswith("$") else f".{text}" if text else ""
    parts: list[str | int | Every] = []
    place = 0
    while place < len(rest):
        if len(parts) == LONGEST_PATH:
            raise CannotCarry(path, f"the path has more than {LONGEST_PATH} parts")
        step = _STEP.match(rest, place)
        if step is None:
            raise CannotCarry(path, f"the path {given[:120]!r} cannot be read")
        key, index, single, double, every = step.groups()
        if every or key == EVERY:
            parts.append(Every())
        elif index is not None:
            parts.append(int(index))
        else:
            parts.append(next(part for part in (key, single, double) if part is not None))
        place = step.end()
    return parts


def plain_path(given: Any, path: str) -> list[Part]:
    """The parts of a path that is written to, which has no wildcards. Raises CannotCarry."""
    found: list[Part] = []
    for part in parse_path(given, path):
        if isinstance(part, Every):
            raise CannotCarry(path, "what is written to has no wildcards")
        found.append(part)
    return found


@dataclass(slots=True)
class Payload:
    """What was delivered to a node: `keys` that are known now, on top of what is at `base`."""

    base: tuple[str, ...]
    keys: dict[str, Read] = field(default_factory=dict[str, Read])

    def read(self, parts: Sequence[Part]) -> Read:
        if not parts:
            whole = ref(*self.base)
            if not self.keys:
                return Read(whole)
            fields = built({key: read.tolerant for key, read in self.keys.items()})
            return Read(call("merge", whole, fields))
        first = parts[0]
        if isinstance(first, str) and first in self.keys:
            return descend(self.keys[first], parts[1:])
        return descend(Read(ref(*self.base)), parts)


@dataclass(frozen=True, slots=True)
class Values:
    """Reads for one node: its payload, its function's outputs, and within `iterate` the element."""

    draft: Draft
    payload: Payload
    outputs: Outputs | None
    mapped: frozenset[str] = frozenset()
    element: Any = None

    def within(self, element: Any) -> Values:
        return replace(self, element=element)

    def value(self, given: Any, path: str) -> Read:
        """What a value expression gives; null where it finds nothing. Raises CannotCarry."""
        if not is_object(given) or not (given.keys() <= {"ref", "literal"}) or len(given) != 1:
            raise CannotCarry(path, "a value is either `ref` or `literal`")
        if "ref" in given:
            return self.reference(given["ref"], f"{path}.ref")
        return self._nested(given["literal"], f"{path}.literal")

    def _nested(self, given: Any, path: str) -> Read:
        """Data with references in it."""
        if is_object(given):
            if given.keys() == {"ref"} and is_object(given["ref"]):
                read = self.reference(given["ref"], f"{path}.ref")
                return Read(read.tolerant, None, read.fixed)
            if given.keys() == {"literal"}:
                return self._nested(given["literal"], f"{path}.literal")
            reads = {key: self._nested(item, f"{path}.{key}") for key, item in given.items()}
            if all(reads[key].value is item for key, item in given.items()):
                return Read(literal(given))
            fields = built({key: read.value for key, read in reads.items()})
            return Read(fields, None, all(read.fixed for read in reads.values()))
        if is_array(given):
            items = [self._nested(item, f"{path}[{index}]") for index, item in enumerate(given)]
            if all(read.value is item for read, item in zip(items, given, strict=True)):
                return Read(literal(given))
            return Read([read.value for read in items], None, all(read.fixed for read in items))
        return Read(given)

    def reference(self, given: Any, path: str) -> Read:
        """What `{source, path}` refers to. Raises CannotCarry."""
        if not is_object(given):
            raise CannotCarry(path, "a ref is an object with `source` and `path`")
        source = given.get("source")
        if source == "const":
            return Read(literal(given.get("value")))
        return self.at(str(source), parse_path(given.get("path"), f"{path}.path"), path)

    def at(self, source: str, parts: Sequence[str | int | Every], path: str) -> Read:
        """What is at a path of one of the sources."""
        plain: list[Part] = []
        for part in parts:
            if isinstance(part, Every):
                break
            plain.append(part)
        rest = parts[len(plain) :]
        read = self._root(source, plain, path)
        return _matches(read, rest) if rest else read

    def _root(self, source: str, parts: list[Part], path: str) -> Read:
        match source:
            case "state":
                return self.draft.state_read(parts, path)
            case "inputs":
                self._remember(parts)
                return self.payload.read(parts)
            case "outputs":
                found = self.outputs.read(parts) if self.outputs else None
                if found is None:
                    what = ".".join(str(part) for part in parts) or "$"
                    self.draft.note(path, f"nothing here gives the output {what[:80]!r}: it is null")
                    return Read(None)
                return found
            case "files":
                return descend(Read(ref("state", self.draft.book("files")), fixed=False), parts)
            case "server":
                if self.element is not None and parts[:1] == ["loop"]:
                    return descend(Read(self.element), parts[1:])
                if parts[:1] == ["loop"]:
                    self.draft.note(path, "there is no element here: it is null")
                return Read(None)
            case _:
                raise CannotCarry(path, f"there is no source {source[:40]!r}")

    def _remember(self, parts: list[Part]) -> None:
        """Takes note of a parameter of the event."""
        first = parts[0] if parts else None
        mapped = self.mapped if self.payload.base != ("input",) else frozenset[str]()
        if isinstance(first, str) and first not in self.payload.keys and first not in mapped:
            self.draft.input_names.add(first)

    # Conditions

    def condition(self, given: Any, path: str) -> Test:
        """A condition of the JSONLogic subset. Raises CannotCarry."""
        read = self._logic(given, path)
        value = read.value
        holds = value["expr"] if mark_of(value) == "expr" else expression("and", value)
        return Test(holds, read.fixed)

    def _logic(self, given: Any, path: str) -> Read:
        if is_array(given):
            items = [self._logic(item, f"{path}[{index}]") for index, item in enumerate(given)]
            return Read([item.value for item in items], None, all(item.fixed for item in items))
        if not is_object(given):
            return Read(given)
        if len(given) != 1:
            raise CannotCarry(path, "a condition has one operator")
        (name,) = given
        if name == "var":
            return self._variable(given["var"], path)
        operands = given[name] if is_array(given[name]) else [given[name]]
        reads = [self._logic(each, f"{path}.{name}[{index}]") for index, each in enumerate(operands)]
        return Read(self._operation(name, [read.value for read in reads], path), None, all(r.fixed for r in reads))

    def _operation(self, name: str, values: list[Any], path: str) -> Any:
        if name in _COMPARISONS and len(values) == 2:
            compared = expression(name, *values)
            if name in ("==", "!="):
                return as_value(compared)
            # Only what is read can be null; what is calculated would be written twice with every level.
            known = [
                expression("!=", value, None)
                for value in values
                if is_object(value) and "default" in value.get("expr", {})
            ]
            return as_value(both(*known, compared) or compared)
        if name == "+" and values:
            return call("+", *values)
        if name == "-" and len(values) == 2:
            return call("-", *values)
        if name in ("!", "not") and len(values) == 1:
            return call("not", *values)
        if name in ("and", "or") and values:
            return as_value({name: [operand(value) for value in values]})
        raise CannotCarry(path, f"the operator {name[:40]!r} with {len(values)} operands is not known")

    def _variable(self, given: Any, path: str) -> Read:
        named = as_array(given)[0] if as_array(given) else given
        parts = parse_path(named, f"{path}.var")
        if not parts or not isinstance(parts[0], str):
            raise CannotCarry(f"{path}.var", "a variable begins with state, inputs, outputs or files")
        read = self.at(parts[0], parts[1:], f"{path}.var")
        return Read(read.tolerant, None, read.fixed)


def _matches(read: Read, rest: Sequence[str | int | Every]) -> Read:
    """What a path with wildcards finds: null for nothing, the value for one, a list for several."""
    found: Any = [read.tolerant]
    item = {"ref": "item"}
    for part in rest:
        if isinstance(part, Every):
            kind = call("type", item)
            inner = call(
                "if", expression("==", kind, "array"), item, expression("==", kind, "object"), call("values", item), []
            )
            found = call("flatten", call("map", found, inner))
        else:
            there: Expression = {"exists": [ref("item", part)]}
            found = call("map", call("filter", found, as_value(there)), ref("item", part))
    count = call("length", found)
    several = call("if", expression(">", count, 1), found, call("get", found, 0))
    return Read(several, None, read.fixed)
