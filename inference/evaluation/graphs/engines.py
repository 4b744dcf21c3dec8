"""In process and without HTTP: our engine beside LangGraph with its Postgres saver, on one PostgreSQL server."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from inference.evaluation.figures import Line, Target, figure
from inference.evaluation.progress import tell
from inference.evaluation.subject import Subject

NODES = 10
ROUNDS = 3
# Alone they run in turns of a few: a wait for a busy disk hits both.
SLICES, SLICE, MANY = 10, 5, 200
TURNS = 200
LENGTHS = (10, 100)
MEMORY_RUNS = (2_000, 20_000)
_MEMORY_AT_ONCE = 32
_COMPILATIONS = 10
_TEXT = "The water comes down from the lake through a pipe that bends twice before it meets the turbine. " * 3
# Nodes of one measurement of what a node costs.
_OVERHEAD_NODES = 3_000


@dataclass(slots=True)
class _Rounds:
    """What rounds gave for one of the two."""

    alone: list[float] = field(default_factory=list[float])
    many: list[float] = field(default_factory=list[float])
    # Ours with nodes that act, the peer without waiting for what it stores.
    alone_otherwise: list[float] = field(default_factory=list[float])
    many_otherwise: list[float] = field(default_factory=list[float])
    late: list[float] = field(default_factory=list[float])
    growth: list[float] = field(default_factory=list[float])
    compiled: dict[str, list[float]] = field(default_factory=dict[str, list[float]])


def durable(ours: Subject, peer: Subject | None) -> list[Line]:
    """Chains that are durable at every step, alone and many at once, in turns."""
    subjects = [one for one in (ours, peer) if one]
    found = {one.name: _Rounds() for one in subjects}
    otherwise: dict[str, dict[str, Any]] = {one.name: {"durability": "async"} for one in subjects}
    otherwise[ours.name] = {"acting": True}
    for one in subjects:
        for how in ({}, otherwise[one.name]):
            one.ask("alone", nodes=NODES, runs=10, **how)
    for number in range(ROUNDS):
        took: dict[str, list[float]] = {one.name: [] for one in subjects}
        took_otherwise: dict[str, list[float]] = {one.name: [] for one in subjects}
        for _ in range(SLICES):
            for one in subjects:
                took[one.name] += one.ask("alone", nodes=NODES, runs=SLICE)
                took_otherwise[one.name] += one.ask("alone", nodes=NODES, runs=SLICE, **otherwise[one.name])
        for one in subjects:
            rounds = found[one.name]
            rounds.alone.append(median(took[one.name]))
            rounds.alone_otherwise.append(median(took_otherwise[one.name]))
            rounds.many.append(MANY / one.ask("many", nodes=NODES, runs=MANY, at_once=MANY))
            if one is ours:
                rounds.many_otherwise.append(MANY / one.ask("many", nodes=NODES, runs=MANY, at_once=MANY, acting=True))
            told = f"{rounds.alone[-1]:.1f} ms a run, {rounds.many[-1]:.0f} runs/s of {MANY} at once"
            tell(f"graphs: round {number + 1} of {ROUNDS}, {one.name}: {told}")
    mine, theirs = found[ours.name], found[peer.name] if peer else None
    alone, many = (figure(theirs.alone, "ms"), figure(theirs.many, "/s")) if theirs else (None, None)
    relaxed = figure(theirs.alone_otherwise, "ms") if theirs else None
    chains = f"{NODES} durable nodes"
    return [
        Line(f"{chains} that read, alone", figure(mine.alone, "ms"), peer=alone, target=Target(3, of="ratio", goal=6)),
        Line("· that act", figure(mine.alone_otherwise, "ms"), peer=alone),
        Line("· that read; the peer with durability=async", figure(mine.alone, "ms"), peer=relaxed),
        Line(
            f"{chains} that read, {MANY} runs at once", figure(mine.many, "/s"), "more", peer=many,
            target=Target(6, of="ratio", goal=16),
        ),
        Line("· that act", figure(mine.many_otherwise, "/s"), "more", peer=many),
    ]  # fmt: skip


def threads(ours: Subject, peer: Subject | None) -> list[Line]:
    """Turns of one thread, each of which adds two messages."""
    found = {one.name: _Rounds() for one in (ours, peer) if one}
    for _ in range(ROUNDS):
        for one in (ours, peer):
            if one:
                took = one.ask("turns", turns=TURNS, text=_TEXT)
                early, late = median(took[4:15]), median(took[TURNS - 11 :])
                found[one.name].late.append(late)
                found[one.name].growth.append(late / early)
                tell(f"graphs: {TURNS} turns, {one.name}: {late:.1f} ms, {late / early:.2f} times the tenth's")
    mine, theirs = found[ours.name], found[peer.name] if peer else None
    return [
        Line(
            f"thread: turn {TURNS}", figure(mine.late, "ms"), peer=figure(theirs.late, "ms") if theirs else None,
        ),
        Line(
            f"thread: turn {TURNS} / turn 10", figure(mine.growth, ""),
            peer=figure(theirs.growth, "") if theirs else None, target=Target(1.2),
        ),
    ]  # fmt: skip


def overhead(ours: Subject) -> list[Line]:
    """What a node costs of which nothing is stored; the peer in the same process."""
    lines: list[Line] = []
    for length in LENGTHS:
        rounds = [ours.ask("overhead", nodes=length, runs=_OVERHEAD_NODES // length) for _ in range(ROUNDS + 1)][1:]
        mine, theirs = (figure([each[name] for each in rounds], "µs") for name in ("ours", "peer"))
        tell(f"graphs: a node of {length}, nothing stored: {mine.value:.0f} µs, LangGraph {theirs.value:.0f} µs")
        target = Target(round(1 / 1.2, 2), of="ratio", goal=10)
        lines.append(Line(f"a node of {length}, nothing stored", mine, peer=theirs, target=target))
    return lines


def compilation(ours: Subject, peer: Subject | None) -> list[Line]:
    """100 nodes: ours from JSON, checked and planned; the peer's from its builder's calls."""
    mine = ours.ask("compile", repeats=_COMPILATIONS)
    theirs = peer.ask("compile", repeats=_COMPILATIONS) if peer else None
    words = {"straight": "compile 100 nodes, one line", "fans": "compile 100 nodes, 100 lines"}
    tell("graphs: compiled")
    return [
        Line(
            what, figure(mine[shape], "ms"), peer=figure(theirs[shape], "ms") if theirs else None, target=Target(25),
        )
        for shape, what in words.items()
    ]  # fmt: skip


def memory(ours: Subject) -> list[Line]:
    """What one process holds while it carries run after run."""
    held: list[float] = []
    done = 0
    for runs in MEMORY_RUNS:
        ours.ask("many", nodes=3, runs=runs - done, at_once=_MEMORY_AT_ONCE)
        done = runs
        held.append(ours.memory_mb())
        tell(f"graphs: after {runs} runs its process holds {held[-1]:.1f} MB")
    first, last = MEMORY_RUNS
    return [
        Line(f"memory (PSS) after {first} runs of 3 nodes", figure([held[0]], "MB")),
        Line(f"memory (PSS) after {last} runs", figure([held[1]], "MB")),
        Line("· growth", figure([(held[1] / held[0] - 1) * 100], "%"), target=Target(5)),
    ]
