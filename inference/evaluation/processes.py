"""Processes seen from outside: their memory, their CPU time, their cores, their end."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Generator, Iterable

import psutil

_STOP_SECONDS = 20.0


class Unmeasurable(Exception):
    """Something that a measurement needs is not there; the text says what."""


def tree(pid: int) -> list[psutil.Process]:
    """A process and all that it started, directly or not."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def find(pid: int, words: str) -> psutil.Process:
    """The process below `pid` whose command line ends in `words`. Raises Unmeasurable."""
    for process in tree(pid):
        with contextlib.suppress(psutil.Error):
            if " ".join(process.cmdline()).endswith(words):
                return process
    raise Unmeasurable(f"no process `{words}` runs")


def pss_mb(process: psutil.Process) -> float:
    """Proportional set size in 10^6 bytes: what it holds alone, and its share of what it holds with others.

    Linux only: from /proc/<pid>/smaps_rollup.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.memory_full_info().pss / 1e6
    return 0.0


def cpu_seconds(pid: int) -> float:
    """CPU time, own and the kernel's for it, that a process has used so far, in steps of 10 ms."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def all_cpu_seconds(pid: int) -> float:
    """The same of a process and all that it started, those that have ended and were waited for among them."""
    found = 0.0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found += times.user + times.system + times.children_user + times.children_system
    return found


def cores() -> tuple[set[int], set[int]]:
    """One core for what is measured, the others for what drives it; the same one where there is only one."""
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}


def pin(pid: int, to: set[int]) -> None:
    """Keeps all threads of a process on these cores."""
    for thread in psutil.Process(pid).threads():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(thread.id, to)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def ended(process: subprocess.Popen[str]) -> Generator[None]:
    """Ends a process and all that it started when the context does: asked first, then by force."""
    try:
        yield
    finally:
        known = _alive(process.pid)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        for left in known:
            with contextlib.suppress(psutil.NoSuchProcess):
                left.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()


def _alive(pid: int) -> Iterable[psutil.Process]:
    try:
        return tree(pid)
    except psutil.NoSuchProcess:
        return []
