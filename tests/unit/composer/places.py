"""Every place within a JSON value, for tests that put something strange there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference.json_values import is_array, is_object


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """What holds each, and its key or index there."""
    for key, item in list(value.items() if is_object(value) else enumerate(value) if is_array(value) else ()):
        yield value, key
        yield from places(item)
