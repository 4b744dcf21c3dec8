"""Pure decisions of the embedder: which texts go into one batch, and whose batch is next."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

# Tokens of a batch, padding included. Measured on one core with mixed lengths: 256 to 512 are best, 2048 costs a fifth
# (activations leave the cache, and longer batches pad more), and a query never waits for more than this.
TOKEN_BUDGET = 512


def plan_batches(lengths: Sequence[int], budget: int = TOKEN_BUDGET) -> list[list[int]]:
    """Positions in `lengths`, grouped so that the texts of a batch are of similar length.

    `len(batch) * longest` keeps within `budget`; a text longer than that is a batch of its own.
    """
    batches: list[list[int]] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Sorted, so this text is the longest of its batch.
        if batches and (len(batches[-1]) + 1) * lengths[position] <= budget:
            batches[-1].append(position)
        else:
            batches.append([position])
    return batches


Job = TypeVar("Job")


@dataclass(slots=True)
class Turns(Generic[Job]):
    """Whose batch is next. Jobs that have begun take turns with each other, and that circle with newcomers.

    So a single query waits for about two batches however many documents are being embedded, and no flood of queries
    can stop the documents.
    """

    _new: deque[Job] = field(default_factory=deque[Job])
    _begun: deque[Job] = field(default_factory=deque[Job])
    _newcomer_next: bool = True

    def add(self, job: Job) -> None:
        self._new.append(job)

    def next(self) -> Job:
        """Takes the job whose batch is next; `again` puts it back if it has more. Raises IndexError when none waits."""
        first, second = (self._new, self._begun) if self._newcomer_next else (self._begun, self._new)
        taken = first or second
        self._newcomer_next = taken is self._begun
        return taken.popleft()

    def again(self, job: Job) -> None:
        self._begun.append(job)

    def __len__(self) -> int:
        return len(self._new) + len(self._begun)
