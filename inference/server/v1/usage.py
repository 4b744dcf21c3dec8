"""Tokens, as an upstream tells them, found in bytes that are passed on. Pure."""

from __future__ import annotations

import re

import msgspec

from inference.functions import Tokens

# The end of an event (WHATWG HTML, 9.2), and what only the one with the usage has: within a text quotes are escaped.
_EVENT_END = re.compile(rb"\r?\n\r?\n")
_USAGE = re.compile(rb'"usage"\s*:\s*\{')
_ENDS = (b"\n\n", b"\n\r\n")
# An event that is longer than this is no usage: it is passed on before its end has come.
_LONGEST_HELD = 64 * 1024


class _Details(msgspec.Struct):
    cached_tokens: int | None = None


class _Told(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: _Details | None = None


class _Answer(msgspec.Struct):
    usage: _Told | None = None
    choices: list[msgspec.Raw] | None = None


_decoder = msgspec.json.Decoder(_Answer)


def read_usage(body: bytes) -> Tokens | None:
    """The usage that a whole answer, or the data of an event, tells; None where it tells none."""
    answer = _read(body)
    return _tokens(answer.usage) if answer and answer.usage else None


class StreamScan:
    """Finds the usage in a stream of events. With `strip`, the event that holds nothing else is taken out of it: the
    client did not ask for it."""

    def __init__(self, *, strip: bool) -> None:
        self._strip = strip
        self._held = b""
        self.tokens: Tokens | None = None
        self.events = 0

    def feed(self, data: bytes) -> bytes:
        """What of the stream is to be passed on now."""
        if not self._held and b'"usage"' not in data and data.endswith(_ENDS):
            self.events += data.count(b"data:")
            return data
        return self._look(data)

    def rest(self) -> bytes:
        """What was held back, at the end."""
        held, self._held = self._held, b""
        return held if self._strip else b""

    def _look(self, data: bytes) -> bytes:
        buffer = self._held + data
        kept: list[bytes] = []
        begin = 0
        for end in _EVENT_END.finditer(buffer):
            event = buffer[begin : end.end()]
            begin = end.end()
            if not self._is_usage(event):
                kept.append(event)
                self.events += event.count(b"data:")
        tail = buffer[begin:]
        if len(tail) > _LONGEST_HELD:
            kept.append(tail)
            tail = b""
        self._held = tail
        if not self._strip:
            return data
        return b"".join(kept)

    def _is_usage(self, event: bytes) -> bool:
        """Whether the event is there for the usage alone; notes the usage of any."""
        if _USAGE.search(event) is None:
            return False
        answer = _read(event[event.find(b"{") :].strip())
        if answer is None or answer.usage is None:
            return False
        self.tokens = _tokens(answer.usage)
        return not answer.choices


def _read(body: bytes) -> _Answer | None:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def _tokens(told: _Told) -> Tokens:
    given, written = told.prompt_tokens or 0, told.completion_tokens or 0
    if not given and not written:
        given = told.total_tokens or 0
    cached = (told.prompt_tokens_details.cached_tokens if told.prompt_tokens_details else None) or 0
    return Tokens(max(given, 0), max(written, 0), max(cached, 0))
