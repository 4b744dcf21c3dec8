"""OpenAI's client asks the toolchain `rag` as if it were a model: answers with citations."""

from __future__ import annotations

import re
from typing import Any

import openai
import pytest

from tests.manual import FACTS, NAME
from tests.server.conftest import Library
from tests.server.questions import asked


def ask(client: openai.OpenAI, library: Library, question: str, **more: Any) -> Any:
    extra = {"metadata": {"collection_ids": [library.collection]}}
    create: Any = client.chat.completions.create
    return create(model="toolchain/rag", messages=asked(question), extra_body=extra, **more)


@pytest.mark.parametrize("fact", FACTS[:4], ids=lambda fact: fact.answer)
def test_answers_with_citations(client: openai.OpenAI, library: Library, fact: Any) -> None:
    answer = ask(client, library, fact.question)
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


def test_streamed_with_the_same_citations(client: openai.OpenAI, library: Library) -> None:
    question = FACTS[0].question
    whole = ask(client, library, question).choices[0].message
    with ask(client, library, question, stream=True, stream_options={"include_usage": True}) as stream:
        chunks: list[Any] = list(stream)
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    (cited,) = [delta.annotations for delta in deltas if hasattr(delta, "annotations")]
    assert [a["url_citation"] for a in cited] == [a.url_citation.model_dump() for a in whole.annotations]
    assert chunks[-1].usage.total_tokens > 0
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


def test_collections_with_commas_between_them(client: openai.OpenAI, library: Library, collection: str) -> None:
    metadata = {"collection_ids": f"{collection}, {library.collection}"}
    answer = client.chat.completions.create(model="toolchain/rag", messages=asked(FACTS[0].question), metadata=metadata)
    assert FACTS[0].answer in (answer.choices[0].message.content or "")


def test_an_empty_collection_has_no_answer(client: openai.OpenAI, collection: str) -> None:
    answer = client.chat.completions.create(
        model="toolchain/rag", messages=asked(FACTS[0].question), metadata={"collection_ids": collection}
    )
    assert FACTS[0].answer not in (answer.choices[0].message.content or "")
    assert not getattr(answer.choices[0].message, "annotations", None)


def test_earlier_turns_are_its_history(client: openai.OpenAI, library: Library) -> None:
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
def test_collection_ids_that_are_none(client: openai.OpenAI, given: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="toolchain/rag", messages=asked("x"), extra_body={"metadata": {"collection_ids": given}}
        )
    assert caught.value.param == "metadata.collection_ids"


def test_an_unknown_collection(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(
            model="toolchain/rag", messages=asked("x"), metadata={"collection_ids": "no-such"}
        )


@pytest.mark.parametrize("messages", [[], [{"role": "user"}], [{"role": "assistant", "content": "x"}], "x", [5]])
def test_messages_without_a_question(client: openai.OpenAI, messages: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="toolchain/rag", messages=messages)


def test_a_toolchain_that_cannot_be_talked_to(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="toolchain/ingest_document", messages=asked("x"))
    assert "cannot be talked to" in str(caught.value)
