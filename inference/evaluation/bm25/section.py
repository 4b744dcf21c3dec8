"""The section of the table about search by words in process."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inference.evaluation import environments
from inference.evaluation.bm25 import corpus
from inference.evaluation.databases import database_server
from inference.evaluation.figures import Figure, Line, Section, Target, exponent, figure, percentile
from inference.evaluation.installation import new_home
from inference.evaluation.progress import tell
from inference.evaluation.subject import Subject, subject
from inference.settings import ROOT

_SIZES = "PENSTOCK_BENCH_SIZES"
_WANTED = ("tantivy==0.27.0", "bm25s==0.3.16", "matplotlib==3.11.0")
ROUNDS = 3
QUERIES, CHECKED = 300, 40
_PATIENCE = 3600.0
_PICTURE = ROOT / "docs" / "images" / "bm25-growth.png"


@dataclass(slots=True)
class _AtSize:
    """What rounds gave at one size: milliseconds a round, and the rest once."""

    p50: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    p99: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    cpu: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    megabytes: dict[str, float] = field(default_factory=dict[str, float])
    rate: dict[str, float] = field(default_factory=dict[str, float])
    first: dict[str, float] = field(default_factory=dict[str, float])
    wrong: int = 0
    segments: float = 0
    postings: float = 0

    def add(self, name: str, took: Sequence[float]) -> None:
        self.p50.setdefault(name, []).append(percentile(took, 0.5))
        self.p99.setdefault(name, []).append(percentile(took, 0.99))


def sizes() -> list[int]:
    """Ascending; PENSTOCK_BENCH_SIZES may name others (50000,200000) where a million takes too long."""
    return sorted(int(size) for size in os.environ.get(_SIZES, "50000,200000,1000000").split(","))


def measure() -> Section:
    """One collection that grows from size to size, beside tantivy's index and bm25s'."""
    found: dict[int, _AtSize] = {}
    with new_home() as folder, database_server(folder) as url:
        path = folder / "chunks.txt"
        tell(f"bm25: writing {sizes()[-1]} chunks")
        corpus.write(path, sizes()[-1])
        programs = environments.install("bm25", *_WANTED)
        with _ours(folder, url, path) as ours, _peers(folder, programs, path) as peers:
            before = 0
            for size in sizes():
                found[size] = _at_size(ours, peers, path, before, size)
                before = size
        _draw(programs, found)
    return Section("bm25", _lines(found), _notes(found))


def _at_size(ours: Subject, peers: Subject, path: Path, before: int, size: int) -> _AtSize:
    here = _AtSize()
    for one in (ours, peers):
        took = one.ask("grow", within=_PATIENCE, size=size)
        here.rate[one.name] = (size - before) / took
        here.megabytes[one.name] = one.ask("size")
        tell(f"bm25: {size} chunks, {one.name}: {here.rate[one.name]:.0f} chunks/s, {here.megabytes[one.name]:.0f} MB")
    peers.ask("index_bm25s", within=_PATIENCE, size=size)
    queries = corpus.queries(path, size, QUERIES, seed=size)
    for number in range(ROUNDS + 1):
        took = {one.name: one.ask("ask", queries=queries) for one in (ours, peers)}
        if not number:
            # Terms that nobody has asked for before: ours reads them from PostgreSQL.
            for name, values in took.items():
                here.first[name] = percentile(values["took"], 0.5)
        else:
            for name, values in took.items():
                here.add(name, values["took"])
                here.cpu.setdefault(name, []).append(values["cpu"])
            some = queries[:CHECKED]
            told = peers.ask("ask_bm25s", within=_PATIENCE, queries=some)
            here.add("bm25s", told["took"])
            here.wrong += sum(
                not _same(mine, theirs)
                for mine, theirs in zip(ours.ask("scores", queries=some), told["scores"], strict=True)
            )
            said = ", ".join(f"{name} {values[-1]:.2f} ms" for name, values in here.p50.items())
            tell(f"bm25: {size} chunks, round {number} of {ROUNDS}: {said}")
    explained = ours.ask("explain", queries=queries)
    here.segments, here.postings = explained["segments"], explained["postings"]
    peers.ask("forget_bm25s")
    return here


def _same(mine: list[float], theirs: list[float]) -> bool:
    """bm25s scores every chunk, in float32; where it has fewer than ten it gives zeros."""
    theirs = [score for score in theirs if score > 0]
    return len(mine) == len(theirs) and all(abs(a - b) < 1e-4 for a, b in zip(mine, theirs, strict=True))


def _lines(found: dict[int, _AtSize]) -> list[Line]:
    lines: list[Line] = []
    large = max(found)
    # Times of the peer that ours may take, at p50 and p99; and the dream.
    p50 = {200_000: Target(round(1 / 3, 3), of="ratio", goal=1), 1_000_000: Target(0.25, of="ratio", goal=1)}
    for size, here in found.items():
        what = f"{size // 1000} k chunks"
        ours, theirs = _figures(here.p50, "ms"), _figures(here.p99, "ms")
        lines.append(Line(f"{what}: p50, tantivy", ours["ours"], peer=ours["peers"], target=p50.get(size)))
        target = Target(0.1, of="ratio", goal=round(1 / 3, 2)) if size == 1_000_000 else None
        lines.append(Line(f"{what}: p99, tantivy", theirs["ours"], peer=theirs["peers"], target=target))
        cpu = _figures(here.cpu, "ms")
        lines.append(Line(f"{what}: CPU a query, tantivy", cpu["ours"], peer=cpu["peers"]))
        first = figure([here.first["ours"]], "ms")
        lines.append(Line(f"{what}: p50 of the first round", first, peer=figure([here.first["peers"]], "ms")))
        target = Target(20, of="ratio", goal=100) if size == 1_000_000 else None
        lines.append(Line(f"{what}: p50, bm25s", ours["ours"], peer=ours["bm25s"], target=target))
        lines.append(Line(f"{what}: other scores than bm25s", figure([here.wrong], ""), target=Target(0)))
    if len(found) > 1:
        small = min(found)
        pairs = zip(found[small].p50["ours"], found[large].p50["ours"], strict=True)
        growth = figure([exponent((small, a), (large, b)) for a, b in pairs], "")
        theirs = zip(found[small].p50["peers"], found[large].p50["peers"], strict=True)
        peer = figure([exponent((small, a), (large, b)) for a, b in theirs], "")
        lines.append(Line("growth exponent of p50", growth, peer=peer, target=Target(0.5)))
    last = found[large]
    size, rate = _figures_of(last.megabytes, "MB"), _figures_of(last.rate, "/s")
    lines.append(Line("size of the store", size["ours"], peer=size["peers"], target=Target(0.5, of="ratio", goal=1)))
    lines.append(Line("chunks stored, merges included", rate["ours"], "more", peer=rate["peers"], target=Target(5_000)))
    return lines


def _figures(values: dict[str, list[float]], unit: str) -> dict[str, Figure]:
    return {name: figure(runs, unit) for name, runs in values.items()}


def _figures_of(values: dict[str, float], unit: str) -> dict[str, Figure]:
    return {name: figure([value], unit) for name, value in values.items()}


def _notes(found: dict[int, _AtSize]) -> list[str]:
    told = "; ".join(
        f"{size}: {here.segments:g} segments, {here.postings:.0f} postings a query" for size, here in found.items()
    )
    fewest, most = corpus.QUERY_WORDS
    return [
        f"in process, one query at a time, the same {QUERIES} in every round, of {fewest}–{most} words of one chunk; "
        f"no results are kept; the first round finds nothing in memory; chunks of {corpus.FEWEST}–{corpus.MOST} words; "
        f"ours with its round trip to PostgreSQL; {told}",
        f"peers: {', '.join(_WANTED[:2])}; tantivy with positions and without the text, one thread; bm25s without "
        f"numba, on {CHECKED} queries, whose ten best scores are compared with ours to 1e-4",
    ]


def _draw(programs: Path, found: dict[int, _AtSize]) -> None:
    names = {"ours": "Penstock", "peers": "tantivy", "bm25s": "bm25s"}
    lines = {told: [figure(here.p50[name], "").value for here in found.values()] for name, told in names.items()}
    subprocess.run(  # noqa: S603 - the environment that was just made
        [str(programs / "python"), "-m", "inference.evaluation.bm25.plot_process", str(_PICTURE)],
        input=json.dumps({"sizes": list(found), "lines": lines}), text=True, check=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def _ours(folder: Path, url: str, path: Path) -> contextlib.AbstractContextManager[Subject]:
    return subject("ours", folder, sys.executable, "-m", "inference.evaluation.bm25.store_process", url, str(path))


def _peers(folder: Path, programs: Path, path: Path) -> contextlib.AbstractContextManager[Subject]:
    return subject(
        "peers", folder, str(programs / "python"), "-m", "inference.evaluation.bm25.peer_process", str(path),
        str(folder / "tantivy"), environment={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
