"""Runs that are looked at from outside while their processes die."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import psutil

from tests.platform import Platform
from tests.server.counting_server import Asked
from tests.server.streams import Event, follow, read_events
from tests.server.waiting import until

SERVER, WORKER = "inference.server", "inference.composer"
# A process is given up after 10 s of silence; on a busy machine its successor may take long to start.
SOON = 60.0


def process_of(platform: Platform, module: str) -> psutil.Process:
    """The platform's process that runs a module."""
    # One that has just died and is not buried yet has no command line.
    living = [p for p in psutil.Process(platform.pid).children() if p.status() != psutil.STATUS_ZOMBIE]
    found = [p for p in living if p.cmdline()[-1] == module]
    assert len(found) == 1
    return found[0]


def is_up(platform: Platform) -> bool:
    try:
        return platform.http.get(f"{platform.url}/readyz").status_code == 200
    except Exception:
        return False


def http(asked: Asked, what: str, name: str) -> dict[str, Any]:
    """A node that posts to the test's server."""
    return {"id": name, "kind": "http", "method": "POST", "url": asked.url_of(what, name)}


def save(platform: Platform, name: str, *nodes: dict[str, Any], **parts: Any) -> None:
    ids = ["start", *(node["id"] for node in nodes), "end"]
    edges = [{"from": source, "to": target} for source, target in itertools.pairwise(ids)]
    definition = {"id": name, "title": name, "nodes": list(nodes), "edges": edges} | parts
    platform.result("save_toolchain", {"toolchain": definition})


def start(platform: Platform, name: str, **more: Any) -> str:
    return platform.result("run_toolchain", {"toolchain_id": name} | more)["run_id"]


def fetched(platform: Platform, run: str) -> dict[str, Any]:
    return platform.result("fetch_run", {"run_id": run})


def steps(platform: Platform, run: str) -> list[str]:
    """The keys of the recorded steps."""
    listed = platform.result("fetch_run_checkpoints", {"run_id": run})["checkpoints"]
    return [checkpoint["node"] for checkpoint in listed if checkpoint["node"]]


def events(platform: Platform, run: str, after: int = 0) -> list[Event]:
    return follow(platform, f"/api/runs/{run}/events", after=after)


def watch(platform: Platform, run: str, after: int, seen: list[Event]) -> threading.Thread:
    """Follows a run from now on, until it ends or the connection does."""

    def go_on() -> None:
        headers = {"Authorization": f"Bearer {platform.token}", "Last-Event-ID": str(after)}
        try:
            with platform.http.stream("GET", f"{platform.url}/api/runs/{run}/events", headers=headers) as response:
                seen.extend(read_events(response))
        except Exception:
            return

    thread = threading.Thread(target=go_on)
    thread.start()
    return thread


def whole(told: list[Event]) -> bool:
    """Whether no event is missing, and none is there twice."""
    return [event.id for event in told] == list(range(1, len(told) + 1))


def finished(told: list[Event]) -> list[str]:
    return [event.data["node"] for event in told if event.name == "node_finished"]


def carried_by_a_worker(platform: Platform, asked: Asked, name: str) -> str:
    """A run that a webhook asked for, in its node that hangs."""
    hook = platform.result("create_webhook", {"toolchain_id": name, "title": name})
    headers = {"Authorization": f"Bearer {hook['secret']}"}
    run = platform.http.post(platform.url + hook["url"], json={}, headers=headers).json()["result"]["run_id"]
    until(lambda: asked.hanging[f"{name}/{run}"] == 1, SOON)
    return run
