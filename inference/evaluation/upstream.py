"""A provider that costs nothing: `python -m inference.evaluation.upstream` answers every request with the same words.

It says its port on stdout and ends with its standard input. A request with `"stream":true` gets CHUNKS events, one
every CHUNK_SECONDS.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import cast

import orjson
import uvloop

from inference.evaluation import wire

MODEL = "echo-1"
CHUNKS = 100
CHUNK_SECONDS = 0.02
ANSWER_BYTES = 600
SAID = "All of this was said before it was asked."


def answer_body() -> bytes:
    """A chat completion of ANSWER_BYTES."""
    body = orjson.dumps(
        {
            "id": "chatcmpl-0",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": MODEL,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": SAID}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 200, "completion_tokens": 60, "total_tokens": 260},
        }
    )
    return body.replace(SAID.encode(), SAID.encode() + b" " + b"x" * (ANSWER_BYTES - len(body) - 1))


def event(text: str, finish: str | None = None) -> bytes:
    """One event of a streamed completion."""
    delta = {"role": "assistant", "content": text} if finish is None else {}
    data = orjson.dumps(
        {
            "id": "chatcmpl-0",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": MODEL,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
    )
    return b"data: %s\n\n" % data


_ANSWER = wire.answer(answer_body())
_MODELS = wire.answer(orjson.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}))
_EVENT = wire.chunk(event("word "))
_END = wire.chunk(event("", "stop") + b"data: [DONE]\n\n") + wire.LAST_CHUNK


class Upstream(asyncio.Protocol):
    """One connection, one request after the other."""

    def __init__(self) -> None:
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's does not inherit from it

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if (asked := wire.message(self._buffer)) is None:
            return
        head, body, length = asked
        self._buffer = self._buffer[length:]
        if head.startswith(b"GET"):
            self._transport.write(_MODELS)
        elif b'"stream":true' in body.replace(b" ", b""):
            self._transport.write(wire.STREAM_HEAD)
            self._stream(CHUNKS)
        else:
            self._transport.write(_ANSWER)

    def _stream(self, left: int) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(_EVENT if left else _END)
        if left:
            asyncio.get_running_loop().call_later(CHUNK_SECONDS, self._stream, left - 1)


async def serve() -> None:
    """Serves until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Upstream, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def _end_with_parent() -> None:
    while os.read(0, 64):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvloop.run(serve())
