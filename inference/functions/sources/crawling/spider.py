"""Follows the links of a site and tells its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from inference.functions.sources.crawling.guarding import Within
from inference.functions.sources.crawling.manners import barred_by, reason_of
from inference.functions.sources.crawling.wire import KnownPage, Order, Told

_MOST_LINKS = 1000
_SHOWN_URL = 200
_SHOWN_TYPE = 60
_SHOWN_WHY = 300
_UNCHANGED = 304
# What the readers take; the rest of the web is not asked for.
_TAKEN = ("text/html", "application/xhtml", "text/plain", "text/markdown", "text/csv", "application/pdf",
          "application/json", "application/epub", "application/msword", "application/vnd.")  # fmt: skip
_NOT_TAKEN = ("7z", "apk", "avi", "bin", "bmp", "bz2", "css", "dmg", "exe", "gif", "gz", "ico", "iso", "jpeg", "jpg",
              "js", "m4a", "m4v", "mjs", "mkv", "mov", "mp3", "mp4", "mpeg", "ogg", "png", "rar", "rss", "svg", "tar",
              "tif", "tiff", "wav", "webm", "webp", "woff", "woff2", "wmv", "xz", "zip")  # fmt: skip

Tell = Callable[[Told, bytes], None]


class SiteSpider(Spider):
    """Crawls one site; every page is told once, under its canonical URL."""

    name = "site"
    order: Order
    tell: Tell

    def __init__(self, *, order: Order, tell: Tell, **more: Any) -> None:
        super().__init__(**more)
        self.order, self.tell = order, tell
        self._within = Within(order)
        self._links = LinkExtractor(deny_extensions=_NOT_TAKEN, canonicalize=True, unique=False)
        self._told = set[str]()
        self._asked = 0

    async def start(self) -> AsyncIterator[Request]:
        for request in self._ask([self.order.url], 0):
            yield request

    def _ask(self, urls: list[str], depth: int) -> Iterator[Request]:
        for url in urls:
            if self._asked >= self.order.max_pages or depth > self.order.depth:
                return
            canonical = canonicalize_url(url)
            if canonical in self._told or not self._within(canonical):
                continue
            self._told.add(canonical)
            self._asked += 1
            known = self.order.known.get(canonical)
            if known and known.robots != self.order.robots:
                # What it led to then is not what it leads to now.
                known = None
            headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
            yield Request(
                canonical,
                self.parse,
                errback=self.failed,
                headers={name: value for name, value in headers.items() if value},
                meta={"handle_httpstatus_list": [_UNCHANGED], "own_depth": depth, "asked": canonical},
                dont_filter=True,
            )

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        depth, asked = response.meta["own_depth"], response.meta["asked"]
        why = self._left_out(response)
        barred = barred_by(response) if self.order.robots else set[str]()
        links = [] if why or "nofollow" in barred else self._links_of(response)
        if not why and "noindex" in barred:
            why = "it asks not to be indexed (noindex)"
        if why:
            # Of pages that are linked it goes without saying.
            if not depth:
                self.tell(Told(kind="failed", url=asked, why=why), b"")
        elif response.status == _UNCHANGED:
            self.tell(Told(kind="unchanged", url=asked), b"")
        else:
            self._tell_page(response, links)
        return self._ask(links, depth + 1)

    def _tell_page(self, response: Response, links: list[str]) -> None:
        asked, url = response.meta["asked"], self._canonical(response)
        if url != asked and url in self._told:
            return
        self._told.add(url)
        validators = KnownPage(
            _header(response, "ETag") or None, _header(response, "Last-Modified") or None, links, self.order.robots
        )
        told = Told(
            kind="page",
            url=url,
            content_type=_content_type(response),
            disposition=_header(response, "Content-Disposition"),
            known=validators,
        )
        self.tell(told, response.body)

    def _left_out(self, response: Response) -> str:
        """Why what came is no page of the site; empty when it is one."""
        if response.status == _UNCHANGED:
            return ""
        if not self._within(response.url):
            return f"it redirects to {response.url[:_SHOWN_URL]}, which is not within the crawl: begin there"
        content_type = _content_type(response)
        if not content_type.startswith(_TAKEN):
            return f"it is {content_type[:_SHOWN_TYPE] or 'of no type that is told'}, which is not taken from sites"
        return ""

    def _canonical(self, response: Response) -> str:
        """Where a page says that it is, if that is within the crawl; else where it was found."""
        if isinstance(response, HtmlResponse):
            for said in response.xpath("//link[@rel='canonical']/@href").getall()[:1]:
                url = canonicalize_url(response.urljoin(said))
                if self._within(url):
                    return url
        return canonicalize_url(response.url)

    def _links_of(self, response: Response) -> list[str]:
        if response.status == _UNCHANGED:
            known = self.order.known.get(response.meta["asked"])
            return known.links if known else []
        if not isinstance(response, HtmlResponse):
            return []
        links = self._links.extract_links(response)
        urls = dict.fromkeys(link.url for link in links if not (self.order.robots and link.nofollow))
        return [url for url in urls if self._within(url)][:_MOST_LINKS]

    def failed(self, failure: Failure) -> None:
        """Tells why a page is missing."""
        error = cast(Exception, failure.value)  # pyright: ignore[reportUnknownMemberType]  # Twisted leaves it open
        request = cast(Request, getattr(failure, "request", None))
        url = request.meta["asked"] if request else ""
        self.tell(Told(kind="failed", url=url, why=reason_of(error)[:_SHOWN_WHY]), b"")


def _content_type(response: Response) -> str:
    return _header(response, "Content-Type").strip().lower()


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1")[:1000] if value else ""
