"""`langgraph dev`, LangGraph's own server, in an environment of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from inference.evaluation import environments
from inference.evaluation.processes import Unmeasurable, ended, free_port
from inference.settings import ROOT

# The server, and the saver for langgraph_process.py; versions() tells what came with them too.
WANTED = (
    "langgraph==1.2.22",
    "langgraph-cli[inmem]==0.4.40",
    "langgraph-checkpoint-postgres==3.2.0",
    "psycopg[binary,pool]==3.3.9",
    "uvloop==0.23.0",
)
_TOLD = r"(langgraph(?:_api|_cli|_checkpoint_postgres)?|psycopg)-(.+)\.dist-info"
GRAPH = "chain"
# As many runs at once as there are clients: its default of 10 would make the others wait.
JOBS = 50
_START_SECONDS = 90.0
_QUIET = {"LANGSMITH_TRACING": "false", "LANGGRAPH_CLI_NO_ANALYTICS": "1", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}


def install() -> Path:
    """The folder with its programs. Raises Unmeasurable where it cannot be installed."""
    return environments.install("langgraph", *WANTED)


def versions() -> str:
    """What is installed, in words."""
    found: list[str] = []
    for folder in sorted((install().parent / "lib").glob("python*/site-packages/*.dist-info")):
        if told := re.fullmatch(_TOLD, folder.name):
            found.append(f"{told[1].replace('_', '-')} {told[2]}")
    return ", ".join(found)


@contextmanager
def running(folder: Path, nodes: int) -> Generator[tuple[int, int]]:
    """Its process and port, with a chain of `nodes` as the graph GRAPH. Its runs are kept in memory. Raises
    Unmeasurable."""
    program, port = install() / "langgraph", free_port()
    place = folder / "langgraph"
    place.mkdir()
    (place / "graph.py").write_text(
        f"from inference.evaluation.graphs.langgraph_chain import chain\n\ngraph = chain({nodes}).compile()\n"
    )
    config = {"dependencies": ["."], "graphs": {GRAPH: "./graph.py:graph"}}
    (place / "langgraph.json").write_text(json.dumps(config))
    with (place / "server.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - the peer that was just installed
            [
                str(program), "dev", "--host", "127.0.0.1", "--port", str(port), "--no-browser", "--no-reload",
                "--n-jobs-per-worker", str(JOBS), "--server-log-level", "error",
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True, cwd=place, env=os.environ | _QUIET,
        )  # fmt: skip
    with ended(process):
        until = time.monotonic() + _START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                words = (place / "server.log").read_text(errors="replace")[-1500:]
                raise Unmeasurable(f"langgraph dev did not start:\n{words}")
            time.sleep(0.2)
        yield process.pid, port


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/ok")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
