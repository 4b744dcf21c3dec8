"""Pure decisions of the engine: which inputs go into one batch, how many batches run at once, whose is next."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

# Tokens of a batch, padding included. Measured on two cores with mixed lengths: 256 to 448 are best, 1024 costs a fifth
# (activations leave the cache, and longer batches pad more), and a query never waits for more than this.
TOKEN_BUDGET = 384
# Multiplications a token in a model's layers (MiniLM: 11 million). Where there are fewer, threads that share a batch
# wait for each other for a seventh of the time, and a query of a few words keeps no more than one busy.
SMALL_MODEL = 30_000_000
MOST_LANES = 16  # each holds a batch's activations, some MB


def lanes_of(layers: int, dimensions: int, threads: int) -> tuple[int, int]:
    """How many batches run at once, and on how many threads each."""
    small = 12 * layers * dimensions**2 < SMALL_MODEL
    return (min(threads, MOST_LANES), 1) if small else (1, threads)


def plan_batches(lengths: Sequence[int], budget: int = TOKEN_BUDGET) -> list[list[int]]:
    """Positions in `lengths`, grouped so that the inputs of a batch are of similar length.

    `len(batch) * longest` keeps within `budget`; an input longer than that is a batch of its own.
    """
    batches: list[list[int]] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Sorted, so this input is the longest of its batch.
        if batches and (len(batches[-1]) + 1) * lengths[position] <= budget:
            batches[-1].append(position)
        else:
            batches.append([position])
    return batches


class Waiting(Protocol):
    """A request: whose it is, whether it is a query, and the batches that are left of it (at least one)."""

    @property
    def caller(self) -> str: ...

    @property
    def query(self) -> bool: ...

    @property
    def batches(self) -> list[list[int]]: ...

    @property
    def lengths(self) -> Sequence[int]: ...

    @property
    def gone(self) -> bool:
        """Nobody waits for it any more: what is left of it is dropped."""
        ...


Job = TypeVar("Job", bound=Waiting)
Part = tuple[Job, list[int]]


@dataclass(slots=True)
class Line(Generic[Job]):
    """Callers in a circle; a caller's requests one behind the other."""

    _circle: deque[str] = field(default_factory=deque[str])
    _jobs: dict[str, deque[Job]] = field(default_factory=dict[str, deque[Job]])

    def add(self, job: Job) -> None:
        if job.caller not in self._jobs:
            self._jobs[job.caller] = deque()
            self._circle.append(job.caller)
        self._jobs[job.caller].append(job)

    def __len__(self) -> int:
        return len(self._circle)

    def take(self, budget: int) -> list[Part[Job]]:
        """The next caller's batch, and of the callers behind it what fits in beside it."""
        taken: list[Part[Job]] = []
        longest, count = 0, 0
        while job := self._first():
            batch = job.batches[-1]
            longest = max(longest, *(job.lengths[position] for position in batch))
            count += len(batch)
            if taken and longest * count > budget:
                break
            taken.append((job, job.batches.pop()))
            self._circle.rotate(-1)
        return taken

    def _first(self) -> Job | None:
        """The request whose turn it is; those that are done or gone leave the line."""
        while self._circle:
            jobs = self._jobs[self._circle[0]]
            while jobs and (jobs[0].gone or not jobs[0].batches):
                jobs.popleft()
            if jobs:
                return jobs[0]
            del self._jobs[self._circle.popleft()]
        return None


@dataclass(slots=True)
class Turns(Generic[Job]):
    """Whose batch is next. Queries go first, but while both wait, every other batch is one of passages.

    So a query waits for one batch of passages however many documents are being embedded, waiting queries share a batch,
    and no flood of queries can stop the documents.
    """

    budget: int = TOKEN_BUDGET
    _queries: Line[Job] = field(default_factory=lambda: Line[Job]())
    _passages: Line[Job] = field(default_factory=lambda: Line[Job]())
    _passages_next: bool = False

    def add(self, job: Job) -> None:
        (self._queries if job.query else self._passages).add(job)

    def next(self) -> list[Part[Job]]:
        """What is to be run together now; nothing when nobody waits."""
        lines = (self._passages, self._queries) if self._passages_next else (self._queries, self._passages)
        for line in lines:
            if taken := line.take(self.budget):
                self._passages_next = line is self._queries
                return taken
        return []
