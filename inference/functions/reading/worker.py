"""The process that reads one document and ends, under limits that it sets for itself first."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
import traceback

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import wire
from inference.functions.reading.limits import Limits
from inference.functions.reading.reader import ReaderFailed, read
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_TELL_EVERY_SECONDS = 0.1


def main() -> None:
    """Reads standard input as the order says and writes frames to standard output."""
    order = wire.orders.validate_json(os.environ.pop(wire.ORDER_VARIABLE))
    _confine(order.limits)
    if os.getppid() != order.parent:  # it died before its death could be asked to be told
        os._exit(0)
    # What a library prints must not get among the frames.
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    told = 0.0
    seconds = order.limits.cpu_seconds

    def tell(kind: bytes, payload: bytes) -> None:
        pipe.write(wire.frame(kind, payload))
        pipe.flush()

    def on_page(read: int, of: int) -> None:
        nonlocal told
        if read == of or time.monotonic() - told > _TELL_EVERY_SECONDS:
            told = time.monotonic()
            tell(wire.PROGRESS, wire.PAGES.pack(read, of))

    def on_recognition() -> None:
        nonlocal seconds
        seconds += order.limits.recognition_seconds
        _allow(seconds, order.limits)
        tell(wire.RECOGNITION, b"")

    try:
        data = sys.stdin.buffer.read()
        document = read(Task(data, order.name, order.content_type, on_page, on_recognition, order.limits))
        answer = wire.frame(wire.DOCUMENT, wire.documents.dump_json(document))
    except (UnreadableDocument, TooLarge) as error:
        kind = "TooLarge" if isinstance(error, TooLarge) else "UnreadableDocument"
        trace = "".join(traceback.format_exception(error))[-4000:] if isinstance(error, ReaderFailed) else ""
        answer = wire.frame(wire.FAILURE, wire.failures.dump_json(wire.Failure(kind, error.message, trace)))
    except MemoryError:
        most = f"{order.limits.memory_bytes // 2**20} MB"
        message = f"{quoted(order.name)} needs more than {most} of memory to be read. Split it."
        answer = wire.frame(wire.FAILURE, wire.failures.dump_json(wire.Failure("TooLarge", message)))
    pipe.write(answer)
    pipe.close()
    # A parser's own destructors must not turn an answer that was given into a crash.
    os._exit(0)


def _confine(limits: Limits) -> None:
    """Limits this process for good: computing time, memory, no file written, no core dump, no life after its parent."""
    _allow(limits.cpu_seconds, limits)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the address space cannot be limited or is reserved in terabytes
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _allow(seconds: int, limits: Limits) -> None:
    """Allows this process so much computing time; more than what all recognitions add nobody can allow it."""
    most = limits.cpu_seconds + limits.max_recognitions * limits.recognition_seconds + 5
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, most), most))
