"""The other end of the fork server: what the process that wants files read holds of it."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from inference.functions.reading import wire

# `inference.functions` registers every function of the platform when it is imported, and brings the database and the
# network with it. None of that belongs into a process that parses hostile bytes, so an empty package stands in its
# place.
BOOT = """
import sys, types
functions = sys.modules["inference.functions"] = types.ModuleType("inference.functions")
functions.__path__ = [sys.argv[1]]
reading = sys.modules["inference.functions.reading"] = types.ModuleType("inference.functions.reading")
reading.__path__ = [sys.argv[2]]
from inference.functions.reading.forkserver import serve
serve()
"""
_FOLDER = Path(__file__).parent
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")
"""Libraries reserve memory for a thread a core; many documents are read at once, each on one."""
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
"""What an interpreter may need. The rest, secrets among it, stays out of the process."""
_PATIENCE_SECONDS = 10.0
"""For a server to take an order, or to end."""


class ForkServer:
    """Gives a process for each file. It is started when it is first needed, and anew when it has died.

    Any thread and any event loop may use it. It has no death signal: that would come with the end of the thread that
    started it. The closing of its sockets, which no death of this process can leave out, ends it and all it forked.
    """

    def __init__(self, boot: str = BOOT) -> None:
        self._boot = boot
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._processes: list[subprocess.Popen[bytes]] = []  # the last one takes orders, those before are ending
        atexit.register(self.close)

    async def fork(self, file: BinaryIO, order: wire.Order) -> Fork:
        """A process that carries out the order on the file. Raises OSError when there can be none."""
        # A socket, not a pipe: uvloop closes a pipe's descriptor twice, and the second time it may be another's.
        (reads, writes), (ours, theirs) = socket.socketpair(), socket.socketpair()
        with writes, theirs, contextlib.ExitStack() as undoing:
            undoing.callback(ours.close)
            ours.setblocking(False)
            answer, writer = await asyncio.open_unix_connection(sock=reads)
            undoing.callback(writer.close)
            # Last, and nothing is awaited after it: who is cancelled before has no process to wait for.
            self._order(wire.orders.dump_json(order), [end.fileno() for end in (file, writes, theirs)])
            undoing.pop_all()
        return Fork(answer, writer, ours)

    def renew(self) -> None:
        """Has later files read by a new server; what the one there is has forked goes on.

        A fork shares the memory layout of its server: whoever guesses at it by crashes must not get to guess twice.
        """
        with self._lock:
            if self._control:
                self._control.close()
            self._control = None

    def close(self) -> None:
        """Ends the server and what it has forked."""
        self.renew()
        with self._lock:
            processes, self._processes = self._processes, []
        for process in processes:
            process.kill()
            process.wait()

    def _order(self, order: bytes, descriptors: list[int]) -> None:
        with self._lock:
            if self._control:
                with contextlib.suppress(OSError):
                    _send(self._control, order, descriptors)
                    return
                self._control.close()  # it has died
            self._control = self._start()
            _send(self._control, order, descriptors)

    def _start(self) -> socket.socket:
        self._processes = [process for process in self._processes if process.poll() is None]
        ours, theirs = socket.socketpair()
        environment = _ONE_THREAD | {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
        try:
            with theirs:
                process = subprocess.Popen(  # noqa: S603 - nothing in it comes from a stranger
                    [sys.executable, "-I", "-c", self._boot, str(_FOLDER.parent), str(_FOLDER)],
                    stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
                    start_new_session=True,
                )  # fmt: skip
        except OSError:
            ours.close()
            raise
        self._processes.append(process)
        ours.settimeout(_PATIENCE_SECONDS)
        return ours


class Fork:
    """A process that works on one file. `answer` is what it writes."""

    def __init__(self, answer: asyncio.StreamReader, writer: asyncio.StreamWriter, life: socket.socket) -> None:
        self.answer = answer
        self._writer = writer
        self._life = life
        self._code: int | None = None

    async def wait(self) -> int:
        """Its exit status, negative for a signal, once it has ended. When its server dies it is killed."""
        if self._code is None:
            try:
                told = await asyncio.get_running_loop().sock_recv(self._life, wire.STATUS.size)
            except ConnectionError:
                told = b""
            self._code = int(wire.STATUS.unpack(told)[0]) if told else -signal.SIGKILL
        return self._code

    async def end(self) -> None:
        """Ends it if it still runs, and waits until it is gone."""
        try:
            with contextlib.suppress(OSError):
                self._life.shutdown(socket.SHUT_WR)
            await self.wait()
        finally:
            self._writer.close()
            self._life.close()


def _send(control: socket.socket, order: bytes, descriptors: list[int]) -> None:
    socket.send_fds(control, [wire.LENGTH.pack(len(order))], descriptors)
    control.sendall(order)
