# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Chunking(BaseModel):
    """
    How the documents of a collection are cut into passages. `structure` cuts by headings, paragraphs, rows and sentences; `tokens` into windows of one size; `sentences` into as many whole sentences as fit; `pages` at the ends of pages. No strategy makes a passage that is longer than the embedder takes.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    strategy: Literal["structure", "tokens", "sentences", "pages"] = "structure"
    max_tokens: Annotated[int | None, Field(ge=16, le=8192)] = None
    """
    Of a passage, as the embedder counts; null, or more than the embedder takes, is what it takes.
    """
    overlap_tokens: Annotated[int, Field(ge=0, le=512)] = 32
    """
    Of a passage's end, at most, that the next one begins with; never more than half a passage.
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
    document_count: int
    chunk_count: int
    created_at: AwareDatetime
    updated_at: AwareDatetime


class CollectionList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    collections: list[Collection]


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
