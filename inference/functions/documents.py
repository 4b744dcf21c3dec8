"""Documents: taking them in, showing them, giving them back, deleting them."""

from __future__ import annotations

import mimetypes
import unicodedata
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from db import Received, content_key
from inference.errors import Conflict, InvalidInput
from inference.functions.citing import write_source
from inference.functions.collections import check_metadata, delete_unused_contents, get_collection
from inference.functions.context import Context
from inference.functions.identifiers import new_id, no_such, parse_id, parse_optional_id
from inference.functions.registry import Download, Upload, function
from inference.models.common import Empty
from inference.models.documents import (
    ChunkReference,
    ChunkWithNeighbours,
    CollectionDocumentsRequest,
    Document,
    DocumentChunks,
    DocumentChunksRequest,
    DocumentList,
    DocumentPage,
    DocumentPageRequest,
    DocumentReference,
    UploadRequest,
    UploadResult,
)

_LONGEST_NAME = 255


def safe_name(name: str) -> str:
    """The last part of a file's name, without paths and control characters."""
    base = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C").strip()
    return printable[-_LONGEST_NAME:] if printable not in ("", ".", "..") else "document"


@function(scope="documents:write", door="upload", status=202)
async def upload_document(ctx: Context, request: UploadRequest, file: Upload) -> UploadResult:
    """Keeps a file and starts its ingestion. With an idempotency key, the same upload again changes nothing."""
    collection = parse_id(request.collection_id, "collection", "collection_id")
    await get_collection(ctx, collection, request.collection_id)
    metadata = check_metadata(request.metadata)
    name = safe_name(file.name)
    async with ctx.objects.receive(file.parts, ctx.settings.max_upload_bytes) as received:
        if received.size == 0:
            raise InvalidInput(f"The file {name!r} is empty: there is nothing to read in it.", field="file")
        try:
            return await _add(ctx, request, collection, name, metadata, received)
        except Exception:
            await delete_unused_contents(ctx, [received.sha256])
            raise


async def _add(
    ctx: Context, request: UploadRequest, collection: UUID, name: str, metadata: dict[str, Any], file: Received
) -> UploadResult:
    uid = new_id()
    async with ctx.storage.transaction() as work:
        created = await work.documents.create(
            uid,
            ctx.user.key,
            collection,
            name=name,
            content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=file.size,
            sha256=bytes.fromhex(file.sha256),
            metadata=metadata,
            idempotency_key=request.idempotency_key,
        )
        if created:
            await work.documents.lock_contents([file.sha256])
            await ctx.objects.keep(file)
            run = await ctx.launch(ctx, work, "ingest_document", {"document_id": str(uid)})
            await work.documents.set_run(uid, run)
            return UploadResult(document_id=str(uid), run_id=str(run))
    return await _earlier_upload(ctx, request, collection, file.sha256)


async def _earlier_upload(ctx: Context, request: UploadRequest, collection: UUID, sha256: str) -> UploadResult:
    key = request.idempotency_key
    earlier = await ctx.storage.documents.by_idempotency_key(ctx.user.key, collection, key) if key else None
    if earlier is None:
        raise no_such("collection", request.collection_id, "collection_id")
    document, run, earlier_sha256 = earlier
    if earlier_sha256 != sha256:
        raise Conflict("This Idempotency-Key was used for another file. Take a new key.", field="Idempotency-Key")
    return UploadResult(document_id=document, run_id=run or "")


@function(scope="documents:read", read_only=True)
async def fetch_document(ctx: Context, request: DocumentReference) -> Document:
    """One document with its status; `failed` says why in `error`."""
    return await _get(ctx, request.document_id)


@function(scope="documents:read", read_only=True)
async def fetch_collection_documents(ctx: Context, request: CollectionDocumentsRequest) -> DocumentList:
    """A collection's documents, newest first."""
    collection = parse_id(request.collection_id, "collection", "collection_id")
    await get_collection(ctx, collection, request.collection_id)
    before = parse_optional_id(request.before, "document", "before")
    documents = await ctx.storage.documents.list(ctx.user.key, collection, request.limit, before)
    return DocumentList(documents=documents, next_before=documents[-1].id if len(documents) == request.limit else None)


@function(scope="documents:read", read_only=True)
async def fetch_document_page(ctx: Context, request: DocumentPageRequest) -> DocumentPage:
    """The text of a page, which the offsets of chunks and sources refer to."""
    uid = parse_id(request.document_id, "document", "document_id")
    page = await ctx.storage.documents.page(ctx.user.key, uid, request.page)
    if page is None:
        document = await _get(ctx, request.document_id)
        raise no_such(f"page of {document.name!r} with the number", str(request.page), "page")
    return page


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
    neighbours = [chunk for chunk in chunks if chunk is not here]
    return ChunkWithNeighbours(**here.model_dump(), neighbours=neighbours)


@function(scope="documents:read", read_only=True)
async def fetch_document_chunks(ctx: Context, request: DocumentChunksRequest) -> DocumentChunks:
    """A document's chunks in order, page by page, also written out for a prompt. A document that is not complete has
    none."""
    document = await _get(ctx, request.document_id)
    chunks = await ctx.storage.documents.chunks(ctx.user.key, UUID(document.id), request.after, request.limit)
    return DocumentChunks(
        document_id=document.id,
        document_name=document.name,
        chunk_count=document.chunk_count,
        chunks=chunks,
        context="\n\n".join(write_source(chunk.ordinal + 1, chunk) for chunk in chunks),
        next_after=chunks[-1].ordinal if chunks and chunks[-1].ordinal + 1 < document.chunk_count else None,
    )


@function(scope="documents:read", door="download", read_only=True)
async def download_document(ctx: Context, request: DocumentReference) -> Download:
    """The original file, byte for byte."""
    document = await _get(ctx, request.document_id)
    parts = await ctx.objects.stream(content_key(document.sha256))
    return Download(document.name, document.content_type, document.size, parts)


@function(scope="documents:write")
async def delete_document(ctx: Context, request: DocumentReference) -> Empty:
    """Deletes a document, its chunks and vectors, and its file when no other document has the same bytes."""
    uid = parse_id(request.document_id, "document", "document_id")
    async with ctx.storage.transaction() as work:
        deleted = await work.documents.delete(ctx.user.key, uid)
        if deleted is None:
            raise no_such("document", request.document_id, "document_id")
        sha256, run = deleted
        if run:
            await work.runs.cancel(ctx.user.key, UUID(run))
    await delete_unused_contents(ctx, [sha256])
    return Empty()


async def _get(ctx: Context, document_id: str) -> Document:
    document = await ctx.storage.documents.get(ctx.user.key, parse_id(document_id, "document", "document_id"))
    if document is None:
        raise no_such("document", document_id, "document_id")
    return document
