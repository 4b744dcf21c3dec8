"""What a site asks of those who crawl it: robots.txt and how fast, `noindex` and `nofollow`, and to come back later."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest, StopDownload
from scrapy.http import HtmlResponse, Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached

AGENT = "Penstock"

_MOST_OF_ROBOTS = 500 << 10
_TOO_MANY, _UNAVAILABLE = 429, 503
# So many of the longest waits that Retry-After may ask for, one crawl waits.
_MOST_WAITS = 10
# Whom a page may address.
_NAMES = ("", "*", "robots", AGENT.lower())
# A header may name an agent, to whom what follows applies; these have a colon too.
_ADDRESSED = re.compile(r"\s*([\w*-]*)\s*:(.*)", re.DOTALL)
_WITH_VALUES = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


def reason_of(error: BaseException) -> str:
    """Why something could not be fetched, in words that follow its URL."""
    if isinstance(error, HttpError):
        return f"it answered {error.response.status}"
    if isinstance(error, IgnoreRequest):
        return str(error) or "robots.txt does not allow it"
    if isinstance(error, CannotResolveHostError):
        return "its name has no address, or one that is not on the internet"
    return str(error) or type(error).__name__


def barred_by(response: Response) -> set[str]:
    """Of `noindex` and `nofollow` those that a page says of itself, in `X-Robots-Tag` or its `<meta>`."""
    said = [part for value in response.headers.getlist("X-Robots-Tag") for part in _to_us(value.decode("latin-1"))]
    if isinstance(response, HtmlResponse):
        for meta in response.xpath("//meta[@name and @content]"):
            if meta.attrib["name"].strip().lower() in _NAMES:
                said.extend(meta.attrib["content"].split(","))
    words = {word.strip().lower() for word in said}
    return {"noindex", "nofollow"} if "none" in words else words & {"noindex", "nofollow"}


def _to_us(value: str) -> Iterator[str]:
    to_us = True
    for part in value.split(","):
        word = part
        if (addressed := _ADDRESSED.fullmatch(part)) and addressed[1].lower() not in _WITH_VALUES:
            to_us, word = addressed[1].lower() in _NAMES, addressed[2]
        if to_us:
            yield word


class Robots(RobotsTxtMiddleware):
    """robots.txt as RFC 9309 has it: one that cannot be read allows nothing, one that is not there everything. Of a
    long one the first 500 KiB count. Its `Crawl-delay` is kept to where it is longer than the crawl's own."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread = dict[str, str]()
        self._received = Counter[Request]()
        self._longest = crawler.settings.getfloat("PENSTOCK_PATIENCE")
        crawler.signals.connect(self._cut, signals.bytes_received)
        crawler.signals.connect(self._slow_down, signals.robots_parsed)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if why := self._unread.get(urlparse_cached(request).netloc):
            raise IgnoreRequest(f"robots.txt could not be read: {why}")
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status == _TOO_MANY or response.status >= 500:
            raise IgnoreRequest(f"it answered {response.status}")
        body = response.body[:_MOST_OF_ROBOTS] if response.status < 300 else b""
        if len(body) == _MOST_OF_ROBOTS:
            # Half a path would be a shorter one.
            body = body.rpartition(b"\n")[0]
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unread[netloc] = reason_of(exc)
        super()._robots_error(exc, netloc)

    def _cut(self, data: bytes, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            self._received[request] += len(data)
            if self._received[request] >= _MOST_OF_ROBOTS:
                raise StopDownload(fail=False)

    def _slow_down(self, robotparser: RobotParser, request: Request) -> None:
        downloader = cast(Any, self.crawler.engine).downloader
        host = downloader.get_slot_key(request)
        delay = min(robotparser.crawl_delay(AGENT) or 0.0, self._longest)
        known = downloader.per_slot_settings.get(host) or {"delay": self.crawler.settings.getfloat("DOWNLOAD_DELAY")}
        if delay > known["delay"]:
            # For the slot that robots.txt was fetched in, and for those that follow it.
            downloader.per_slot_settings[host] = {"delay": delay}
            if slot := downloader.slots.get(host):
                slot.delay = delay


class Retry(RetryMiddleware):
    """Asks once more, and a host that says when (`Retry-After`) not before that, for so long as is bearable."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._longest = settings.getfloat("PENSTOCK_PATIENCE")
        self._left = _MOST_WAITS * self._longest

    def process_response(self, request: Request, response: Response, *more: Any, **others: Any) -> Request | Response:
        if response.status in {_TOO_MANY, _UNAVAILABLE} and not self._may_wait(request, response):
            return response
        return super().process_response(request, response, *more, **others)

    def _may_wait(self, request: Request, response: Response) -> bool:
        """Holds everything back that goes to the same host. False when the crawl has waited for too long in all."""
        slot = cast(Any, self.crawler.engine).downloader.slots[request.meta["download_slot"]]
        until = monotonic() + min(_seconds(response.headers.get("Retry-After")), self._longest)
        # A host's requests begin `delay` after what its slot takes for the last one.
        longer = until - max(monotonic(), slot.lastseen + slot.delay)
        if longer > self._left:
            return False
        if longer > 0:
            self._left -= longer
            slot.lastseen = until - slot.delay
        return True


def _seconds(said: bytes | None) -> float:
    """What Retry-After says, as seconds or as a date; 0 when it says neither."""
    text = said.decode("latin-1").strip()[:100] if said else ""
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
