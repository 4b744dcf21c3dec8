"""The load generator against the upstream, both real, in one loop: what is wrong must not be counted."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import orjson
import pytest

from inference.evaluation import upstream, wire
from inference.evaluation.gateway import REQUEST_BYTES, body
from inference.evaluation.load import Load, LoadFailed, run


@asynccontextmanager
async def serving(protocol: type[asyncio.Protocol]) -> AsyncGenerator[Load]:
    transports: list[asyncio.BaseTransport] = []

    def accept() -> asyncio.Protocol:
        made = protocol()
        begin = made.connection_made

        def remember(transport: asyncio.BaseTransport) -> None:
            transports.append(transport)
            begin(transport)

        made.connection_made = remember
        return made

    server = await asyncio.get_running_loop().create_server(accept, "127.0.0.1", 0)
    async with server:
        yield Load(
            port=server.sockets[0].getsockname()[1],
            request=_request(stream=False),
            says=upstream.SAID,
            pid=os.getpid(),
            connections=4,
            seconds=0.2,
            warm_seconds=0.05,
        )
        for transport in transports:
            transport.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def _request(*, stream: bool) -> str:
    return base64.b64encode(wire.request("/v1/chat/completions", body("echo-1", stream=stream), "key")).decode()


class Answering(asyncio.Protocol):
    """Answers every request with `answer`, then closes if told to."""

    answer = b""
    closes = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.answer)
        if self.closes:
            self.transport.close()


class Failing(Answering):
    answer = wire.answer(upstream.answer_body()).replace(b"200 OK", b"500 Oh")


class Lying(Answering):
    answer = wire.answer(b"x" * upstream.ANSWER_BYTES)


class Silent(Answering):
    pass


class Closing(Answering):
    closes = True


class Hasty(Answering):
    answer = wire.STREAM_HEAD + wire.chunk(upstream.event("word ") + b"data: [DONE]\n\n") + wire.LAST_CHUNK


def test_request_and_answer_have_the_sizes_that_the_table_tells() -> None:
    assert len(upstream.answer_body()) == upstream.ANSWER_BYTES
    assert orjson.loads(upstream.answer_body())["choices"][0]["message"]["content"].startswith(upstream.SAID)
    for stream in (True, False):
        for model in ("bench", "openai/echo-1"):
            asked = body(model, stream=stream)
            assert len(asked) == REQUEST_BYTES
            assert orjson.loads(asked)["stream"] is stream


async def test_answers_are_counted_and_timed() -> None:
    async with serving(upstream.Upstream) as load:
        result = await run(load)
    assert result.answers > 0
    assert result.seconds >= load.seconds
    assert 0 < result.p50_us <= result.p99_us


async def test_streams_are_read_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "CHUNK_SECONDS", 0.0005)
    async with serving(upstream.Upstream) as load:
        streams = replace(load, request=_request(stream=True), says="[DONE]", events=upstream.CHUNKS)
        result = await asyncio.wait_for(run(streams), 30)
    assert result.answers == load.connections


@pytest.mark.parametrize(
    ("protocol", "message"),
    [(Failing, "500"), (Lying, "xxx"), (Closing, "closed"), (Silent, "no answer")],
)
async def test_what_is_wrong_ends_the_measurement(protocol: type[asyncio.Protocol], message: str) -> None:
    async with serving(protocol) as load:
        with pytest.raises(LoadFailed, match=message):
            await run(load)


async def test_a_stream_that_lacks_events_ends_the_measurement() -> None:
    async with serving(Hasty) as load:
        with pytest.raises(LoadFailed, match="too soon"):
            await run(replace(load, says="[DONE]", events=upstream.CHUNKS))
