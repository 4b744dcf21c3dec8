"""Anthropic's Messages format over chat completions: https://docs.anthropic.com/en/api/messages, messages-streaming."""

from __future__ import annotations

from typing import Any, Literal

import orjson
from uuid_utils import uuid7

from inference.errors import PenstockError
from inference.json_values import as_object, is_object
from inference.server.problems import anthropic_error
from inference.server.v1.translation.base import (
    StreamTranslation,
    call_parts,
    first_choice,
    reasoning_of,
    sse,
    tokens_of,
)
from inference.server.v1.translation.messages_request import chat_request

_STOPS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
Kind = Literal["text", "thinking", "tool_use"]


class MessagesTranslation:
    """One request of Anthropic's clients."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked

    def request(self) -> dict[str, Any]:
        return chat_request(self._asked)

    def answer(self, completion: dict[str, Any], model: str) -> dict[str, Any]:
        choice = first_choice(completion)
        message = as_object(choice.get("message"))
        content: list[dict[str, Any]] = []
        if thought := reasoning_of(message):
            content.append({"type": "thinking", "thinking": thought, "signature": ""})
        if text := message.get("content") or message.get("refusal"):
            content.append({"type": "text", "text": str(text)})
        for _, call, name, arguments in call_parts(message):
            content.append({"type": "tool_use", "id": call or _id("toolu"), "name": name, "input": _input(arguments)})
        stop, sequence = _stop(choice)
        return _message(model, content, stop, sequence, usage(completion.get("usage")))

    def stream(self, model: str) -> StreamTranslation:
        return MessagesStream(model)


class MessagesStream:
    """The events of one streamed message: its blocks come one after the other, each begun and stopped."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._index = -1
        self._open: tuple[Kind, int] | None = None
        self._stop: tuple[str, str | None] = ("end_turn", None)
        self._usage = usage(None)

    def begin(self) -> bytes:
        message = _message(self._model, [], None, None, usage(None))
        return sse("message_start", {"type": "message_start", "message": message}) + sse("ping", {"type": "ping"})

    def feed(self, chunk: dict[str, Any]) -> bytes:
        if told := chunk.get("usage"):
            self._usage = usage(told)
        choice = first_choice(chunk)
        delta = as_object(choice.get("delta"))
        out: list[bytes] = []
        if thought := reasoning_of(delta):
            out += self._enter("thinking", 0, {"type": "thinking", "thinking": "", "signature": ""})
            out.append(self._delta({"type": "thinking_delta", "thinking": thought}))
        if text := delta.get("content") or delta.get("refusal"):
            out += self._enter("text", 0, {"type": "text", "text": ""})
            out.append(self._delta({"type": "text_delta", "text": str(text)}))
        for index, call, name, arguments in call_parts(delta):
            block = {"type": "tool_use", "id": call or _id("toolu"), "name": name, "input": dict[str, Any]()}
            out += self._enter("tool_use", index, block)
            if arguments:
                out.append(self._delta({"type": "input_json_delta", "partial_json": arguments}))
        if choice.get("finish_reason"):
            self._stop = _stop(choice)
        return b"".join(out)

    def finish(self) -> bytes:
        stop, sequence = self._stop
        delta = {"stop_reason": stop, "stop_sequence": sequence}
        last = {"type": "message_delta", "delta": delta, "usage": self._usage}
        return b"".join([*self._leave(), sse("message_delta", last), sse("message_stop", {"type": "message_stop"})])

    def fail(self, problem: PenstockError) -> bytes:
        return sse("error", anthropic_error(problem))

    def _enter(self, kind: Kind, number: int, block: dict[str, Any]) -> list[bytes]:
        """Begins a block, unless it is the one that is open."""
        if self._open == (kind, number):
            return []
        left = self._leave()
        self._open = (kind, number)
        self._index += 1
        start = {"type": "content_block_start", "index": self._index, "content_block": block}
        return [*left, sse("content_block_start", start)]

    def _leave(self) -> list[bytes]:
        if self._open is None:
            return []
        signed = [self._delta({"type": "signature_delta", "signature": ""})] if self._open[0] == "thinking" else []
        self._open = None
        return [*signed, sse("content_block_stop", {"type": "content_block_stop", "index": self._index})]

    def _delta(self, delta: dict[str, Any]) -> bytes:
        return sse("content_block_delta", {"type": "content_block_delta", "index": self._index, "delta": delta})


def usage(told: Any) -> dict[str, int]:
    """Anthropic counts what came from a cache beside the other input, OpenAI within it."""
    given, out, cached, _ = tokens_of(told)
    return {
        "input_tokens": max(given - cached, 0),
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": cached,
        "output_tokens": out,
    }


def _message(
    model: str, content: list[dict[str, Any]], stop: str | None, sequence: str | None, used: dict[str, int]
) -> dict[str, Any]:
    return {
        "id": _id("msg"),
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": stop,
        "stop_sequence": sequence,
        "usage": used,
    }


def _stop(choice: dict[str, Any]) -> tuple[str, str | None]:
    """Why it stopped, and at which sequence, where the engine tells: vLLM does, in `stop_reason`."""
    reason, sequence = str(choice.get("finish_reason") or "stop"), choice.get("stop_reason")
    if reason == "stop" and isinstance(sequence, str):
        return "stop_sequence", sequence
    return _STOPS.get(reason, "end_turn"), None


def _input(arguments: str) -> dict[str, Any]:
    """The arguments as the object that they are meant to be; what is none is kept as text."""
    try:
        parsed = orjson.loads(arguments or "{}")
    except orjson.JSONDecodeError:
        parsed = None
    return parsed if is_object(parsed) else {"arguments": arguments}


def _id(prefix: str) -> str:
    return f"{prefix}_{uuid7().hex}"
