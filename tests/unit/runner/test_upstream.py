"""A provider's models, against a pretended provider on loopback."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
import pytest
from aiohttp import web

from inference.errors import InvalidInput, NotFound
from inference.runner.catalog import Catalog
from inference.runner.upstream import Upstream, listing

Answer = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def _provider(answer: Answer) -> AsyncGenerator[str]:
    app = web.Application()
    app.add_routes([web.get("/v1/models", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/"
    finally:
        await runner.cleanup()


def test_a_lease_is_the_provider_s_address_and_key() -> None:
    lease = Upstream("https://example.test/v1/", "key", Catalog()).lease("openai/org/model")
    assert (lease.model, lease.base_url) == ("org/model", "https://example.test/v1")
    assert lease.headers == {"Authorization": "Bearer key"}
    assert "key" not in repr(lease)


@pytest.mark.parametrize("model", ["gpt", "openai/", "other/model", ""])
def test_other_names_are_not_found(model: str) -> None:
    with pytest.raises(NotFound, match="no model"):
        Upstream("https://example.test/v1", "key", Catalog()).lease(model)


async def test_without_a_provider_the_message_tells_how_to_have_one() -> None:
    upstream = Upstream("", "", Catalog())
    with pytest.raises(NotFound, match="OPENAI_BASE_URL"):
        upstream.lease("openai/gpt")
    assert await upstream.models() == []


@pytest.mark.parametrize("url", ["example.test", "ftp://example.test", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="OPENAI_BASE_URL"):
        Upstream(url, "", Catalog())


async def test_models_are_listed_once_a_minute_with_the_key() -> None:
    seen: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization"))
        return web.json_response(
            {"data": [{"id": "chat-1"}, {"id": "text-embedding-3"}, {"id": "rerank-2"}, {"no": 1}, 7]}
        )

    async with _provider(answer) as url:
        upstream = Upstream(url, "key", Catalog())
        models = await upstream.models()
        assert await upstream.models() == models
    assert seen == ["Bearer key"]
    assert [(model.id, model.kind, model.engine, model.state) for model in models] == [
        ("openai/chat-1", "chat", "remote", "ready"),
        ("openai/text-embedding-3", "embedding", "remote", "ready"),
        ("openai/rerank-2", "rerank", "remote", "ready"),
    ]


async def _refuses(_: web.Request) -> web.Response:
    return web.Response(status=401)


async def _talks(_: web.Request) -> web.Response:
    return web.Response(text="<html>")


async def _floods(_: web.Request) -> web.Response:
    return web.Response(body=orjson.dumps({"data": [{"id": "x" * 100}] * 60_000}))


@pytest.mark.parametrize("answer", [_refuses, _talks, _floods])
async def test_a_provider_that_answers_badly_breaks_nothing(answer: Answer) -> None:
    async with _provider(answer) as url:
        assert await Upstream(url, "key", Catalog()).models() == []


async def test_a_provider_that_is_not_there_breaks_nothing() -> None:
    async with _provider(_refuses) as url:
        pass
    assert await Upstream(url, "key", Catalog()).models() == []


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"data": {}}', b"3"])
def test_what_is_not_a_listing(body: bytes) -> None:
    with pytest.raises(ValueError, match="not a list of models"):
        listing(body)
