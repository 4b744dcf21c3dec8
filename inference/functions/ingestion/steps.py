"""The steps of the toolchain `ingest_document`, as functions."""

from __future__ import annotations

from db import DocumentWork
from inference.functions.context import Context
from inference.functions.ingestion.archives import clear_left, delete_members, take_over
from inference.functions.ingestion.cutting import Cut, cut_afresh, cut_document
from inference.functions.ingestion.embedding import embed_aside, embed_stored, read_aside, targets_of
from inference.functions.ingestion.parsing import holds_archive, read_content
from inference.functions.ingestion.turns import turns
from inference.functions.ingestion.work import Step, begin
from inference.functions.registry import function
from inference.models.documents import IngestStep, IngestStepResult


@function(scope="documents:write", repeatable=True)
async def parse_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Reads a document's pages, in a process of its own with limits on time and memory. An archive is left to be
    expanded."""
    step = await begin(ctx, request, "parsing")
    if await holds_archive(ctx, step.work):
        return IngestStepResult(document_id=request.document_id, page_count=0, chunk_count=0, is_archive=True)
    async with turns().reading(step.who):
        document = await read_content(ctx, step.work, step.tell)
    return IngestStepResult(document_id=request.document_id, page_count=len(document.pages), chunk_count=0)


@function(scope="documents:write", repeatable=True)
async def index_words(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Cuts the pages into passages that its embedder can take in whole, and makes the document searchable by words:
    pages, passages and postings in one transaction. A newer content waits for its vectors."""
    step = await begin(ctx, request, "chunking")
    result = await _index(step, request)
    result.others_wait = await ctx.storage.runs.give_way(ctx.user.key, step.run_uid)
    return result


@function(scope="documents:write", repeatable=True)
async def embed_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Turns the passages into vectors, those of like length together."""
    # Finding out what there is to be done takes time from those who wait for their words too.
    await turns().words_first()
    step = await begin(ctx, request, "embedding")
    async with turns().meaning(step.who):
        if step.work.aside:
            cut = await cut_document(step)
            await embed_aside(step, cut.rows())
            return _result(request, cut)
        await embed_stored(step)
    return _stored(request, step.work)


@function(scope="documents:write", repeatable=True)
async def publish_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Makes the document complete. A newer content takes the place of the old one, in one transaction."""
    step = await begin(ctx, request, "storing")
    if step.work.aside:
        cut = await cut_document(step)
        while not await _take_over(step, cut):
            await step.reload()
            cut = await cut_document(step)
        return _result(request, cut)
    # What a reindexing asked for meanwhile.
    await embed_stored(step)
    if step.work.leaves_some:  # it was an archive before, or a process died behind a swap
        async with ctx.storage.transaction() as transaction:
            ended = await delete_members(step, transaction)
        await clear_left(step, ended)
    await ctx.storage.ingestions.complete(step.work.id)
    return _stored(request, step.work)


async def _index(step: Step, request: IngestStep) -> IngestStepResult:
    async with turns().indexing(step.who):
        if step.work.aside:
            return _result(request, await cut_document(step))
        while not step.work.has_words:
            cut = await cut_afresh(step)
            await step.enter("indexing")
            async with step.ctx.storage.transaction() as transaction:
                stored = await transaction.ingestions.put_words(step.work, cut.pages(), cut.rows(), cut.document.notes)
            if stored is not None:
                return _result(request, cut)
            # It is gone, or its collection wants it cut or embedded in another way by now.
            await step.reload()
    return _stored(request, step.work)


async def _take_over(step: Step, cut: Cut) -> bool:
    """Puts a newer content, which is whole, in the place of the old one. False when its collection wants it cut or
    embedded in another way by now."""
    ctx, rows = step.ctx, cut.rows()
    await embed_aside(step, rows)
    targets = await targets_of(ctx, step.work)
    vectors = [await read_aside(step, target, rows) for target in targets]
    try:
        async with ctx.storage.transaction() as transaction:
            ended = await take_over(step, transaction)
            # Of the archive that it may have been before.
            ended += await delete_members(step, transaction)
            ids = await transaction.ingestions.put_words(step.work, cut.pages(), rows, cut.document.notes)
            if ids is None:
                raise _Outdated
            for target, array in zip(targets, vectors, strict=True):
                await transaction.vectors.add(target.id, step.work.collection_id, ids, array)
            await transaction.ingestions.complete(step.work.id)
    except _Outdated:
        return False
    for target in targets:
        await ctx.storage.vectors.settle(step.work.collection_id, target.id)
    await clear_left(step, ended)
    return True


class _Outdated(Exception):
    """The collection wants its documents cut or embedded in another way by now: what the transaction did is undone."""


def _result(request: IngestStep, cut: Cut) -> IngestStepResult:
    return IngestStepResult(
        document_id=request.document_id, page_count=len(cut.document.pages), chunk_count=len(cut.chunks)
    )


def _stored(request: IngestStep, work: DocumentWork) -> IngestStepResult:
    return IngestStepResult(document_id=request.document_id, page_count=work.page_count, chunk_count=work.chunk_count)
