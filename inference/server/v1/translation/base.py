"""What every translation offers, and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import orjson

from inference.errors import InvalidInput, PenstockError
from inference.json_values import as_array, as_object, is_array, is_object


class StreamTranslation(Protocol):
    """Turns the chunks of a streamed chat completion into the events of another format."""

    def begin(self) -> bytes:
        """What comes before the first chunk."""
        ...

    def feed(self, chunk: dict[str, Any]) -> bytes:
        """The events of one chunk."""
        ...

    def finish(self) -> bytes:
        """What comes behind the last chunk."""
        ...

    def fail(self, problem: PenstockError) -> bytes:
        """The end of a stream that cannot go on."""
        ...


class Translation(Protocol):
    """One request in another format, and how its answer is said there."""

    def request(self) -> dict[str, Any]:
        """The chat completion to ask for, without `model`, `stream` and `stream_options`. Raises InvalidInput."""
        ...

    def answer(self, completion: dict[str, Any], model: str) -> dict[str, Any]:
        """The answer of a chat completion."""
        ...

    def stream(self, model: str) -> StreamTranslation: ...


def sse(name: str, data: dict[str, Any]) -> bytes:
    """One event whose data carries its name as `type` too."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data))


def refuse_others(given: dict[str, Any], known: Iterable[str], why: str) -> None:
    """Raises InvalidInput for a field that is neither known nor null."""
    for name, value in given.items():
        if name not in known and value is not None:
            raise InvalidInput(f"`{name}` {why}", field=name)


def objects(given: Any, field: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list with their places. Raises InvalidInput."""
    if not is_array(given):
        raise InvalidInput(f"`{field}` must be a list.", field=field)
    for index, item in enumerate(given):
        if not is_object(item):
            raise InvalidInput(f"`{field}.{index}` must be an object.", field=f"{field}.{index}")
        yield f"{field}.{index}", item


def text_field(given: dict[str, Any], name: str, where: str) -> str:
    """A text. Raises InvalidInput."""
    value = given.get(name)
    if not isinstance(value, str):
        raise InvalidInput(f"`{where}.{name}` must be a text.", field=f"{where}.{name}")
    return value


def first_choice(chunk: dict[str, Any]) -> dict[str, Any]:
    """The choice with index 0, or an empty one."""
    choices = map(as_object, as_array(chunk.get("choices")))
    return next((choice for choice in choices if choice.get("index", 0) == 0), as_object(None))


def reasoning_of(message: dict[str, Any]) -> str:
    """What a model thought before it answered: `reasoning_content` of DeepSeek and vLLM, `reasoning` of newer vLLM and
    OpenRouter."""
    said = message.get("reasoning_content") or message.get("reasoning")
    return said if isinstance(said, str) else ""


def tokens_of(usage: Any) -> tuple[int, int, int, int]:
    """Tokens in, out, in from a cache, and out for thinking."""
    told = as_object(usage)
    cached = as_object(told.get("prompt_tokens_details")).get("cached_tokens")
    thought = as_object(told.get("completion_tokens_details")).get("reasoning_tokens")
    return (
        _count(told.get("prompt_tokens")), _count(told.get("completion_tokens")), _count(cached), _count(thought)
    )  # fmt: skip


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def call_parts(delta: dict[str, Any]) -> Iterator[tuple[int, str, str, str]]:
    """Index, id, name and a piece of the arguments of each tool call in a delta or message."""
    for place, call in enumerate(map(as_object, as_array(delta.get("tool_calls")))):
        function, index = as_object(call.get("function")), call.get("index")
        arguments = function.get("arguments") or ""
        yield (
            index if isinstance(index, int) else place,
            str(call.get("id") or ""),
            str(function.get("name") or ""),
            # Some engines send the object instead of its text.
            arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode(),
        )
