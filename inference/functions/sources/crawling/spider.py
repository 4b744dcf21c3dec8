"""Follows the links of a site and tells its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from inference.functions.sources.crawling.guarding import Within
from inference.functions.sources.crawling.wire import KnownPage, Order, Told

_MOST_LINKS = 1000
_SHOWN_URL = 200
_SHOWN_TYPE = 60
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
        self._links = LinkExtractor(deny_extensions=_NOT_TAKEN, canonicalize=True)
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
            headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
            yield Request(
                canonical,
                self.parse,
                errback=self.failed,
                headers={name: value for name, value in headers.items() if value},
                meta={"handle_httpstatus_list": [304], "own_depth": depth, "asked": canonical},
                dont_filter=True,
            )

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        depth, asked = response.meta["own_depth"], response.meta["asked"]
        if response.status == 304:
            self.tell(Told(kind="unchanged", url=asked), b"")
            known = self.order.known.get(asked)
            return self._ask(known.links if known else [], depth + 1)
        content_type = _header(response, "Content-Type").strip().lower()
        if why := self._left_out(response, content_type):
            # Of pages that are linked it goes without saying.
            if not depth:
                self.tell(Told(kind="failed", url=asked, why=why), b"")
            return iter(())
        url = self._canonical(response)
        links = self._links_of(response)
        if url == asked or url not in self._told:
            self._told.add(url)
            validators = KnownPage(_header(response, "ETag") or None, _header(response, "Last-Modified") or None, links)
            told = Told(
                kind="page",
                url=url,
                content_type=content_type,
                disposition=_header(response, "Content-Disposition"),
                known=validators,
            )
            self.tell(told, response.body)
        return self._ask(links, depth + 1)

    def _left_out(self, response: Response, content_type: str) -> str:
        """Why what came is no page of the site; empty when it is one."""
        if not self._within(response.url):
            return f"it redirects to {response.url[:_SHOWN_URL]}, which is not within the crawl: begin there"
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
        if not isinstance(response, HtmlResponse):
            return []
        links = [link.url for link in self._links.extract_links(response) if not link.nofollow]
        return [url for url in dict.fromkeys(links) if self._within(url)][:_MOST_LINKS]

    def failed(self, failure: Failure) -> None:
        """Tells why a page is missing."""
        error = cast(Exception, failure.value)  # pyright: ignore[reportUnknownMemberType]  # Twisted leaves it open
        request = cast(Request, getattr(failure, "request", None))
        url = request.meta["asked"] if request else ""
        if isinstance(error, HttpError):
            why = f"it answered {error.response.status}"
        elif isinstance(error, IgnoreRequest):
            why = str(error) or "robots.txt does not allow it"
        elif isinstance(error, CannotResolveHostError):
            why = "its name has no address, or one that is not on the internet"
        else:
            why = str(error) or type(error).__name__
        self.tell(Told(kind="failed", url=url, why=why[:300]), b"")


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1")[:1000] if value else ""
