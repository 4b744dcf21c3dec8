"""OpenAI's own client against /v1, with nothing changed but its address and key."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER

PASSAGE = """<source n="1" document="birds.txt" page="1">
The heron is a wading bird with long legs. It stands in shallow water for hours. The heron eats fish, frogs and eels.
Its nest is a platform of sticks high in a tree.
</source>"""


def said_to(question: str) -> Any:
    """The messages of a question about the passage."""
    return [{"role": "system", "content": PASSAGE}, {"role": "user", "content": question}]


class TestModels:
    def test_the_list(self, client: openai.OpenAI) -> None:
        ids = [model.id for model in client.models.list()]
        assert {DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER, "toolchain/rag", "toolchain/chat"} <= set(ids)
        assert "toolchain/ingest_document" not in ids
        assert len(ids) == len(set(ids))

    @pytest.mark.parametrize("name", [DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER, "toolchain/rag"])
    def test_one(self, client: openai.OpenAI, name: str) -> None:
        model = client.models.retrieve(name)
        assert (model.id, model.object, model.owned_by) == (name, "model", "penstock")

    def test_one_that_is_not_there(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError) as caught:
            client.models.retrieve("gpt-none")
        assert caught.value.code == "model_not_found"


class TestChat:
    def test_whole(self, client: openai.OpenAI) -> None:
        answer = client.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=said_to("What does the heron eat?"))
        assert answer.object == "chat.completion"
        assert answer.model == DEFAULT_CHAT_MODEL
        (choice,) = answer.choices
        assert "frogs" in (choice.message.content or "")
        assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
        assert answer.usage
        assert answer.usage.prompt_tokens > 20
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens

    def test_streamed(self, client: openai.OpenAI) -> None:
        messages = said_to("Where is the nest of the heron?")
        whole = client.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=messages)
        with client.chat.completions.create(
            model=DEFAULT_CHAT_MODEL, messages=messages, stream=True, stream_options={"include_usage": True}
        ) as stream:
            chunks = list(stream)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert text == whole.choices[0].message.content
        assert len(chunks) > 3
        assert len({chunk.id for chunk in chunks}) == 1
        assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == ["stop"]
        assert not chunks[-1].choices
        assert chunks[-1].usage == whole.usage

    def test_without_include_usage_there_is_none(self, client: openai.OpenAI) -> None:
        with client.chat.completions.create(
            model=DEFAULT_CHAT_MODEL, messages=said_to("What does the heron eat?"), stream=True
        ) as stream:
            assert [chunk.usage for chunk in stream if chunk.usage] == []

    def test_content_in_parts(self, client: openai.OpenAI) -> None:
        question = [{"type": "text", "text": "What does the heron eat?"}]
        messages: Any = [{"role": "system", "content": PASSAGE}, {"role": "user", "content": question}]
        answer = client.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=messages)
        assert "frogs" in (answer.choices[0].message.content or "")

    def test_many_at_once(self, client: openai.OpenAI) -> None:
        streams = [
            client.chat.completions.create(
                model=DEFAULT_CHAT_MODEL, messages=said_to("What does the heron eat?"), stream=True
            )
            for _ in range(8)
        ]
        texts = {"".join(c.choices[0].delta.content or "" for c in stream if c.choices) for stream in streams}
        assert len(texts) == 1
