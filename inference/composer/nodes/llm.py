"""Asks a chat model and streams what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.composer.citations import CitationFinder
from inference.composer.nodes.base import Performed, Tell
from inference.composer.scope import RunContext
from inference.composer.values import evaluate
from inference.errors import InvalidInput
from inference.functions import stream
from inference.json_values import is_array, is_object
from inference.models.toolchain import LlmNode


async def perform_llm(node: LlmNode, scope: Mapping[str, Any], run: RunContext, tell: Tell) -> Performed:
    """`{text, finish_reason, usage, citations}`. Emits `delta` for a streamed key and `citation` for every mark."""
    model = str(evaluate(node.model, scope) or run.ctx.settings.default_model)
    messages = _messages(evaluate(node.messages, scope))
    finder = CitationFinder(_numbers(evaluate(node.cite, scope)))
    tell({"model": model, "messages": messages})
    text: list[str] = []
    finish_reason: str | None = None
    usage: dict[str, int] = {}
    citations: list[dict[str, Any]] = []
    async for delta in stream(run.ctx, model, messages, temperature=node.temperature, max_tokens=node.max_tokens):
        finish_reason = delta.finish_reason or finish_reason
        usage = delta.usage or usage
        if delta.text:
            text.append(delta.text)
            if node.stream:
                run.emit("delta", {"node": node.id, "path": node.stream, "text": delta.text})
            for citation in finder.feed(delta.text):
                citations.append(citation.model_dump())
                run.emit("citation", citations[-1])
    whole = "".join(text)
    result = {"text": whole, "finish_reason": finish_reason or "stop", "usage": usage, "citations": citations}
    return Performed(result, {node.stream: whole} if node.stream else {})


def _messages(given: Any) -> list[dict[str, Any]]:
    """A list of messages; lists within it (a history) are spliced in."""
    if not is_array(given):
        raise InvalidInput("`messages` must be a list of {role, content}.", field="messages")
    flat = [message for item in given for message in (item if is_array(item) else [item])]
    for message in flat:
        if not is_object(message) or not isinstance(message.get("role"), str) or "content" not in message:
            raise InvalidInput("Each of `messages` needs a `role` and a `content`.", field="messages")
    return flat


def _numbers(sources: Any) -> list[int]:
    return [source["n"] for source in sources if is_object(source)] if is_array(sources) else []
