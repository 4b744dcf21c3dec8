"""The types that JSON Schemas describe, in a form that clients of any language can be written from. Pure.

What a type cannot say (patterns, bounds, conditions) is left to the server, which checks every input in full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import unquote

from inference.json_values import as_array, as_object, is_array, is_object

# A type that nests deeper, or of which there are more, is anything.
_DEEPEST = 8
_MOST_RECORDS = 300
_MOST_LITERALS = 50
# The letters that a type may take: one that is referred to is written out at every place.
_LONGEST_TYPE = 1000

Word = Literal["string", "integer", "number", "boolean", "null", "any", "object"]
Scalar: TypeAlias = str | int | bool | None
_WORDS: dict[str, Word] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    "object": "object",
}


@dataclass(frozen=True, slots=True)
class Plain:
    """A JSON type; `object`: with any keys."""

    word: Word


@dataclass(frozen=True, slots=True)
class Literals:
    """One of these values."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    of: Type


@dataclass(frozen=True, slots=True)
class Union:
    of: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A record, by its name."""

    name: str


Type: TypeAlias = Plain | Literals | ListOf | Union | Named
ANY = Plain("any")


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is as the schema has it: any text."""

    name: str
    type: Type
    required: bool


@dataclass(slots=True)
class Record:
    """An object with known keys. `name` begins with Input or Output, and is ASCII letters and digits."""

    name: str
    fields: list[Field] = field(default_factory=list[Field])


def read_shapes(input_schema: dict[str, Any], output_schema: dict[str, Any]) -> list[Record]:
    """The records of both, `Input` and `Output` among them."""
    records: dict[str, Record] = {}
    for name, schema in (("Input", input_schema), ("Output", output_schema)):
        records[name] = Record(name)
        _Reader(schema, records, fills_defaults=name == "Input").fill(records[name], schema, 0)
    return list(records.values())


def example(schema: Any, depth: int = 0) -> Any:
    """A value of the schema's form, for people to write over: what it has for a default, else the least there is."""
    here = as_object(schema)
    for word in ("default", "const"):
        if word in here:
            return here[word]
    if choices := as_array(here.get("examples")) or as_array(here.get("enum")):
        return choices[0]
    kind = here.get("type")
    kind = kind[0] if is_array(kind) and kind else kind
    if kind == "object":
        required = [name for name in as_array(here.get("required")) if isinstance(name, str)]
        properties = as_object(here.get("properties"))
        return {} if depth >= _DEEPEST else {name: example(properties.get(name), depth + 1) for name in required}
    least: dict[Any, Any] = {"string": "text", "integer": 0, "number": 0, "boolean": False, "array": []}
    return least.get(kind) if isinstance(kind, str) else None


class _Reader:
    """Reads the types of one schema, whose references lead to places within it."""

    def __init__(self, root: dict[str, Any], records: dict[str, Record], *, fills_defaults: bool) -> None:
        self._root, self._records, self._fills_defaults = root, records, fills_defaults
        self._known: dict[str, Type] = {"#": Named("Input" if fills_defaults else "Output")}

    def fill(self, record: Record, schema: dict[str, Any], depth: int) -> None:
        required = {name for name in as_array(schema.get("required")) if isinstance(name, str)}
        for name, inside in as_object(schema.get("properties")).items():
            filled = self._fills_defaults and "default" in as_object(inside)
            kind = self.read(inside, record.name + _camel(name), depth + 1)
            record.fields.append(Field(name, kind, required=name in required and not filled))

    def read(self, schema: Any, name: str, depth: int) -> Type:
        """`name` is what a record that is found here would be called."""
        kind = self._read(schema, name, depth)
        return kind if _length(kind) <= _LONGEST_TYPE else ANY

    def _read(self, schema: Any, name: str, depth: int) -> Type:
        if not is_object(schema) or depth > _DEEPEST:
            return ANY
        if "$ref" in schema:
            return self._reference(schema["$ref"], name, depth)
        if "const" in schema or "enum" in schema:
            return _literals([schema["const"]] if "const" in schema else as_array(schema["enum"]))
        for word in ("anyOf", "oneOf"):
            if options := as_array(schema.get(word)):
                return _union([self.read(option, name, depth + 1) for option in options])
        if len(parts := as_array(schema.get("allOf"))) == 1 and "properties" not in schema:
            return self.read(parts[0], name, depth + 1)
        kind = schema.get("type", "object" if "properties" in schema else None)
        kinds = kind if is_array(kind) else [kind]
        return _union([self._typed(schema, each, name, depth) for each in kinds])

    def _typed(self, schema: dict[str, Any], kind: Any, name: str, depth: int) -> Type:
        if kind == "array":
            return ListOf(self.read(schema.get("items"), f"{name}Item", depth + 1))
        if kind == "object" and as_object(schema.get("properties")) and len(self._records) < _MOST_RECORDS:
            record = self._new(name)
            self.fill(record, schema, depth)
            return Named(record.name)
        return Plain(_WORDS[kind]) if isinstance(kind, str) and kind in _WORDS else ANY

    def _reference(self, reference: Any, name: str, depth: int) -> Type:
        if not isinstance(reference, str):
            return ANY
        if reference not in self._known:
            # While it is being read, a reference to itself is anything, unless it turns out to be a record.
            self._known[reference] = ANY
            target = as_object(self._find(reference))
            if target.get("type") == "object" and as_object(target.get("properties")):
                record = self._new(name)
                self._known[reference] = Named(record.name)
                self.fill(record, target, depth)
            else:
                self._known[reference] = self.read(target, name, depth + 1)
        return self._known[reference]

    def _find(self, reference: str) -> Any:
        """What a JSON pointer within the schema leads to; None when that is nowhere."""
        if not reference.startswith("#/"):
            return None
        here: Any = self._root
        for part in unquote(reference).split("/")[1:]:
            here = as_object(here).get(part.replace("~1", "/").replace("~0", "~"))
        return here

    def _new(self, wanted: str) -> Record:
        name, number = wanted, 2
        while name in self._records:
            name, number = f"{wanted}{number}", number + 1
        self._records[name] = Record(name)
        return self._records[name]


def _length(kind: Type) -> int:
    """About how many letters a type takes where it is written."""
    match kind:
        case Literals(values):
            return sum(len(str(value)) + 4 for value in values)
        case ListOf(of):
            return _length(of) + 6
        case Union(of):
            return sum(_length(each) for each in of)
        case Named(name):
            return len(name)
        case Plain():
            return 10


def _literals(values: list[Any]) -> Type:
    scalars = tuple(value for value in values if value is None or isinstance(value, str | int))
    if not scalars or len(scalars) != len(values) or len(scalars) > _MOST_LITERALS:
        return ANY
    return Literals(scalars)


def _union(options: list[Type]) -> Type:
    flat = list(dict.fromkeys(part for each in options for part in (each.of if isinstance(each, Union) else (each,))))
    if ANY in flat or not flat:
        return ANY
    return flat[0] if len(flat) == 1 else Union(tuple(flat))


def _camel(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", text[:60])) or "Field"
