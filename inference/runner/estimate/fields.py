"""Numbers out of what a model's file says of itself, checked one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from inference.runner.estimate.facts import Inestimable

MOST = 1 << 32
"""No size, count or length in a model's description is larger."""
MOST_LAYERS = 4096


class Fields:
    """The fields of a file; `prefix` stands before every name that is asked for."""

    def __init__(self, file: str, values: Mapping[str, object], prefix: str = "") -> None:
        self.file = file
        self._values = values
        self._prefix = prefix

    def below(self, name: str) -> Fields | None:
        """The fields within a field that is an object."""
        inner = self._values.get(self._prefix + name)
        return Fields(self.file, cast("Mapping[str, object]", inner)) if isinstance(inner, Mapping) else None

    def assuming(self, defaults: Mapping[str, object]) -> Fields:
        """These fields, with defaults for those that are missing."""
        return Fields(self.file, {**defaults, **self._values}, self._prefix)

    def number(self, *names: str) -> int:
        """The first that is there. Raises Inestimable."""
        for name in names:
            if self._values.get(self._prefix + name) is not None:
                return self._checked(name)
        raise Inestimable(self.file, self._prefix + names[0], "it is missing, and the memory cannot be told without it")

    def number_or(self, default: int, *names: str) -> int:
        """As `number`, `default` where none is there."""
        return next((self._checked(name) for name in names if self.has(name)), default)

    def layers(self, *names: str) -> int:
        count = self.number(*names)
        if not 0 < count <= MOST_LAYERS:
            raise Inestimable(self.file, self._prefix + names[0], f"a model has 1 to {MOST_LAYERS} layers, not {count}")
        return count

    def numbers(self, name: str, count: int) -> list[int] | None:
        """A number for each layer: a list of them, or one for all. None where it is not there."""
        value = self._values.get(self._prefix + name)
        if value is None:
            return None
        if not isinstance(value, list):
            return [self._checked(name)] * count
        items = cast("list[object]", value)
        if len(items) < count or not all(type(item) is int and 0 <= item <= MOST for item in items):
            raise Inestimable(self.file, self._prefix + name, f"it must be a number or a list of {count} numbers")
        return cast("list[int]", items)[:count]

    def flags(self, name: str, count: int) -> list[bool] | None:
        """A flag for each layer; None where it is no list."""
        value = self._values.get(self._prefix + name)
        if not isinstance(value, list) or len(cast("list[object]", value)) < count:
            return None
        return [bool(item) for item in cast("list[object]", value)[:count]]

    def texts(self, name: str) -> list[str] | None:
        value = self._values.get(self._prefix + name)
        if not isinstance(value, list) or len(cast("list[object]", value)) > MOST_LAYERS:
            return None
        return [str(item) for item in cast("list[object]", value)]

    def text(self, name: str) -> str:
        value = self._values.get(self._prefix + name)
        return value if isinstance(value, str) else ""

    def truth(self, name: str, default: bool = False) -> bool:
        value = self._values.get(self._prefix + name)
        return value if isinstance(value, bool) else default

    def has(self, name: str) -> bool:
        return self._values.get(self._prefix + name) is not None

    def fault(self, name: str, why: str) -> Inestimable:
        return Inestimable(self.file, self._prefix + name, why)

    def _checked(self, name: str) -> int:
        value = self._values.get(self._prefix + name)
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int or not 0 <= value <= MOST:
            raise Inestimable(self.file, self._prefix + name, f"it is no size: {str(value)[:100]}")
        return value
