"""The steps of an ingestion. Each reads what the one before left in the run's scratch space, so that a step that is run
again finds the same, and only the last one makes anything visible, in one transaction."""

from __future__ import annotations

import asyncio
import time

import numpy as np
from pydantic import TypeAdapter

from db import DocumentWork, NewChunk, content_key
from inference.errors import Conflict, UnreadableDocument
from inference.functions.context import Context, RunScope
from inference.functions.identifiers import new_id, no_such, parse_id
from inference.functions.reading import ChunkText, ReadDocument, read_isolated
from inference.functions.reading import chunk_document as cut
from inference.functions.registry import function
from inference.models.documents import IngestStep, IngestStepResult
from inference.runner import embed, embedder_of, token_counter

# The share of the whole that is done when a stage begins; embedding takes nearly all the time.
_BEGINS = {"parsing": 0.0, "chunking": 0.1, "embedding": 0.12, "storing": 0.97}
_ENDS = {"parsing": 0.1, "chunking": 0.12, "embedding": 0.97, "storing": 1.0}
_EMBED_AT_ONCE = 64
_REPORT_EVERY_SECONDS = 0.3

_document = TypeAdapter(ReadDocument)
_chunks = TypeAdapter(list[ChunkText])


@function(scope="documents:write")
async def parse_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Reads a document's pages, in a process of its own with limits on time and memory."""
    run, work = await _step(ctx, request)
    progress = _Progress(ctx, run, work, "parsing")
    await progress.tell(0)
    data = await ctx.objects.get(content_key(work.sha256))
    pages_read = 0.0

    def on_page(done: int, total: int) -> None:
        nonlocal pages_read
        pages_read = done / max(total, 1)

    reading = asyncio.ensure_future(read_isolated(data, work.name, work.content_type, on_page))
    try:
        while not (await asyncio.wait({reading}, timeout=_REPORT_EVERY_SECONDS))[0]:
            await progress.tell(pages_read)
        document = reading.result()
    finally:
        reading.cancel()
    await ctx.objects.put(run.scratch("pages.json"), _document.dump_json(document))
    return IngestStepResult(document_id=request.document_id, page_count=len(document.pages), chunk_count=0)


@function(scope="documents:write")
async def chunk_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Cuts the pages into passages that its embedder can take in whole."""
    run, work = await _step(ctx, request)
    await _Progress(ctx, run, work, "chunking").tell(0)
    document = _document.validate_json(await ctx.objects.get(run.scratch("pages.json")))
    counter = token_counter(await embedder_of(ctx.runner, work.embedder))
    chunks = await asyncio.to_thread(cut, document, counter)
    if not chunks:
        raise UnreadableDocument(f"{work.name!r} holds no text that could be searched.")
    await ctx.objects.put(run.scratch("chunks.json"), _chunks.dump_json(chunks))
    return IngestStepResult(document_id=request.document_id, page_count=len(document.pages), chunk_count=len(chunks))


@function(scope="documents:write")
async def embed_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Turns the passages into vectors, those of like length together."""
    run, work = await _step(ctx, request)
    progress = _Progress(ctx, run, work, "embedding")
    await progress.tell(0)
    chunks = _chunks.validate_json(await ctx.objects.get(run.scratch("chunks.json")))
    order = sorted(range(len(chunks)), key=lambda index: chunks[index].token_count)
    vectors: dict[int, bytes] = {}
    for begin in range(0, len(order), _EMBED_AT_ONCE):
        batch = order[begin : begin + _EMBED_AT_ONCE]
        rows = await embed(ctx.runner, work.embedder, [chunks[index].text for index in batch])
        vectors |= {index: row.astype(np.dtype(">f2")).tobytes() for index, row in zip(batch, rows, strict=True)}
        await progress.tell(len(vectors) / len(chunks))
    await ctx.objects.put(run.scratch("vectors"), b"".join(vectors[index] for index in range(len(chunks))))
    return IngestStepResult(document_id=request.document_id, page_count=0, chunk_count=len(chunks))


@function(scope="documents:write")
async def store_document(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Makes the document searchable: pages, passages, vectors and postings in one transaction."""
    run, work = await _step(ctx, request)
    await _Progress(ctx, run, work, "storing").tell(0)
    pages = _document.validate_json(await ctx.objects.get(run.scratch("pages.json"))).pages
    chunks = _chunks.validate_json(await ctx.objects.get(run.scratch("chunks.json")))
    vectors = await ctx.objects.get(run.scratch("vectors"))
    width = len(vectors) // len(chunks)
    async with ctx.storage.transaction() as transaction:
        stored = await transaction.documents.store(
            work,
            [(page.number, page.text) for page in pages],
            [_row(chunk, vectors[at * width : (at + 1) * width]) for at, chunk in enumerate(chunks)],
        )
    if not stored:
        raise no_such("document", request.document_id, "document_id")
    return IngestStepResult(document_id=request.document_id, page_count=len(pages), chunk_count=len(chunks))


def _row(chunk: ChunkText, vector: bytes) -> NewChunk:
    return NewChunk(
        uid=new_id(),
        ordinal=chunk.ordinal,
        page=chunk.page,
        start=chunk.start,
        page_end=chunk.page_end,
        end=chunk.end,
        token_count=chunk.token_count,
        headings=list(chunk.headings),
        text=chunk.text,
        vector=vector,
    )


async def _step(ctx: Context, request: IngestStep) -> tuple[RunScope, DocumentWork]:
    if ctx.run is None:
        raise Conflict("This is a step of the toolchain `ingest_document` and works within a run of it only.")
    work = await ctx.storage.documents.work(ctx.user.key, parse_id(request.document_id, "document", "document_id"))
    if work is None:
        raise no_such("document", request.document_id, "document_id")
    return ctx.run, work


class _Progress:
    """Tells how far a stage is, to the document's row and to the run's watchers, a few times a second at most."""

    def __init__(self, ctx: Context, run: RunScope, work: DocumentWork, stage: str) -> None:
        self._ctx, self._run, self._work, self._stage = ctx, run, work, stage
        self._told = 0.0

    async def tell(self, part: float) -> None:
        if part and time.monotonic() - self._told < _REPORT_EVERY_SECONDS:
            return
        self._told = time.monotonic()
        whole = round(_BEGINS[self._stage] + part * (_ENDS[self._stage] - _BEGINS[self._stage]), 3)
        await self._ctx.storage.documents.report(self._work.id, self._stage, whole)
        await self._run.report(self._stage, whole)
