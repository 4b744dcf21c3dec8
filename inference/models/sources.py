# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any
from pydantic import BaseModel, ConfigDict, Field
from . import documents


class IngestUrlRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    url: Annotated[str, Field(max_length=2000, min_length=1)]
    """
    Of a file or page; it is the document's `source`.
    """
    collection_id: str
    metadata: dict[str, Any] = {}
    priority: Annotated[int, Field(ge=-10, le=10)] = 0
    """
    Higher ones are ingested first.
    """


class SourceContent(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    source: Annotated[str, Field(max_length=2000, min_length=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]


class MatchContentsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    collection_id: str
    contents: Annotated[list[SourceContent], Field(max_length=1000, min_length=1)]


class ContentMatch(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    source: str
    unchanged: bool
    """
    The document has this content, or it is on its way.
    """
    document: documents.Document | None = None


class ContentMatches(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    matches: list[ContentMatch]
