"""Asks a chat model and streams what it says."""

from __future__ import annotations

from typing import Any

from inference.composer.nodes.base import Step
from inference.composer.nodes.chat import Chat, Voice, messages_of, numbers_of, total
from inference.composer.nodes.shape import Fitted, fit, mending, unfit
from inference.composer.nodes.tools import arguments_of, offered_tools
from inference.errors import InvalidInput, LimitReached
from inference.functions import Answer
from inference.models.toolchain import LlmNode


async def perform_llm(node: LlmNode, step: Step) -> dict[str, Any]:
    """`{text, data, tool_calls, finish_reason, usage, citations}`.

    `data` is what fits `answer_schema`, None without one or when tools are asked for. `tool_calls` are
    `{id, name, arguments}`: an object with the tool's fixed fields, or the text where the model wrote none. `usage` is
    of all tries together. The text streams as it comes; with a schema once it fits. Raises InvalidInput for an answer
    that never fits, LimitReached for one that does not end, and what `inference.functions.stream` raises.
    """
    chat = Chat(node, step)
    messages = messages_of(node, step)
    tools = await offered_tools(node.tools, step)
    voice = Voice(step, node.stream, numbers_of(step.evaluate(node.cite)))
    told = {"model": chat.model, "messages": messages}
    step.tell(told | {"tools": list(tools)} if tools else told)
    messages = chat.opening(messages)
    offer = [tool.definition for tool in tools.values()]
    hear = voice.say if chat.schema is None else None
    answer = await chat.ask(messages, offer, hear)
    usage, fitted = answer.usage, _fitted(answer, chat.schema)
    for _ in range(node.repairs):
        if not fitted.faults:
            break
        messages = [*messages, *mending(answer.text, fitted.faults)]
        answer = await chat.ask(messages)
        usage, fitted = total(usage, answer.usage), _fitted(answer, chat.schema)
    if fitted.faults:
        raise unfit(fitted.faults, node.repairs)
    voice.finish(answer.text)
    calls: list[dict[str, Any]] = []
    for call in answer.tool_calls:
        tool = tools.get(call.name)
        try:
            arguments = arguments_of(call.arguments) | (tool.fixed if tool else {})
        except InvalidInput:
            arguments = call.arguments
        calls.append({"id": call.id, "name": call.name, "arguments": arguments})
    return {
        "text": answer.text,
        "data": fitted.data,
        "tool_calls": calls,
        "finish_reason": answer.finish_reason,
        "usage": usage,
        "citations": voice.citations,
    }


def _fitted(answer: Answer, schema: dict[str, Any] | None) -> Fitted:
    if answer.too_many:
        raise LimitReached(f"The model asked for more than {len(answer.tool_calls)} tool calls at once.")
    return Fitted() if schema is None or answer.tool_calls else fit(answer.text, schema)
