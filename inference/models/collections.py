# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Chunking(BaseModel):
    """
    How documents are cut into passages.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    strategy: Literal["structure", "sentences", "tokens", "pages"] = "structure"
    """
    `structure`: by headings and blocks. `sentences`: whole sentences. `tokens`: windows of a fixed length. `pages`: a page each.
    """
    max_tokens: Annotated[int | None, Field(ge=16, le=8192)] = None
    """
    The longest chunk; null: what the embedder takes, and never more.
    """
    overlap_tokens: Annotated[int | None, Field(ge=0, le=512)] = None
    """
    What a chunk repeats of the one before, at most half of it; null: the strategy's own.
    """


class CreateCollectionRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(max_length=200, min_length=1)]
    description: Annotated[str, Field(max_length=4000)] = ""
    metadata: dict[str, Any] = {}
    language: Annotated[str, Field(pattern="^[a-z_]{1,40}$")] = "english"
    """
    The PostgreSQL text-search configuration for stems and stop words; `simple` has neither.
    """
    chunking: Chunking | None = None
    """
    Null: by structure.
    """
    embedder: Annotated[str | None, Field(max_length=200)] = None
    """
    The model that turns chunks into vectors; null: the built-in one.
    """


class CollectionReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    collection_id: str


class ModifyCollectionRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    collection_id: str
    name: Annotated[str | None, Field(max_length=200, min_length=1)] = None
    description: Annotated[str | None, Field(max_length=4000)] = None
    metadata: dict[str, Any] | None = None


class Reindexing(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    progress: float
    """
    From 0 to 1.
    """
    embedder: str | None = None
    """
    The model it changes to; searches use it when all vectors are there.
    """


class ReindexRequest(BaseModel):
    """
    What is null stays as it is; with nothing given everything is cut and embedded anew.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    collection_id: str
    chunking: Chunking | None = None
    embedder: Annotated[str | None, Field(max_length=200)] = None
    language: Annotated[str | None, Field(pattern="^[a-z_]{1,40}$")] = None
    dry_run: bool = False
    """
    Only tells what it would cost.
    """


class ReindexResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str | None = None
    documents: int
    """
    How many are cut anew.
    """
    chunks: int
    """
    How many get new vectors; about, where documents are cut anew.
    """
    tokens: int
    """
    What is embedded.
    """
    seconds: float
    """
    How long it will take, from the last measured speed.
    """


class ReindexStep(BaseModel):
    """
    One step of a reindexing.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    collection_id: str
    after: int = 0
    """
    Where the step before came to.
    """
    done: int = 0
    """
    How many documents the steps before have done.
    """


class ReindexRound(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    after: int
    done: int
    more: bool
    """
    Whether there may be more documents.
    """


class ReindexedDocuments(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    documents: int


class Collection(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    name: str
    description: str
    metadata: dict[str, Any]
    language: str
    embedder: str
    """
    The model that turns its chunks into vectors.
    """
    chunking: Chunking
    reindexing: Reindexing | None = None
    """
    A change of embedder, language or chunking that is under way.
    """
    document_count: int
    chunk_count: int
    created_at: AwareDatetime
    updated_at: AwareDatetime


class CollectionList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    collections: list[Collection]
