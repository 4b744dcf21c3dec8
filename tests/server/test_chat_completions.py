"""OpenAI's client, unchanged, on chat completions and what is beside them, through the platform to an upstream."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from tests.server.answers import THOUGHT
from tests.server.questions import DATA_URL, HELLO, WEATHER, Weather
from tests.server.scripted import Scripted


def test_everything_asked_arrives(oai: openai.OpenAI, scripted: Scripted) -> None:
    answer = oai.chat.completions.create(
        model="openai/talk", messages=HELLO, n=2, logprobs=True, top_logprobs=2, seed=7, temperature=0.5
    )
    assert [choice.message.content for choice in answer.choices] == ["You said: Hello"] * 2
    assert answer.choices[0].logprobs
    assert answer.usage
    assert answer.usage.prompt_tokens_details
    assert answer.usage.prompt_tokens_details.cached_tokens == 64
    body = scripted.seen("talk")[-1].body
    assert (body["n"], body["logprobs"], body["top_logprobs"], body["seed"]) == (2, True, 2, 7)


def test_a_stream(oai: openai.OpenAI) -> None:
    with oai.chat.completions.create(model="openai/talk", messages=HELLO, stream=True) as stream:
        chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "You said: Hello"
    assert not [c for c in chunks if c.usage or not c.choices], "usage that nobody asked for"


def test_a_stream_with_its_usage(oai: openai.OpenAI) -> None:
    with oai.chat.completions.create(
        model="openai/talk", messages=HELLO, stream=True, stream_options={"include_usage": True}
    ) as stream:
        *_, last = list(stream)
    assert last.usage
    assert last.usage.completion_tokens == 7


def test_tools_there_and_back(oai: openai.OpenAI) -> None:
    asked = oai.chat.completions.create(model="openai/talk", messages=HELLO, tools=[WEATHER])
    (call,) = asked.choices[0].message.tool_calls or []
    assert call.type == "function"
    assert json.loads(call.function.arguments) == {"city": "Bern"}
    messages: Any = [*HELLO, asked.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "21°"}]
    answer = oai.chat.completions.create(model="openai/talk", messages=messages, tools=[WEATHER])
    assert answer.choices[0].message.content == "The tool said: 21°"


def test_structured_output(oai: openai.OpenAI) -> None:
    answer = oai.chat.completions.parse(model="openai/talk", messages=HELLO, response_format=Weather)
    assert answer.choices[0].message.parsed == Weather(city="Bern", degrees=21)


def test_thinking_is_kept_apart(oai: openai.OpenAI) -> None:
    message: Any = oai.chat.completions.create(model="openai/think", messages=HELLO).choices[0].message
    assert (message.reasoning_content, message.content) == (THOUGHT, "You said: Hello")


def test_pictures(oai: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": DATA_URL}}]
    messages: Any = [{"role": "user", "content": parts}]
    answer = oai.chat.completions.create(model="openai/talk", messages=messages)
    assert "image_url:{'url': 'data:image/png;base64,iVBOR" in (answer.choices[0].message.content or "")


def test_errors(oai: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as bad:
        oai.chat.completions.create(model="openai/bad", messages=HELLO)
    assert bad.value.param == "temperature"
    with pytest.raises(openai.RateLimitError) as limited:
        oai.chat.completions.create(model="openai/limited", messages=HELLO)
    assert limited.value.response.headers["retry-after"] == "30"
    with pytest.raises(openai.NotFoundError):
        oai.chat.completions.create(model="nobody/knows", messages=HELLO)


def test_completions_and_embeddings(oai: openai.OpenAI) -> None:
    text = oai.completions.create(model="openai/talk", prompt="On")
    assert (text.choices[0].text, text.usage and text.usage.total_tokens) == (" and on", 5)
    vectors = oai.embeddings.create(model="openai/text-embedding-x", input="x", encoding_format="float")
    assert vectors.data[0].embedding == [0.5, 0.5]


def test_completions_of_a_model_that_chats(oai: openai.OpenAI) -> None:
    answer = oai.completions.create(model="extractive", prompt="What is a heron?")
    assert answer.choices[0].text
    with oai.completions.create(model="extractive", prompt="What is a heron?", stream=True) as stream:
        assert "".join(part.choices[0].text for part in stream) == answer.choices[0].text
    with pytest.raises(openai.BadRequestError) as caught:
        oai.completions.create(model="extractive", prompt=["a", "b"])
    assert caught.value.param == "prompt"
