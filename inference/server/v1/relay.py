"""Passes an answer on: byte by byte, or translated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from inference.errors import UpstreamFailed
from inference.functions import Tokens, estimate
from inference.json_values import as_object, is_object
from inference.server.upstream import UpstreamError
from inference.server.v1.asked import Asked
from inference.server.v1.courier import Served, failure
from inference.server.v1.reply import Header, Reply
from inference.server.v1.translation import Translation
from inference.server.v1.usage import StreamScan, read_usage

# Hop-by-hop headers (RFC 9110, 7.6.1), those that are the server's own, and cookies of one upstream for all callers.
_OWN = frozenset((
    b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"date", b"server", b"upgrade", b"trailer",
    b"set-cookie", b"alt-svc", b"strict-transport-security", b"x-content-type-options", b"proxy-authenticate",
    b"www-authenticate",
))  # fmt: skip
_LONGEST_LINE = 16 * 1024 * 1024
_TAIL = 8 * 1024
_JSON: list[Header] = [(b"content-type", b"application/json")]
_EVENTS: list[Header] = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache, no-transform")]


@dataclass(slots=True)
class Used:
    """What an answer has cost so far; read when it has ended, well or badly."""

    asked_bytes: int
    told: Tokens | None = None
    bytes: int = 0
    events: int = 0

    @property
    def tokens(self) -> Tokens:
        """As told, or estimated from what went by."""
        if self.told:
            return self.told
        if not self.bytes and not self.events:
            return Tokens()
        return estimate(self.asked_bytes, self.bytes, self.events)


async def pass_on(served: Served, asked: Asked, reply: Reply, used: Used) -> None:
    """Byte by byte. Raises what ends a stream too soon."""
    headers = _passed(served.headers, reply)
    if served.whole:
        used.bytes = len(served.body) if served.status < 400 else 0
        used.told = read_usage(served.body)
        await reply.whole(served.status, headers, served.body)
    elif asked.stream and served.status < 300:
        reply.events = True
        await reply.start(served.status, headers)
        await _pass_stream(served, asked, reply, used)
    else:
        await reply.start(served.status, headers)
        await _pass_large(served, reply, used)


async def _pass_stream(served: Served, asked: Asked, reply: Reply, used: Used) -> None:
    scan = StreamScan(strip=not asked.wants_usage)
    try:
        while part := await served.source.part():
            used.bytes += len(part)
            if shown := scan.feed(part):
                await reply.body(shown, more=True)
    except UpstreamError as error:
        raise failure(served.model, error, begun=True) from error
    finally:
        used.told, used.events = scan.tokens, scan.events
    await reply.body(scan.rest(), more=False)


async def _pass_large(served: Served, reply: Reply, used: Used) -> None:
    """An answer that is too large to be held: its usage is looked for at its end."""
    part, tail = served.body, b""
    try:
        while part:
            used.bytes += len(part)
            tail = (tail + part)[-_TAIL:]
            await reply.body(part, more=True)
            part = await served.source.part()
    except UpstreamError as error:
        raise failure(served.model, error, begun=True) from error
    used.told = _usage_in(tail)
    await reply.body(b"", more=False)


def _usage_in(tail: bytes) -> Tokens | None:
    text = tail[tail.rfind(b'"usage"') + len(b'"usage"') :].decode(errors="replace").lstrip(" \r\n\t:")
    try:
        usage, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    return read_usage(orjson.dumps({"usage": usage})) if is_object(usage) else None


async def translate(served: Served, asked: Asked, translation: Translation, reply: Reply, used: Used) -> None:
    """In the words of another format. Raises UpstreamFailed where the answer is not what it should be."""
    if served.status >= 300:
        await _translate_refusal(served, reply)
    elif asked.stream:
        reply.events = True
        await reply.start(200, _EVENTS)
        await _translate_stream(served, translation, reply, used)
    else:
        used.bytes, used.told = len(served.body), read_usage(served.body)
        if not served.whole or not is_object(completion := _parsed(served.body)) or not completion.get("choices"):
            raise UpstreamFailed(f"The model {served.model!r} answered with what is no chat completion.")
        await reply.json(translation.answer(completion, served.model))


async def _translate_refusal(served: Served, reply: Reply) -> None:
    error = as_object(_parsed(served.body)).get("error")
    message = as_object(error).get("message") or (error if isinstance(error, str) else None)
    problem = UpstreamFailed(
        str(message or f"The model {served.model!r} answered with status {served.status}."),
        field=str(as_object(error).get("param") or "") or None,
    )
    problem.status = served.status
    kept = [(name, value) for name, value in served.headers if name == b"retry-after"]
    await reply.whole(served.status, [*_JSON, *kept], orjson.dumps(reply.shape(problem)))


async def _translate_stream(served: Served, translation: Translation, reply: Reply, used: Used) -> None:
    stream = translation.stream(served.model)
    lines = _Lines()
    begun, finished = stream.begin(), False
    if begun:
        await reply.body(begun, more=True)
    while not finished and (part := await _next_part(served, stream, reply)) is not None:
        out: list[bytes] = []
        for data in lines.feed(part):
            if data == b"[DONE]":
                finished = True
                break
            chunk = _parsed(data)
            if not is_object(chunk) or chunk.get("error"):
                error = as_object(as_object(chunk).get("error"))
                said = error.get("message") or f"The model {served.model!r} sent what is no chunk of an answer."
                await reply.body(b"".join([*out, stream.fail(UpstreamFailed(str(said)))]), more=False)
                return
            used.events += 1
            if chunk.get("usage"):
                used.told = read_usage(data)
            out.append(stream.feed(chunk))
        if said := b"".join(out):
            await reply.body(said, more=True)
        if not part:
            finished = True
    if finished:
        await reply.body(stream.finish(), more=False)


async def _next_part(served: Served, stream: Any, reply: Reply) -> bytes | None:
    """None when the stream broke off, which the client has been told then."""
    try:
        return await served.source.part()
    except UpstreamError as error:
        await reply.body(stream.fail(failure(served.model, error, begun=True)), more=False)
        return None


class _Lines:
    """The data lines of server-sent events."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def feed(self, part: bytes) -> Iterator[bytes]:
        """The data of the lines that are whole now; an empty part ends the last. Raises UpstreamFailed for a line that
        does not end."""
        if part and b"\n" not in part:
            self._held.append(part)
            self._size += len(part)
            if self._size > _LONGEST_LINE:
                raise UpstreamFailed(f"The model's answer has a line of more than {_LONGEST_LINE >> 20} MiB.")
            return
        *lines, rest = (b"".join(self._held) + (part or b"\n")).split(b"\n")
        self._held, self._size = [rest] if rest else [], len(rest)
        for line in lines:
            if line.startswith(b"data:") and (data := line[5:].strip()):
                yield data


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _passed(headers: list[Header], reply: Reply) -> list[Header]:
    """The upstream's headers, less those that are not for the client and those that this server says itself."""
    ours = {name for name, _ in reply.beside}
    kept: list[Header] = []
    for name, value in headers:
        if name == b"x-request-id":
            kept.append((b"x-upstream-request-id", value))
        elif name not in _OWN and name not in ours:
            kept.append((name, value))
    return kept
