"""LangChain's ChatOpenAI, unchanged, through the platform to an upstream."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.platform import Platform
from tests.server.questions import WEATHER, Weather


def chain(models: Platform, model: str, **more: Any) -> Any:
    """LangChain's client; its types are half unknown."""
    return ChatOpenAI(
        base_url=f"{models.url}/v1", api_key=SecretStr(models.key), model=model, max_retries=0, timeout=30, **more
    )


@pytest.mark.parametrize("responses", [False, True], ids=["chat", "responses"])
def test_whole_and_streamed(models: Platform, *, responses: bool) -> None:
    model = chain(models, "openai/talk", use_responses_api=responses)
    answer = model.invoke("Hello")
    assert answer.text == "You said: Hello"
    assert answer.usage_metadata
    assert answer.usage_metadata["output_tokens"] == 7
    assert "".join(part.text for part in model.stream("Hello")) == "You said: Hello"


@pytest.mark.parametrize("responses", [False, True], ids=["chat", "responses"])
def test_tools_there_and_back(models: Platform, *, responses: bool) -> None:
    model: Any = chain(models, "openai/talk", use_responses_api=responses).bind_tools([WEATHER])
    asked: AIMessage = model.invoke([HumanMessage("Hello")])
    (call,) = asked.tool_calls
    assert (call["name"], call["args"]) == ("weather", {"city": "Bern"})
    answer = model.invoke([HumanMessage("Hello"), asked, ToolMessage("21°", tool_call_id=call["id"])])
    assert answer.text == "The tool said: 21°"


def test_structured_output(models: Platform) -> None:
    model: Any = chain(models, "openai/talk").with_structured_output(Weather, method="json_schema")
    assert model.invoke("Hello") == Weather(city="Bern", degrees=21)


def test_errors(models: Platform) -> None:
    with pytest.raises(openai.BadRequestError):
        chain(models, "openai/bad").invoke("Hello")
