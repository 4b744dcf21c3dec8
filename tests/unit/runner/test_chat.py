"""OpenAI's chat format of the engines that answer as a whole."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from inference.runner.engines.chat import ChatMessage, Completion, complete, cut, deltas, events, parse_request, whole
from inference.runner.engines.serving import Refusal

MODEL = "extractive"
ASK = {"model": MODEL, "messages": [{"role": "user", "content": "What?"}]}


def _done(text: str = "One two three, four. [1]", **changes: Any) -> Completion:
    return complete(parse_request(ASK | changes, MODEL), MODEL, text)


def test_messages_of_text_and_of_text_parts() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    messages = [
        {"role": "system", "content": "s"},
        {"role": "user", "content": parts},
        {"role": "assistant", "content": None},
    ]
    asked = parse_request(
        {"model": MODEL, "messages": messages, "stream": True, "stream_options": {"include_usage": True}}, MODEL
    )
    assert asked.messages == [ChatMessage("system", "s"), ChatMessage("user", "a\nb"), ChatMessage("assistant", "")]
    assert asked.stream
    assert asked.include_usage


@pytest.mark.parametrize(
    ("changes", "status", "param"),
    [
        ({"model": "gpt"}, 404, "model"),
        ({"messages": []}, 400, "messages"),
        ({"messages": "hello"}, 400, "messages"),
        ({"messages": ["hello"]}, 400, "messages[0].role"),
        ({"messages": [{"role": "robot", "content": "x"}]}, 400, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 3}]}, 400, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "messages[0].content"),
        ({"n": 2}, 400, "n"),
        ({"tool_choice": "required"}, 400, "tool_choice"),
        ({"response_format": {"type": "json_object"}}, 400, "response_format"),
        ({"response_format": "text"}, 400, "response_format"),
        ({"max_tokens": -1}, 400, "max_tokens"),
        ({"max_tokens": "many"}, 400, "max_tokens"),
    ],
)
def test_refusals_name_the_field(changes: dict[str, Any], status: int, param: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_request(ASK | changes, MODEL)
    assert (caught.value.status, caught.value.param) == (status, param)


@pytest.mark.parametrize("text", ["", "one", "One two\nthree  four five. [2] six", "  leading"])
def test_deltas_make_the_text(text: str) -> None:
    assert "".join(deltas(text)) == text


def test_an_answer_is_cut_where_it_was_asked_to() -> None:
    assert cut("One two, three", 3) == ("One two,", 3, "length")
    assert cut("One two, three", 4) == ("One two, three", 4, "stop")
    assert cut("One two, three", None)[2] == "stop"


def test_whole() -> None:
    answer = orjson.loads(whole(_done(max_tokens=2)))
    assert answer["object"] == "chat.completion"
    assert answer["choices"][0]["message"]["content"] == "One two"
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"] == {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4}


def _chunks(stream: list[bytes]) -> list[dict[str, Any]]:
    assert stream[-1] == b"data: [DONE]\n\n"
    return [orjson.loads(event.removeprefix(b"data: ")) for event in stream[:-1]]


def test_stream() -> None:
    chunks = _chunks(list(events(_done(), include_usage=False)))
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == "One two three, four. [1]"
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks][-2:] == [None, "stop"]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert "usage" not in chunks[0]


def test_stream_with_usage_ends_with_it() -> None:
    chunks = _chunks(list(events(_done(), include_usage=True)))
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["prompt_tokens"] == 2
    assert all(chunk["usage"] is None for chunk in chunks[:-1])
