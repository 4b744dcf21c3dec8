"""The one command: what it starts it stops, whatever way it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from tests.platform import Platform, running_platform


def start_in(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "inference.cli", "start"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PENSTOCK_HOME": str(home), "PENSTOCK_PORT": "0", "DATABASE_URL": ""} | environment,
    )


def gone(processes: list[psutil.Process], seconds: float = 15) -> bool:
    """Whether all of them end within this time."""
    return not psutil.wait_procs(processes, timeout=seconds)[1]


def test_stops_everything_when_told_and_when_killed(tmp_path: Path) -> None:
    with running_platform(tmp_path) as platform:
        family = psutil.Process(platform.pid).children(recursive=True)
        assert len(family) >= 4, "PostgreSQL, runner, server, worker"
    assert gone(family), "SIGTERM ends all of it"

    with running_platform(tmp_path) as platform:
        family = psutil.Process(platform.pid).children(recursive=True)
        postgres = [process for process in family if "postgres" in process.name()]
        parts = [process for process in family if "postgres" not in process.name()]
        os.kill(platform.pid, signal.SIGKILL)
        assert gone(parts), "after kill -9 no part lives on without its supervisor"

    with running_platform(tmp_path) as platform:
        assert platform.call("login", {"username": "x", "password": "y"}, token="").status_code == 403
    assert gone(postgres), "the next start takes PostgreSQL over, and ends it"


def test_a_part_that_is_killed_comes_back(tmp_path: Path) -> None:
    with running_platform(tmp_path) as platform:
        supervisor = psutil.Process(platform.pid)
        before = {process.pid for process in supervisor.children() if "inference.composer" in process.cmdline()}
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        after = before
        while time.monotonic() < deadline and (not after or after & before):
            time.sleep(0.1)
            after = {
                process.pid
                for process in supervisor.children()
                if process.status() != psutil.STATUS_ZOMBIE and "inference.composer" in process.cmdline()
            }
        assert after
        assert not after & before


def test_the_database_that_is_killed_comes_back(tmp_path: Path) -> None:
    with running_platform(tmp_path) as platform:
        platform.begin()
        collection = platform.result("create_document_collection", {"name": "kept"})["id"]
        named = tmp_path / "postgres" / "postmaster.pid"
        killed = named.read_text().split()[0]
        os.kill(int(killed), signal.SIGKILL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = platform.call("fetch_collection", {"collection_id": collection})
            if answer.status_code == 200 and named.read_text().split()[:1] != [killed]:
                break
            assert answer.status_code in (200, 503), answer.text
            time.sleep(0.1)
        assert platform.result("fetch_collection", {"collection_id": collection})["name"] == "kept"
        document = platform.ingest(collection, "a.txt", b"The worker is there again, too.")
        assert document["status"] == "complete"


def mapped(process: psutil.Process) -> set[str]:
    """The libraries in a process, by how their files' names begin."""
    return {Path(region.path).name.partition(".")[0] for region in process.memory_maps()}


def part(platform: Platform, module: str) -> psutil.Process:
    """A part's process."""
    children = psutil.Process(platform.pid).children()
    return next(process for process in children if process.cmdline()[-1] == module)


def test_idle_parts_hold_nothing_of_what_only_work_needs(tmp_path: Path) -> None:
    graphs, models = {"ormsgpack", "_xxhash"}, {"onnxruntime_pybind11_state", "tokenizers", "_imaging", "pypdfium2"}
    with running_platform(tmp_path) as platform:
        platform.begin()
        server = part(platform, "inference.server")
        assert not mapped(server) & (graphs | models)
        assert not mapped(part(platform, "inference.runner")) & (graphs | models | {"_multiarray_umath", "pgproto"})
        two_ways: dict[str, Any] = {
            "id": "two_ways",
            "title": "Two ways",
            "nodes": [{"id": each, "kind": "emit", "event": "state", "data": {}} for each in ("left", "right")],
            "edges": [
                {"from": come, "to": go}
                for each in ("left", "right")
                for come, go in (("start", each), (each, "end"))
            ],
            "output": {"said": "done"},
        }  # fmt: skip
        platform.result("save_toolchain", {"toolchain": two_ways})
        run = platform.result("run_toolchain", {"toolchain_id": "two_ways", "input": {}, "wait": True})
        assert run["output"] == {"said": "done"}, run
        assert mapped(server) >= graphs, "a run that parts is a graph"
        collection = platform.result("create_document_collection", {"name": "notes"})["id"]
        platform.ingest(collection, "note.txt", b"A penstock carries water to the turbines.")
        assert not mapped(part(platform, "inference.composer")) & graphs, "what it has carried was one line"


def test_a_second_start_on_one_home_is_refused_in_words(tmp_path: Path) -> None:
    with running_platform(tmp_path):
        second = start_in(tmp_path)
    assert second.returncode == 1
    assert "Another Penstock is running" in second.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = start_in(tmp_path, PENSTOCK_PORT=str(port))
    assert ended.returncode == 1
    assert f":{port}" in ended.stderr
    assert "PENSTOCK_PORT" in ended.stderr


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    ended = start_in(tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert ended.returncode == 1
    assert "DATABASE_URL" in ended.stderr
