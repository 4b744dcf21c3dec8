"""`POST /v1/chat/completions` in OpenAI's format, whole or streamed, over anything that answers with a text."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, cast

import orjson
from aiohttp import web

from inference.runner.engines.serving import Refusal, check_model, read_object

ROLES = ("system", "developer", "user", "assistant", "tool")
WORDS_PER_DELTA = 3
_TOKEN = re.compile(r"\s*(?:\w+|[^\w\s])")
_WORD = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: str
    text: str


class Answerer(Protocol):
    """A model that answers as a whole; `answer` raises Refusal where it cannot."""

    @property
    def model(self) -> str: ...

    async def answer(self, messages: list[ChatMessage]) -> str: ...


@dataclass(frozen=True, slots=True)
class ChatRequest:
    messages: list[ChatMessage]
    stream: bool
    include_usage: bool
    max_tokens: int | None


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer and what it is called. Its tokens are words and marks: a model without a vocabulary has no others."""

    id: str
    created: int
    model: str
    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int

    @property
    def usage(self) -> dict[str, int]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        }


def chat_routes(answerer: Answerer) -> list[web.RouteDef]:
    async def completions(request: web.Request) -> web.StreamResponse:
        asked = parse_request(await read_object(request), answerer.model)
        # The answer is there before the first byte: what goes wrong still gets its status.
        done = complete(asked, answerer.model, await answerer.answer(asked.messages))
        if not asked.stream:
            return web.Response(body=whole(done), content_type="application/json")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        try:
            for event in events(done, asked.include_usage):
                await response.write(event)
                await asyncio.sleep(0)  # other streams get their turn
            await response.write_eof()
        except ConnectionError:
            pass  # the reader has gone, and with it what there was to do
        return response

    return [web.post("/v1/chat/completions", completions)]


def parse_request(body: dict[str, Any], model: str) -> ChatRequest:
    """Raises Refusal, naming the field. What asks for more than a text of this model is refused, not overlooked."""
    check_model(body, model)
    if body.get("n") not in (None, 1):
        raise Refusal(400, f"{model} gives one answer: 'n' must be 1.", param="n")
    if body.get("tool_choice") not in (None, "none", "auto"):
        raise Refusal(400, f"{model} cannot call tools.", param="tool_choice")
    wanted = body.get("response_format")
    if wanted is not None and (not isinstance(wanted, dict) or cast("dict[str, Any]", wanted).get("type") != "text"):
        raise Refusal(400, f"{model} answers in plain text only.", param="response_format")
    options = body.get("stream_options")
    include_usage = isinstance(options, dict) and cast("dict[str, Any]", options).get("include_usage") is True
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if limit is not None and (not isinstance(limit, int) or limit < 1):
        raise Refusal(400, "'max_tokens' must be a positive number.", param="max_tokens")
    return ChatRequest(_messages(body.get("messages")), body.get("stream") is True, include_usage, limit)


def _messages(value: object) -> list[ChatMessage]:
    if not isinstance(value, list) or not value:
        raise Refusal(400, "'messages' must be a list of at least one message.", param="messages")
    messages: list[ChatMessage] = []
    for place, item in enumerate(cast("list[object]", value)):
        where = f"messages[{place}]"
        message = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
        role = message.get("role")
        if role not in ROLES:
            raise Refusal(400, f"'{where}.role' must be one of {', '.join(ROLES)}.", param=f"{where}.role")
        messages.append(ChatMessage(role, _text(message.get("content"), f"{where}.content")))
    return messages


def _text(content: object, where: str) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise Refusal(400, f"'{where}' must be a text or a list of text parts.", param=where)
    parts: list[str] = []
    for item in cast("list[object]", content):
        part = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
        if part.get("type") != "text" or not isinstance(part.get("text"), str):
            raise Refusal(
                400, f"'{where}' may hold parts of type 'text' only: this model reads nothing else.", param=where
            )
        parts.append(part["text"])
    return "\n".join(parts)


def complete(request: ChatRequest, model: str, text: str) -> Completion:
    text, tokens, finish_reason = cut(text, request.max_tokens)
    return Completion(
        id=f"chatcmpl-{secrets.token_hex(12)}",
        created=int(time.time()),
        model=model,
        text=text,
        finish_reason=finish_reason,
        prompt_tokens=sum(count_tokens(message.text) for message in request.messages),
        completion_tokens=tokens,
    )


def count_tokens(text: str) -> int:
    return sum(1 for _ in _TOKEN.finditer(text))


def cut(text: str, limit: int | None) -> tuple[str, int, str]:
    """The text within `limit` tokens, how many it has, and `stop` or `length`."""
    count = 0
    for match in _TOKEN.finditer(text):
        if count == limit:
            return text[: match.start()], count, "length"
        count += 1
    return text, count, "stop"


def deltas(text: str) -> Iterator[str]:
    """The text in groups of a few words; together they are the text."""
    words = _WORD.findall(text)
    for start in range(0, len(words), WORDS_PER_DELTA):
        yield "".join(words[start : start + WORDS_PER_DELTA])


def whole(done: Completion) -> bytes:
    message = {"role": "assistant", "content": done.text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": done.finish_reason, "logprobs": None}
    return orjson.dumps(
        {
            "id": done.id,
            "object": "chat.completion",
            "created": done.created,
            "model": done.model,
            "choices": [choice],
            "usage": done.usage,
        }
    )


def events(done: Completion, include_usage: bool) -> Iterator[bytes]:
    """The completion as server-sent events, ending in `[DONE]`."""
    yield event(done, [choice({"role": "assistant", "content": ""})], include_usage)
    for text in deltas(done.text):
        yield event(done, [choice({"content": text})], include_usage)
    yield event(done, [choice({}, done.finish_reason)], include_usage)
    if include_usage:
        yield event(done, [], include_usage, done.usage)
    yield b"data: [DONE]\n\n"


def choice(delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def event(
    done: Completion, choices: list[dict[str, Any]], include_usage: bool, usage: dict[str, int] | None = None
) -> bytes:
    chunk: dict[str, Any] = {
        "id": done.id,
        "object": "chat.completion.chunk",
        "created": done.created,
        "model": done.model,
        "choices": choices,
    }
    if include_usage:  # then every chunk has the field, and it is null until the last
        chunk["usage"] = usage
    return b"data: " + orjson.dumps(chunk) + b"\n\n"
