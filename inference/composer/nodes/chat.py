"""What the nodes share that ask a chat model: the messages, the asking, and where the text goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inference.composer.citations import CitationFinder
from inference.composer.nodes.base import Step
from inference.composer.nodes.shape import response_format, with_schema
from inference.composer.operators import as_text
from inference.composer.values import mark_of
from inference.errors import InvalidInput
from inference.functions import Answer, collect, stream
from inference.json_values import is_array, is_object
from inference.models.toolchain import ChatBase

# The fields of a message that the OpenAI protocol knows: what else a history keeps, providers refuse.
_WIRE_FIELDS = ("role", "content", "name", "tool_calls", "tool_call_id")
# Marks are looked for in so much of an answer, and so many are told: a text of nothing but marks floods nobody.
_CITED_CHARACTERS = 256_000
_MOST_CITATIONS = 1000


class Chat:
    """A node's model, asked as the node says."""

    def __init__(self, node: ChatBase, step: Step) -> None:
        self.model = str(step.evaluate(node.model) or step.run.ctx.settings.default_model)
        self.schema = _schema_of(node, step)
        self._ctx = step.run.ctx
        self._options = {"temperature": node.temperature, "max_tokens": node.max_tokens}
        self._takes_format = True

    def opening(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The messages to begin with: the node's own, and what the answer has to fit."""
        return messages if self.schema is None else with_schema(messages, self.schema)

    async def ask(
        self,
        messages: list[dict[str, Any]],
        tools: list[dict[str, Any]] | None = None,
        hear: Callable[[str], None] | None = None,
    ) -> Answer:
        """One answer; `hear` is told its text as it comes. Raises what `stream` and `collect` do.

        With tools no format is asked for: engines that hold a model to a format keep it from calling any.
        """
        options: dict[str, Any] = self._options | {"tools": tools or None}
        if self.schema is not None and not tools and self._takes_format:
            shaped = options | {"response_format": response_format(self.schema)}
            try:
                return await collect(stream(self._ctx, self.model, messages, **shaped), hear)
            except InvalidInput:
                # An engine that knows no such format: the system message says the schema too.
                self._takes_format = False
        return await collect(stream(self._ctx, self.model, messages, **options), hear)


def _schema_of(node: ChatBase, step: Step) -> dict[str, Any] | None:
    """The node's own schema, or the one that it refers to. Raises InvalidInput when there is none."""
    if mark_of(node.answer_schema) not in ("ref", "expr"):
        return node.answer_schema
    schema = step.evaluate(node.answer_schema)
    if not is_object(schema):
        raise InvalidInput("`answer_schema` refers to what is no JSON Schema: an object.", field="answer_schema")
    return schema


class Voice:
    """Takes an answer's text to the node's state path and finds its citations of the sources with these `numbers`."""

    def __init__(self, step: Step, path: str | None, numbers: list[int]) -> None:
        self._step, self._path = step, path
        self._finder = CitationFinder(numbers) if numbers else None
        self._held: list[str] = []
        self._said = 0
        self.citations: list[dict[str, Any]] = []

    def say(self, text: str) -> None:
        """The next piece of the text."""
        if not text:
            return
        if self._path:
            self._step.write_text(self._path, text)
        self._cite(text)
        self._said += len(text)

    def finish(self, whole: str) -> None:
        """What of the whole text has not been said yet."""
        self.say(whole[self._said :])

    def _cite(self, text: str) -> None:
        if self._finder is None or self._said > _CITED_CHARACTERS:
            return
        self._held.append(text)
        if "]" not in text:
            return
        for citation in self._finder.feed("".join(self._held)):
            if len(self.citations) < _MOST_CITATIONS:
                self.citations.append(citation.model_dump())
                self._step.run.emit("citation", self.citations[-1])
        self._held = []


def messages_of(node: ChatBase, step: Step) -> list[dict[str, Any]]:
    """The node's messages, nested lists spliced in, and after them its prompt. Raises InvalidInput."""
    messages = _flat(step.evaluate(node.messages)) if node.messages is not None else []
    if node.prompt is not None:
        messages.append({"role": "user", "content": as_text(step.evaluate(node.prompt))})
    if not messages:
        raise InvalidInput("There is nothing to ask: give `prompt` or `messages`.", field="prompt")
    return messages


def _flat(given: Any) -> list[dict[str, Any]]:
    if not is_array(given):
        raise InvalidInput("`messages` must be a list of {role, content}.", field="messages")
    flat = [message for item in given for message in (item if is_array(item) else [item])]
    return [_message(message) for message in flat]


def _message(given: Any) -> dict[str, Any]:
    if not is_object(given) or not isinstance(given.get("role"), str) or not given.keys() & {"content", "tool_calls"}:
        raise InvalidInput("Each of `messages` needs a `role` and a `content`.", field="messages")
    message = {name: given[name] for name in _WIRE_FIELDS if name in given}
    content = message.get("content")
    # A text, parts of images and text, or nothing beside tool calls; any other value is meant as text.
    return message if content is None or isinstance(content, list) else message | {"content": as_text(content)}


def numbers_of(sources: Any) -> list[int]:
    """The numbers that a text may cite."""
    listed = sources if is_array(sources) else []
    return [source["n"] for source in listed if is_object(source) and isinstance(source.get("n"), int)]


def total(usage: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    """The tokens of both."""
    return {name: usage.get(name, 0) + more.get(name, 0) for name in usage | more}
