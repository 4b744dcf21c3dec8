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
from inference.functions.reading.reader import read_document
from inference.functions.reading.sniffing import quoted

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

    def on_page(read: int, of: int) -> None:
        nonlocal told
        if read == of or time.monotonic() - told > _TELL_EVERY_SECONDS:
            told = time.monotonic()
            pipe.write(wire.frame(wire.PROGRESS, wire.PAGES.pack(read, of)))
            pipe.flush()

    try:
        document = read_document(sys.stdin.buffer.read(), order.name, order.content_type, on_page, limits=order.limits)
        answer = wire.frame(wire.DOCUMENT, wire.documents.dump_json(document))
    except (UnreadableDocument, TooLarge) as error:
        kind = "TooLarge" if isinstance(error, TooLarge) else "UnreadableDocument"
        answer = wire.frame(wire.FAILURE, wire.failures.dump_json(wire.Failure(kind, error.message)))
    except Exception as error:  # whatever a parser raises about a file that it was not made for
        answer = wire.frame(wire.FAILURE, wire.failures.dump_json(_unexpected(error, order)))
    pipe.write(answer)
    pipe.close()
    # A parser's own destructors must not turn an answer that was given into a crash.
    os._exit(0)


def _unexpected(error: Exception, order: wire.Order) -> wire.Failure:
    if isinstance(error, MemoryError):
        most = order.limits.memory_bytes // 2**20
        return wire.Failure(
            "TooLarge", f"{quoted(order.name)} needs more than {most} MB of memory to be read. Split it."
        )
    trace = "".join(traceback.format_exception(error))[-4000:]
    return wire.Failure(
        "UnreadableDocument",
        f"{quoted(order.name)} could not be read ({type(error).__name__}): it is damaged, or made in a way not known "
        "here. Save it anew, or as another kind of file.",
        trace,
    )


def _confine(limits: Limits) -> None:
    """Limits this process for good: computing time, memory, no file written, no core dump, no life after its parent."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the address space cannot be limited or is reserved in terabytes
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
