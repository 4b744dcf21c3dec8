"""A condition as data becomes one SQL/JSON path, bound as a parameter and evaluated by PostgreSQL against a document's
and a chunk's facts (db/sql/document/create_document_facts_function.sql). Pure.

Every comparison is either true or not: a field that is not there, or is of another type than the value, is no error.
Paths are strict, so that lists are not taken apart unless an operator says so; a predicate that cannot be decided is
unknown (PostgreSQL's manual, "Strict and Lax Modes"), and `exists(… ? (p))` makes two values of three.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from inference.errors import InvalidInput
from inference.functions.moments import moment_of
from inference.models.search import Condition

MOST_LEVELS = 10
MOST_CONDITIONS = 200
_MOST_VALUES = 2000
_LONGEST_TEXT = 2000
_MOST_BITS = 1024

_DOCUMENT = frozenset({"id", "name", "content_type", "size", "page_count", "created_at", "source"})
_CHUNK = frozenset({"page", "token_count", "headings"})
_COMPARISONS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)?)?")
# PostgreSQL before 17 does not read a Z by itself.
_ZULU = r'datetime("YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"")'


@dataclass(frozen=True, slots=True)
class Compiled:
    """`path` holds for the facts of what is looked for. `documents`, where it is not None, holds for at least the
    documents of those, by their own facts alone, which are indexed. `of_chunks`: whether chunks of one document may
    differ in it."""

    path: str
    documents: str | None
    of_chunks: bool


def compile_condition(condition: Condition, where: str) -> Compiled:
    """`where` is the place of the condition in the request, for errors. Raises InvalidInput."""
    compiler = _Compiler()
    made = compiler.condition(condition, where, 1)
    return Compiled(f"strict ({made.path})", made.documents and f"strict ({made.documents})", compiler.of_chunks)


@dataclass(frozen=True, slots=True)
class _Part:
    """A predicate, and one that holds wherever it does and that documents' own facts decide. `exact`: they are one."""

    path: str
    documents: str | None
    exact: bool


class _Compiler:
    """Goes through one condition, and counts what is in it."""

    def __init__(self) -> None:
        self.of_chunks = False
        self._conditions = 0
        self._values = 0

    def condition(self, given: Condition, where: str, level: int) -> _Part:
        self._conditions += 1
        if level > MOST_LEVELS or self._conditions > MOST_CONDITIONS:
            raise InvalidInput(
                f"A condition may have {MOST_LEVELS} levels and {MOST_CONDITIONS} parts; this one has more.",
                field="filter.where",
            )
        forms = [name for name in ("all", "any", "not_", "field") if getattr(given, name) is not None]
        if len(forms) != 1 or (forms != ["field"] and given.op is not None):
            raise InvalidInput(
                "A condition is one of `all`, `any`, `not`, or `field` with `op` and `value`.", field=where
            )
        if given.not_ is not None:
            return _negation(self.condition(given.not_, f"{where}.not", level + 1))
        if given.field is not None:
            return self._comparison(given.field, given, where)
        word = "all" if given.all is not None else "any"
        parts = [
            self.condition(part, f"{where}.{word}[{place}]", level + 1)
            for place, part in enumerate(given.all or given.any or [])
        ]
        return _conjunction(parts) if word == "all" else _disjunction(parts)

    def _comparison(self, field: str, given: Condition, where: str) -> _Part:
        if given.op is None:
            raise InvalidInput("A field is compared by an `op`.", field=f"{where}.op")
        path = self._path(_plain(field), where)
        place = f"{where}.value"
        dated = field == "document.created_at"
        made = self._operator(given.op, path, self._checked(given.value, place), place, dated=dated)
        # What documents' own facts can decide without knowing a time zone can be looked up.
        known = path.startswith(("$.document.", "$.metadata")) and ".datetime(" not in made
        return _Part(made, made if known else None, known)

    def _path(self, field: str, where: str) -> str:
        subject, _, rest = field.partition(".")
        if field == "metadata" or (subject == "metadata" and all(rest.split("."))):
            return "$.metadata" + "".join(f".{_text(key)}" for key in rest.split(".") if key)
        if (subject == "document" and rest in _DOCUMENT) or field == "collection.id":
            return f"$.{field}"
        if subject == "chunk" and rest in _CHUNK:
            self.of_chunks = True
            return f"$.{field}"
        raise InvalidInput(f"There is no field {field[:80]!r} to compare.", field=f"{where}.field")

    def _operator(self, op: str, path: str, value: Any, place: str, *, dated: bool) -> str:
        simple: dict[str, Callable[[], str]] = {
            "missing": lambda: _not(f"exists({path})"),
            "eq": lambda: _equal(path, value, place, dated=dated),
            "ne": lambda: _not(_equal(path, value, place, dated=dated)),
            "in": lambda: _or(_equal(path, each, place, dated=dated) for each in _listed(value, place)),
            "contains": lambda: _contains(path, value),
            "contained_by": lambda: _within(path, value),
            "has_key": lambda: _keys(path, [value], place, _and),
            "has_keys": lambda: _keys(path, _listed(value, place), place, _and),
            "has_any_key": lambda: _keys(path, _listed(value, place), place, _or),
        }
        if op in simple:
            return simple[op]()
        if op == "between":
            ends = _listed(value, place)
            if len(ends) != 2:
                raise InvalidInput("`between` takes a list of two values: the lowest and the highest.", field=place)
            return _and([_ordered(path, ">=", ends[0], place), _ordered(path, "<=", ends[1], place)])
        return _ordered(path, _COMPARISONS[op], value, place)

    def _checked(self, value: Any, place: str, level: int = 1) -> Any:
        """The value with texts as PostgreSQL holds them: without NUL and without halves of characters."""
        self._values += 1
        if level > MOST_LEVELS or self._values > _MOST_VALUES:
            raise InvalidInput(f"A value may have {MOST_LEVELS} levels and {_MOST_VALUES} parts.", field=place)
        if isinstance(value, str):
            if len(value) > _LONGEST_TEXT:
                raise InvalidInput(f"A text may have {_LONGEST_TEXT} characters here.", field=place)
            return _plain(value)
        if isinstance(value, dict):
            items = cast("dict[str, Any]", value).items()
            return {_plain(str(key)): self._checked(each, place, level + 1) for key, each in items}
        if isinstance(value, list):
            return [self._checked(each, place, level + 1) for each in cast("list[Any]", value)]
        if (isinstance(value, float) and not math.isfinite(value)) or (
            isinstance(value, int) and value.bit_length() > _MOST_BITS
        ):
            raise InvalidInput("A number is too large to be compared.", field=place)
        return value


def _conjunction(parts: list[_Part]) -> _Part:
    known = [part.documents for part in parts if part.documents is not None]
    return _Part(_and(p.path for p in parts), _and(known) if known else None, all(p.exact for p in parts))


def _disjunction(parts: list[_Part]) -> _Part:
    known = [part.documents for part in parts if part.documents is not None]
    every = len(known) == len(parts)
    return _Part(_or(p.path for p in parts), _or(known) if every else None, all(p.exact for p in parts))


def _negation(part: _Part) -> _Part:
    path = _not(part.path)
    return _Part(path, path if part.exact else None, part.exact)


def _and(parts: Iterable[str]) -> str:
    return "(" + " && ".join(parts) + ")"


def _or(parts: Iterable[str]) -> str:
    """Of nothing: never."""
    return "(" + (" || ".join(parts) or "1 == 0") + ")"


def _holds(predicate: str, item: str = "$") -> str:
    """True or false, where the predicate may be unknown. `item`: what the predicate is about."""
    return f"exists({item} ? ({predicate}))"


def _not(predicate: str, item: str = "$") -> str:
    return f"(!({_holds(predicate, item)}))"


def _equal(path: str, value: Any, place: str, *, dated: bool = False) -> str:
    if isinstance(value, (dict, list)):
        raise InvalidInput("Only texts, numbers, true, false and null can be equal; take `contains`.", field=place)
    if dated and (date := _date(value)):
        return _dated(path, "==", date)
    return f"({path} == {_literal(value)})"


def _ordered(path: str, sign: str, value: Any, place: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise InvalidInput("What is ordered are numbers, texts and dates in ISO 8601.", field=place)
    if date := _date(value):
        return _dated(path, sign, date)
    return f"({path} {sign} {_literal(value)})"


def _date(value: Any) -> datetime | None:
    return moment_of(value) if isinstance(value, str) and _DATE.fullmatch(value) else None


def _dated(path: str, sign: str, moment: datetime) -> str:
    aware, naive = moment.isoformat(timespec="microseconds"), moment.replace(tzinfo=None).isoformat(sep="T")
    return f'({path}.datetime() {sign} "{aware}".datetime() || {path}.{_ZULU} {sign} "{naive}".datetime())'


def _contains(path: str, value: Any) -> str:
    """A text holds a text, whatever the case; a list holds a value, or all of a list; an object holds an object."""
    if isinstance(value, dict):
        return _container(path, cast("dict[str, Any]", value))
    if isinstance(value, list):
        return _container(path, cast("list[Any]", value))
    held = _some(path, value)
    return f'({path} like_regex {_literal(value)} flag "iq" || {held})' if isinstance(value, str) else f"({held})"


def _container(path: str, value: Any) -> str:
    """As jsonb's @>: what the value has, is there."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
        return _and([f'{path}.type() == "object"', *(_container(f"{path}.{_text(key)}", v) for key, v in entries)])
    if isinstance(value, list):
        return _and([f'{path}.type() == "array"', *(_some(path, each) for each in cast("list[Any]", value))])
    return f"({path} == {_literal(value)})"


def _some(path: str, value: Any) -> str:
    """Some element of a list has what the value has."""
    return _holds(_container("@", value), f"{path}[*]")


def _within(path: str, value: Any) -> str:
    """As jsonb's <@: what is there, the value has."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
        allowed = _or(_and([f"@.key == {_text(key)}", _within("@.value", each)]) for key, each in entries)
        return _and([f'{path}.type() == "object"', f"!({_holds(_not(allowed, '@'), f'{path}.keyvalue()')})"])
    if isinstance(value, list):
        allowed = _or(_within("@", each) for each in cast("list[Any]", value))
        return _and([f'{path}.type() == "array"', f"!({_holds(_not(allowed, '@'), f'{path}[*]')})"])
    return f"({path} == {_literal(value)})"


def _keys(path: str, keys: list[Any], place: str, join: Callable[[Iterable[str]], str]) -> str:
    if not all(isinstance(key, str) for key in keys):
        raise InvalidInput("Keys are texts.", field=place)
    held = join(_holds(f"exists(@.{_text(key)})", path) for key in keys) if keys or join is _or else ""
    return _and(part for part in (f'{path}.type() == "object"', held) if part)


def _listed(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput("This operator takes a list.", field=place)
    return cast("list[Any]", value)


def _literal(value: Any) -> str:
    """A scalar as SQL/JSON paths write it, which is as JSON does."""
    return json.dumps(value, ensure_ascii=False)


_text = _literal


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode(errors="replace").decode()
