"""A request in Anthropic's Messages format as a chat completion's. Pure."""

from __future__ import annotations

from typing import Any

import orjson

from inference.errors import InvalidInput
from inference.json_values import as_object, is_array, is_object
from inference.server.v1.translation.base import objects, refuse_others, text_field

_KNOWN = frozenset((
    "model", "messages", "max_tokens", "system", "stream", "stop_sequences", "temperature", "top_p", "top_k", "tools",
    "tool_choice", "thinking", "metadata", "service_tier",
))  # fmt: skip
_ROLES = ("user", "assistant")
# Tokens of a thinking budget up to which an effort is asked for.
_EFFORTS = ((2048, "low"), (8192, "medium"))
Message = dict[str, Any]


def chat_request(asked: dict[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput, naming the field."""
    refuse_others(asked, _KNOWN, "is not taken here.")
    limit = asked.get("max_tokens")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise InvalidInput("`max_tokens` must be a positive number.", field="max_tokens")
    request: dict[str, Any] = {"messages": chat_messages(asked), "max_tokens": limit}
    for name, there in (("temperature", "temperature"), ("top_p", "top_p"), ("top_k", "top_k")):
        if asked.get(name) is not None:
            request[there] = asked[name]
    if asked.get("stop_sequences"):
        request["stop"] = asked["stop_sequences"]
    if user := as_object(asked.get("metadata")).get("user_id"):
        request["user"] = user
    return request | _thinking(asked.get("thinking")) | _tools(asked)


def chat_messages(asked: dict[str, Any]) -> list[Message]:
    """`system` and `messages` as those of a chat completion. Raises InvalidInput."""
    messages: list[Message] = []
    if asked.get("system") is not None:
        messages.append({"role": "system", "content": _system(asked["system"])})
    turns = list(objects(asked.get("messages"), "messages"))
    if not turns:
        raise InvalidInput("`messages` must have at least one message.", field="messages")
    for where, turn in turns:
        if turn.get("role") not in _ROLES:
            raise InvalidInput(f"`{where}.role` must be user or assistant.", field=f"{where}.role")
        content = turn.get("content")
        blocks = [(where, {"type": "text", "text": content})] if isinstance(content, str) else None
        blocks = blocks if blocks is not None else list(objects(content, f"{where}.content"))
        messages += _assistant(blocks) if turn["role"] == "assistant" else _user(blocks)
    return messages


def _system(given: Any) -> str:
    if isinstance(given, str):
        return given
    texts: list[str] = []
    for where, block in objects(given, "system"):
        if block.get("type") != "text":
            raise InvalidInput(f"`{where}` must be a block of text.", field=where)
        texts.append(text_field(block, "text", where))
    return "\n\n".join(texts)


def _assistant(blocks: list[tuple[str, dict[str, Any]]]) -> list[Message]:
    texts: list[str] = []
    thoughts: list[str] = []
    calls: list[dict[str, Any]] = []
    for where, block in blocks:
        match block.get("type"):
            case "text":
                texts.append(text_field(block, "text", where))
            case "thinking":
                thoughts.append(text_field(block, "thinking", where))
            case "redacted_thinking":
                pass  # readable by Anthropic alone, which is not who answers here
            case "tool_use":
                arguments = orjson.dumps(as_object(block.get("input"))).decode()
                function = {"name": text_field(block, "name", where), "arguments": arguments}
                calls.append({"id": text_field(block, "id", where), "type": "function", "function": function})
            case other:
                raise _unknown(where, other)
    message: Message = {"role": "assistant", "content": "".join(texts) if texts or not calls else None}
    if thoughts:
        message["reasoning_content"] = "\n".join(thoughts)
    if calls:
        message["tool_calls"] = calls
    return [message]


def _user(blocks: list[tuple[str, dict[str, Any]]]) -> list[Message]:
    """Results of tools are messages of their own, and come before what the user says beside them."""
    results: list[Message] = []
    parts: list[dict[str, Any]] = []
    for where, block in blocks:
        if block.get("type") == "tool_result":
            result, beside = _tool_result(where, block)
            results.append(result)
            parts += beside
        else:
            parts.append(_part(where, block))
    if not parts:
        return results
    plain = all(part["type"] == "text" for part in parts) and len(parts) == 1
    return [*results, {"role": "user", "content": parts[0]["text"] if plain else parts}]


def _tool_result(where: str, block: dict[str, Any]) -> tuple[Message, list[dict[str, Any]]]:
    """The message, and the pictures of the result, which a tool's message cannot hold."""
    content = block.get("content", "")
    beside: list[dict[str, Any]] = []
    if is_array(content):
        parts = [_part(place, inner) for place, inner in objects(content, f"{where}.content")]
        beside = [part for part in parts if part["type"] != "text"]
        content = "\n".join(part["text"] for part in parts if part["type"] == "text")
    elif not isinstance(content, str):
        raise InvalidInput(f"`{where}.content` must be a text or a list of blocks.", field=f"{where}.content")
    if block.get("is_error"):
        content = f"Error: {content}"
    return {"role": "tool", "tool_call_id": text_field(block, "tool_use_id", where), "content": content}, beside


def _part(where: str, block: dict[str, Any]) -> dict[str, Any]:
    kind, source = block.get("type"), as_object(block.get("source"))
    if kind == "text":
        return {"type": "text", "text": text_field(block, "text", where)}
    if kind == "image":
        return {"type": "image_url", "image_url": {"url": _url(f"{where}.source", source)}}
    if kind == "document" and source.get("type") == "text":
        return {"type": "text", "text": text_field(source, "data", f"{where}.source")}
    if kind == "document" and source.get("type") == "base64":
        name = str(block.get("title") or "document.pdf")
        return {"type": "file", "file": {"filename": name, "file_data": _url(f"{where}.source", source)}}
    raise _unknown(where, kind)


def _url(where: str, source: dict[str, Any]) -> str:
    if source.get("type") == "base64":
        return f"data:{text_field(source, 'media_type', where)};base64,{text_field(source, 'data', where)}"
    if source.get("type") == "url":
        return text_field(source, "url", where)
    raise InvalidInput(f"`{where}.type` must be base64 or url: files are not kept here.", field=f"{where}.type")


def _unknown(where: str, kind: Any) -> InvalidInput:
    return InvalidInput(f"`{where}.type`: a block {str(kind)[:60]!r} is not taken here.", field=f"{where}.type")


def _thinking(given: Any) -> dict[str, Any]:
    if given is None or as_object(given).get("type") == "disabled":
        return {}
    if not is_object(given) or given.get("type") not in ("enabled", "adaptive"):
        raise InvalidInput("`thinking.type` must be enabled, adaptive or disabled.", field="thinking.type")
    budget = given.get("budget_tokens")
    if not isinstance(budget, int):
        return {"reasoning_effort": "medium"}
    return {"reasoning_effort": next((effort for most, effort in _EFFORTS if budget <= most), "high")}


def _tools(asked: dict[str, Any]) -> dict[str, Any]:
    if not asked.get("tools"):
        return {}
    tools: list[dict[str, Any]] = []
    for where, tool in objects(asked["tools"], "tools"):
        if tool.get("type") not in (None, "custom"):
            raise InvalidInput(
                f"`{where}.type`: {str(tool['type'])[:60]!r} is a tool of Anthropic's own servers.",
                field=f"{where}.type",
            )
        function = {"name": text_field(tool, "name", where), "parameters": as_object(tool.get("input_schema"))}
        if isinstance(tool.get("description"), str):
            function["description"] = tool["description"]
        tools.append({"type": "function", "function": function})
    return {"tools": tools} | _choice(asked.get("tool_choice"))


def _choice(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    choice = as_object(given)
    match choice.get("type"):
        case "auto":
            said: Any = "auto"
        case "any":
            said = "required"
        case "none":
            said = "none"
        case "tool":
            said = {"type": "function", "function": {"name": text_field(choice, "name", "tool_choice")}}
        case _:
            raise InvalidInput("`tool_choice.type` must be auto, any, tool or none.", field="tool_choice.type")
    alone = {"parallel_tool_calls": False} if choice.get("disable_parallel_tool_use") else {}
    return {"tool_choice": said} | alone
