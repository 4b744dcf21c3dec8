"""As much of HTTP/1.1 as a load generator and its upstream need. Pure."""

from __future__ import annotations

import re

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
_END = b"0\r\n\r\n"


def message(buffer: bytes | bytearray) -> tuple[bytes, bytes, int] | None:
    """Head, body and whole length of the message that `buffer` begins with; None until it is there to its last byte.

    A chunked body comes with its chunk sizes in it, and is taken to be the buffer's last message.
    """
    split = buffer.find(b"\r\n\r\n")
    if split < 0:
        return None
    head, begin = bytes(buffer[:split]), split + 4
    length = _LENGTH.search(head)
    if length is None and _CHUNKED.search(head):
        return (head, bytes(buffer[begin:]), len(buffer)) if buffer.endswith(_END) else None
    end = begin + (int(length[1]) if length else 0)
    return (head, bytes(buffer[begin:end]), end) if len(buffer) >= end else None


def status(head: bytes) -> int:
    """The status of an answer."""
    return int(head[9:12])


def request(path: str, body: bytes, key: str) -> bytes:
    """A POST of JSON, as clients of OpenAI's protocol send it."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nUser-Agent: penstock-bench\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def answer(body: bytes) -> bytes:
    """A 200 with JSON."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def chunk(body: bytes) -> bytes:
    """One part of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(body), body)


LAST_CHUNK = _END
STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
