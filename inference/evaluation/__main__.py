"""The command line of the measurements: a table on stdout, progress on stderr."""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from inference.evaluation import embedding, gateway, ingestion, search, start
from inference.evaluation.bm25 import section as bm25
from inference.evaluation.editor import section as editor
from inference.evaluation.figures import Section
from inference.evaluation.graphs import section as graphs
from inference.evaluation.machine import describe, load
from inference.evaluation.models import section as models
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.table import render

PARTS = {
    "start": start.measure,
    "gateway": gateway.measure,
    "embedding": embedding.measure,
    "ingestion": ingestion.measure,
    "search": search.measure,
    "bm25": bm25.measure,
    "graphs": graphs.measure,
    "models": models.measure,
    "editor": editor.measure,
}


def main() -> None:
    """Measures, and prints one table. Ends with status 1 when a target is missed or a part could not be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measures the platform on this machine.")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="measure this part (may be repeated)")
    wanted: list[str] = parser.parse_args().only or list(PARTS)
    signal.signal(signal.SIGTERM, _interrupt)
    before = load()
    sections: list[Section] = []
    missing: list[str] = []
    for name in wanted:
        try:
            sections.append(PARTS[name]())
        except Unmeasurable as error:
            missing.append(name)
            tell(f"{name} could not be measured: {error}")
        except KeyboardInterrupt:
            sys.exit("interrupted; what was started has been ended")
    sys.stdout.write(render(describe(before), sections) + "\n")
    missed = [line.what for section in sections for line in section.lines if line.met is False]
    if missing or missed:
        sys.exit("\n".join([*(f"not measured: {name}" for name in missing), *(f"missed: {what}" for what in missed)]))


def _interrupt(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends as Ctrl-C does: what was started is ended first."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
