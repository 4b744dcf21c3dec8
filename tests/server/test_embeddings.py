"""OpenAI's client asks for embeddings."""

from __future__ import annotations

import base64
import math
import struct
from typing import Any

import openai
import pytest

from inference.runner import DEFAULT_EMBEDDER


def test_a_text(client: openai.OpenAI) -> None:
    answer = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron")
    (row,) = answer.data
    assert (row.index, len(row.embedding)) == (0, 384)
    assert math.isclose(sum(x * x for x in row.embedding), 1, abs_tol=1e-3)
    assert answer.usage.prompt_tokens > 0


def test_many_in_their_order(client: openai.OpenAI) -> None:
    texts = ["a heron", "the tax office of the canton of Zürich in the year 2024", "a heron", "eel"]
    rows = client.embeddings.create(model=DEFAULT_EMBEDDER, input=texts).data
    assert [row.index for row in rows] == [0, 1, 2, 3]
    assert rows[0].embedding == pytest.approx(rows[2].embedding, abs=1e-5)
    alone = client.embeddings.create(model=DEFAULT_EMBEDDER, input="eel").data[0].embedding
    assert rows[3].embedding == pytest.approx(alone, abs=1e-4)


def test_formats_hold_the_same_numbers(client: openai.OpenAI) -> None:
    plain = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", encoding_format="float")
    packed: Any = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", encoding_format="base64")
    numbers = struct.unpack("<384f", base64.b64decode(packed.data[0].embedding))
    assert plain.data[0].embedding == pytest.approx(numbers, abs=1e-6)


@pytest.mark.parametrize("given", ["", [], ["a", ""], [[1, 2]], 5, None, {"a": 1}, ["x"] * 2049])
def test_input_that_is_none(client: openai.OpenAI, given: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model=DEFAULT_EMBEDDER, input=given)
    assert "input" in str(caught.value)


def test_what_a_text_is_for(client: openai.OpenAI) -> None:
    plain = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron")
    query = client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", extra_body={"input_type": "query"})
    assert query.data[0].embedding == pytest.approx(plain.data[0].embedding, abs=1e-6)
    with pytest.raises(openai.BadRequestError, match="384"):
        client.embeddings.create(model=DEFAULT_EMBEDDER, input="a heron", dimensions=128)
