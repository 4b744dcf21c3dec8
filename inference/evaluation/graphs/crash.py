"""kill -9 in the middle of durable runs: what was recorded does not run again, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.evaluation.figures import Line, Target, figure
from inference.evaluation.graphs.trace import NODE_SECONDS, NODES, begun
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.subject import Subject

RUNS = 20
# One after the other, so that the kill finds each in another place.
_APART = NODE_SECONDS * NODES / RUNS


@dataclass(frozen=True, slots=True)
class Crash:
    """What was seen. `recorded`: steps on record when the process was dead; `recorded_again`: those of them that ran
    once more; `again`: all that ran more than once; `lost`: steps that never ran, and runs without the right result;
    `seconds`: from the kill to the last result."""

    recorded: int
    recorded_again: int
    again: int
    lost: int
    seconds: float


def crash(start: Callable[[], AbstractContextManager[Subject]], trace: Path) -> Crash:
    """Kills a process with RUNS runs in all stages and lets another one resume them. Raises Unmeasurable when the kill
    came too early or too late to tell anything."""
    with start() as first:
        names: list[str] = first.ask("begin_traced", runs=RUNS, apart=_APART)
        first.kill()
    killed = time.monotonic()
    with start() as second:
        recorded: dict[str, list[int]] = second.ask("recorded", names=names)
        results: dict[str, Any] = second.ask("resume_traced", names=names)
        took = time.monotonic() - killed
        name = second.name
    seen = judged(names, recorded, results, begun(trace), took)
    if not 0 < seen.recorded < RUNS * NODES:
        raise Unmeasurable(f"{name}: the kill found {seen.recorded} of {RUNS * NODES} steps recorded")
    tell(f"graphs: kill -9 of {name}: {seen.recorded} steps recorded, {seen.again} ran again, {seen.lost} lost")
    return seen


def judged(
    names: list[str],
    recorded: dict[str, list[int]],
    results: dict[str, Any],
    ran: dict[tuple[str, int], int],
    seconds: float,
) -> Crash:
    """`recorded` and `results` by run; `ran`: how often each node of each run has begun. Pure."""
    kept = {(run, node) for run in names for node in recorded.get(run, [])}
    never = [run for run in names for node in range(1, NODES + 1) if not ran.get((run, node))]
    return Crash(
        recorded=len(kept),
        recorded_again=sum(ran.get(step, 0) - 1 for step in kept if ran.get(step, 0) > 1),
        again=sum(times - 1 for times in ran.values() if times > 1),
        lost=len(never) + sum(results.get(run) != NODES for run in names),
        seconds=seconds,
    )


def lines(ours: Crash, peer: Crash | None) -> list[Line]:
    """Their lines of the table."""

    def line(what: str, unit: str, name: str, target: Target | None = None) -> Line:
        theirs = figure([getattr(peer, name)], unit) if peer else None
        return Line(what, figure([getattr(ours, name)], unit), peer=theirs, target=target)

    return [
        line("kill -9: recorded steps run again", "", "recorded_again", Target(0)),
        line("· steps and results lost", "", "lost", Target(0)),
        line("· steps recorded by then", "", "recorded"),
        line("· steps run again that were under way", "", "again"),
        line("· from the kill to the last result", "s", "seconds"),
    ]
