"""What `penstock ingest` sends, and what it makes of a file that changes on its way."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from inference.cli.client import CallFailed, Client, calling
from inference.cli.folder import LocalFile

_LONG = 32 << 20


@pytest.mark.parametrize("left", [0, 1000])
async def test_a_file_that_becomes_shorter_on_its_way_is_sent_once_more(tmp_path: Path, left: int) -> None:
    path = tmp_path / "rotated.log"
    path.write_bytes(b"a" * _LONG)
    sent: list[bytes] = []

    async def receive(request: web.Request) -> web.Response:
        await request.content.readany()
        os.truncate(path, left)
        form = await request.read()
        sent.append(form)
        return web.json_response({"result": {"unchanged": False}})

    application = web.Application(client_max_size=2 * _LONG)
    application.router.add_post("/api/upload_document", receive)
    async with asyncio.timeout(20), TestServer(application) as server, aiohttp.ClientSession() as http:
        client = Client(http, str(server.make_url("/")), "sk-x")
        await client.upload("collection", LocalFile(path, path.name, str(path)))
    assert [form.count(b"a" * 100) for form in sent] == [left // 100]


@pytest.mark.parametrize("url", ["penstock", "localhost:8000", "http://"])
async def test_what_is_no_address_is_said_at_once(url: str) -> None:
    async with asyncio.timeout(0.4), calling(url, "sk-x") as client:
        with pytest.raises(CallFailed, match="no address of a Penstock"):
            await client.call("fetch_all_collections", {})


@pytest.mark.parametrize("key", ["", "sk-x\r"])
async def test_what_no_header_can_carry_is_no_key(key: str) -> None:
    with pytest.raises(CallFailed, match="An API key is needed"):
        async with calling("http://127.0.0.1:1", key):
            pass
