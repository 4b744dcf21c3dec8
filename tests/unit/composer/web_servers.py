"""Web servers on loopback, which only an allowance opens, and a node that asks them."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

from aiohttp import web

from inference.composer.nodes.http import perform_http
from inference.models.toolchain import HttpNode
from inference.settings import Settings
from tests.unit.composer.steps import FakeStep

ALLOWED = Settings(http_allow="127.0.0.1, 10.9.0.0/16")
REFUSED = Settings(http_allow="")
GZIP = {"Content-Encoding": "gzip"}


async def echo(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "method": request.method,
            "query": list(request.query.items()),
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": await request.text(),
        }
    )


async def answer(request: web.Request) -> web.Response:
    """What the test put there under the path's name."""
    return request.app[ANSWERS][request.match_info["name"]]()


async def redirect(request: web.Request) -> web.Response:
    return web.Response(status=int(request.query.get("status", "302")), headers={"Location": request.query["to"]})


async def circle(request: web.Request) -> web.Response:
    left = int(request.match_info["left"])
    return web.Response(status=302, headers={"Location": f"/circle/{left - 1}"}) if left else web.Response(text="out")


async def silent(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65536)


async def hollow(request: web.Request) -> web.StreamResponse:
    """A gzip that goes on forever and holds nothing."""
    response = web.StreamResponse(headers={"Content-Type": "text/plain", "Content-Encoding": "gzip"})
    await response.prepare(request)
    while True:
        await response.write(gzip.compress(b"") * 1000)


ANSWERS: web.AppKey[dict[str, Any]] = web.AppKey("answers", dict[str, Any])


class Server:
    """A web server; `answers` are what it gives at /answer/<name>."""

    def __init__(self, port: int, app: web.Application) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.answers = app[ANSWERS]

    def put(self, **fields: Any) -> str:
        """The address of a new answer."""
        name = str(len(self.answers))
        self.answers[name] = lambda: web.Response(**fields)
        return f"{self.base}/answer/{name}"


async def start() -> tuple[web.AppRunner, Server]:
    app = web.Application()
    app[ANSWERS] = {}
    app.router.add_route("*", "/echo", echo)
    app.router.add_route("*", "/redirect", redirect)
    app.router.add_get("/circle/{left}", circle)
    app.router.add_get("/silent", silent)
    app.router.add_get("/endless", endless)
    app.router.add_get("/hollow", hollow)
    app.router.add_get("/answer/{name}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, Server(runner.addresses[0][1], app)


async def ask(url: Any, settings: Settings = ALLOWED, **fields: Any) -> dict[str, Any]:
    node = HttpNode.model_validate({"id": "http", "kind": "http", "url": url, **fields})
    return await perform_http(node, FakeStep(settings=settings, state={"word": "é &", "list": [1, True, None, "x"]}))
