"""What /v1 refuses, as OpenAI's client raises it or as it comes over HTTP."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openai
import pytest

from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER
from tests.platform import Platform
from tests.server.questions import asked


def post(platform: Platform, path: str, body: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {platform.key}", "Content-Type": "application/json"}
    return platform.http.post(f"{platform.url}{path}", content=body, headers=headers)


def test_an_unknown_model(client: openai.OpenAI) -> None:
    for model in ("gpt-none", "toolchain/none", "openai/gpt-none", "../etc/passwd"):
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(model=model, messages=asked("x"))
        assert caught.value.code == "model_not_found", model
        assert caught.value.param == "model", model
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="no-embedder", input="x")


def test_a_name_longer_than_any(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model="x" * 5000, messages=asked("x"))
    assert caught.value.status_code in (400, 404)
    assert len(str(caught.value)) < 1000


def test_a_bad_key(platform: Platform) -> None:
    with (
        openai.OpenAI(base_url=f"{platform.url}/v1", api_key="sk-wrong", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=asked("x"))


def test_a_question_of_a_megabyte(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="toolchain/rag", messages=asked("pump " * 200_000))
    assert "question" in str(caught.value)
    assert len(str(caught.value)) < 2000


def test_a_megabyte_for_the_extractive_model(client: openai.OpenAI) -> None:
    answer: Any
    try:
        answer = client.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=asked("pump " * 200_000))
        assert answer.choices
    except openai.APIStatusError as refused:
        assert 400 <= refused.status_code < 500  # noqa: PT017 - either is right: an answer, or a refusal in words


def test_more_than_the_limit(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=asked("x" * (17 << 20)))
    assert caught.value.status_code == 413


def test_models_for_something_else(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIStatusError) as chat:
        client.chat.completions.create(model=DEFAULT_EMBEDDER, messages=asked("x"))
    with pytest.raises(openai.APIStatusError) as embedding:
        client.embeddings.create(model=DEFAULT_CHAT_MODEL, input="x")
    with pytest.raises(openai.APIStatusError) as toolchain:
        client.embeddings.create(model="toolchain/rag", input="x")
    for caught in (chat, embedding, toolchain):
        assert 400 <= caught.value.status_code < 500
        body: Any = caught.value.body
        assert body["message"]


def test_what_the_extractive_model_cannot(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model=DEFAULT_CHAT_MODEL, messages=asked("x"), response_format={"type": "json_object"}
        )
    assert caught.value.param == "response_format"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"model": 5}', b'{"model": ""}', b'{"model": null}', b"\xff\xfe"]
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings"])
def test_malformed_bodies(platform: Platform, path: str, body: bytes) -> None:
    response = post(platform, path, body)
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize("messages", [None, [], "x", [5], [{}], [{"role": "boss", "content": "x"}]])
def test_messages_that_are_none(platform: Platform, messages: Any) -> None:
    body = json.dumps({"model": DEFAULT_CHAT_MODEL, "messages": messages}).encode()
    response = post(platform, "/v1/chat/completions", body)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["param"].startswith("messages")


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings", "/v1/models", "/v1/completions", "/v1"])
def test_other_methods_and_paths(platform: Platform, path: str) -> None:
    response = platform.http.delete(f"{platform.url}{path}", headers={"Authorization": f"Bearer {platform.key}"})
    assert response.status_code in (404, 405)
    assert response.json()["error"]["message"]
