"""Ingestions that failed, once more: what was read and embedded by then is not done again."""

from __future__ import annotations

from uuid import UUID

from inference.errors import Conflict
from inference.functions.context import Context
from inference.functions.identifiers import collection_of, no_such, parse_id
from inference.functions.ingestion.intake import INGEST
from inference.functions.registry import function
from inference.models.collections import CollectionReference
from inference.models.documents import DocumentReference, RetriedDocuments, UploadResult


@function(scope="documents:write", status=202)
async def retry_document(ctx: Context, request: DocumentReference) -> UploadResult:
    """Ingests a document once more whose ingestion failed, or whose newer content could not be ingested."""
    uid = parse_id(request.document_id, "document", "document_id")
    run = await _retry(ctx, uid)
    if run is None:
        found = await ctx.storage.documents.get(ctx.user.key, uid)
        if found is None:
            raise no_such("document", request.document_id, "document_id")
        raise Conflict(f"The document is {found.status}: nothing of it has failed.", field="document_id")
    return UploadResult(document_id=str(uid), run_id=str(run))


@function(scope="documents:write", status=202)
async def retry_failed_documents(ctx: Context, request: CollectionReference) -> RetriedDocuments:
    """The same for all documents of a collection that failed."""
    collection = await collection_of(ctx, request.collection_id)
    retried: list[str] = []
    for uid in await ctx.storage.documents.failed(ctx.user.key, collection):
        if await _retry(ctx, uid):
            retried.append(str(uid))
    return RetriedDocuments(document_ids=retried)


async def _retry(ctx: Context, uid: UUID) -> UUID | None:
    """The new run; None when nothing failed."""
    async with ctx.storage.transaction() as work:
        standing = await work.documents.standing(ctx.user.key, uid=uid)
        if standing is None or not (standing.failed or standing.update_failed):
            return None
        run = await ctx.launch(ctx, work, INGEST, {"document_id": str(uid)})
        if standing.update_failed:
            await work.documents.set_update_run(standing.id, run)
        else:
            await work.documents.set_run(uid, run)
    return run
