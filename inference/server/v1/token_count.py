"""How many tokens a request in Anthropic's format has, roughly: every model cuts texts in its own way."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from inference.json_values import as_array, as_object
from inference.runner import token_counter
from inference.server.v1.translation.messages_request import chat_messages

# Tokens of a picture that is not looked at: 1.15 megapixels at 750 pixels a token (Anthropic's vision guide).
_PICTURE = 1533
# What a message costs beside its text, as OpenAI's cookbook counts it.
_AROUND = 4


async def count_tokens(asked: dict[str, Any]) -> dict[str, int]:
    """Anthropic's `{"input_tokens": …}`, by the built-in tokenizer. Raises InvalidInput."""
    messages = chat_messages(asked)
    texts = [text for message in messages for text in _texts(message)]
    texts += [orjson.dumps(tool).decode() for tool in as_array(asked.get("tools"))]
    pictures = sum(
        part.get("type") != "text" for message in messages for part in map(as_object, as_array(message.get("content")))
    )
    counter = token_counter()
    counted = await asyncio.to_thread(lambda: sum(counter.count(text) for text in texts))
    return {"input_tokens": counted + _AROUND * len(messages) + _PICTURE * pictures}


def _texts(message: dict[str, Any]) -> list[str]:
    content = message.get("content")
    parts = [content] if isinstance(content, str) else [as_object(p).get("text") for p in as_array(content)]
    calls = [as_object(as_object(call).get("function")) for call in as_array(message.get("tool_calls"))]
    said = [*parts, *(text for call in calls for text in (call.get("name"), call.get("arguments")))]
    return [text for text in said if isinstance(text, str)]
