"""Other formats over chat completions, in both directions and as streams: JSON in, JSON out. The SDKs' own parsers read
them in tests/server/test_responses.py and test_messages.py; here is what no SDK sends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inference.errors import InvalidInput, PenstockError, UpstreamFailed
from inference.server.v1.translation import (
    CompletionsTranslation,
    MessagesTranslation,
    ResponsesTranslation,
    StreamTranslation,
)


def events(data: bytes) -> list[dict[str, Any]]:
    """The events' data; each says its name twice."""
    found: list[dict[str, Any]] = []
    for block in data.decode().strip().split("\n\n"):
        name, said = block.split("\n")
        value = json.loads(said.removeprefix("data: "))
        assert value["type"] == name.removeprefix("event: ")
        found.append(value)
    return found


def delta(finish_reason: str | None = None, **said: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": said, "finish_reason": finish_reason}]}


def told(stream: StreamTranslation, *chunks: dict[str, Any]) -> list[dict[str, Any]]:
    return events(stream.begin() + b"".join(map(stream.feed, chunks)) + stream.finish())


def call(index: int | None, arguments: str, **more: Any) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": more.pop("name")} if "name" in more else {})
    return ({"index": index} if index is not None else {}) | {"function": function} | more


def completion(message: dict[str, Any], finish_reason: str = "stop", **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": message, "finish_reason": finish_reason} | more]}


MESSAGE: dict[str, Any] = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "x"}]}


class TestMessages:
    def chat(self, **more: Any) -> dict[str, Any]:
        return MessagesTranslation(MESSAGE | more).request()

    def test_system_in_blocks(self) -> None:
        system = [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "b"}]
        assert self.chat(system=system)["messages"][0] == {"role": "system", "content": "a\n\nb"}

    def test_thinking_goes_back_apart_from_the_text(self) -> None:
        blocks = [
            {"type": "thinking", "thinking": "hm", "signature": ""}, {"type": "redacted_thinking", "data": "x"},
            {"type": "text", "text": "a"}, {"type": "tool_use", "id": "t", "name": "f", "input": {"x": 1}},
        ]  # fmt: skip
        said = self.chat(messages=[{"role": "assistant", "content": blocks}])["messages"][0]
        assert (said["content"], said["reasoning_content"]) == ("a", "hm")
        assert said["tool_calls"][0]["function"] == {"name": "f", "arguments": '{"x":1}'}

    @pytest.mark.parametrize(
        ("choice", "said"),
        [
            ({"type": "auto"}, "auto"), ({"type": "any"}, "required"), ({"type": "none"}, "none"),
            ({"type": "tool", "name": "f"}, {"type": "function", "function": {"name": "f"}}),
        ],
    )  # fmt: skip
    def test_tool_choices(self, choice: dict[str, Any], said: Any) -> None:
        tools = [{"name": "f", "input_schema": {"type": "object"}}]
        assert self.chat(tools=tools, tool_choice=choice)["tool_choice"] == said
        alone = self.chat(tools=tools, tool_choice=choice | {"disable_parallel_tool_use": True})
        assert alone["parallel_tool_calls"] is False

    @pytest.mark.parametrize(
        ("thinking", "effort"),
        [
            ({"type": "disabled"}, None), ({"type": "enabled", "budget_tokens": 1024}, "low"),
            ({"type": "enabled", "budget_tokens": 8000}, "medium"), ({"type": "adaptive"}, "medium"),
            ({"type": "enabled", "budget_tokens": 50_000}, "high"),
        ],
    )  # fmt: skip
    def test_thinking_budgets(self, thinking: dict[str, Any], effort: str | None) -> None:
        assert self.chat(thinking=thinking).get("reasoning_effort") == effort

    @pytest.mark.parametrize(
        ("field", "value"),
        list[tuple[str, Any]]([
            ("max_tokens", 0), ("max_tokens", True), ("max_tokens", None), ("messages", []), ("messages", "x"),
            ("messages.0", [5]), ("messages.0.role", [{"role": "system", "content": "x"}]),
            ("messages.0.content", [{"role": "user", "content": 5}]),
            ("messages.0.content.0.type", [{"role": "user", "content": [{"type": "video"}]}]),
            ("messages.0.content.0.source.type",
             [{"role": "user", "content": [{"type": "image", "source": {"type": "file", "file_id": "f"}}]}]),
            ("messages.0.content.0.text", [{"role": "user", "content": [{"type": "text", "text": 5}]}]),
            ("messages.0.content.0.tool_use_id", [{"role": "user", "content": [{"type": "tool_result"}]}]),
            ("system.0", [{"type": "image"}]), ("tools.0.type", [{"type": "bash_20250124", "name": "bash"}]),
            ("tools.0.name", [{}]), ("thinking.type", {"type": "x"}), ("mcp_servers", [{}]), ("container", "c"),
        ]),
    )  # fmt: skip
    def test_what_cannot_be_is_named(self, field: str, value: Any) -> None:
        with pytest.raises(InvalidInput) as caught:
            self.chat(**{field.partition(".")[0]: value})
        assert caught.value.field == field

    @pytest.mark.parametrize(
        ("reason", "more", "stop"),
        [
            ("stop", {}, ("end_turn", None)), ("length", {}, ("max_tokens", None)),
            ("stop", {"stop_reason": "END"}, ("stop_sequence", "END")), ("content_filter", {}, ("refusal", None)),
            ("stop", {"stop_reason": 128009}, ("end_turn", None)), ("anything", {}, ("end_turn", None)),
        ],
    )  # fmt: skip
    def test_why_it_stopped(self, reason: str, more: dict[str, Any], stop: tuple[str, str | None]) -> None:
        answer = MessagesTranslation(MESSAGE).answer(completion({"content": "x"}, reason, **more), "m")
        assert (answer["stop_reason"], answer["stop_sequence"]) == stop

    def test_arguments_that_are_no_object(self) -> None:
        calls = [call(0, "{not json", name="f", id="c")]
        answer = MessagesTranslation(MESSAGE).answer(completion({"content": None, "tool_calls": calls}), "m")
        assert answer["content"] == [{"type": "tool_use", "id": "c", "name": "f", "input": {"arguments": "{not json"}}]

    def test_blocks_of_a_stream_come_one_after_the_other(self) -> None:
        said = told(
            MessagesTranslation(MESSAGE).stream("m"),
            delta(reasoning="a"), delta(reasoning_content="b"), delta(content="c"),
            delta(tool_calls=[call(0, "{", name="f", id="1")]), delta(tool_calls=[call(0, "}")]),
            delta(tool_calls=[call(1, "{}", name="g", id="2")]), delta("tool_calls"),
            {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}},
        )  # fmt: skip
        order = [(one["type"], one.get("index")) for one in said if one["type"].startswith("content_block_st")]
        assert order == [(f"content_block_{what}", at) for at in range(4) for what in ("start", "stop")]
        assert "".join(e["delta"].get("partial_json", "") for e in said if "delta" in e and e.get("index") == 2) == "{}"
        assert said[-2]["delta"]["stop_reason"] == "tool_use"
        assert said[-2]["usage"]["output_tokens"] == 4

    def test_an_empty_stream_is_an_empty_message(self) -> None:
        said = told(MessagesTranslation(MESSAGE).stream("m"))
        assert [one["type"] for one in said] == ["message_start", "ping", "message_delta", "message_stop"]


RESPONSE: dict[str, Any] = {"model": "m", "input": "x"}


class TestResponses:
    def chat(self, **more: Any) -> dict[str, Any]:
        return ResponsesTranslation(RESPONSE | more).request()

    def test_one_turn_of_the_assistant_is_one_message(self) -> None:
        items = [
            {"role": "user", "content": [{"type": "input_text", "text": "q"}]},
            {"type": "reasoning", "id": "r", "summary": [], "content": [{"type": "reasoning_text", "text": "hm"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]},
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
            {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "1"}]},
            {"type": "function_call_output", "call_id": "c2", "output": "2"},
            {"role": "developer", "content": "be brief"},
        ]
        messages = self.chat(input=items)["messages"]
        assert [message["role"] for message in messages] == ["user", "assistant", "tool", "tool", "system"]
        turn = messages[1]
        assert (turn["content"], turn["reasoning_content"], len(turn["tool_calls"])) == ("a", "hm", 2)
        assert [message["content"] for message in messages[2:4]] == ["1", "2"]

    def test_fields(self) -> None:
        chat = self.chat(
            reasoning={"effort": "low"}, top_logprobs=3, text={"format": {"type": "json_object"}, "verbosity": "low"},
            parallel_tool_calls=False, store=False, truncation="disabled", metadata={"a": "b"},
        )  # fmt: skip
        assert chat["reasoning_effort"] == "low"
        assert (chat["logprobs"], chat["top_logprobs"]) == (True, 3)
        assert (chat["response_format"], chat["verbosity"]) == ({"type": "json_object"}, "low")
        assert chat["parallel_tool_calls"] is False
        assert "metadata" not in chat

    def test_refusals_and_citations(self) -> None:
        note = {"type": "url_citation", "url_citation": {"url": "u", "title": "t", "start_index": 0, "end_index": 1}}
        message = {"content": "x", "refusal": "no", "annotations": [note]}
        answer = ResponsesTranslation(RESPONSE).answer(completion(message), "m")
        text, refusal = answer["output"][0]["content"]
        assert text["annotations"] == [
            {"type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 1}
        ]
        assert refusal == {"type": "refusal", "refusal": "no"}

    def test_a_stream_says_at_its_end_what_it_said_on_its_way(self) -> None:
        said = told(
            ResponsesTranslation(RESPONSE).stream("m"),
            delta(reasoning_content="h"), delta(reasoning_content="m"), delta(content="a"), delta(content="b"),
            delta(refusal="no"), delta(tool_calls=[call(None, '{"x"', name="f", id="c")]),
            delta(tool_calls=[call(None, ":1}")]), delta("length"),
        )  # fmt: skip
        assert [one["sequence_number"] for one in said] == list(range(len(said)))
        last = said[-1]
        assert (last["type"], last["response"]["status"]) == ("response.incomplete", "incomplete")
        done = [one["item"] for one in said if one["type"] == "response.output_item.done"]
        assert last["response"]["output"] == done
        reasoning, message, function = done
        assert reasoning["content"][0]["text"] == "hm"
        assert [part.get("text") or part.get("refusal") for part in message["content"]] == ["ab", "no"]
        assert (function["name"], function["arguments"], function["call_id"]) == ("f", '{"x":1}', "c")

    def test_failing_tells_what_was_said(self) -> None:
        stream = ResponsesTranslation(RESPONSE).stream("m")
        stream.begin()
        stream.feed(delta(content="a"))
        (last,) = events(stream.fail(UpstreamFailed("it died")))
        assert (last["type"], last["response"]["error"]["message"]) == ("response.failed", "it died")


class TestCompletions:
    def test_there_and_back(self) -> None:
        translation = CompletionsTranslation({"model": "m", "prompt": ["a"], "max_tokens": 3, "stream": True})
        assert translation.request() == {"messages": [{"role": "user", "content": "a"}], "max_tokens": 3}
        answer = translation.answer(completion({"content": "b"}) | {"usage": {"total_tokens": 2}}, "m")
        assert (answer["object"], answer["choices"][0]["text"], answer["usage"]) == (
            "text_completion", "b", {"total_tokens": 2},
        )  # fmt: skip

    @pytest.mark.parametrize("more", [{"prompt": ["a", "b"]}, {"prompt": ""}, {"suffix": "x"}, {"echo": True}])
    def test_what_cannot_be(self, more: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput):
            CompletionsTranslation({"prompt": "a"} | more).request()


@pytest.mark.parametrize("translation", [MessagesTranslation(MESSAGE), ResponsesTranslation(RESPONSE)])
@pytest.mark.parametrize(
    "chunk",
    [
        {}, {"choices": None}, {"choices": [None]}, {"choices": [{"delta": None}]}, {"choices": "x"},
        delta(content=5), delta(tool_calls="x"), delta(tool_calls=[{"function": None}]), delta(tool_calls=[None]),
        delta(tool_calls=[{"index": "x", "function": {"arguments": {"a": 1}}}]), {"usage": "x", "choices": []},
        {"usage": {"prompt_tokens": "x", "completion_tokens": -1, "prompt_tokens_details": 5}, "choices": []},
        delta(annotations=[5]), {"choices": [{"index": 0, "delta": {"content": "x"}, "logprobs": {"content": 5}}]},
    ],
)  # fmt: skip
def test_chunks_from_anywhere_break_nothing(
    translation: MessagesTranslation | ResponsesTranslation, chunk: dict[str, Any]
) -> None:
    assert told(translation.stream("m"), chunk, delta("stop"))
    assert events(translation.stream("m").fail(PenstockError("x")))
