# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from typing_extensions import TypeAliasType
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


DocumentStatus = TypeAliasType("DocumentStatus", Literal["pending", "indexing", "complete", "failed"])


class DocumentUpdate(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    status: Literal["pending", "indexing", "failed"]
    error: str | None = None
    stage: str | None = None
    progress: float
    run_id: str | None = None


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


class Line(BaseModel):
    """
    Characters of a page's text and the box around them, in fractions of the page from its upper left corner.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


class Box(BaseModel):
    """
    A part of a page, in fractions of it from its upper left corner.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    page: int
    x0: float
    y0: float
    x1: float
    y1: float


DocumentState = TypeAliasType("DocumentState", Literal["underway", "complete", "failed", "warnings"])
"""
`underway` and `failed` tell of what is being done, of a newer content too; `complete` ones can be searched meanwhile.
"""


class DocumentCounts(BaseModel):
    """
    A collection's documents by their state.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    documents: int
    """
    All of them.
    """
    underway: int
    """
    Those that wait for their ingestion or are in it, or a newer content of theirs.
    """
    complete: int
    """
    Those that can be searched, a newer content under way or not.
    """
    failed: int
    """
    Those whose ingestion failed, or that of their newer content.
    """
    warnings: int
    """
    Those of which something could not be read.
    """
    progress: float | None = None
    """
    How far those under way are, from 0 to 1; null when none is.
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
    document_id: str | None = None
    """
    A document whose content this is to become. The old one is searched until then.
    """
    source: Annotated[str | None, Field(max_length=2000)] = None
    """
    Where it comes from. A later upload with the same one is a new content of the same document.
    """
    priority: Annotated[int, Field(ge=-10, le=10)] = 0
    """
    Higher ones are ingested first.
    """
    idempotency_key: Annotated[str | None, Field(max_length=200, min_length=1)] = None


class UploadResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    document_id: str
    run_id: str
    unchanged: bool = False
    """
    The document has this content already; nothing was to be done.
    """


class RetriedDocuments(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    document_ids: list[str]
    """
    Those that are ingested once more.
    """


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
    boxes: Annotated[list[Box], Field(validate_default=True)] = []
    """
    Its lines on its pages, where pages have a shape.
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
    is_archive: bool = False
    """
    Its members become documents of their own.
    """
    others_wait: bool = False
    """
    Documents have not begun for which there was no turn.
    """


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
    What is being done now: parsing, expanding, chunking, indexing, embedding, storing.
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
    searchable_by: list[Literal["words", "meaning"]] = []
    """
    `words` as soon as it is read, `meaning` when its vectors are there.
    """
    version: int = 1
    """
    How many contents it has had that could be read.
    """
    source: str | None = None
    """
    Where it comes from: a path, a URL, a member of an archive.
    """
    warnings: list[str] = []
    """
    What could not be read of it.
    """
    update: DocumentUpdate | None = None
    """
    A newer content, or the same cut or embedded anew, on its way; until it is there the old one is searched.
    """
    created_at: AwareDatetime
    indexed_at: AwareDatetime | None = None


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
    width: float | None = None
    """
    In points, or pixels of an image; null where a page has no shape.
    """
    height: float | None = None
    lines: Annotated[list[Line], Field(validate_default=True)] = []
    """
    Where its lines stand.
    """


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
    state: DocumentState | None = None
    """
    Only those that `fetch_document_counts` counts there.
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
