"""What of the searched collections may be found, as a caller's filter says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

from db.bm25.pages import Integers


@dataclass(frozen=True, slots=True, eq=False)
class AllowedChunks:
    """These chunks alone: for filters that leave up to some 100 000. `ids`: int64, in any order."""

    ids: Integers


@dataclass(frozen=True, slots=True, eq=False)
class AllowedWhere:
    """The chunks that `check` lets pass: for filters that leave much. It is asked about the best chunks in their order,
    a batch at a time, until enough have passed; it answers with those of the batch that do."""

    check: Callable[[list[int]], Awaitable[Collection[int]]]


Allowed: TypeAlias = AllowedChunks | AllowedWhere
