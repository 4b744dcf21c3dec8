"""Documents: taking them in, showing them, giving them back, deleting them."""

from __future__ import annotations

from uuid import UUID

from db import NewDocument, content_key
from inference.errors import InvalidInput
from inference.functions.citing import write_source
from inference.functions.collections import check_metadata
from inference.functions.context import Context
from inference.functions.identifiers import collection_of, no_such, parse_id, parse_optional_id
from inference.functions.ingestion import clear_away, file_type, let_go, safe_name, take_in
from inference.functions.reading import boxes_of, unpack_lines, with_charset
from inference.functions.registry import Download, Upload, function
from inference.models.collections import CollectionReference
from inference.models.common import Empty
from inference.models.documents import (
    Box,
    Chunk,
    ChunkReference,
    ChunkWithNeighbours,
    CollectionDocumentsRequest,
    Document,
    DocumentChunks,
    DocumentChunksRequest,
    DocumentCounts,
    DocumentList,
    DocumentPage,
    DocumentPageRequest,
    DocumentReference,
    Line,
    UploadRequest,
    UploadResult,
)


@function(scope="documents:write", door="upload", status=202)
async def upload_document(ctx: Context, request: UploadRequest, file: Upload) -> UploadResult:
    """Keeps a file and starts its ingestion: as a new document, or as the newer content of `document_id` or of the
    document with this `source`, which is searched as it was until the newer one is complete. The content that a
    document has already changes nothing (`unchanged`). With an idempotency key, neither does the same upload again."""
    document = parse_optional_id(request.document_id, "document", "document_id")
    collection = await collection_of(ctx, request.collection_id)
    metadata = check_metadata(request.metadata)
    name = safe_name(file.name)
    async with ctx.objects.receive(file.parts, ctx.settings.max_upload_bytes) as received:
        if received.size == 0:
            raise InvalidInput(f"The file {name!r} is empty: there is nothing to read in it.", field="file")
        new = NewDocument(
            name=name,
            content_type=with_charset(file_type(name), file.content_type),
            size=received.size,
            sha256=received.sha256,
            metadata=metadata,
            source=request.source or None,
            idempotency_key=request.idempotency_key,
        )
        return await take_in(ctx, collection, new, received, document=document, priority=request.priority)


@function(scope="documents:read", read_only=True)
async def fetch_document(ctx: Context, request: DocumentReference) -> Document:
    """One document with its status; `failed` says why in `error`."""
    return await _get(ctx, request.document_id)


@function(scope="documents:read", read_only=True)
async def fetch_collection_documents(ctx: Context, request: CollectionDocumentsRequest) -> DocumentList:
    """A collection's documents, or those in one state, newest first."""
    collection = await collection_of(ctx, request.collection_id)
    before = parse_optional_id(request.before, "document", "before")
    documents = await ctx.storage.documents.list(ctx.user.key, collection, request.limit, before, request.state)
    return DocumentList(documents=documents, next_before=documents[-1].id if len(documents) == request.limit else None)


@function(scope="documents:read", read_only=True)
async def fetch_document_counts(ctx: Context, request: CollectionReference) -> DocumentCounts:
    """How many of a collection's documents are under way, complete, failed or with warnings, and how far they are."""
    collection = await collection_of(ctx, request.collection_id)
    return await ctx.storage.documents.counts(ctx.user.key, collection)


@function(scope="documents:read", read_only=True)
async def fetch_document_page(ctx: Context, request: DocumentPageRequest) -> DocumentPage:
    """The text of a page, which the offsets of chunks and sources refer to, and where its lines stand."""
    uid = parse_id(request.document_id, "document", "document_id")
    page = await ctx.storage.documents.page(ctx.user.key, uid, request.page)
    if page is None:
        document = await _get(ctx, request.document_id)
        raise no_such(f"page of {document.name!r} with the number", str(request.page), "page")
    lines = [Line(**line._asdict()) for line in unpack_lines(page.lines)]
    return DocumentPage(
        document_id=page.document_id,
        page=page.page,
        page_count=page.page_count,
        text=page.text,
        width=page.width,
        height=page.height,
        lines=lines,
    )


@function(scope="documents:read", read_only=True)
async def fetch_chunk(ctx: Context, request: ChunkReference) -> ChunkWithNeighbours:
    """A chunk and the ones beside it."""
    chunks = await ctx.storage.documents.chunk_with_neighbours(
        ctx.user.key, parse_id(request.chunk_id, "chunk", "chunk_id")
    )
    given = str(UUID(request.chunk_id))
    here = next((chunk for chunk in chunks if chunk.chunk_id == given), None)
    if here is None:
        raise no_such("chunk", request.chunk_id, "chunk_id")
    await _place(ctx, here.document_id, chunks)
    neighbours = [chunk for chunk in chunks if chunk is not here]
    return ChunkWithNeighbours(**here.model_dump(), neighbours=neighbours)


@function(scope="documents:read", read_only=True)
async def fetch_document_chunks(ctx: Context, request: DocumentChunksRequest) -> DocumentChunks:
    """A document's chunks in order, page by page, also written out for a prompt. A document that was not read yet has
    none."""
    document = await _get(ctx, request.document_id)
    chunks = await ctx.storage.documents.chunks(ctx.user.key, UUID(document.id), request.after, request.limit)
    await _place(ctx, document.id, chunks)
    return DocumentChunks(
        document_id=document.id,
        document_name=document.name,
        chunk_count=document.chunk_count,
        chunks=chunks,
        context="\n\n".join(write_source(chunk.ordinal + 1, chunk) for chunk in chunks),
        next_after=chunks[-1].ordinal if chunks and chunks[-1].ordinal + 1 < document.chunk_count else None,
    )


async def _place(ctx: Context, document_id: str, chunks: list[Chunk]) -> None:
    """Gives chunks of a document their boxes, where its pages have a shape."""
    numbers = sorted({number for chunk in chunks for number in range(chunk.page, chunk.page_end + 1)})
    stored = await ctx.storage.documents.lines(ctx.user.key, UUID(document_id), numbers)
    shapes = {number: (unpack_lines(lines), length) for number, (lines, length) in stored.items()}
    for chunk in chunks:
        for number in range(chunk.page, chunk.page_end + 1):
            if number in shapes:
                lines, length = shapes[number]
                begin = chunk.start if number == chunk.page else 0
                end = chunk.end if number == chunk.page_end else length
                chunk.boxes += [Box(page=number, **box._asdict()) for box in boxes_of(lines, begin, end)]


@function(scope="documents:read", door="download", read_only=True)
async def download_document(ctx: Context, request: DocumentReference) -> Download:
    """The original file, byte for byte."""
    document = await _get(ctx, request.document_id)
    parts = await ctx.objects.stream(content_key(document.sha256))
    return Download(document.name, document.content_type, document.size, parts)


@function(scope="documents:write")
async def delete_document(ctx: Context, request: DocumentReference) -> Empty:
    """Deletes a document with its members, all that was made of it, the runs that ingested it, and its file when no
    other document has the same bytes."""
    uid = parse_id(request.document_id, "document", "document_id")
    async with ctx.storage.transaction() as work:
        traces = await work.documents.delete(ctx.user.key, uid)
        if not traces:
            raise no_such("document", request.document_id, "document_id")
        left = await let_go(ctx, work, traces)
    await clear_away(ctx, left)
    return Empty()


async def _get(ctx: Context, document_id: str) -> Document:
    document = await ctx.storage.documents.get(ctx.user.key, parse_id(document_id, "document", "document_id"))
    if document is None:
        raise no_such("document", document_id, "document_id")
    return document
