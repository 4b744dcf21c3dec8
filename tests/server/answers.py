"""What a scripted model answers, in the words of OpenAI's protocol."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

THOUGHT = "They greet me. I greet back."
Body = dict[str, Any]


def said(body: Body) -> str:
    """What the model answers: what the last message says, or what of it is to be seen."""
    last = body["messages"][-1]
    content = last["content"]
    if body.get("response_format", {}).get("type") == "json_schema":
        return '{"city":"Bern","degrees":21}'
    if last["role"] == "tool":
        return f"The tool said: {content}"
    if isinstance(content, list):
        parts: list[Any] = content  # pyright: ignore[reportUnknownVariableType] - JSON
        return ", ".join(f"{part['type']}:{str(part.get(part['type']))[:60]}" for part in parts)
    return f"You said: {content}"


def calls_of(body: Body) -> list[Body]:
    """Calls of all tools that are offered, unless one has answered."""
    if not body.get("tools") or body["messages"][-1]["role"] == "tool":
        return []
    names = [tool["function"]["name"] for tool in body["tools"]]
    arguments = '{"city": "Bern"}'
    return [
        {"id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for at, name in enumerate(names)
    ]


def usage_of(body: Body) -> Body:
    given, written = 100 + len(json.dumps(body["messages"])) // 4, 7
    return {
        "prompt_tokens": given,
        "completion_tokens": written,
        "total_tokens": given + written,
        "prompt_tokens_details": {"cached_tokens": 64},
        "completion_tokens_details": {"reasoning_tokens": 3 if body["model"] == "think" else 0},
    }


def frame(body: Body, choices: list[Body], kind: str = "chat.completion.chunk") -> Body:
    return {"id": "up-1", "object": kind, "created": 1, "model": body["model"], "choices": choices}


def chunk(body: Body, delta: Body, finish_reason: str | None = None, **more: Any) -> Body:
    return frame(body, [{"index": 0, "delta": delta, "finish_reason": finish_reason} | more])


def logprobs(body: Body, text: str) -> Body | None:
    if not body.get("logprobs"):
        return None
    return {"content": [{"token": text, "logprob": -0.5, "bytes": None, "top_logprobs": []}], "refusal": None}


def reason_of(body: Body) -> str:
    if calls_of(body):
        return "tool_calls"
    return "length" if body.get("max_tokens") == 1 else "stop"


def whole(body: Body) -> Body:
    calls = calls_of(body)
    message: Body = {"role": "assistant", "content": None if calls else said(body)}
    if calls:
        message["tool_calls"] = calls
    if body["model"] == "think":
        message["reasoning_content"] = THOUGHT
    choices = [
        {"index": at, "message": message, "finish_reason": reason_of(body), "logprobs": logprobs(body, said(body))}
        for at in range(body.get("n", 1))
    ]
    return frame(body, choices, "chat.completion") | {"usage": usage_of(body)}


def chunks(body: Body) -> Generator[Body]:
    yield chunk(body, {"role": "assistant", "content": ""})
    if body["model"] == "think":
        for piece in (THOUGHT[:10], THOUGHT[10:]):
            yield chunk(body, {"reasoning_content": piece})
    calls = calls_of(body)
    for at, call in enumerate(calls):
        function = call["function"]
        begun = {"index": at, "id": call["id"], "type": "function"}
        yield chunk(body, {"tool_calls": [begun | {"function": {"name": function["name"], "arguments": ""}}]})
        for piece in (function["arguments"][:5], function["arguments"][5:]):
            yield chunk(body, {"tool_calls": [{"index": at, "function": {"arguments": piece}}]})
    text = "" if calls else said(body)
    for piece in (text[:4], text[4:]):
        if piece:
            yield chunk(body, {"content": piece}, logprobs=logprobs(body, piece))
    yield chunk(body, {}, reason_of(body))
