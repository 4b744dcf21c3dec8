"""The operators of the toolchain language that take values and give a value. Pure.

They are those of JSONLogic where it has one, and Python's meaning otherwise; nothing is coerced. An operator that does
not fit its operands raises TypeError, ValueError, KeyError or IndexError; whoever calls it tells the user.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

import orjson

from inference.composer.citations import CitationFinder
from inference.json_values import is_array, is_object

# The longest list or text that an operator makes.
_MOST = 1_000_000


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{_kind(value)} is no number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{_kind(value)} is no text")
    return value


def _list(value: Any) -> list[Any]:
    if not is_array(value):
        raise TypeError(f"{_kind(value)} is no list")
    return value


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _limited(value: Any) -> Any:
    if len(value) > _MOST:
        raise ValueError(f"it would be longer than {_MOST}")
    return value


def as_text(value: Any) -> str:
    """A value within a text: texts as they are, null as nothing, everything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else orjson.dumps(value).decode()


def _equal(left: Any, right: Any) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _unequal(left: Any, right: Any) -> bool:
    return not _equal(left, right)


def _in(item: Any, container: Any) -> bool:
    return item in container


def _length(value: Any) -> int:
    return len(value) if value is not None else 0


def _sum(*values: Any) -> Any:
    return sum(_number(value) for value in values)


def _product(*values: Any) -> Any:
    return reduce(operator.mul, (_number(value) for value in values), 1)


def _minus(left: Any, right: Any = None) -> Any:
    return -_number(left) if right is None else _number(left) - _number(right)


def _quotient(left: Any, right: Any) -> Any:
    if not _number(right):
        raise ValueError("nothing can be divided by 0")
    return _number(left) / _number(right)


def _remainder(left: Any, right: Any) -> Any:
    if not _number(right):
        raise ValueError("nothing can be divided by 0")
    return _number(left) % _number(right)


def _smallest(*values: Any) -> Any:
    return min(_list(values[0]) if len(values) == 1 else values)


def _largest(*values: Any) -> Any:
    return max(_list(values[0]) if len(values) == 1 else values)


def _total(values: Any) -> Any:
    return _sum(*_list(values))


def _round(value: Any, digits: Any = 0) -> Any:
    return round(_number(value)) if not digits else round(_number(value), int(_number(digits)))


def _cat(*values: Any) -> str:
    return _limited("".join(as_text(value) for value in values))


def _join(values: Any, between: Any = "") -> str:
    return _limited(_text(between).join(as_text(value) for value in _list(values)))


def _split(text: Any, between: Any = None) -> list[str]:
    return _text(text).split(between if between is None else _text(between))


def _replace(text: Any, old: Any, new: Any) -> str:
    whole, sought, put = _text(text), _text(old), _text(new)
    if len(whole) + whole.count(sought) * max(0, len(put) - len(sought)) > _MOST:
        raise ValueError(f"it would be longer than {_MOST}")
    return whole.replace(sought, put)


def _slice(value: Any, begin: Any = None, end: Any = None) -> Any:
    return (_text(value) if isinstance(value, str) else _list(value))[begin:end]


def _get(container: Any, key: Any, default: Any = None) -> Any:
    try:
        return container[int(_number(key)) if is_array(container) or isinstance(container, str) else key]
    except (KeyError, IndexError):
        return default


def _set_at(container: Any, key: Any, value: Any) -> Any:
    if is_object(container):
        return {**container, str(key): value}
    changed = list(_list(container))
    if key == len(changed):
        changed.append(value)
    else:
        changed[int(_number(key))] = value
    return changed


def _keys(value: Any) -> list[str]:
    return list(value.keys())


def _values(value: Any) -> list[Any]:
    return list(value.values())


def _object(pairs: Any) -> dict[str, Any]:
    return {as_text(key): value for key, value in _list(pairs)}


def _merge(*values: Any) -> Any:
    if values and all(is_object(value) for value in values):
        return {key: item for value in values for key, item in value.items()}
    return _limited([item for value in values for item in (value if is_array(value) else [value])])


def _unique(values: Any) -> list[Any]:
    seen = dict[bytes, Any]()
    for value in _list(values):
        seen.setdefault(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), value)
    return list(seen.values())


def _flatten(values: Any) -> list[Any]:
    return _limited([item for value in _list(values) for item in (value if is_array(value) else [value])])


def _reverse(value: Any) -> Any:
    return value[::-1] if isinstance(value, str) else _list(value)[::-1]


def _range(begin: Any, end: Any = None) -> list[int]:
    first, last = (0, int(_number(begin))) if end is None else (int(_number(begin)), int(_number(end)))
    if last - first > _MOST:
        raise ValueError(f"it would be longer than {_MOST}")
    return list(range(first, last))


def _to_number(value: Any) -> int | float:
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return float(value)
    return _number(value)


def _to_integer(value: Any) -> int:
    return int(_to_number(value))


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _starts_with(text: Any, beginning: Any) -> bool:
    return _text(text).startswith(_text(beginning))


def _ends_with(text: Any, ending: Any) -> bool:
    return _text(text).endswith(_text(ending))


def _lower(text: Any) -> str:
    return _text(text).lower()


def _upper(text: Any) -> str:
    return _text(text).upper()


def _trim(text: Any) -> str:
    return _text(text).strip()


def _citations(text: Any, sources: Any) -> list[Any]:
    """The marks `[n]` of a text that are numbers of these sources, as `{n, start, end}`."""
    finder = CitationFinder([source["n"] for source in _list(sources)])
    return [citation.model_dump() for citation in finder.feed(_text(text))]


# The fewest and the most operands that each takes (None: any number), and what it does.
OPERATORS: dict[str, tuple[int, int | None, Callable[..., Any]]] = {
    "==": (2, 2, _equal),
    "!=": (2, 2, _unequal),
    ">": (2, 2, operator.gt),
    ">=": (2, 2, operator.ge),
    "<": (2, 2, operator.lt),
    "<=": (2, 2, operator.le),
    "in": (2, 2, _in),
    "not": (1, 1, operator.not_),
    "empty": (1, 1, operator.not_),
    "length": (1, 1, _length),
    "+": (1, None, _sum),
    "-": (1, 2, _minus),
    "*": (1, None, _product),
    "/": (2, 2, _quotient),
    "%": (2, 2, _remainder),
    "min": (1, None, _smallest),
    "max": (1, None, _largest),
    "sum": (1, 1, _total),
    "round": (1, 2, _round),
    "cat": (0, None, _cat),
    "join": (1, 2, _join),
    "split": (1, 2, _split),
    "lower": (1, 1, _lower),
    "upper": (1, 1, _upper),
    "trim": (1, 1, _trim),
    "replace": (3, 3, _replace),
    "slice": (1, 3, _slice),
    "starts_with": (2, 2, _starts_with),
    "ends_with": (2, 2, _ends_with),
    "get": (2, 3, _get),
    "set_at": (3, 3, _set_at),
    "keys": (1, 1, _keys),
    "values": (1, 1, _values),
    "object": (1, 1, _object),
    "merge": (0, None, _merge),
    "unique": (1, 1, _unique),
    "reverse": (1, 1, _reverse),
    "flatten": (1, 1, _flatten),
    "range": (1, 2, _range),
    "citations": (2, 2, _citations),
    "type": (1, 1, _kind),
    "string": (1, 1, as_text),
    "number": (1, 1, _to_number),
    "integer": (1, 1, _to_integer),
    "to_json": (1, 1, _to_json),
    "from_json": (1, 1, orjson.loads),
}
