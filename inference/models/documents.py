# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from typing_extensions import TypeAliasType
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


DocumentStatus = TypeAliasType("DocumentStatus", Literal["pending", "indexing", "complete", "failed"])


class Document(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    collection_id: str
    name: str
    content_type: str
    size: int
    """
    Bytes of the original file.
    """
    sha256: str
    status: DocumentStatus
    error: str | None = None
    """
    Why it failed, in words.
    """
    stage: str | None = None
    """
    What is being done now: parsing, chunking, embedding, storing.
    """
    progress: float
    """
    From 0 to 1 over all stages.
    """
    page_count: int
    chunk_count: int
    metadata: dict[str, Any]
    run_id: str | None = None
    """
    The run that ingested it.
    """
    created_at: AwareDatetime
    indexed_at: AwareDatetime | None = None


class DocumentReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str


class DocumentPageRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str
    page: Annotated[int, Field(ge=1, le=2147483647)] = 1


class DocumentPage(BaseModel):
    """
    The text of one page, whose offsets the chunks refer to.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str
    page: int
    page_count: int
    text: str


class CollectionDocumentsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    collection_id: str
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    before: str | None = None
    """
    Only documents older than this document id (keyset paging).
    """


class DocumentList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    documents: list[Document]
    next_before: str | None = None
    """
    Give it as `before` to read on; null at the end.
    """


class UploadRequest(BaseModel):
    """
    The form fields beside `file`; the key comes from the header `Idempotency-Key`.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    collection_id: str
    metadata: dict[str, Any] = {}
    idempotency_key: Annotated[str | None, Field(max_length=200, min_length=1)] = None


class UploadResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str
    run_id: str


class ChunkReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    chunk_id: str


class Chunk(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    chunk_id: str
    document_id: str
    document_name: str
    ordinal: int
    """
    Position within the document, from 0.
    """
    page: int
    """
    The page it begins on, from 1.
    """
    page_end: int
    """
    The page it ends on.
    """
    start: int
    """
    Offset of its first character in the text of `page`.
    """
    end: int
    """
    Offset after its last character in the text of `page_end`.
    """
    text: str
    token_count: int
    headings: list[str]
    """
    The headings above it, outermost first.
    """


class ChunkWithNeighbours(Chunk):
    """
    A chunk and the ones directly before and after it.
    """

    neighbours: list[Chunk]
    """
    In the order of the document.
    """


class DocumentChunksRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str
    after: Annotated[int, Field(ge=-1, le=2147483647)] = -1
    """
    Only chunks behind the one with this ordinal (keyset paging).
    """
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class DocumentChunks(BaseModel):
    """
    Some of a document's chunks, in its order.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str
    document_name: str
    chunk_count: int
    """
    Of the whole document.
    """
    chunks: list[Chunk]
    context: str
    """
    The chunks as text for a prompt, each in `<source n="1" …>`, numbered by their ordinal from 1.
    """
    next_after: int | None = None
    """
    Give it as `after` to read on; null at the end.
    """


class IngestStep(BaseModel):
    """
    One step of an ingestion; what it made lies in the run's scratch space.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str


class IngestStepResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str
    page_count: int
    chunk_count: int
