"""Values as events show them: whole when small, cut where they are long. Pure."""

from __future__ import annotations

from typing import Any

from inference.json_values import is_array, is_object

_LONGEST_TEXT = 4000
_MOST_ITEMS = 50
_DEEPEST = 8


def clipped(value: Any, depth: int = 0) -> Any:
    """The value with long texts, long lists and deep nesting cut, and said to be cut."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}… ({len(value):,} characters)"
    if is_object(value):
        if depth == _DEEPEST:
            return f"… ({len(value)} fields)"
        return {key: clipped(item, depth + 1) for key, item in list(value.items())[:_MOST_ITEMS]}
    if is_array(value):
        if depth == _DEEPEST:
            return f"… ({len(value)} items)"
        more = [f"… ({len(value) - _MOST_ITEMS} more)"] if len(value) > _MOST_ITEMS else []
        return [clipped(item, depth + 1) for item in value[:_MOST_ITEMS]] + more
    return value
