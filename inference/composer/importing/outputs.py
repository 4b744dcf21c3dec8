"""What a node's function gives, under the names that QueryLake knows it by. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.expressions import Part, Read, built, descend


@dataclass(frozen=True, slots=True)
class Outputs:
    """`keys` are the fields of what the function gives; `whole` is all of it, where that is no object of these."""

    keys: dict[str, Any] = field(default_factory=dict[str, Any])
    whole: Any = None
    text_key: str | None = None
    """The field whose text streams."""
    answers: bool = False
    """Whether that text is an answer to who asked."""

    def read(self, parts: Sequence[Part]) -> Read | None:
        """What is at a path of it; None when nothing can be."""
        if not parts:
            return Read(built(dict(self.keys)) if self.whole is None else self.whole)
        first = parts[0]
        if isinstance(first, str) and first in self.keys:
            return descend(Read(self.keys[first]), parts[1:])
        if self.whole is None or isinstance(first, str):
            return None
        return descend(Read(self.whole), parts)
