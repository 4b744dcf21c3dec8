"""Collections that are cut, stemmed or embedded in another way: document by document, searched as before until then.

A change of how documents are cut rebuilds each of them aside and swaps it in one transaction. A change of the embedder
adds the new model's vectors to those of the old one, also to those of documents that come in meanwhile; when all are
there, searches change over in one transaction and the old ones go. The language of postings changes by itself
(db/bm25).
"""

from __future__ import annotations

import time
from uuid import UUID

from db import CollectionWork, ReindexCost, ToReindex
from inference.errors import Conflict, InvalidInput, PenstockError, TooLarge, UnreadableDocument
from inference.functions.context import Context, RunScope
from inference.functions.identifiers import model_from, no_such, parse_id
from inference.functions.ingestion.cutting import Cut, cut_document, room_of
from inference.functions.ingestion.embedding import (
    Target,
    embed_aside,
    embed_document_for,
    read_aside,
    target_of,
    targets_of,
)
from inference.functions.ingestion.work import Step
from inference.functions.reading import expected_passages
from inference.functions.registry import function
from inference.models.collections import (
    Chunking,
    Collection,
    ReindexedDocuments,
    ReindexRequest,
    ReindexResult,
    ReindexRound,
    ReindexStep,
)
from inference.runner import embedder_of

REINDEX = "reindex_collection"

# One step's share: when its process dies, no more is looked at again.
_DOCUMENTS, _SECONDS = 50, 30.0
# Where nothing was measured: what a core or two do with MiniLM (docs/performance.md).
_TOKENS_PER_SECOND = 3000.0


@function(scope="collections:write", status=202)
async def reindex_collection(ctx: Context, request: ReindexRequest) -> ReindexResult:
    """Changes how a collection is cut, stemmed or embedded, in the background; it is searched as before until then.
    With `dry_run` it only tells what that would cost. Cancelling its run leaves every document searchable, as it was or
    as it is to be."""
    uid = parse_id(request.collection_id, "collection", "collection_id")
    collection = await ctx.storage.collections.get(ctx.user.key, uid)
    cost = await ctx.storage.collections.cost_of_reindexing(ctx.user.key, uid)
    if collection is None or cost is None:
        raise no_such("collection", request.collection_id, "collection_id")
    with model_from("embedder"):
        plan = await _planned(ctx, collection, request)
        told = await _told(ctx, cost, collection, plan, request.chunking or collection.chunking)
    if request.dry_run:
        return told
    async with ctx.storage.transaction() as work:
        run = await ctx.launch(ctx, work, REINDEX, {"collection_id": str(uid)}, priority=-1)
        begun = await work.collections.begin_reindexing(
            ctx.user.key,
            uid,
            run,
            chunking=request.chunking.model_dump() if request.chunking else None,
            embedder=plan.embedder,
            language=request.language,
            cut=plan.cut,
        )
        if not begun:
            raise Conflict("A reindexing of this collection is under way. Wait for its run, or cancel it.")
    return told.model_copy(update={"run_id": str(run)})


class _Plan:
    """What a request asks for: whether documents are cut anew, and the model that is changed to, if any."""

    def __init__(self, *, cut: bool, embedder: str | None) -> None:
        self.cut, self.embedder = cut, embedder


async def _planned(ctx: Context, collection: Collection, request: ReindexRequest) -> _Plan:
    """Raises NotFound and InvalidInput for a model that is none, InvalidInput for an unknown language."""
    await check_language(ctx, request.language)
    everything = request.chunking is None and request.embedder is None and request.language is None
    embedder = request.embedder or (collection.embedder if everything else None)
    cut = everything or (request.chunking is not None and request.chunking != collection.chunking)
    if embedder and embedder != collection.embedder and not cut:
        # What the model before took in whole, the next one may not.
        before, after = await embedder_of(ctx.runner, collection.embedder), await embedder_of(ctx.runner, embedder)
        cut = after.max_tokens < before.max_tokens
    elif embedder:
        await embedder_of(ctx.runner, embedder)
    return _Plan(cut=cut, embedder=embedder)


async def check_language(ctx: Context, language: str | None) -> None:
    """Raises InvalidInput for a language that this database has no stems for."""
    if language is not None and language not in await ctx.storage.collections.languages():
        raise InvalidInput(
            f"There are no stems for {language!r} here. `simple` works for every language.", field="language"
        )


async def _told(
    ctx: Context, cost: ReindexCost, collection: Collection, plan: _Plan, chunking: Chunking
) -> ReindexResult:
    if not plan.cut and plan.embedder is None:
        return ReindexResult(documents=0, chunks=0, tokens=0, seconds=0)
    documents, chunks = 0, cost.chunks
    if plan.cut:
        most = room_of(await embedder_of(ctx.runner, plan.embedder or collection.embedder))
        documents = cost.documents
        chunks = expected_passages(documents, cost.pages, cost.tokens, chunking, most)
    seconds = cost.tokens / (cost.tokens_per_second or _TOKENS_PER_SECOND)
    return ReindexResult(documents=documents, chunks=chunks, tokens=cost.tokens, seconds=round(seconds, 3))


@function(scope="collections:write")
async def reindex_documents(ctx: Context, request: ReindexStep) -> ReindexRound:
    """A step of the toolchain `reindex_collection`: some documents, behind the one that the step before came to."""
    run, work = await _begin(ctx, request)
    target = await target_of(ctx, work.next_embedder) if work.next_embedder else None
    begun, after, done = time.monotonic(), request.after, request.done
    listed = await ctx.storage.ingestions.to_reindex(work.id, after, _DOCUMENTS)
    for document in listed:
        await _reindex(ctx, run, document, work, target)
        after, done = document.id, done + 1
        part = min(1.0, done / max(1, work.documents))
        await ctx.storage.collections.set_reindex_progress(work.id, part)
        await run.report("reindexing", part)
        if time.monotonic() - begun > _SECONDS:
            break
    return ReindexRound(after=after, done=done, more=bool(listed))


async def _reindex(
    ctx: Context, run: RunScope, document: ToReindex, collection: CollectionWork, target: Target | None
) -> None:
    """Does to one document what is to be done; nothing once it has been deleted, however far that was."""
    work = await ctx.storage.ingestions.work(ctx.user.key, document.uid)
    if work is None:
        return
    step = Step(ctx, run, work, "reindexing")
    try:
        if document.generation < collection.generation:
            await _cut_or_keep(step)
        if target:
            await embed_document_for(step, target)
    except PenstockError:
        if await ctx.storage.ingestions.work(ctx.user.key, document.uid):
            raise


async def _cut_or_keep(step: Step) -> None:
    try:
        await _cut_anew(step)
    except (UnreadableDocument, TooLarge) as problem:
        await step.ctx.storage.ingestions.keep_cut(step.work, f"It could not be cut anew: {problem.message}")


async def _cut_anew(step: Step) -> None:
    """Puts a document that is cut as its collection wants it in the place of what it was, in one transaction."""
    ctx, work = step.ctx, step.work
    cut: Cut = await cut_document(step)
    rows = cut.rows()
    await embed_aside(step, rows)
    targets = await targets_of(ctx, work)
    vectors = [await read_aside(step, target, rows) for target in targets]
    async with ctx.storage.transaction() as transaction:
        if not await transaction.ingestions.cut_anew(work):
            return
        ids = await transaction.ingestions.put_words(work, cut.pages(), rows, cut.document.notes)
        if ids is None:
            raise Conflict("The collection has been changed again in the middle of its reindexing.")
        for target, array in zip(targets, vectors, strict=True):
            await transaction.vectors.add(target.id, work.collection_id, ids, array)
        await transaction.ingestions.complete(work.id)
    for target in targets:
        await ctx.storage.vectors.settle(work.collection_id, target.id)


@function(scope="collections:write")
async def finish_reindexing(ctx: Context, request: ReindexStep) -> ReindexedDocuments:
    """The last step of the toolchain `reindex_collection`: searches change over to the new model's vectors, and those
    of the one before are deleted."""
    run, work = await _begin(ctx, request)
    if work.next_embedder:
        target = await target_of(ctx, work.next_embedder)
        while not await ctx.storage.vectors.switch(work.id, target.id):
            # Documents came in meanwhile.
            await _reindex_all(ctx, run, work, target)
        await _reindex_all(ctx, run, work, target)
    for other in await ctx.storage.collections.other_embedders(work.id):
        await ctx.storage.vectors.drop(work.id, other)
    await ctx.storage.collections.end_reindexing(work.id, work.next_embedder)
    return ReindexedDocuments(documents=work.documents)


async def _reindex_all(ctx: Context, run: RunScope, work: CollectionWork, target: Target) -> None:
    after = 0
    while listed := await ctx.storage.ingestions.to_reindex(work.id, after, _DOCUMENTS):
        for document in listed:
            await _reindex(ctx, run, document, work, target)
            after = document.id


async def _begin(ctx: Context, request: ReindexStep) -> tuple[RunScope, CollectionWork]:
    """Raises NotFound when the collection is gone, and Conflict when another run reindexes it."""
    if ctx.run is None:
        raise Conflict("This is a step of the toolchain `reindex_collection` and works within a run of it only.")
    uid = parse_id(request.collection_id, "collection", "collection_id")
    work = await ctx.storage.collections.reindexing(ctx.user.key, uid, UUID(ctx.run.run_id))
    if work is None:
        if not await ctx.storage.collections.exists(ctx.user.key, uid):
            raise no_such("collection", request.collection_id, "collection_id")
        raise Conflict("This run does not reindex the collection (any more): call reindex_collection.")
    return ctx.run, work
