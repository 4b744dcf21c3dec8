"""Anthropic's client, unchanged, through the platform to an upstream that speaks as OpenAI's does."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest

from tests.platform import Platform
from tests.server.answers import THOUGHT
from tests.server.questions import DATA_URL, HELLO, PARAMETERS, PIXEL
from tests.server.scripted import Scripted


def test_whole(claude: anthropic.Anthropic, scripted: Scripted) -> None:
    answer = claude.messages.create(
        model="openai/talk", max_tokens=50, system="Be kind", messages=HELLO, stop_sequences=["END"],
        extra_body={"top_k": 5},
    )  # fmt: skip
    assert [(block.type, getattr(block, "text", "")) for block in answer.content] == [("text", "You said: Hello")]
    assert (answer.stop_reason, answer.role) == ("end_turn", "assistant")
    assert answer.usage.cache_read_input_tokens == 64
    body = scripted.seen("talk")[-1].body
    assert body["messages"][0] == {"role": "system", "content": "Be kind"}
    assert (body["max_tokens"], body["stop"], body["top_k"]) == (50, ["END"], 5)


def test_a_stream_with_thinking_apart(claude: anthropic.Anthropic) -> None:
    with claude.messages.stream(model="openai/think", max_tokens=50, messages=HELLO) as stream:
        names = [event.type for event in stream]
        final = stream.get_final_message()
    assert names[0] == "message_start"
    assert names[-1] == "message_stop"
    thinking, text = final.content
    assert thinking.type == "thinking"
    assert text.type == "text"
    assert (thinking.thinking, text.text) == (THOUGHT, "You said: Hello")
    assert (final.usage.output_tokens, final.usage.cache_read_input_tokens) == (7, 64)


@pytest.mark.parametrize("streamed", [False, True])
def test_tools_there_and_back(claude: anthropic.Anthropic, scripted: Scripted, *, streamed: bool) -> None:
    tools: Any = [{"name": name, "description": "d", "input_schema": PARAMETERS} for name in ("weather", "sunset")]
    if streamed:
        with claude.messages.stream(model="openai/talk", max_tokens=50, messages=HELLO, tools=tools) as stream:
            asked: Any = stream.get_final_message()
    else:
        asked = claude.messages.create(model="openai/talk", max_tokens=50, messages=HELLO, tools=tools)
    assert asked.stop_reason == "tool_use"
    assert [(b.name, b.input) for b in asked.content] == [
        ("weather", {"city": "Bern"}), ("sunset", {"city": "Bern"}),
    ]  # fmt: skip
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    results = [
        {"type": "tool_result", "tool_use_id": asked.content[0].id, "content": [picture]},
        {"type": "tool_result", "tool_use_id": asked.content[1].id, "content": "21°", "is_error": True},
    ]
    messages: Any = [
        *HELLO, {"role": "assistant", "content": asked.content}, {"role": "user", "content": results},
    ]  # fmt: skip
    claude.messages.create(
        model="openai/talk", max_tokens=50, messages=messages, tools=tools, tool_choice={"type": "any"}
    )
    body = scripted.seen("talk")[-1].body
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "tool", "tool", "user"]
    assert body["messages"][3] == {"role": "tool", "tool_call_id": asked.content[1].id, "content": "Error: 21°"}
    assert body["messages"][4]["content"][0]["image_url"]["url"] == DATA_URL
    assert body["tool_choice"] == "required"


def test_pictures_and_documents(claude: anthropic.Anthropic) -> None:
    blocks: Any = [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "A letter."}},
    ]
    answer: Any = claude.messages.create(
        model="openai/talk", max_tokens=50, messages=[{"role": "user", "content": blocks}]
    )
    assert "image_url:{'url': 'data:image/png" in answer.content[0].text
    assert "text:A letter." in answer.content[0].text


def test_tokens_are_counted(claude: anthropic.Anthropic) -> None:
    few = claude.messages.count_tokens(model="openai/talk", messages=HELLO).input_tokens
    many: Any = [{"role": "user", "content": "heron " * 100}]
    assert 1 <= few < 100 < claude.messages.count_tokens(model="openai/talk", messages=many).input_tokens


def test_errors(claude: anthropic.Anthropic, models: Platform) -> None:
    with pytest.raises(anthropic.NotFoundError) as missing:
        claude.messages.create(model="claude-none", max_tokens=5, messages=HELLO)
    body: Any = missing.value.body
    assert (body["type"], body["error"]["type"]) == ("error", "not_found_error")
    assert body["request_id"] == missing.value.response.headers["x-request-id"]
    with pytest.raises(anthropic.BadRequestError):
        claude.messages.create(model="openai/bad", max_tokens=5, messages=HELLO)
    with pytest.raises(anthropic.RateLimitError):
        claude.messages.create(model="openai/limited", max_tokens=5, messages=HELLO)
    tool: Any = {"type": "web_search_20250305", "name": "web_search"}
    with pytest.raises(anthropic.BadRequestError):
        claude.messages.create(model="openai/talk", max_tokens=5, messages=HELLO, tools=[tool])
    with (
        anthropic.Anthropic(base_url=models.url, api_key="sk-wrong", max_retries=0) as stranger,
        pytest.raises(anthropic.AuthenticationError),
    ):
        stranger.messages.create(model="openai/talk", max_tokens=5, messages=HELLO)


def test_a_stream_that_dies(claude: anthropic.Anthropic) -> None:
    with (
        pytest.raises(anthropic.APIError, match="in the middle"),
        claude.messages.stream(model="openai/dying", max_tokens=5, messages=HELLO) as stream,
    ):
        list(stream)


@pytest.mark.parametrize("model", ["extractive", "toolchain/chat"])
def test_models_of_our_own(claude: anthropic.Anthropic, model: str) -> None:
    question: Any = [{"role": "user", "content": "What is a heron?"}]
    answer: Any = claude.messages.create(model=model, max_tokens=500, messages=question)
    with claude.messages.stream(model=model, max_tokens=500, messages=question) as stream:
        assert stream.get_final_text() == answer.content[0].text
