"""OpenAI's Responses format over chat completions: https://platform.openai.com/docs/api-reference/responses."""

from __future__ import annotations

import time
from typing import Any

from inference.json_values import as_array, as_object
from inference.server.v1.translation.base import StreamTranslation, call_parts, first_choice, reasoning_of
from inference.server.v1.translation.responses_items import (
    annotations_of,
    call_item,
    ended,
    message_item,
    new_id,
    reasoning_item,
    text_part,
)
from inference.server.v1.translation.responses_request import chat_request
from inference.server.v1.translation.responses_stream import ResponsesStream

# What a response says of its request; the values are what holds where the request says nothing.
_ECHOED: dict[str, Any] = {
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "reasoning": {"effort": None, "summary": None},
    "temperature": None,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": None,
    "truncation": "disabled",
    "user": None,
}


class ResponsesTranslation:
    """One request of the Responses format."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked

    def request(self) -> dict[str, Any]:
        return chat_request(self._asked)

    def answer(self, completion: dict[str, Any], model: str) -> dict[str, Any]:
        choice = first_choice(completion)
        message = as_object(choice.get("message"))
        output: list[dict[str, Any]] = []
        if thought := reasoning_of(message):
            output.append(reasoning_item(new_id("rs"), thought, "completed"))
        logprobs = as_array(as_object(choice.get("logprobs")).get("content"))
        parts: list[dict[str, Any]] = []
        if text := message.get("content"):
            parts.append(text_part(str(text), annotations_of(message), logprobs))
        if refusal := message.get("refusal"):
            parts.append({"type": "refusal", "refusal": str(refusal)})
        if parts:
            output.append(message_item(new_id("msg"), parts, "completed"))
        for _, call, name, arguments in call_parts(message):
            output.append(call_item(new_id("fc"), call or new_id("call"), name, arguments, "completed"))
        return ended(self.response(new_id("resp"), model), output, choice.get("finish_reason"), completion.get("usage"))

    def stream(self, model: str) -> StreamTranslation:
        return ResponsesStream(self.response(new_id("resp"), model))

    def response(self, name: str, model: str) -> dict[str, Any]:
        """A response of which nothing has been said yet."""
        told = {key: value if self._asked.get(key) is None else self._asked[key] for key, value in _ECHOED.items()}
        begun: dict[str, Any] = {
            "id": name,
            "object": "response",
            "created_at": int(time.time()),
            "status": "in_progress",
            "background": False,
            "error": None,
            "incomplete_details": None,
            "model": model,
            "output": [],
            "previous_response_id": None,
            "store": False,
            "usage": None,
        }
        return begun | told
