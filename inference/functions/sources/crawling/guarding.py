"""Keeps the crawl out of one's own network, and within its scope."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

from inference.errors import PenstockError
from inference.functions.sources.crawling.wire import Order
from inference.functions.web.guard import Allowance, check_address, check_resolved, read_allowance, read_url


class GuardedNames(CachingThreadedResolver):
    """Gives addresses that may be asked only: what was checked is what is connected to, so that a name which changes
    its address between the two gains nothing."""

    allowance = Allowance()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedNames:
        made = cast(GuardedNames, super().from_crawler(crawler, reactor))
        made.allowance = read_allowance(crawler.settings.get("PENSTOCK_ALLOW", ""))
        return made

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        found: Any = super().getHostByName(name, timeout)

        def checked(address: str) -> str:
            check_resolved(name.lower().removesuffix("."), ip_address(address), self.allowance)
            return address

        return found.addCallback(checked)


class Guard:
    """A downloader middleware next to the network: every request passes it, those for robots.txt and after redirects
    too."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        return cls(read_allowance(crawler.settings.get("PENSTOCK_ALLOW", "")))

    def process_request(self, request: Request) -> None:
        try:
            check_address(read_url(request.url), self._allowance)
        except PenstockError as error:
            raise IgnoreRequest(error.message) from None


class Within:
    """Which URLs belong to a crawl."""

    def __init__(self, order: Order) -> None:
        start = read_url(order.url)
        self._scope = order.scope
        self._host, self._port, self._path = start.raw_host, start.port, start.raw_path.rpartition("/")[0] + "/"

    def __call__(self, text: str) -> bool:
        try:
            url = read_url(text)
        except PenstockError:
            return False
        if self._scope == "subdomains":
            return url.raw_host == self._host or (url.raw_host or "").endswith(f".{self._host}")
        if (url.raw_host, url.port) != (self._host, self._port):
            return False
        return self._scope == "host" or url.raw_path.startswith(self._path)
