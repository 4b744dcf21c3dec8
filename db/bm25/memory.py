"""What a process remembers of the store: nothing that could be out of date."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from db.bm25.postings import Part
from db.bm25.scoring import Tables
from db.bm25.vocabulary import Vocabularies

CACHE_BYTES = 512 << 20
# An entry's own cost beside what it holds.
_ENTRY = 300


class Cache:
    """What was read of things that never change, the least recently used thrown away beyond a number of bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self.bytes = 0

    def get(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        if (before := self._entries.pop(key, None)) is not None:
            self.bytes -= before[1]
        self._entries[key] = value, size + _ENTRY
        self.bytes += size + _ENTRY
        while self.bytes > self._most and len(self._entries) > 1:
            _, (_, freed) = self._entries.popitem(last=False)
            self.bytes -= freed


@dataclass(frozen=True, slots=True)
class Scope:
    """What of some collections could be found at one time."""

    key: tuple[tuple[int, ...], tuple[int, ...]]
    parts: list[Part]
    chunk_count: int
    average_length: float
    languages: tuple[str, ...]


@dataclass(slots=True)
class Memory:
    """One for all storage of a process on one database."""

    cache: Cache = field(default_factory=lambda: Cache(CACHE_BYTES))
    words: Vocabularies = field(default_factory=Vocabularies)
    tables: Tables = field(default_factory=Tables)
    # Whether background work of this process has looked for chunks that are in no segment.
    has_looked_for_missing: bool = False
    # Whether it has looked for room to give back since it has merged anything.
    is_packed: bool = False
    # The collection that its background work was at last.
    tended: int = 0
