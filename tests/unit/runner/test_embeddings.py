"""OpenAI's embeddings format, both ways."""

from __future__ import annotations

import base64
import struct
from typing import Any

import orjson
import pytest

from inference.errors import UpstreamFailed
from inference.runner.calls import refusal
from inference.runner.embedding import rows_of
from inference.runner.engines.embeddings import parse_request, render
from inference.runner.engines.serving import Refusal

MODEL = "all-MiniLM-L6-v2"


def _parse(**changes: Any) -> list[str]:
    return parse_request({"model": MODEL, "input": "text"} | changes, MODEL, 384).texts


def test_a_text_or_a_list() -> None:
    assert _parse() == ["text"]
    assert _parse(input=["one", " ", "three"], encoding_format="base64", dimensions=384, user="x") == [
        "one",
        " ",
        "three",
    ]


@pytest.mark.parametrize(
    ("changes", "status", "param", "words"),
    [
        ({"model": "another"}, 404, "model", "does not exist"),
        ({"model": None}, 400, "model", "must be a text"),
        ({"input": ""}, 400, "input", "empty string"),
        ({"input": ["good", ""]}, 400, "input", r"input\[1\]"),
        ({"input": []}, 400, "input", "1 to 2048"),
        ({"input": ["x"] * 2049}, 400, "input", "2049"),
        ({"input": [1, 2, 3]}, 400, "input", "token ids"),
        ({"input": [[1, 2], [3]]}, 400, "input", "token ids"),
        ({"input": None}, 400, "input", "must be a text"),
        ({"input": {"text": "x"}}, 400, "input", "must be a text"),
        ({"encoding_format": "hex"}, 400, "encoding_format", "base64"),
        ({"dimensions": 128}, 400, "dimensions", "384"),
        ({"input_type": "document"}, 400, "input_type", "passage"),
        ({"input": ["good", "x" * 2_000_001]}, 413, "input", "2000000"),
    ],
)
def test_refusals_name_the_field(changes: dict[str, Any], status: int, param: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as caught:
        _parse(**changes)
    assert (caught.value.status, caught.value.param) == (status, param)
    assert orjson.loads(caught.value.body())["error"]["type"] == "invalid_request_error"


def test_floats_and_base64_are_the_same_vector() -> None:
    row = struct.pack("<3f", 0.5, -1.0, 0.25)
    plain = orjson.loads(render([row], "float", MODEL, 7))
    packed = orjson.loads(render([row], "base64", MODEL, 7))
    assert plain["data"] == [{"object": "embedding", "index": 0, "embedding": [0.5, -1.0, 0.25]}]
    assert base64.b64decode(packed["data"][0]["embedding"]) == row
    assert plain["usage"] == {"prompt_tokens": 7, "total_tokens": 7}


def test_an_answer_is_read_in_the_order_of_its_indexes_in_either_encoding() -> None:
    one, two = struct.pack("<2f", 1, 2), struct.pack("<2f", 3, 4)
    data = [{"index": 1, "embedding": [3.0, 4.0]}, {"index": 0, "embedding": base64.b64encode(one).decode()}]
    assert rows_of(orjson.dumps({"data": data}), 2) == [one, two]


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"[]",
        b'{"data": 3}',
        b'{"data": [{"index": 0, "embedding": "!!"}]}',
        b'{"data": [{"index": 0, "embedding": ["x"]}]}',
        b'{"data": []}',
        b'{"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}',
    ],
)
def test_another_answer_is_the_upstream_s_failure(content: bytes) -> None:
    with pytest.raises(UpstreamFailed):
        rows_of(content, 1 if b"1.0, 2.0" not in content else 2)


def test_a_refusal_is_told_in_its_own_words() -> None:
    assert refusal(b'{"error": {"message": "too long"}}') == "too long"
    assert refusal(b"Bad Gateway") == "Bad Gateway"
    assert refusal(b"") == "no explanation"
