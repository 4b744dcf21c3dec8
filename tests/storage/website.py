"""A web site on loopback, which counts what it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Page:
    """What is at a path. `etag` None: the server knows no validators."""

    body: bytes
    content_type: str = "text/html"
    etag: str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    status: int = 200
    charset: str | None = None


@dataclass
class Website:
    """Pages by their paths, with or without a query; `asked` counts whole answers, `not_modified` those without a body,
    `requests` are the paths and queries of all that came."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict[str, Page])
    asked: Counter[str] = field(default_factory=Counter[str])
    not_modified: Counter[str] = field(default_factory=Counter[str])
    requests: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request.path_qs)
        page = self.pages.get(request.path_qs) or self.pages.get(request.rel_url.raw_path)
        if page is None:
            return web.Response(status=404)
        headers = page.headers | ({"ETag": page.etag} if page.etag else {})
        if page.etag and request.headers.get("If-None-Match") == page.etag:
            self.not_modified[request.path] += 1
            return web.Response(status=304, headers=headers)
        self.asked[request.path] += 1
        return web.Response(
            status=page.status, body=page.body, content_type=page.content_type, charset=page.charset, headers=headers
        )


@asynccontextmanager
async def serving(pages: dict[str, Page]) -> AsyncGenerator[Website]:
    """A site with these pages."""
    site = Website(pages=pages)
    app = web.Application()
    app.router.add_route("GET", "/{path:.*}", site.answer)
    server = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{server.addresses[0][1]}"
    try:
        yield site
    finally:
        await server.cleanup()
