"""The clients that people have, unchanged: one suite of calls by openai, anthropic and LangChain's ChatOpenAI, through
the platform to an upstream of its own process."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import anthropic
import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

from tests.platform import Platform
from tests.server.answers import THOUGHT
from tests.server.scripted import Scripted

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
DATA_URL = f"data:image/png;base64,{PIXEL}"
PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER: Any = {"type": "function", "function": {"name": "weather", "description": "d", "parameters": PARAMETERS}}
HELLO: Any = [{"role": "user", "content": "Hello"}]


class Weather(BaseModel):
    """The weather somewhere."""

    city: str
    degrees: int


@pytest.fixture(scope="module")
def oai(models: Platform) -> Generator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{models.url}/v1", api_key=models.key, max_retries=0, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def claude(models: Platform) -> Generator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=models.url, api_key=models.key, max_retries=0, timeout=30) as client:
        yield client


def chain(models: Platform, model: str, **more: Any) -> Any:
    """LangChain's client; its types are half unknown."""
    return ChatOpenAI(
        base_url=f"{models.url}/v1", api_key=SecretStr(models.key), model=model, max_retries=0, timeout=30, **more
    )


class TestChatCompletions:
    def test_everything_asked_arrives(self, oai: openai.OpenAI, scripted: Scripted) -> None:
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

    def test_a_stream(self, oai: openai.OpenAI) -> None:
        with oai.chat.completions.create(model="openai/talk", messages=HELLO, stream=True) as stream:
            chunks = list(stream)
        assert "".join(c.choices[0].delta.content or "" for c in chunks) == "You said: Hello"
        assert not [c for c in chunks if c.usage or not c.choices], "usage that nobody asked for"

    def test_a_stream_with_its_usage(self, oai: openai.OpenAI) -> None:
        with oai.chat.completions.create(
            model="openai/talk", messages=HELLO, stream=True, stream_options={"include_usage": True}
        ) as stream:
            *_, last = list(stream)
        assert last.usage
        assert last.usage.completion_tokens == 7

    def test_tools_there_and_back(self, oai: openai.OpenAI) -> None:
        asked = oai.chat.completions.create(model="openai/talk", messages=HELLO, tools=[WEATHER])
        (call,) = asked.choices[0].message.tool_calls or []
        assert call.type == "function"
        assert json.loads(call.function.arguments) == {"city": "Bern"}
        messages: Any = [*HELLO, asked.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "21°"}]
        answer = oai.chat.completions.create(model="openai/talk", messages=messages, tools=[WEATHER])
        assert answer.choices[0].message.content == "The tool said: 21°"

    def test_structured_output(self, oai: openai.OpenAI) -> None:
        answer = oai.chat.completions.parse(model="openai/talk", messages=HELLO, response_format=Weather)
        assert answer.choices[0].message.parsed == Weather(city="Bern", degrees=21)

    def test_thinking_is_kept_apart(self, oai: openai.OpenAI) -> None:
        message: Any = oai.chat.completions.create(model="openai/think", messages=HELLO).choices[0].message
        assert (message.reasoning_content, message.content) == (THOUGHT, "You said: Hello")

    def test_pictures(self, oai: openai.OpenAI) -> None:
        parts = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": DATA_URL}}]
        messages: Any = [{"role": "user", "content": parts}]
        answer = oai.chat.completions.create(model="openai/talk", messages=messages)
        assert "image_url:{'url': 'data:image/png;base64,iVBOR" in (answer.choices[0].message.content or "")

    def test_errors(self, oai: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as bad:
            oai.chat.completions.create(model="openai/bad", messages=HELLO)
        assert bad.value.param == "temperature"
        with pytest.raises(openai.RateLimitError) as limited:
            oai.chat.completions.create(model="openai/limited", messages=HELLO)
        assert limited.value.response.headers["retry-after"] == "30"
        with pytest.raises(openai.NotFoundError):
            oai.chat.completions.create(model="nobody/knows", messages=HELLO)

    def test_completions_and_embeddings(self, oai: openai.OpenAI) -> None:
        text = oai.completions.create(model="openai/talk", prompt="On")
        assert (text.choices[0].text, text.usage and text.usage.total_tokens) == (" and on", 5)
        vectors = oai.embeddings.create(model="openai/text-embedding-x", input="x", encoding_format="float")
        assert vectors.data[0].embedding == [0.5, 0.5]

    def test_completions_of_a_model_that_chats(self, oai: openai.OpenAI) -> None:
        answer = oai.completions.create(model="extractive", prompt="What is a heron?")
        assert answer.choices[0].text
        with oai.completions.create(model="extractive", prompt="What is a heron?", stream=True) as stream:
            assert "".join(part.choices[0].text for part in stream) == answer.choices[0].text
        with pytest.raises(openai.BadRequestError) as caught:
            oai.completions.create(model="extractive", prompt=["a", "b"])
        assert caught.value.param == "prompt"


class TestResponses:
    def test_whole(self, oai: openai.OpenAI, scripted: Scripted) -> None:
        create: Any = oai.responses.create
        answer = create(model="openai/talk", input="Hello", instructions="Be kind", max_output_tokens=50)
        assert (answer.output_text, answer.status, answer.store) == ("You said: Hello", "completed", False)
        assert answer.usage
        assert answer.usage.input_tokens_details.cached_tokens == 64
        body = scripted.seen("talk")[-1].body
        assert body["messages"][0] == {"role": "system", "content": "Be kind"}
        assert body["max_tokens"] == 50

    def test_a_stream(self, oai: openai.OpenAI) -> None:
        with oai.responses.stream(model="openai/think", input="Hello") as stream:
            events = list(stream)
            final = stream.get_final_response()
        numbers = [event.sequence_number for event in events if hasattr(event, "sequence_number")]
        assert numbers == list(range(len(numbers)))
        assert [event.type for event in events][:2] == ["response.created", "response.in_progress"]
        assert events[-1].type == "response.completed"
        thought = "".join(event.delta for event in events if event.type == "response.reasoning_text.delta")
        assert (thought, final.output_text) == (THOUGHT, "You said: Hello")
        assert [item.type for item in final.output] == ["reasoning", "message"]
        assert final.usage
        assert final.usage.output_tokens_details.reasoning_tokens == 3

    @pytest.mark.parametrize("streamed", [False, True])
    def test_tools_there_and_back(self, oai: openai.OpenAI, *, streamed: bool) -> None:
        tool: Any = {"type": "function", "name": "weather", "parameters": PARAMETERS, "strict": True}
        again: Any = tool | {"name": "sunset"}
        if streamed:
            with oai.responses.stream(model="openai/talk", input="Hello", tools=[tool, again]) as stream:
                for _ in stream:
                    pass
                answer: Any = stream.get_final_response()
        else:
            answer = oai.responses.create(model="openai/talk", input="Hello", tools=[tool, again])
        calls = [item for item in answer.output if item.type == "function_call"]
        assert [(call.name, json.loads(call.arguments)) for call in calls] == [
            ("weather", {"city": "Bern"}), ("sunset", {"city": "Bern"}),
        ]  # fmt: skip
        given: Any = [
            {"role": "user", "content": "Hello"},
            *({"type": "function_call", "call_id": c.call_id, "name": c.name, "arguments": c.arguments} for c in calls),
            *({"type": "function_call_output", "call_id": c.call_id, "output": "21°"} for c in calls),
        ]
        done = oai.responses.create(model="openai/talk", input=given, tools=[tool])
        assert done.output_text == "The tool said: 21°"

    def test_structured_output(self, oai: openai.OpenAI) -> None:
        answer = oai.responses.parse(model="openai/talk", input="Hello", text_format=Weather)
        assert answer.output_parsed == Weather(city="Bern", degrees=21)

    def test_pictures(self, oai: openai.OpenAI) -> None:
        parts = [{"type": "input_text", "text": "?"}, {"type": "input_image", "image_url": DATA_URL, "detail": "auto"}]
        given: Any = [{"role": "user", "content": parts}]
        assert "image_url:{'url': 'data:image" in oai.responses.create(model="openai/talk", input=given).output_text

    def test_an_answer_that_was_cut(self, oai: openai.OpenAI) -> None:
        answer = oai.responses.create(model="openai/talk", input="Hello", max_output_tokens=1)
        assert answer.status == "incomplete"
        assert answer.incomplete_details
        assert answer.incomplete_details.reason == "max_output_tokens"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("previous_response_id", "resp_1"), ("store", True), ("background", True), ("conversation", "conv_1"),
            ("tools", [{"type": "web_search"}]), ("truncation", "auto"), ("nonsense", 1),
            ("input", [{"type": "item_reference", "id": "msg_1"}]), ("input", []), ("input", 5),
            ("input", [{"role": "user", "content": [{"type": "input_image", "file_id": "file_1"}]}]),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_by_its_name(self, oai: openai.OpenAI, field: str, value: Any) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            oai.responses.create(model="openai/talk", input="Hello", extra_body={field: value})
        assert (caught.value.param or "").startswith(field)

    def test_errors(self, oai: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as bad:
            oai.responses.create(model="openai/bad", input="Hello")
        assert bad.value.param == "temperature"
        with pytest.raises(openai.RateLimitError):
            oai.responses.create(model="openai/limited", input="Hello")
        events = list(oai.responses.create(model="openai/dying", input="Hello", stream=True))
        assert events[-1].type == "response.failed"
        assert events[-1].response.error
        assert "in the middle" in events[-1].response.error.message

    @pytest.mark.parametrize("model", ["extractive", "toolchain/chat"])
    def test_models_of_our_own(self, oai: openai.OpenAI, model: str) -> None:
        answer = oai.responses.create(model=model, input="What is a heron?")
        with oai.responses.stream(model=model, input="What is a heron?") as stream:
            for _ in stream:
                pass
            assert stream.get_final_response().output_text == answer.output_text
        assert answer.output_text


class TestMessages:
    def test_whole(self, claude: anthropic.Anthropic, scripted: Scripted) -> None:
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

    def test_a_stream_with_thinking_apart(self, claude: anthropic.Anthropic) -> None:
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
    def test_tools_there_and_back(self, claude: anthropic.Anthropic, scripted: Scripted, *, streamed: bool) -> None:
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

    def test_pictures_and_documents(self, claude: anthropic.Anthropic) -> None:
        blocks: Any = [
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "A letter."}},
        ]
        answer: Any = claude.messages.create(
            model="openai/talk", max_tokens=50, messages=[{"role": "user", "content": blocks}]
        )
        assert "image_url:{'url': 'data:image/png" in answer.content[0].text
        assert "text:A letter." in answer.content[0].text

    def test_tokens_are_counted(self, claude: anthropic.Anthropic) -> None:
        few = claude.messages.count_tokens(model="openai/talk", messages=HELLO).input_tokens
        many: Any = [{"role": "user", "content": "heron " * 100}]
        assert 1 <= few < 100 < claude.messages.count_tokens(model="openai/talk", messages=many).input_tokens

    def test_errors(self, claude: anthropic.Anthropic, models: Platform) -> None:
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

    def test_a_stream_that_dies(self, claude: anthropic.Anthropic) -> None:
        with (
            pytest.raises(anthropic.APIError, match="in the middle"),
            claude.messages.stream(model="openai/dying", max_tokens=5, messages=HELLO) as stream,
        ):
            list(stream)

    @pytest.mark.parametrize("model", ["extractive", "toolchain/chat"])
    def test_models_of_our_own(self, claude: anthropic.Anthropic, model: str) -> None:
        question: Any = [{"role": "user", "content": "What is a heron?"}]
        answer: Any = claude.messages.create(model=model, max_tokens=500, messages=question)
        with claude.messages.stream(model=model, max_tokens=500, messages=question) as stream:
            assert stream.get_final_text() == answer.content[0].text


class TestLangChain:
    @pytest.mark.parametrize("responses", [False, True], ids=["chat", "responses"])
    def test_whole_and_streamed(self, models: Platform, *, responses: bool) -> None:
        model = chain(models, "openai/talk", use_responses_api=responses)
        answer = model.invoke("Hello")
        assert answer.text == "You said: Hello"
        assert answer.usage_metadata
        assert answer.usage_metadata["output_tokens"] == 7
        assert "".join(part.text for part in model.stream("Hello")) == "You said: Hello"

    @pytest.mark.parametrize("responses", [False, True], ids=["chat", "responses"])
    def test_tools_there_and_back(self, models: Platform, *, responses: bool) -> None:
        model: Any = chain(models, "openai/talk", use_responses_api=responses).bind_tools([WEATHER])
        asked: AIMessage = model.invoke([HumanMessage("Hello")])
        (call,) = asked.tool_calls
        assert (call["name"], call["args"]) == ("weather", {"city": "Bern"})
        answer = model.invoke([HumanMessage("Hello"), asked, ToolMessage("21°", tool_call_id=call["id"])])
        assert answer.text == "The tool said: 21°"

    def test_structured_output(self, models: Platform) -> None:
        model: Any = chain(models, "openai/talk").with_structured_output(Weather, method="json_schema")
        assert model.invoke("Hello") == Weather(city="Bern", degrees=21)

    def test_errors(self, models: Platform) -> None:
        with pytest.raises(openai.BadRequestError):
            chain(models, "openai/bad").invoke("Hello")
