"""OpenAI's client, unchanged, on the Responses API, through the platform to an upstream that knows none."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from tests.server.answers import THOUGHT
from tests.server.questions import DATA_URL, PARAMETERS, Weather
from tests.server.scripted import Scripted


def test_whole(oai: openai.OpenAI, scripted: Scripted) -> None:
    create: Any = oai.responses.create
    answer = create(model="openai/talk", input="Hello", instructions="Be kind", max_output_tokens=50)
    assert (answer.output_text, answer.status, answer.store) == ("You said: Hello", "completed", False)
    assert answer.usage
    assert answer.usage.input_tokens_details.cached_tokens == 64
    body = scripted.seen("talk")[-1].body
    assert body["messages"][0] == {"role": "system", "content": "Be kind"}
    assert body["max_tokens"] == 50


def test_a_stream(oai: openai.OpenAI) -> None:
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
def test_tools_there_and_back(oai: openai.OpenAI, *, streamed: bool) -> None:
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


def test_structured_output(oai: openai.OpenAI) -> None:
    answer = oai.responses.parse(model="openai/talk", input="Hello", text_format=Weather)
    assert answer.output_parsed == Weather(city="Bern", degrees=21)


def test_pictures(oai: openai.OpenAI) -> None:
    parts = [{"type": "input_text", "text": "?"}, {"type": "input_image", "image_url": DATA_URL, "detail": "auto"}]
    given: Any = [{"role": "user", "content": parts}]
    assert "image_url:{'url': 'data:image" in oai.responses.create(model="openai/talk", input=given).output_text


def test_an_answer_that_was_cut(oai: openai.OpenAI) -> None:
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
def test_what_cannot_be_is_refused_by_its_name(oai: openai.OpenAI, field: str, value: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        oai.responses.create(model="openai/talk", input="Hello", extra_body={field: value})
    assert (caught.value.param or "").startswith(field)


def test_errors(oai: openai.OpenAI) -> None:
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
def test_models_of_our_own(oai: openai.OpenAI, model: str) -> None:
    answer = oai.responses.create(model=model, input="What is a heron?")
    with oai.responses.stream(model=model, input="What is a heron?") as stream:
        for _ in stream:
            pass
        assert stream.get_final_response().output_text == answer.output_text
    assert answer.output_text
