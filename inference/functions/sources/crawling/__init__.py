"""Web sites, page by page: Scrapy in a process of its own, whose pages become documents here as they come.

`process` starts it and reads what it tells, `wire` is the form of that; `worker`, `spider`, `guarding` and `manners`
are inside of it and know neither the database nor secrets.
"""

from inference.functions.sources.crawling.process import crawl
from inference.functions.sources.crawling.wire import KnownPage, Order, Told

__all__ = ["KnownPage", "Order", "Told", "crawl"]
