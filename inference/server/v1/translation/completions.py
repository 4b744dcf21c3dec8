"""The legacy completions format over chat completions, for models that only chat."""

from __future__ import annotations

from typing import Any

import orjson

from inference.errors import InvalidInput, PenstockError
from inference.json_values import as_object, is_array
from inference.server.problems import openai_error
from inference.server.v1.translation.base import StreamTranslation, first_choice

# Fields that only make sense where a text is continued.
_REFUSED = ("suffix", "echo", "best_of", "logprobs")


class CompletionsTranslation:
    """One request of the legacy format: its prompt is a user's message."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked

    def request(self) -> dict[str, Any]:
        prompt = self._asked.get("prompt")
        if is_array(prompt) and len(prompt) == 1:
            prompt = prompt[0]
        if not isinstance(prompt, str) or not prompt:
            raise InvalidInput("`prompt` must be one text: this model chats.", field="prompt")
        for name in _REFUSED:
            if self._asked.get(name):
                raise InvalidInput(f"`{name}`: this model chats and continues no text.", field=name)
        beside = ("model", "prompt", "stream", "stream_options", *_REFUSED)
        kept = {name: value for name, value in self._asked.items() if name not in beside}
        return {"messages": [{"role": "user", "content": prompt}]} | kept

    def answer(self, completion: dict[str, Any], model: str) -> dict[str, Any]:
        choice = first_choice(completion)
        text = as_object(choice.get("message")).get("content") or ""
        return _frame(completion, model, text, choice) | {"usage": completion.get("usage")}

    def stream(self, model: str) -> StreamTranslation:
        return CompletionsStream(model, usage=bool(as_object(self._asked.get("stream_options")).get("include_usage")))


class CompletionsStream:
    """The events of one streamed completion."""

    def __init__(self, model: str, *, usage: bool) -> None:
        self._model, self._usage = model, usage

    def begin(self) -> bytes:
        return b""

    def feed(self, chunk: dict[str, Any]) -> bytes:
        choice = first_choice(chunk)
        out = b""
        if choice:
            text = as_object(choice.get("delta")).get("content") or ""
            if text or choice.get("finish_reason"):
                out = _data(_frame(chunk, self._model, text, choice))
        if self._usage and chunk.get("usage"):
            out += _data(_frame(chunk, self._model, "", {}) | {"choices": [], "usage": chunk["usage"]})
        return out

    def finish(self) -> bytes:
        return b"data: [DONE]\n\n"

    def fail(self, problem: PenstockError) -> bytes:
        return _data(openai_error(problem))


def _data(value: dict[str, Any]) -> bytes:
    return b"data: %s\n\n" % orjson.dumps(value)


def _frame(said: dict[str, Any], model: str, text: str, choice: dict[str, Any]) -> dict[str, Any]:
    one = {"index": 0, "text": text, "logprobs": None, "finish_reason": choice.get("finish_reason")}
    return {
        "id": str(said.get("id") or "cmpl-0"),
        "object": "text_completion",
        "created": said.get("created") or 0,
        "model": model,
        "choices": [one],
    }
