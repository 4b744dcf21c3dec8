from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.evaluation import wire

ANSWER = wire.answer(b'{"a": 1}')
STREAM = wire.STREAM_HEAD + wire.chunk(b"data: 1\n\n") + wire.chunk(b"data: 2\n\n") + wire.LAST_CHUNK


@pytest.mark.parametrize("whole", [ANSWER, STREAM, wire.request("/x", b"{}", "k")], ids=["answer", "stream", "request"])
def test_a_message_is_there_with_its_last_byte_and_not_before(whole: bytes) -> None:
    assert [wire.message(whole[:end]) for end in range(len(whole))] == [None] * len(whole)
    found = wire.message(whole)
    assert found is not None
    assert found[2] == len(whole)


def test_an_answer_is_read_back() -> None:
    found = wire.message(ANSWER)
    assert found is not None
    assert wire.status(found[0]) == 200
    assert found[1] == b'{"a": 1}'


def test_what_follows_a_message_is_left() -> None:
    found = wire.message(ANSWER + b"HTTP/1.1 200")
    assert found is not None
    assert found[1:] == (b'{"a": 1}', len(ANSWER))


@pytest.mark.parametrize("name", [b"content-length", b"Content-Length", b"CONTENT-LENGTH"])
def test_names_of_headers_have_no_case(name: bytes) -> None:
    found = wire.message(b"HTTP/1.1 200 OK\r\n" + name + b":2\r\n\r\nhi")
    assert found is not None
    assert found[1] == b"hi"


@given(st.binary(max_size=200))
def test_any_body_goes_through(body: bytes) -> None:
    found = wire.message(wire.answer(body))
    assert found is not None
    assert found[1] == body
