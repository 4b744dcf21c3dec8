"""The values of the toolchain language: literals, references, templates and expressions. Pure.

`scope` maps the roots of references (`input`, `state`, `nodes`, `run`, `result`, and in bodies `item` and `index`) to
what they hold now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeGuard

from inference.composer.operators import OPERATORS, as_text
from inference.errors import InvalidInput, MissingReference
from inference.json_values import is_array, is_object

MARKS = ("ref", "template", "expr", "literal")
_PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}")
_INDEX = re.compile(r"-?\d+")

Scope = Mapping[str, Any]


def mark_of(value: object) -> str | None:
    """`ref`, `template`, `expr` or `literal` when the value is marked as one; None when it is JSON as it stands."""
    if is_object(value) and len(value) == 1:
        (key,) = value
        return key if key in MARKS else None
    return None


def evaluate(value: Any, scope: Scope) -> Any:
    """What a value is now. Raises MissingReference, or InvalidInput where an expression does not fit its operands."""
    match mark_of(value):
        case "ref":
            return look_up(value["ref"], scope)
        case "template":
            return _PLACE.sub(lambda place: as_text(look_up(place[1], scope)), value["template"])
        case "expr":
            return calculate(value["expr"], scope)
        case "literal":
            return value["literal"]
        case _:
            pass
    if is_object(value):
        return {key: evaluate(item, scope) for key, item in value.items()}
    if is_array(value):
        return [evaluate(item, scope) for item in value]
    return value


@lru_cache(maxsize=4096)
def parts_of(path: str) -> tuple[str | int, ...]:
    """A dotted path as its parts; those that are numbers may index lists."""
    return tuple(int(part) if _INDEX.fullmatch(part) else part for part in path.split("."))


def look_up(path: str, scope: Scope) -> Any:
    """The value at a dotted path; parts that are numbers index lists. Raises MissingReference."""
    here: Any = scope
    for part in parts_of(path):
        if is_object(here) and str(part) in here:
            here = here[str(part)]
        elif isinstance(part, int) and is_array(here) and -len(here) <= part < len(here):
            here = here[part]
        else:
            raise MissingReference(
                f"Nothing is at {path!r}: {str(part)!r} is missing. Give it a default, or check the node before."
            )
    return here


def references(value: Any) -> Iterator[str]:
    """Every path that a value refers to, in order, without what the expressions of lists refer to as their element."""
    match mark_of(value):
        case "ref":
            yield str(value["ref"])
        case "template":
            yield from (place[1] for place in _PLACE.finditer(str(value["template"])))
        case "expr":
            yield from references_of_expression(value["expr"])
        case "literal":
            return
        case _:
            for item in value.values() if is_object(value) else value if is_array(value) else ():
                yield from references(item)


def operands_of(given: Any) -> list[Any]:
    return given if is_array(given) else [given]


def is_expression(value: object) -> TypeGuard[dict[str, Any]]:
    return is_object(value) and len(value) == 1 and next(iter(value)) in ALL_OPERATORS


def operand(value: Any, scope: Scope) -> Any:
    """What an operand is: an expression's value, or a value."""
    return calculate(value, scope) if is_expression(value) else evaluate(value, scope)


def calculate(expression: dict[str, Any], scope: Scope) -> Any:
    """The value of `{operator: operands}`. Raises InvalidInput when the operands do not fit."""
    (name,) = expression
    given = operands_of(expression[name])
    try:
        if special := _SPECIAL.get(name):
            return special[2](given, scope)
        return OPERATORS[name][2](*[operand(each, scope) for each in given])
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise InvalidInput(f"The operator {name!r} does not fit its operands: {error}.") from None


def _and(given: list[Any], scope: Scope) -> bool:
    return all(operand(each, scope) for each in given)


def _or(given: list[Any], scope: Scope) -> bool:
    return any(operand(each, scope) for each in given)


def _if(given: list[Any], scope: Scope) -> Any:
    for index in range(0, len(given) - 1, 2):
        if operand(given[index], scope):
            return operand(given[index + 1], scope)
    return operand(given[-1], scope) if len(given) % 2 else None


def _default(given: list[Any], scope: Scope) -> Any:
    for each in given:
        try:
            found = operand(each, scope)
        except MissingReference:
            continue
        if found is not None:
            return found
    return None


def _exists(given: list[Any], scope: Scope) -> bool:
    try:
        operand(given[0], scope)
    except MissingReference:
        return False
    return True


def _each(given: list[Any], scope: Scope) -> Iterator[tuple[Any, Any]]:
    """The elements of a list, with what the second operand makes of each."""
    elements = operand(given[0], scope)
    if not is_array(elements):
        raise TypeError("the first operand is no list")
    for index, item in enumerate(elements):
        yield item, operand(given[1], {**scope, "item": item, "index": index})


def _map(given: list[Any], scope: Scope) -> list[Any]:
    return [made for _, made in _each(given, scope)]


def _filter(given: list[Any], scope: Scope) -> list[Any]:
    return [item for item, holds in _each(given, scope) if holds]


def _find(given: list[Any], scope: Scope) -> Any:
    return next((item for item, holds in _each(given, scope) if holds), None)


def _all(given: list[Any], scope: Scope) -> bool:
    return all(holds for _, holds in _each(given, scope))


def _some(given: list[Any], scope: Scope) -> bool:
    return any(holds for _, holds in _each(given, scope))


def _sort(given: list[Any], scope: Scope) -> list[Any]:
    if len(given) == 1:
        return sorted(operand(given[0], scope))
    return [item for item, _ in sorted(_each(given, scope), key=lambda pair: pair[1])]


def _reduce(given: list[Any], scope: Scope) -> Any:
    held = operand(given[2], scope)
    elements = operand(given[0], scope)
    if not is_array(elements):
        raise TypeError("the first operand is no list")
    for index, item in enumerate(elements):
        held = operand(given[1], {**scope, "item": item, "index": index, "accumulator": held})
    return held


# Operators that do not want all their operands' values: as above, but they are given the operands as written.
_SPECIAL: dict[str, tuple[int, int | None, Callable[[list[Any], Scope], Any]]] = {
    "and": (0, None, _and),
    "or": (0, None, _or),
    "if": (2, None, _if),
    "default": (1, None, _default),
    "exists": (1, 1, _exists),
    "map": (2, 2, _map),
    "filter": (2, 2, _filter),
    "find": (2, 2, _find),
    "all": (2, 2, _all),
    "some": (2, 2, _some),
    "sort": (1, 2, _sort),
    "reduce": (3, 3, _reduce),
}
# Those whose second operand is looked at once for every element.
_ELEMENTWISE = frozenset({"map", "filter", "find", "all", "some", "sort", "reduce"})
_ELEMENT = frozenset({"item", "index", "accumulator"})
# Those that ask whether a reference is there.
_TOLERANT = frozenset({"default", "exists"})

ALL_OPERATORS = {name: entry[:2] for name, entry in (OPERATORS | _SPECIAL).items()}


def references_of_expression(expression: Any) -> Iterator[str]:
    """Every path that an expression needs to be there."""
    if not is_expression(expression):
        return
    (name,) = expression
    for index, each in enumerate(operands_of(expression[name])):
        for path in references_of_expression(each) if is_expression(each) else references(each):
            if not (name in _ELEMENTWISE and index == 1 and path.partition(".")[0] in _ELEMENT):
                yield path


def tolerated_references(value: Any) -> set[str]:
    """The paths that may be missing, for a `default` or an `exists` takes care of them."""
    found = set[str]()
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if is_expression(here) and next(iter(here)) in _TOLERANT:
            (given,) = here.values()
            found |= {path for each in operands_of(given) for path in references(each)}
        waiting += here.values() if is_object(here) else here if is_array(here) else ()
    return found


def faults_of_value(value: Any) -> Iterator[str]:
    """What is wrong with a value as it is written, however deep."""
    match mark_of(value):
        case "ref" | "template" as mark:
            if not isinstance(value[mark], str):
                yield f"`{mark}` takes a text"
        case "expr":
            yield from faults_of_expression(value["expr"])
        case "literal":
            return
        case _:
            for item in value.values() if is_object(value) else value if is_array(value) else ():
                yield from faults_of_value(item)


def faults_of_expression(expression: Any) -> Iterator[str]:
    """What is wrong with an expression as it is written."""
    if not is_expression(expression):
        yield f"an expression is one operator with its operands; the operators are {', '.join(ALL_OPERATORS)}"
        return
    (name,) = expression
    given = operands_of(expression[name])
    fewest, most = ALL_OPERATORS[name]
    if len(given) < fewest or (most is not None and len(given) > most):
        yield f"{name!r} takes {_count(fewest, most)}, not {len(given)}"
    for each in given:
        if is_object(each) and mark_of(each) is None:
            yield from faults_of_expression(each)
        else:
            yield from faults_of_value(each)


def _count(fewest: int, most: int | None) -> str:
    if most is None:
        return f"at least {fewest} operands"
    if fewest == most:
        return f"{fewest} operand{'s' if fewest > 1 else ''}"
    return f"{fewest} to {most} operands"
