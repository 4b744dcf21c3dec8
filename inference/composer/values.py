"""The values of the toolchain language: literals, references, templates and expressions. Pure.

`scope` maps the roots of references (`input`, `state`, `nodes`, `run`, `result`) to what they hold now.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

import orjson

from inference.errors import InvalidInput, MissingReference
from inference.json_values import is_array, is_object

MARKS = ("ref", "template", "expr", "literal")
_PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}")


def mark_of(value: object) -> str | None:
    """`ref`, `template`, `expr` or `literal` when the value is marked as one; None when it is JSON as it stands."""
    if is_object(value) and len(value) == 1:
        (key,) = value
        return key if key in MARKS else None
    return None


def evaluate(value: Any, scope: Mapping[str, Any]) -> Any:
    """What a value is now. Raises MissingReference, or InvalidInput where an expression does not fit its operands."""
    match mark_of(value):
        case "ref":
            return look_up(value["ref"], scope)
        case "template":
            return _PLACE.sub(lambda place: _as_text(look_up(place[1], scope)), value["template"])
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


def look_up(path: str, scope: Mapping[str, Any]) -> Any:
    """The value at a dotted path; parts that are numbers index lists. Raises MissingReference."""
    here: Any = dict(scope)
    for part in path.split("."):
        if is_object(here) and part in here:
            here = here[part]
        elif is_array(here) and re.fullmatch(r"-?\d+", part) and -len(here) <= int(part) < len(here):
            here = here[int(part)]
        else:
            raise MissingReference(
                f"Nothing is at {path!r}: {part!r} is missing. Give it a default, or check the node before."
            )
    return here


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else orjson.dumps(value).decode()


def references(value: Any) -> Iterator[str]:
    """Every path that a value refers to, in order."""
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


def _in(item: Any, container: Any) -> bool:
    return item in container


def _and(*items: Any) -> bool:
    return all(items)


def _or(*items: Any) -> bool:
    return any(items)


def _length(value: Any) -> int:
    return len(value) if value is not None else 0


# How many operands each takes (None: any number), and what it does.
OPERATORS: dict[str, tuple[int | None, Callable[..., Any]]] = {
    "==": (2, operator.eq),
    "!=": (2, operator.ne),
    ">": (2, operator.gt),
    ">=": (2, operator.ge),
    "<": (2, operator.lt),
    "<=": (2, operator.le),
    "in": (2, _in),
    "and": (None, _and),
    "or": (None, _or),
    "not": (1, operator.not_),
    "empty": (1, operator.not_),
    "length": (1, _length),
}


def _operands(given: Any) -> list[Any]:
    return given if is_array(given) else [given]


def is_expression(value: object) -> TypeGuard[dict[str, Any]]:
    return is_object(value) and len(value) == 1 and next(iter(value)) in OPERATORS


def calculate(expression: dict[str, Any], scope: Mapping[str, Any]) -> Any:
    """The value of `{operator: operands}`. Raises InvalidInput when the operands do not fit."""
    (name,) = expression
    _, operation = OPERATORS[name]
    operands = [calculate(o, scope) if is_expression(o) else evaluate(o, scope) for o in _operands(expression[name])]
    try:
        return operation(*operands)
    except TypeError as error:
        raise InvalidInput(f"The operator {name!r} does not fit its operands: {error}.") from None


def references_of_expression(expression: Any) -> Iterator[str]:
    if is_expression(expression):
        for operand in _operands(next(iter(expression.values()))):
            yield from references_of_expression(operand) if is_expression(operand) else references(operand)


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
        yield f"an expression is one operator with its operands; the operators are {', '.join(OPERATORS)}"
        return
    (name,) = expression
    operands = _operands(expression[name])
    count, _ = OPERATORS[name]
    if count is not None and len(operands) != count:
        yield f"{name!r} takes {count} operand{'s' if count > 1 else ''}, not {len(operands)}"
    for operand in operands:
        if is_object(operand) and mark_of(operand) is None:
            yield from faults_of_expression(operand)
        else:
            yield from faults_of_value(operand)
