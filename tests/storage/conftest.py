"""A composer at work, for the tests that run toolchains without a server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from uuid_utils.compat import uuid7

from db import Listener, Storage, open_objects
from inference.composer import Composer
from inference.functions import Caller, Context
from inference.runner import FakeRunner
from inference.settings import Settings
from tests.storage.bench import Bench, changed
from tests.storage.counting import Counting, another_process, register_count
from tests.storage.sessions import Session
from tests.storage.shelf import CleverModel, serving_clever
from tests.storage.shelves import Shelves, put_on_shelves
from tests.storage.website import Page, Website, page, serving


@pytest.fixture
async def bench(storage: Storage, database: str, tmp_path: Path) -> AsyncGenerator[Bench]:
    listener, runner = Listener(database), FakeRunner()
    await listener.start()
    composer = Composer(storage, listener)
    owner = uuid7()
    await storage.accounts.create(owner, "ann", "hash", is_admin=False)
    account = await storage.accounts.by_uid(owner)
    assert account
    async with aiohttp.ClientSession() as http:
        base = Context(storage, runner, open_objects("", tmp_path), http, Settings(home=tmp_path), launch=composer)
        engine = composer.open(base)
        caller = Caller(account.id, account.user_id, account.username, is_admin=False)
        yield Bench(composer, engine, replace(base, caller=caller), storage)
        await composer.close()
    await runner.close()
    await listener.close()


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The calls of `count`, which is a function of the platform meanwhile."""
    return register_count(monkeypatch)


@pytest.fixture
async def other(bench: Bench, database: str) -> AsyncGenerator[Bench]:
    """The bench of another process on the same database."""
    async with another_process(bench, database) as process:
        yield process


@pytest.fixture
async def clever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[CleverModel]:
    async with serving_clever(bench, monkeypatch) as model:
        yield model


@pytest.fixture
def session(bench: Bench) -> Session:
    return Session(bench)


@pytest.fixture
async def shelves(bench: Bench) -> Shelves:
    return await put_on_shelves(bench)


@pytest.fixture
async def allowed(bench: Bench) -> Bench:
    """The bench, which may ask this machine."""
    return await changed(bench, settings=Settings(home=bench.ctx.settings.home, http_allow="127.0.0.0/8"))


@pytest.fixture
async def site() -> AsyncGenerator[Website]:
    pages = {
        "/": Page(
            page("Home", "/a", "/b.html?x=1&y=2", "/b.html?y=2&x=1", "/secret/x", "/out", "/c.pdf#page=2"), etag='"h1"'
        ),
        "/a": Page(page("Alder", "/deep", head='<link rel="canonical" href="/alder">'), etag='"a1"'),
        "/alder": Page(page("Alder", "/deep"), etag='"a1"'),
        "/b.html?x=1&y=2": Page(page("Birch")),
        "/deep": Page(page("Deep", "/deeper"), etag='"d1"'),
        "/deeper": Page(page("Deeper")),
        "/secret/x": Page(page("Secret")),
        "/out": Page(b"", status=302, headers={"Location": "http://10.1.2.3/inside"}),
        "/c.pdf": Page(
            b"plain words in a file", "text/plain", headers={"Content-Disposition": 'inline; filename="c.txt"'}
        ),
        "/robots.txt": Page(b"User-agent: *\nDisallow: /secret/\n", "text/plain"),
    }
    async with serving(pages) as running:
        yield running
