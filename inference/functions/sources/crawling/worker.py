"""The crawling process: an order comes in on standard input, pages go out on standard output."""

from __future__ import annotations

import asyncio
import os
import sys

from scrapy.crawler import AsyncCrawlerProcess

from inference.functions.sources.crawling.manners import AGENT
from inference.functions.sources.crawling.spider import SiteSpider
from inference.functions.sources.crawling.wire import HEADER, Order, Told, messages, orders

_LOOK_SECONDS = 1.0


def main() -> None:
    """Crawls what it is told to, and ends with whoever reads the pages."""
    order = orders.validate_json(sys.stdin.buffer.read())
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever else prints must not come between the pages.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def tell(told: Told, body: bytes) -> None:
        # Blocks while the reader is busy: so the crawl goes no faster than its pages are taken in.
        message = messages.dump_json(told)
        try:
            out.write(HEADER.pack(len(message), len(body)) + message + body)
            out.flush()
        except BrokenPipeError:
            os._exit(1)

    process = AsyncCrawlerProcess(settings_of(order), install_root_handler=False)
    process.crawl(SiteSpider, order=order, tell=tell)
    asyncio.get_event_loop().create_task(_end_with(order.parent))
    process.start()
    tell(Told(kind="end"), b"")


async def _end_with(parent: int) -> None:
    """A parent that was killed cannot end this process, which may be waiting for a page."""
    while os.getppid() == parent:  # noqa: ASYNC110 - the end of another process has no event here
        await asyncio.sleep(_LOOK_SECONDS)
    os._exit(1)


def settings_of(order: Order) -> dict[str, object]:
    """Scrapy's settings."""
    crawling = "inference.functions.sources.crawling"
    scrapys = "scrapy.downloadermiddlewares"
    return {
        "USER_AGENT": AGENT,
        "ROBOTSTXT_OBEY": order.robots,
        "DOWNLOAD_DELAY": 1 / order.rate,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "DOWNLOAD_MAXSIZE": order.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": order.patience,
        "REDIRECT_MAX_TIMES": 5,
        # Breadth first: a page is found by its shortest way, and `max_pages` are those near the beginning.
        "DEPTH_PRIORITY": 1,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "RETRY_TIMES": 2,
        "DNS_RESOLVER": f"{crawling}.guarding.GuardedNames",
        "DOWNLOADER_MIDDLEWARES": {
            f"{crawling}.manners.Robots": 100,
            f"{scrapys}.robotstxt.RobotsTxtMiddleware": None,
            f"{crawling}.manners.Retry": 550,
            f"{scrapys}.retry.RetryMiddleware": None,
            f"{crawling}.guarding.Guard": 990,
            f"{scrapys}.httpproxy.HttpProxyMiddleware": None,
        },
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "PENSTOCK_ALLOW": order.allow,
        "PENSTOCK_PATIENCE": order.patience,
    }
