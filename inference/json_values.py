"""JSON from outside, narrowed for the type checker."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def as_object(value: object) -> dict[str, Any]:
    """The object, or an empty one in place of anything else."""
    return value if is_object(value) else {}


def as_array(value: object) -> list[Any]:
    """The array, or an empty one in place of anything else."""
    return value if is_array(value) else []
