"""Web sites: a document for each page, those that have changed only."""

from __future__ import annotations

import os
from dataclasses import asdict
from uuid import UUID

from yarl import URL

from db import NewDocument
from inference.errors import Conflict, UpstreamFailed
from inference.functions.collections import check_metadata
from inference.functions.context import Context, RunScope
from inference.functions.identifiers import collection_of
from inference.functions.ingestion import safe_name, take_in
from inference.functions.reading import with_charset
from inference.functions.registry import function
from inference.functions.sources.crawling import KnownPage, Order, Told, crawl
from inference.functions.web import check_address, file_name, one_part, read_allowance, read_url
from inference.json_values import is_array
from inference.models.sources import CrawlResult, CrawlSiteRequest, FailedPage, StartedRun

CRAWL = "crawl_site"

_MOST_FAILURES = 100


@function(scope="documents:write", status=202)
async def crawl_site(ctx: Context, request: CrawlSiteRequest) -> StartedRun:
    """Fetches a web site's pages and ingests them, a document for each, in the background. robots.txt, `noindex` and
    `nofollow` are obeyed unless `robots` is false. Called again, pages that have changed become newer contents of their
    documents, and the rest is left alone."""
    await collection_of(ctx, request.collection_id)
    check_metadata(request.metadata)
    way = "pages behind a log-in are not crawled; their files can be sent with upload_document"
    check_address(read_url(request.url, log_in=way), read_allowance(ctx.settings.http_allow))
    async with ctx.storage.transaction() as work:
        run = await ctx.launch(ctx, work, CRAWL, request.model_dump(), priority=-1)
    return StartedRun(run_id=str(run))


@function(scope="documents:write")
async def crawl_pages(ctx: Context, request: CrawlSiteRequest) -> CrawlResult:
    """The step of the toolchain `crawl_site`. Done again, it asks for what it has already with the validators that the
    server gave, which costs little."""
    if ctx.run is None:
        raise Conflict("This is a step of the toolchain `crawl_site` and works within a run of it only.")
    collection = await collection_of(ctx, request.collection_id)
    url = read_url(request.url)
    crawl_ = _Crawl(ctx, ctx.run, request, collection)
    known = await ctx.storage.documents.origins(ctx.user.key, collection, str(url.origin()))
    order = Order(
        url=str(url),
        scope=request.scope,
        depth=request.depth,
        max_pages=request.max_pages,
        rate=request.rate,
        robots=request.robots,
        max_bytes=ctx.settings.max_upload_bytes,
        allow=ctx.settings.http_allow,
        parent=os.getpid(),
        known={source: _known(origin) for source, origin in known.items()},
    )
    async for told, body in crawl(order):
        await crawl_.take(told, body)
    if not crawl_.result.pages and crawl_.result.failed:
        first = crawl_.result.failed[0]
        raise UpstreamFailed(f"Nothing of the site could be fetched. {first.url}: {first.why}", field="url")
    return crawl_.result


def _known(origin: dict[str, object]) -> KnownPage:
    etag, last_modified, links = (origin.get(name) for name in ("etag", "last_modified", "links"))
    return KnownPage(
        etag if isinstance(etag, str) else None,
        last_modified if isinstance(last_modified, str) else None,
        [str(link) for link in links] if is_array(links) else [],
        origin.get("robots") is True,
    )


class _Crawl:
    """Makes documents of what a crawl tells, and counts."""

    def __init__(self, ctx: Context, run: RunScope, request: CrawlSiteRequest, collection: UUID) -> None:
        self._ctx, self._run, self._request, self._collection = ctx, run, request, collection
        self.result = CrawlResult(pages=0, new=0, unchanged=0, failed_count=0, failed=[])

    async def take(self, told: Told, body: bytes) -> None:
        result = self.result
        why = "it is empty" if told.kind == "page" and not body else told.why
        if why:
            result.failed_count += 1
            if len(result.failed) < _MOST_FAILURES:
                result.failed.append(FailedPage(url=told.url, why=why))
            return
        result.pages += 1
        if told.kind == "unchanged" or not await self._is_new(told, body):
            result.unchanged += 1
        else:
            result.new += 1
        await self._run.report("crawling", min(1.0, result.pages / self._request.max_pages))

    async def _is_new(self, told: Told, body: bytes) -> bool:
        ctx = self._ctx
        content_type = told.content_type.partition(";")[0].strip()
        async with ctx.objects.receive(one_part(body), ctx.settings.max_upload_bytes) as received:
            new = NewDocument(
                name=safe_name(file_name(URL(told.url), told.disposition, content_type)),
                content_type=with_charset(content_type, told.content_type),
                size=received.size,
                sha256=received.sha256,
                metadata=self._request.metadata,
                source=told.url,
                origin={name: value for name, value in asdict(told.known).items() if value},
            )
            taken = await take_in(ctx, self._collection, new, received, priority=self._request.priority)
        return not taken.unchanged
