"""A provider behind /v1: bytes pass as they are, errors too, and whoever hangs up is not paid for any longer."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import openai
import pytest

from tests.platform import Platform
from tests.server.provider import KEY, MODELS, WHOLE, Provider, chunk
from tests.server.streams import Event, ask, read_events, text_of

HELLO: Any = [{"role": "user", "content": "Hello?"}]


@pytest.fixture(scope="module")
def client(upstream: Platform) -> Generator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{upstream.url}/v1", api_key=upstream.key, max_retries=0, timeout=30) as opened:
        yield opened


def post(upstream: Platform, body: dict[str, Any]) -> Any:
    """A chat completion as bytes."""
    headers = {"Authorization": f"Bearer {upstream.key}"}
    return upstream.http.post(f"{upstream.url}/v1/chat/completions", json=body, headers=headers)


class TestPassThrough:
    def test_its_models_are_listed(self, client: openai.OpenAI) -> None:
        listed = {model.id: model.owned_by for model in client.models.list()}
        assert {f"openai/{name}" for name in MODELS} <= set(listed)
        assert listed["openai/echo"] == "openai"
        assert client.models.retrieve("openai/echo").id == "openai/echo"

    def test_a_whole_answer_byte_for_byte(self, upstream: Platform) -> None:
        answer = post(upstream, {"model": "openai/echo", "messages": HELLO})
        assert answer.status_code == 200
        assert answer.content == WHOLE
        assert answer.headers["x-ratelimit-remaining-tokens"] == "17"
        assert answer.headers["x-upstream-request-id"] == "req-upstream"
        assert len(answer.headers.get_list("x-request-id")) == 1
        assert answer.headers["x-penstock-model"] == "openai/echo"
        assert answer.headers.get_list("content-length") == [str(len(WHOLE))]

    def test_a_stream_byte_for_byte(self, upstream: Platform) -> None:
        answer = post(upstream, {"model": "openai/echo", "messages": HELLO, "stream": True})
        assert answer.content == chunk("Hello ") + chunk("from upstream.") + b"data: [DONE]\n\n"
        assert answer.headers["content-type"] == "text/event-stream"

    def test_what_nobody_here_knows_is_passed_on(self, upstream: Platform, provider: Provider) -> None:
        body: dict[str, Any] = {
            "messages": [*HELLO, {"role": "assistant", "tool_calls": [{"id": "c1", "x": 1}]}],
            "tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}],
            "tool_choice": "auto",
            "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}},
            "temperature": 0.30000000000000004,
            "seed": 2**53 + 1,
            "x_private": {"deep": [None, True, "é\u2028"]},
        }
        assert post(upstream, body | {"model": "openai/echo"}).status_code == 200
        assert provider.bodies[-1] == body | {"model": "echo"}
        assert provider.headers[-1]["Authorization"] == f"Bearer {KEY}"
        assert upstream.key not in json.dumps(provider.headers[-1])

    def test_with_openais_client(self, client: openai.OpenAI) -> None:
        answer = client.chat.completions.create(model="openai/echo", messages=HELLO)
        assert answer.choices[0].message.content == "Hello from upstream."
        with client.chat.completions.create(model="openai/echo", messages=HELLO, stream=True) as stream:
            assert "".join(c.choices[0].delta.content or "" for c in stream) == "Hello from upstream."


class TestErrors:
    def test_its_errors_are_passed_as_they_are(self, upstream: Platform) -> None:
        for stream in (False, True):
            limited = post(upstream, {"model": "openai/limited", "messages": HELLO, "stream": stream})
            assert limited.status_code == 429
            assert limited.json() == {"error": {"message": "slow down", "type": "requests", "code": "rate"}}
            assert limited.headers["retry-after"] == "7"
            broken = post(upstream, {"model": "openai/broken", "messages": HELLO, "stream": stream})
            assert (broken.status_code, broken.json()) == (500, {"error": {"message": "it is broken"}})
            refused = post(upstream, {"model": "openai/refusing", "messages": HELLO, "stream": stream})
            assert (refused.status_code, refused.json()["error"]["param"]) == (400, "x")

    def test_a_stream_that_dies_ends_with_an_error_event(self, upstream: Platform) -> None:
        answer = post(upstream, {"model": "openai/dying", "messages": HELLO, "stream": True})
        assert answer.content.startswith(chunk("Hello "))
        error = json.loads(answer.content.removeprefix(chunk("Hello ")).removeprefix(b"data: "))["error"]
        assert error["type"] == "service_unavailable"
        assert "in the middle" in error["message"]

    def test_openais_client_raises_for_it(self, client: openai.OpenAI) -> None:
        said: list[str] = []

        def read() -> None:
            with client.chat.completions.create(model="openai/dying", messages=HELLO, stream=True) as stream:
                for part in stream:
                    said.append(part.choices[0].delta.content or "")

        with pytest.raises(openai.APIError, match="in the middle"):
            read()
        assert said == ["Hello "]

    def test_a_whole_answer_that_breaks_off_is_unavailable(self, upstream: Platform) -> None:
        answer = post(upstream, {"model": "openai/dying-whole", "messages": HELLO})
        assert answer.status_code == 503
        assert "openai/dying-whole" in answer.json()["error"]["message"]

    def test_whoever_hangs_up_stops_the_provider(self, upstream: Platform, provider: Provider) -> None:
        provider.hung_up.clear()
        body = {"model": "openai/endless", "messages": HELLO, "stream": True}
        headers = {"Authorization": f"Bearer {upstream.key}"}
        url = f"{upstream.url}/v1/chat/completions"
        with upstream.http.stream("POST", url, json=body, headers=headers) as response:
            next(response.iter_raw())
            assert not provider.hung_up.is_set()
        assert provider.hung_up.wait(5), "the provider goes on for nobody"


class TestInToolchains:
    def test_an_answer_by_a_provider_is_streamed_and_kept(self, upstream: Platform) -> None:
        events = ask(upstream, {"query": "Hello?", "toolchain_id": "chat", "model": "openai/echo"})
        assert text_of(events) == "Hello from upstream."
        assert events[-1].name == "done"

    def test_the_question_is_rewritten_from_the_history(self, upstream: Platform, provider: Provider) -> None:
        first = ask(upstream, {"query": "What do herons eat?", "model": "openai/echo"})
        ask(
            upstream,
            {
                "query": "And storks?",
                "model": "openai/echo",
                "conversation_id": first[0].data["conversation_id"],
            },
        )
        rewriting, answering = provider.bodies[-2:]
        assert "What do herons eat?" in rewriting["messages"][-1]["content"]
        assert answering["messages"][-1]["content"] == "Hello from upstream."
        assert [m["role"] for m in answering["messages"]] == ["system", "user", "assistant", "user"]

    @pytest.mark.parametrize(("model", "kind"), [("limited", "Unavailable"), ("broken", "UpstreamFailed")])
    def test_its_errors_end_the_run_with_words(self, upstream: Platform, model: str, kind: str) -> None:
        events = ask(upstream, {"query": "Hello?", "toolchain_id": "chat", "model": f"openai/{model}"})
        assert events[-1].name == "error"
        assert events[-1].data["type"] == kind
        assert f"{model}" in events[-1].data["message"]

    def test_a_stream_that_dies_keeps_what_was_said(self, upstream: Platform) -> None:
        events = ask(upstream, {"query": "Hello?", "toolchain_id": "chat", "model": "openai/dying"})
        assert text_of(events) == "Hello "
        assert events[-1].name == "error"
        conversation = upstream.result("fetch_conversation", {"conversation_id": events[0].data["conversation_id"]})
        question, answer = conversation["messages"]
        assert question["content"] == "Hello?"
        assert (answer["status"], answer["content"]) == ("failed", "Hello ")
        assert answer["error"]

    def test_nul_in_an_answer_does_not_stop_the_run(self, upstream: Platform) -> None:
        events = ask(upstream, {"query": "Hello?", "toolchain_id": "chat", "model": "openai/nul"})
        assert text_of(events) == "Hello ab"
        assert events[-1].name == "done"

    def test_an_answer_is_broken_off_in_the_middle(self, upstream: Platform, provider: Provider) -> None:
        provider.hung_up.clear()
        headers = {"Authorization": f"Bearer {upstream.token}"}
        body = {"query": "Hello?", "toolchain_id": "chat", "model": "openai/endless"}
        events: list[Event] = []
        with upstream.http.stream("POST", f"{upstream.url}/v1/query", json=body, headers=headers) as response:
            for event in read_events(response):
                events.append(event)
                if event.name == "delta" and text_of(events) == event.data["text"]:
                    upstream.result("cancel_run", {"run_id": events[0].data["run_id"]})
        assert events[-1].name == "done"
        assert events[-1].data["finish_reason"] == "cancelled"
        assert provider.hung_up.wait(5), "the provider goes on for a run that was cancelled"
        conversation = upstream.result("fetch_conversation", {"conversation_id": events[0].data["conversation_id"]})
        assert conversation["messages"][-1]["status"] == "aborted"
        assert conversation["messages"][-1]["content"] == text_of(events)
