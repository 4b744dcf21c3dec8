"""LiteLLM's proxy, the peer of the gateway, in an environment of its own under .cache/bench."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from inference.evaluation import environments
from inference.evaluation.processes import Unmeasurable, ended, free_port
from inference.evaluation.upstream import MODEL as MODEL_BEHIND

VERSION = "1.106.2"
MODEL = "bench"
KEY = "sk-bench-3f1c9a5e7d2b4860"
_START_SECONDS = 120.0
# As its own guide for production has it: no debug output, no fetching of prices at start, nothing told to anybody.
_ENVIRONMENT = {"LITELLM_LOG": "ERROR", "LITELLM_MODE": "PRODUCTION", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}


@dataclass(frozen=True, slots=True)
class Peer:
    """A running proxy with one worker."""

    pid: int
    port: int


def install() -> Path:
    """Its program, of this VERSION. Raises Unmeasurable where it cannot be installed."""
    return environments.install("litellm", f"litellm[proxy]=={VERSION}") / "litellm"


@contextmanager
def running(upstream: str, folder: Path) -> Generator[Peer]:
    """The proxy before `upstream`, with a master key and without a database. Raises Unmeasurable."""
    program, port = install(), free_port()
    config = folder / "litellm.yaml"
    deployment = {"model": f"openai/{MODEL_BEHIND}", "api_base": upstream, "api_key": "none"}
    config.write_text(  # JSON is YAML
        json.dumps(
            {
                "model_list": [{"model_name": MODEL, "litellm_params": deployment}],
                "general_settings": {"master_key": KEY},
                "litellm_settings": {"telemetry": False, "set_verbose": False},
            }
        )
    )
    with (folder / "litellm.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - the peer that was just installed
            [str(program), "--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True, cwd=folder, env=os.environ | _ENVIRONMENT,
        )  # fmt: skip
    with ended(process):
        until = time.monotonic() + _START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                words = (folder / "litellm.log").read_text(errors="replace")[-1500:]
                raise Unmeasurable(f"litellm did not start:\n{words}")
            time.sleep(0.2)
        yield Peer(process.pid, port)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/liveliness")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
