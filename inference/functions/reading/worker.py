"""The work of a forked process on one file, under limits that it sets for itself first."""

from __future__ import annotations

import os
import resource
import sys
import time
import traceback
from typing import BinaryIO

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import wire
from inference.functions.reading.archives import expand
from inference.functions.reading.members import Member
from inference.functions.reading.reader import ReaderFailed, read
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_TELL_EVERY_SECONDS = 0.1
_CHUNK_BYTES = 1024 * 1024


def work(order: wire.Order) -> None:
    """Does with standard input what the order says and writes frames to standard output."""
    _confine(order)
    # What a library prints must not get among the frames.
    out = _Out(os.fdopen(os.dup(1), "wb"))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        with open(0, "rb", closefd=False) as file:
            answer = _read(order, file, out) if isinstance(order, wire.ReadOrder) else _expand(order, file, out)
        out.tell(wire.RESULT, answer)
    except Exception as error:
        out.tell(wire.FAILURE, wire.failures.dump_json(_failure(error, order)))


class _Out:
    """Where frames go."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def tell(self, kind: bytes, payload: bytes = b"") -> None:
        self._stream.write(wire.frame(kind, payload))
        self._stream.flush()


def _read(order: wire.ReadOrder, file: BinaryIO, out: _Out) -> bytes:
    told = 0.0
    seconds = order.limits.cpu_seconds

    def on_page(read: int, of: int) -> None:
        nonlocal told
        if read == of or time.monotonic() - told > _TELL_EVERY_SECONDS:
            told = time.monotonic()
            out.tell(wire.PROGRESS, wire.PAGES.pack(read, of))

    def on_recognition() -> None:
        nonlocal seconds
        seconds += order.limits.recognition_seconds
        _allow(seconds, _most_seconds(order))
        out.tell(wire.RECOGNITION)

    document = read(Task(file.read(), order.name, order.content_type, on_page, on_recognition, order.limits))
    return wire.documents.dump_json(document)


def _expand(order: wire.ExpandOrder, file: BinaryIO, out: _Out) -> bytes:
    def on_member(member: Member, data: bytes) -> None:
        out.tell(wire.MEMBER, wire.members.dump_json(member))
        for at in range(0, len(data), _CHUNK_BYTES):
            out.tell(wire.CHUNK, data[at : at + _CHUNK_BYTES])
        out.tell(wire.MEMBER_END)

    return wire.expansions.dump_json(expand(file, order.name, on_member, order.limits))


def _failure(error: Exception, order: wire.Order) -> wire.Failure:
    match error:
        case TooLarge():
            return wire.Failure("TooLarge", error.message)
        case MemoryError():
            most = order.limits.memory_bytes // 2**20
            message = f"{quoted(order.name)} needs more than {most} MB of memory to be read. Split it."
            return wire.Failure("TooLarge", message)
        case UnreadableDocument() if not isinstance(error, ReaderFailed):
            return wire.Failure("UnreadableDocument", error.message)
        case _:
            message = error.message if isinstance(error, ReaderFailed) else f"{quoted(order.name)} could not be read."
            trace = "".join(traceback.format_exception(error))[-4000:]
            return wire.Failure("UnreadableDocument", message, trace)


def _confine(order: wire.Order) -> None:
    """Limits this process for good: computing time, memory, no file written, no core dump."""
    limits = order.limits
    _allow(limits.cpu_seconds, _most_seconds(order))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the address space cannot be limited or is reserved in terabytes
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def _most_seconds(order: wire.Order) -> int:
    """Of computing time, with all that recognitions add."""
    added = order.limits.max_recognitions * order.limits.recognition_seconds if isinstance(order, wire.ReadOrder) else 0
    return order.limits.cpu_seconds + added + 5


def _allow(seconds: int, most: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, most), most))
