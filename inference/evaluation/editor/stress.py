"""The peer: a page in the manner of React Flow's published stress example, of the version that the product has.

Its source is ui/bench; it has as many nodes and edges as the toolchain that is edited.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from inference.evaluation.editor.grid import ACROSS, EDGES, NODES
from inference.evaluation.processes import Unmeasurable
from inference.settings import ROOT

_SOURCE = ROOT / "ui" / "bench"
_VITE = ROOT / "ui" / "node_modules" / "vite" / "bin" / "vite.js"
_BUILT = ROOT / ".cache" / "bench" / "stress"


class _Quiet(SimpleHTTPRequestHandler):
    """Files, and not a word on stderr."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def build() -> Path:
    """The folder with the built page. Raises Unmeasurable without Node or the packages of the interface."""
    node = shutil.which("node", path=os.pathsep.join((str(ROOT / ".cache" / "node" / "bin"), os.environ["PATH"])))
    if node is None or not _VITE.exists():
        raise Unmeasurable("the stress example cannot be built: `make start` gets Node and the interface's packages")
    command = [node, str(_VITE), "build", str(_SOURCE), "--outDir", str(_BUILT), "--emptyOutDir", "--logLevel", "warn"]
    done = subprocess.run(  # noqa: S603 - the product's own bundler on the product's own source
        command, cwd=_SOURCE, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unmeasurable(f"the stress example cannot be built: {done.stderr.strip()[-500:]}")
    return _BUILT


@contextmanager
def served() -> Generator[str]:
    """Its address on this machine alone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(build())))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/?nodes={NODES}&edges={EDGES}&across={ACROSS}"
    finally:
        server.shutdown()
        server.server_close()
