"""OpenAI's own client against /v1, with nothing changed but its address and key."""

from __future__ import annotations

import base64
import json
import math
import re
import struct
from typing import Any

import httpx
import openai
import pytest

from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER
from tests.manual import FACTS, NAME
from tests.platform import Platform
from tests.server.conftest import Library

PASSAGE = """<source n="1" document="birds.txt" page="1">
The heron is a wading bird with long legs. It stands in shallow water for hours. The heron eats fish, frogs and eels.
Its nest is a platform of sticks high in a tree.
</source>"""


def said_to(question: str) -> Any:
    """The messages of a question about the passage."""
    return [{"role": "system", "content": PASSAGE}, {"role": "user", "content": question}]


def asked(question: str) -> Any:
    """The messages of a question without anything before it."""
    return [{"role": "user", "content": question}]


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


class TestRag:
    @staticmethod
    def ask(client: openai.OpenAI, library: Library, question: str, **more: Any) -> Any:
        extra = {"metadata": {"collection_ids": [library.collection]}}
        create: Any = client.chat.completions.create
        return create(model="toolchain/rag", messages=asked(question), extra_body=extra, **more)

    @pytest.mark.parametrize("fact", FACTS[:4], ids=lambda fact: fact.answer)
    def test_answers_with_citations(self, client: openai.OpenAI, library: Library, fact: Any) -> None:
        answer = self.ask(client, library, fact.question)
        message = answer.choices[0].message
        assert fact.answer in message.content
        assert message.annotations
        assert answer.usage.total_tokens > 0
        right = [a for a in message.annotations if a.page == fact.page]
        assert right, f"no citation leads to page {fact.page}"
        for annotation in message.annotations:
            assert annotation.type == "url_citation"
            assert annotation.document_id in {d["id"] for d in library.documents.values()}
            claim = message.content[annotation.url_citation.start_index : annotation.url_citation.end_index]
            assert re.search(rf"\[[\d, ]*\b{annotation.n}\b[\d, ]*\]$", claim), claim
        assert right[0].document_name == NAME
        assert right[0].url_citation.url.endswith(f"/documents/{right[0].document_id}?page={fact.page}")

    def test_streamed_with_the_same_citations(self, client: openai.OpenAI, library: Library) -> None:
        question = FACTS[0].question
        whole = self.ask(client, library, question).choices[0].message
        with self.ask(client, library, question, stream=True, stream_options={"include_usage": True}) as stream:
            chunks: list[Any] = list(stream)
        deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
        assert "".join(delta.content or "" for delta in deltas) == whole.content
        (cited,) = [delta.annotations for delta in deltas if hasattr(delta, "annotations")]
        assert [a["url_citation"] for a in cited] == [a.url_citation.model_dump() for a in whole.annotations]
        assert chunks[-1].usage.total_tokens > 0
        assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"

    def test_collections_with_commas_between_them(
        self, client: openai.OpenAI, library: Library, collection: str
    ) -> None:
        metadata = {"collection_ids": f"{collection}, {library.collection}"}
        answer = client.chat.completions.create(
            model="toolchain/rag", messages=asked(FACTS[0].question), metadata=metadata
        )
        assert FACTS[0].answer in (answer.choices[0].message.content or "")

    def test_an_empty_collection_has_no_answer(self, client: openai.OpenAI, collection: str) -> None:
        answer = client.chat.completions.create(
            model="toolchain/rag", messages=asked(FACTS[0].question), metadata={"collection_ids": collection}
        )
        assert FACTS[0].answer not in (answer.choices[0].message.content or "")
        assert not getattr(answer.choices[0].message, "annotations", None)

    def test_earlier_turns_are_its_history(self, client: openai.OpenAI, library: Library) -> None:
        messages: Any = [
            {"role": "user", "content": "Which oil goes into the bearing housings of the pumps?"},
            {"role": "assistant", "content": "Mineral oil ISO VG 68."},
            {"role": "user", "content": "And how much of it?"},
        ]
        answer = client.chat.completions.create(
            model="toolchain/rag", messages=messages, metadata={"collection_ids": library.collection}
        )
        assert "1.6 litres" in (answer.choices[0].message.content or "")

    @pytest.mark.parametrize("given", [5, ["x", 5], {"a": 1}])
    def test_collection_ids_that_are_none(self, client: openai.OpenAI, given: Any) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(
                model="toolchain/rag", messages=asked("x"), extra_body={"metadata": {"collection_ids": given}}
            )
        assert caught.value.param == "metadata.collection_ids"

    def test_an_unknown_collection(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(
                model="toolchain/rag", messages=asked("x"), metadata={"collection_ids": "no-such"}
            )

    @pytest.mark.parametrize("messages", [[], [{"role": "user"}], [{"role": "assistant", "content": "x"}], "x", [5]])
    def test_messages_without_a_question(self, client: openai.OpenAI, messages: Any) -> None:
        with pytest.raises(openai.BadRequestError):
            client.chat.completions.create(model="toolchain/rag", messages=messages)

    def test_a_toolchain_that_cannot_be_talked_to(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(model="toolchain/ingest_document", messages=asked("x"))
        assert "cannot be talked to" in str(caught.value)


class TestEmbeddings:
    def test_a_text(self, client: openai.OpenAI) -> None:
        answer = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron")
        (row,) = answer.data
        assert (row.index, len(row.embedding)) == (0, 384)
        assert math.isclose(sum(x * x for x in row.embedding), 1, abs_tol=1e-3)
        assert answer.usage.prompt_tokens > 0

    def test_many_in_their_order(self, client: openai.OpenAI) -> None:
        texts = ["a heron", "the tax office of the canton of Zürich in the year 2024", "a heron", "eel"]
        rows = client.embeddings.create(model=DEFAULT_EMBEDDER, input=texts).data
        assert [row.index for row in rows] == [0, 1, 2, 3]
        assert rows[0].embedding == pytest.approx(rows[2].embedding, abs=1e-5)
        alone = client.embeddings.create(model=DEFAULT_EMBEDDER, input="eel").data[0].embedding
        assert rows[3].embedding == pytest.approx(alone, abs=1e-4)

    def test_formats_hold_the_same_numbers(self, client: openai.OpenAI) -> None:
        plain = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", encoding_format="float")
        packed: Any = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", encoding_format="base64")
        numbers = struct.unpack("<384f", base64.b64decode(packed.data[0].embedding))
        assert plain.data[0].embedding == pytest.approx(numbers, abs=1e-6)

    @pytest.mark.parametrize("given", ["", [], ["a", ""], [[1, 2]], 5, None, {"a": 1}, ["x"] * 2049])
    def test_input_that_is_none(self, client: openai.OpenAI, given: Any) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            client.embeddings.create(model=DEFAULT_EMBEDDER, input=given)
        assert "input" in str(caught.value)

    def test_what_a_text_is_for(self, client: openai.OpenAI) -> None:
        plain = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron")
        query = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", extra_body={"input_type": "query"})
        assert query.data[0].embedding == pytest.approx(plain.data[0].embedding, abs=1e-6)
        with pytest.raises(openai.BadRequestError, match="384"):
            client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", dimensions=128)


class TestRerank:
    def _ask(self, platform: Platform, **changes: Any) -> httpx.Response:
        documents = ["Herons eat fish.", {"text": "The tax office opens at nine."}, "A heron stands in the water."]
        body = {"model": DEFAULT_EMBEDDER, "query": "When does the tax office open?", "documents": documents}
        headers = {"Authorization": f"Bearer {platform.key}"}
        return platform.http.post(f"{platform.url}/v1/rerank", json=body | changes, headers=headers)

    def test_the_best_first(self, platform: Platform) -> None:
        answer = self._ask(platform, top_n=2, return_documents=True).json()
        assert answer["results"][0]["index"] == 1
        assert len(answer["results"]) == 2
        assert answer["results"][0]["document"] == {"text": "The tax office opens at nine."}
        assert answer["results"][0]["relevance_score"] > answer["results"][1]["relevance_score"]
        assert answer["usage"]["total_tokens"] > 0

    @pytest.mark.parametrize(
        ("changes", "status", "words"),
        [
            ({"model": "no-reranker"}, 404, "models.yaml"),
            ({"model": ""}, 400, "model"),
            ({"model": DEFAULT_CHAT_MODEL}, 404, "another kind"),
            ({"query": ""}, 400, "query"),
            ({"documents": []}, 400, "2048"),
            ({"documents": ["x"] * 10_000}, 400, "2048"),
            ({"top_n": -1}, 400, "top_n"),
        ],
    )
    def test_what_is_refused(self, platform: Platform, changes: dict[str, Any], status: int, words: str) -> None:
        response = self._ask(platform, **changes)
        assert response.status_code == status
        assert words in response.json()["error"]["message"]

    def test_nobody_without_a_key(self, platform: Platform) -> None:
        assert platform.http.post(f"{platform.url}/v1/rerank", json={}).status_code == 401


class TestErrors:
    def test_an_unknown_model(self, client: openai.OpenAI) -> None:
        for model in ("gpt-none", "toolchain/none", "openai/gpt-none", "../etc/passwd"):
            with pytest.raises(openai.NotFoundError) as caught:
                client.chat.completions.create(model=model, messages=asked("x"))
            assert caught.value.code == "model_not_found", model
            assert caught.value.param == "model", model
        with pytest.raises(openai.NotFoundError):
            client.embeddings.create(model="no-embedder", input="x")

    def test_a_name_longer_than_any(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.APIStatusError) as caught:
            client.chat.completions.create(model="x" * 5000, messages=asked("x"))
        assert caught.value.status_code in (400, 404)
        assert len(str(caught.value)) < 1000

    def test_a_bad_key(self, platform: Platform) -> None:
        with (
            openai.OpenAI(base_url=f"{platform.url}/v1", api_key="sk-wrong", max_retries=0) as stranger,
            pytest.raises(openai.AuthenticationError),
        ):
            stranger.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=asked("x"))

    def test_a_question_of_a_megabyte(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(model="toolchain/rag", messages=asked("pump " * 200_000))
        assert "question" in str(caught.value)
        assert len(str(caught.value)) < 2000

    def test_a_megabyte_for_the_extractive_model(self, client: openai.OpenAI) -> None:
        answer: Any
        try:
            answer = client.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=asked("pump " * 200_000))
            assert answer.choices
        except openai.APIStatusError as refused:
            assert 400 <= refused.status_code < 500  # noqa: PT017 - either is right: an answer, or a refusal in words

    def test_more_than_the_limit(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.APIStatusError) as caught:
            client.chat.completions.create(model=DEFAULT_CHAT_MODEL, messages=asked("x" * (17 << 20)))
        assert caught.value.status_code == 413

    def test_models_for_something_else(self, client: openai.OpenAI) -> None:
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

    def test_what_the_extractive_model_cannot(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(
                model=DEFAULT_CHAT_MODEL, messages=asked("x"), response_format={"type": "json_object"}
            )
        assert caught.value.param == "response_format"

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"{}", b'{"model": 5}', b'{"model": ""}', b'{"model": null}', b"\xff\xfe"]
    )
    @pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings"])
    def test_malformed_bodies(self, platform: Platform, path: str, body: bytes) -> None:
        response = self.post(platform, path, body)
        assert response.status_code == 400, response.text
        error = response.json()["error"]
        assert set(error) == {"message", "type", "param", "code"}
        assert error["type"] == "invalid_request_error"

    @pytest.mark.parametrize("messages", [None, [], "x", [5], [{}], [{"role": "boss", "content": "x"}]])
    def test_messages_that_are_none(self, platform: Platform, messages: Any) -> None:
        body = json.dumps({"model": DEFAULT_CHAT_MODEL, "messages": messages}).encode()
        response = self.post(platform, "/v1/chat/completions", body)
        assert response.status_code == 400, response.text
        assert response.json()["error"]["param"].startswith("messages")

    @pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings", "/v1/models", "/v1/completions", "/v1"])
    def test_other_methods_and_paths(self, platform: Platform, path: str) -> None:
        response = platform.http.delete(f"{platform.url}{path}", headers={"Authorization": f"Bearer {platform.key}"})
        assert response.status_code in (404, 405)
        assert response.json()["error"]["message"]

    @staticmethod
    def post(platform: Platform, path: str, body: bytes) -> httpx.Response:
        headers = {"Authorization": f"Bearer {platform.key}", "Content-Type": "application/json"}
        return platform.http.post(f"{platform.url}{path}", content=body, headers=headers)
