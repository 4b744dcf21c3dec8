"""The section of the table about toolchains at work."""

from __future__ import annotations

import contextlib
import sys
from contextlib import AbstractContextManager
from pathlib import Path

from inference.evaluation import databases
from inference.evaluation.figures import Line, Section
from inference.evaluation.graphs import crash, doors, engines, langgraph_server
from inference.evaluation.installation import new_home
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.subject import Subject, subject
from inference.settings import ROOT

_OURS, _PEER = "ours", "langgraph"


def measure() -> Section:
    """Over HTTP first; then in process, on one server with a database for each of the two."""
    with new_home() as folder:
        lines, notes = doors.measure(folder)
    with new_home() as folder, databases.database_server(folder) as url:
        more, told = _in_process(folder, url)
    return Section("graphs", [*lines, *more], [*notes, *told])


def _in_process(folder: Path, url: str) -> tuple[list[Line], list[str]]:
    def ours() -> AbstractContextManager[Subject]:
        module = "inference.evaluation.graphs.engine_process"
        return subject(_OURS, folder, sys.executable, "-m", module, url, str(folder))

    def peer() -> AbstractContextManager[Subject]:
        module = "inference.evaluation.graphs.langgraph_process"
        python = str(langgraph_server.install() / "python")
        theirs = url.replace("/penstock?", f"/{databases.PEER}?")
        return subject(_PEER, folder, python, "-m", module, theirs, str(folder), environment={"PYTHONPATH": str(ROOT)})

    notes = list(_NOTES)
    try:
        notes.append(f"peers: {langgraph_server.versions()}")
        there = True
    except Unmeasurable as error:
        tell(str(error))
        notes.append(f"LangGraph is missing: {str(error).splitlines()[0]}")
        there = False
    with contextlib.ExitStack() as stack:
        mine = stack.enter_context(ours())
        theirs = stack.enter_context(peer()) if there else None
        lines = engines.durable(mine, theirs)
        lines += engines.threads(mine, theirs)
        lines += engines.overhead(mine)
        lines += engines.compilation(mine, theirs)
    with ours() as fresh:
        lines += engines.memory(fresh)
    seen = [crash.crash(start, folder / f"{name}.trace") for name, start in ((_OURS, ours), (_PEER, peer))[: 1 + there]]
    lines += crash.lines(seen[0], seen[1] if there else None)
    return lines, notes


_NOTES = [
    "in process: the peer is LangGraph with AsyncPostgresSaver, durability=sync, ten connections, uvloop, on the same "
    "PostgreSQL server; ours keeps the run's row, its events and its end beside the steps, the peer its checkpoints",
    "nodes that read say so: ours goes on while they are recorded, and has all on record before it acts or ends; those "
    "that act are each on record before the next begins, as the peer's are; durability=async waits for none",
    "nothing stored: raw StateGraph.ainvoke in our own process; ours is the same Program.run that carries durable runs",
    f"kill -9: {crash.RUNS} runs of {crash.NODES} nodes of {crash.NODE_SECONDS * 1000:g} ms, each elsewhere when "
    "their process is killed; ours is taken over by another process 10 s after the last sign of life, the peer's "
    "because the measurement resumes it at once: LangGraph has nothing that would",
]
