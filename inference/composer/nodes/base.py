"""What every kind of node has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Tell = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Performed:
    """What a node gave: its result, and state keys that it wrote by itself while it ran."""

    result: Any
    state: dict[str, Any]
