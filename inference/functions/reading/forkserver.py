"""The process that has the readers loaded and forks one for each file, so that no file waits for imports.

It runs no threads, looks at no byte of anybody's file and takes nothing from the processes that it forks but how they
ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import sys
from importlib import import_module
from types import FrameType
from typing import NoReturn, get_args

from inference.functions.reading import wire
from inference.functions.reading.document import Kind
from inference.functions.reading.warming import warm_up
from inference.functions.reading.worker import work

_DESCRIPTORS = 3
_NO_FORK = 71  # EX_OSERR, sysexits.h
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def serve() -> NoReturn:
    """Forks for whoever holds the other end of standard input, until that is closed and the last process has ended."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for kind in get_args(Kind):
        import_module(f"inference.functions.reading.{kind}")
    warm_up()
    gc.collect()
    gc.freeze()  # a collection in a forked process must not copy the pages that are shared
    _Server(control).run()
    os._exit(0)


class _Server:
    """Takes orders, forks, kills and reaps.

    With an order come three descriptors: the file, a socket for the answer and another, the *life* of the process.
    Whatever happens to the other end of the life, its closing above all, kills the process; its exit status is written
    to it. So nothing outlives the process that asked, even where its end is not told by the kernel.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pid = os.getpid()
        self._lives: dict[int, socket.socket] = {}  # by the process that was forked, until it is reaped
        self._is_open = True
        self._deaths, self._told = socket.socketpair()
        for end in (self._deaths, self._told):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, _woken)
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._poll.register(self._deaths, select.POLLIN)

    def run(self) -> None:
        """Returns when there is nobody left who could ask and nothing left that runs."""
        while self._is_open or self._lives:
            # One event at a time: what is done for one may close the descriptor of another, and open it anew.
            descriptor, _ = self._poll.poll()[0]
            if descriptor == self._control.fileno():
                self._take()
            elif descriptor == self._deaths.fileno():
                self._reap()
            else:
                self._kill(descriptor)

    def _take(self) -> None:
        header, descriptors, _, _ = socket.recv_fds(self._control, wire.LENGTH.size, _DESCRIPTORS)
        order = self._rest(header)
        if order is None or len(descriptors) < _DESCRIPTORS:
            for descriptor in descriptors:
                os.close(descriptor)
        else:
            file, answer, life = descriptors
            self._fork(order, file, answer, socket.socket(fileno=life))

    def _rest(self, header: bytes) -> bytes | None:
        """The order that a header announces; None when the other end was closed."""
        order = b""
        if len(header) == wire.LENGTH.size:
            (length,) = wire.LENGTH.unpack(header)
            while len(order) < length and (more := self._control.recv(length - len(order))):
                order += more
            if len(order) == length:
                return order
        self._is_open = False
        self._poll.unregister(self._control)
        return None

    def _fork(self, order: bytes, file: int, answer: int, life: socket.socket) -> None:
        try:
            pid = os.fork()
        except OSError:
            pid = None
        if pid == 0:
            self._become(order, file, answer, life)
        os.close(file)
        os.close(answer)
        if pid is None:
            _tell(life, _NO_FORK)
        else:
            self._lives[pid] = life
            self._poll.register(life, select.POLLIN)

    def _become(self, order: bytes, file: int, answer: int, life: socket.socket) -> NoReturn:
        """Turns the forked process into a reader that has the file, the socket for its answer and nothing else."""
        status = 1
        try:
            self._die_together()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for ours in (self._control, self._deaths, self._told, life, *self._lives.values()):
                ours.close()
            for given, standard in ((file, 0), (answer, 1)):
                os.dup2(given, standard)
                os.close(given)
            os.setsid()
            work(wire.orders.validate_json(order))
            status = 0
        finally:
            # A parser's own destructors must not turn an answer that was given into a crash.
            os._exit(status)

    def _die_together(self) -> None:
        """Ends the forked process with its server. Elsewhere than on Linux its limits end it."""
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != self._pid:  # it died before its death could be asked to be told
                os._exit(0)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._deaths.recv(4096)
        for pid in list(self._lives):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                life = self._lives.pop(pid)
                with contextlib.suppress(KeyError):  # it was killed
                    self._poll.unregister(life)
                _tell(life, os.waitstatus_to_exitcode(status))

    def _kill(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        # It was not reaped yet, so its number is nobody else's.
        os.kill(next(pid for pid, life in self._lives.items() if life.fileno() == descriptor), signal.SIGKILL)


def _woken(_signal: int, _frame: FrameType | None) -> None:
    """Nothing: only a signal that has a handler writes to the socket that wakes the server."""


def _tell(life: socket.socket, code: int) -> None:
    with contextlib.suppress(OSError):  # nobody is there to hear it
        life.setblocking(False)
        life.send(wire.STATUS.pack(code))
    life.close()
