"""`penstock ingest` where Penstock goes away."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer


async def test_an_end_in_the_middle_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "heron.txt").write_text("A heron stands in the reeds.")

    async def listed(_: web.Request) -> web.Response:
        return web.json_response({"result": {"collections": [{"id": "c", "name": "birds"}]}})

    async def gone(_: web.Request) -> web.Response:
        return web.json_response({"error": {"message": "There is no collection 'c'."}}, status=404)

    application = web.Application()
    application.router.add_post("/api/fetch_all_collections", listed)
    application.router.add_post("/api/match_contents", gone)
    async with asyncio.timeout(60), TestServer(application) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "inference.cli", "ingest", str(tmp_path), "--collection", "birds",
            "--url", str(server.make_url("/")), "--key", "sk-x", stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, told = await process.communicate()
    assert process.returncode == 2
    assert told.decode().splitlines() == ["There is no collection 'c'.", "The same command goes on with the rest."]
