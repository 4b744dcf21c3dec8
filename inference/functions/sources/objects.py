"""Prefixes of object stores: a document for each object, those that have changed only."""

from __future__ import annotations

from uuid import UUID

from pydantic import TypeAdapter

from db import NewDocument
from inference.errors import Conflict, PenstockError
from inference.functions.collections import check_metadata
from inference.functions.context import Context
from inference.functions.identifiers import collection_of
from inference.functions.ingestion import safe_name, take_in
from inference.functions.registry import function
from inference.functions.sources.stores import ListedObject, list_objects
from inference.functions.web import fetching, read_allowance
from inference.models.sources import (
    FailedPage,
    IngestObjectsRequest,
    IngestObjectsStep,
    ObjectsResult,
    StartedRun,
)

OBJECTS = "ingest_objects"

_LIST = "objects.json"
_MOST_FAILURES = 100
_TOLD_EVERY = 20

_listed = TypeAdapter(list[ListedObject])


@function(scope="documents:write", status=202)
async def ingest_objects(ctx: Context, request: IngestObjectsRequest) -> StartedRun:
    """Ingests the objects below a prefix of an object store, a document for each, in the background. The credentials in
    `options` are used to list them and to sign their addresses, and are kept nowhere, but for a SAS: it is the
    addresses' signature, and goes with them when the run has ended. Called again, objects whose ETag has not changed
    are left alone."""
    await collection_of(ctx, request.collection_id)
    check_metadata(request.metadata)
    objects = await list_objects(ctx, request.url, request.options, request.max_objects)
    given = {
        "collection_id": request.collection_id,
        "url": request.url,
        "metadata": request.metadata,
        "priority": request.priority,
    }
    async with ctx.storage.transaction() as work:
        run = await ctx.launch(ctx, work, OBJECTS, given, priority=-1)
        # The addresses are good for a week, and go with the run's scratch space.
        await ctx.objects.put(f"scratch/{run}/{_LIST}", _listed.dump_json(objects))
    return StartedRun(run_id=str(run))


@function(scope="documents:write")
async def fetch_objects(ctx: Context, request: IngestObjectsStep) -> ObjectsResult:
    """The step of the toolchain `ingest_objects`. Done again, it goes on with the objects that are not there yet."""
    if ctx.run is None:
        raise Conflict("This is a step of the toolchain `ingest_objects` and works within a run of it only.")
    collection = await collection_of(ctx, request.collection_id)
    kept = await ctx.objects.find(ctx.run.scratch(_LIST))
    if kept is None:
        raise Conflict("The list of objects is not there any more. Call ingest_objects again.")
    objects = _listed.validate_json(kept)
    there = await ctx.storage.documents.origins(ctx.user.key, collection, request.url.partition("://")[0] + "://")
    result = ObjectsResult(objects=len(objects), new=0, unchanged=0, failed_count=0, failed=[])
    for done, listed in enumerate(objects, 1):
        if listed.etag and there.get(listed.source, {}).get("etag") == listed.etag:
            result.unchanged += 1
        else:
            await _fetch(ctx, collection, request, listed, result)
        if done % _TOLD_EVERY == 0:
            await ctx.run.report("fetching", done / len(objects))
    return result


async def _fetch(
    ctx: Context, collection: UUID, request: IngestObjectsStep, listed: ListedObject, result: ObjectsResult
) -> None:
    """One object, whose failure is the others' no matter."""
    limit = ctx.settings.max_upload_bytes
    try:
        async with fetching(listed.url, read_allowance(ctx.settings.http_allow), limit, {}) as fetched:
            assert fetched.parts is not None
            async with ctx.objects.receive(fetched.parts, limit) as received:
                new = NewDocument(
                    name=safe_name(listed.source),
                    content_type=fetched.content_type,
                    size=received.size,
                    sha256=received.sha256,
                    metadata=request.metadata,
                    source=listed.source,
                    origin={"etag": listed.etag} if listed.etag else {},
                )
                taken = await take_in(ctx, collection, new, received, priority=request.priority)
    except PenstockError as problem:
        result.failed_count += 1
        if len(result.failed) < _MOST_FAILURES:
            result.failed.append(FailedPage(url=listed.source, why=problem.message))
        return
    if taken.unchanged:
        result.unchanged += 1
    else:
        result.new += 1
