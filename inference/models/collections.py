# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


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
