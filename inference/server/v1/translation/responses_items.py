"""What a response is made of: its items, their parts, and its end."""

from __future__ import annotations

from typing import Any

from uuid_utils import uuid7

from inference.errors import PenstockError
from inference.json_values import as_array, as_object
from inference.server.v1.translation.base import tokens_of

_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid7().hex}"


def reasoning_item(name: str, text: str, status: str) -> dict[str, Any]:
    content = [{"type": "reasoning_text", "text": text}] if text else []
    return {"id": name, "type": "reasoning", "summary": [], "content": content, "status": status}


def message_item(name: str, parts: list[dict[str, Any]], status: str) -> dict[str, Any]:
    return {"id": name, "type": "message", "role": "assistant", "status": status, "content": parts}


def call_item(name: str, call: str, function: str, arguments: str, status: str) -> dict[str, Any]:
    return {
        "id": name,
        "type": "function_call",
        "status": status,
        "call_id": call,
        "name": function,
        "arguments": arguments,
    }


def text_part(text: str, annotations: list[dict[str, Any]], logprobs: list[Any]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": logprobs}


def annotations_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The citations of a message or delta, flat as this format has them; what else they say stays beside."""
    return [
        {key: value for key, value in note.items() if key != "url_citation"} | as_object(note.get("url_citation"))
        for note in map(as_object, as_array(message.get("annotations")))
    ]


def usage_of(usage: Any) -> dict[str, Any]:
    given, out, cached, thought = tokens_of(usage)
    return {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens": out,
        "output_tokens_details": {"reasoning_tokens": thought},
        "total_tokens": given + out,
    }


def ended(response: dict[str, Any], output: list[dict[str, Any]], finish_reason: Any, usage: Any) -> dict[str, Any]:
    """The response as it is at its end."""
    reason = _INCOMPLETE.get(str(finish_reason))
    return response | {
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": output,
        "usage": usage_of(usage) if usage else None,
    }


def failed(response: dict[str, Any], output: list[dict[str, Any]], problem: PenstockError) -> dict[str, Any]:
    """The response that an error has ended."""
    code = "rate_limit_exceeded" if problem.status == 429 else "server_error"
    error = {"code": code, "message": problem.message}
    return response | {"status": "failed", "error": error, "output": output}
