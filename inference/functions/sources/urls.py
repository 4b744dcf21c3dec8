"""A document by its URL."""

from __future__ import annotations

import asyncio

from db import NewDocument
from inference.errors import InvalidInput, UpstreamFailed
from inference.functions.collections import check_metadata
from inference.functions.context import Context
from inference.functions.identifiers import collection_of
from inference.functions.ingestion import safe_name, take_in
from inference.functions.registry import function
from inference.functions.web import fetching, read_allowance, read_url
from inference.models.documents import UploadResult
from inference.models.sources import IngestUrlRequest

_SECONDS = 600.0


@function(scope="documents:write", status=202)
async def ingest_url(ctx: Context, request: IngestUrlRequest) -> UploadResult:
    """Fetches a file from the web and starts its ingestion. The URL is its `source`: called again, the server is asked
    whether it has changed, and a changed file becomes the newer content of the same document."""
    collection = await collection_of(ctx, request.collection_id)
    metadata = check_metadata(request.metadata)
    source = str(read_url(request.url, log_in="fetch the file yourself and send it with upload_document"))
    standing = await ctx.storage.documents.standing(ctx.user.key, collection, source=source)
    known = standing.origin if standing and not standing.failed and not standing.update_sha256 else {}
    limit = ctx.settings.max_upload_bytes
    try:
        async with asyncio.timeout(_SECONDS), fetching(
            source, read_allowance(ctx.settings.http_allow), limit, known
        ) as fetched:  # fmt: skip
            if fetched.parts is None and standing:
                return UploadResult(document_id=str(standing.uid), run_id=standing.run_id or "", unchanged=True)
            assert fetched.parts is not None
            async with ctx.objects.receive(fetched.parts, limit) as received:
                if received.size == 0:
                    raise InvalidInput("The file at `url` is empty.", field="url")
                new = NewDocument(
                    name=safe_name(fetched.name),
                    content_type=fetched.content_type,
                    size=received.size,
                    sha256=received.sha256,
                    metadata=metadata,
                    source=source,
                    origin=fetched.origin,
                )
                return await take_in(ctx, collection, new, received, priority=request.priority)
    except TimeoutError:
        raise UpstreamFailed(f"The file did not come within {_SECONDS:g} seconds.", field="url") from None
