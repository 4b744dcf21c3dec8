"""`python -P -m inference.runner.warden -- COMMAND…`: a program that is not ours, and the end of all that it starts.

Engines like vLLM start processes of their own, which outlive it when it is killed. The warden runs the command, adopts
whatever loses its parent below it, and leaves nothing behind:

    standard input ends    the runner is gone: everything below is killed at once, and the warden ends
    SIGTERM                is passed on; what still runs after `GRACE_SECONDS` is killed
    the command ends       what it has left running is killed; the warden ends in the same way as the command did

The warden is killed itself only together with its process group, which everything below it belongs to unless it leaves
that on purpose. Linux's prctl(2): PR_SET_CHILD_SUBREAPER and PR_SET_PDEATHSIG.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 3.0  # the runner kills after 5 s (STOP_SECONDS in process.py)
_PDEATHSIG, _CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_PROC = Path("/proc")
_PAUSE = 0.02


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2 or arguments[0] != "--":
        sys.stderr.write("usage: python -m inference.runner.warden -- COMMAND…\n")
        return 2
    _prctl(_CHILD_SUBREAPER, 1)
    try:
        program = subprocess.Popen(  # noqa: S603 - running what it is told to is its work
            arguments[1:], stdin=subprocess.DEVNULL, preexec_fn=partial(_end_with_warden, os.getpid())
        )
    except OSError as error:
        sys.stderr.write(f"{arguments[1]} cannot be started: {error.strerror}\n")
        return 127 if isinstance(error, FileNotFoundError) else 126

    def pass_on(_number: int, _frame: FrameType | None) -> None:
        _ask_to_end(program.pid)

    signal.signal(signal.SIGTERM, pass_on)
    threading.Thread(target=_end_with_runner, daemon=True).start()
    code = _wait(program.pid)
    kill_all_below()
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return code if code >= 0 else _end_by(-code)


def _end_with_warden(warden: int) -> None:
    _prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != warden:  # it died before its death could be asked to be told
        os._exit(0)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(AttributeError, OSError):  # there is none but on Linux
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _end_with_runner() -> None:
    while os.read(0, 64):
        pass
    kill_all_below()
    os._exit(0)


def _ask_to_end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    timer = threading.Timer(GRACE_SECONDS, kill_all_below)
    timer.daemon = True
    timer.start()


def _wait(pid: int) -> int:
    """The return code of the program; adopted processes that end before are reaped on the way."""
    while True:
        ended, status = os.wait()
        if ended == pid:
            return os.waitstatus_to_exitcode(status)


def kill_all_below() -> None:
    """Returns when no process below this one runs any more. What forks meanwhile is found in the next round.

    A process that ends only when its disk answers, or is another user's, is not waited for longer than `GRACE_SECONDS`.
    """
    deadline = time.monotonic() + GRACE_SECONDS
    while (pids := _below(os.getpid())) and time.monotonic() < deadline:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE)


def _below(root: int) -> list[int]:
    """The descendants of a process that still run."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended just now
            # pid (name, which may hold anything) state parent …: proc_pid_stat(5)
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(folder.name))
    found: list[int] = []
    level = [root]
    while level:
        level = [child for pid in level for child in children.get(pid, [])]
        found += level
    return found


def _end_by(number: int) -> int:
    """Ends this process by the signal that has ended the program, for the runner to tell."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number != signal.SIGKILL:  # which takes no handler
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
