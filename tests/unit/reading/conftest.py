from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest

from inference.functions.reading import forks, isolation
from tests.unit.reading.processes import Instead

_STRANGER = """
import inference.functions.reading.forkserver as forkserver
def stranger(order, work=forkserver.work):
    import os, signal, sys, time
    if order.name == "warm.txt":
        return work(order)
    exec({code!r}, locals())
    sys.stdout.flush()
forkserver.work = stranger
serve()
"""


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Iterator[Instead]:
    started: list[forks.ForkServer] = []

    def start(code: str) -> None:
        boot = forks.BOOT.replace("\nserve()\n", _STRANGER.format(code=textwrap.dedent(code)))
        started.append(forks.ForkServer(boot))
        monkeypatch.setattr(isolation, "_forks", started[-1])

    yield start
    for server in started:
        server.close()
