"""Toolchains made ready to run, by the hash of their text."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from inference.composer.catalogue import digest
from inference.composer.program import Program
from inference.composer.validation import read_toolchain


class Programs:
    """The last used programs of this process."""

    def __init__(self, keep: int = 512) -> None:
        self._keep = keep
        self._held: dict[bytes, Program] = {}

    def get(self, key: bytes, definition: dict[str, Any]) -> Program:
        """The program of a definition whose hash is `key`. Raises InvalidInput when it has faults."""
        found = self._held.pop(key, None) or Program(read_toolchain(definition, cases=False))
        self._held[key] = found
        if len(self._held) > self._keep:
            del self._held[next(iter(self._held))]
        return found

    def of(self, definition: dict[str, Any]) -> Program:
        """The program of a definition. Raises InvalidInput when it has faults."""
        return self.get(digest(definition), definition)

    @staticmethod
    def warm_up() -> None:
        """Does what the first compilation would have to wait for: LangGraph takes more than a second to import."""
        import_module("inference.composer.compiler")
