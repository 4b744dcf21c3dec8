"""The steps of the toolchain `ingest_document`, as functions."""

from __future__ import annotations

from inference.functions.context import Context
from inference.functions.identifiers import no_such
from inference.functions.ingestion.contents import delete_unused_contents
from inference.functions.ingestion.cutting import chunk_rows, chunks_of, cut, page_rows
from inference.functions.ingestion.embedding import embed_aside, embed_stored, read_aside
from inference.functions.ingestion.parsing import read_content
from inference.functions.ingestion.work import Step, begin
from inference.functions.reading import ChunkText, ReadDocument
from inference.functions.registry import function
from inference.models.documents import IngestStep, IngestStepResult

_CHUNKS = "chunks.json"


@function(scope="documents:write")
async def parse_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Reads a document's pages, in a process of its own with limits on time and memory."""
    step = await begin(ctx, request, "parsing")
    document = await _read(step)
    return IngestStepResult(document_id=request.document_id, page_count=len(document.pages), chunk_count=0)


@function(scope="documents:write")
async def chunk_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Cuts the pages into passages that its embedder can take in whole."""
    step = await begin(ctx, request, "chunking")
    document = await _read(step)
    chunks = await cut(ctx, step.work, document)
    await ctx.objects.put(step.run.scratch(_CHUNKS), chunks_of.dump_json(chunks))
    return _result(request, document, chunks)


@function(scope="documents:write")
async def index_words(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Makes a document searchable by words: pages, passages and postings in one transaction. A newer content waits for
    its vectors."""
    step = await begin(ctx, request, "indexing")
    document, chunks = await _read(step), await _chunks(step)
    if not step.work.aside:
        async with ctx.storage.transaction() as transaction:
            await transaction.ingestions.put_words(step.work, page_rows(document), chunk_rows(chunks), document.notes)
    return _result(request, document, chunks)


@function(scope="documents:write")
async def embed_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Turns the passages into vectors, those of like length together."""
    step = await begin(ctx, request, "embedding")
    chunks = await _chunks(step)
    await (embed_aside(step, chunks) if step.work.aside else embed_stored(step))
    return IngestStepResult(document_id=request.document_id, page_count=0, chunk_count=len(chunks))


@function(scope="documents:write")
async def publish_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Makes the document complete. A newer content takes the place of the old one, in one transaction."""
    step = await begin(ctx, request, "storing")
    document, chunks = await _read(step), await _chunks(step)
    if step.work.aside:
        await _take_over(step, document, chunks)
    else:
        await ctx.storage.ingestions.complete(step.work)
    return _result(request, document, chunks)


async def _take_over(step: Step, document: ReadDocument, chunks: list[ChunkText]) -> None:
    vectors = await read_aside(step, chunks)
    rows = chunk_rows(chunks)
    async with step.ctx.storage.transaction() as transaction:
        ingestions = transaction.ingestions
        replaced = await ingestions.take_over(step.work, step.run_uid)
        if replaced is None:
            raise no_such("document", str(step.work.uid), "document_id")
        await ingestions.put_words(step.work, page_rows(document), rows, document.notes)
        await ingestions.put_vectors(step.work, [])
        await ingestions.complete(step.work)
    await delete_unused_contents(step.ctx, [replaced.sha256])


async def _read(step: Step) -> ReadDocument:
    return await read_content(step.ctx, step.work, step.tell)


async def _chunks(step: Step) -> list[ChunkText]:
    return chunks_of.validate_json(await step.ctx.objects.get(step.run.scratch(_CHUNKS)))


def _result(request: IngestStep, document: ReadDocument, chunks: list[ChunkText]) -> IngestStepResult:
    return IngestStepResult(
        document_id=request.document_id, page_count=len(document.pages), chunk_count=len(chunks)
    )
