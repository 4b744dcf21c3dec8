"""A web site on loopback, which counts what it is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from aiohttp import web
from multidict import CIMultiDict


@dataclass
class Page:
    """What is at a path. `etag` None: the server knows no validators. `delay`: after how many seconds it answers;
    `before`: answers that come first, each once."""

    body: bytes
    content_type: str = "text/html"
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    status: int = 200
    charset: str | None = None
    delay: float = 0
    before: list[Page] = field(default_factory=list["Page"])


@dataclass
class Website:
    """Pages by their paths, with or without a query; `asked` counts whole answers, `not_modified` those without a body,
    `requests` are the paths and queries of all that came, `times` when they did."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict[str, Page])
    asked: Counter[str] = field(default_factory=Counter[str])
    not_modified: Counter[str] = field(default_factory=Counter[str])
    requests: list[str] = field(default_factory=list[str])
    times: list[float] = field(default_factory=list[float])

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request.path_qs)
        self.times.append(monotonic())
        page = self.pages.get(request.path_qs) or self.pages.get(request.rel_url.raw_path)
        if page is None:
            return web.Response(status=404)
        if page.before:
            page = page.before.pop(0)
        await asyncio.sleep(page.delay)
        headers = CIMultiDict(page.headers)
        if page.etag:
            headers["ETag"] = page.etag
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


def page(title: str, *links: str, head: str = "") -> bytes:
    anchors = "".join(f'<p><a href="{link}">to {link}</a></p>' for link in links)
    return (
        f"<html><head><title>{title}</title>{head}</head>"
        f"<body><h1>{title}</h1><p>{title} flows.</p>{anchors}</body></html>"
    ).encode()
