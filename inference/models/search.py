# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class SearchFilter(BaseModel):
    """
    Narrows a search to some documents.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    document_ids: Annotated[list[str] | None, Field(max_length=1000)] = None
    uploaded_after: AwareDatetime | None = None
    uploaded_before: AwareDatetime | None = None


class SearchRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    query: Annotated[str, Field(max_length=16384, min_length=1)]
    collection_ids: Annotated[list[str], Field(max_length=200)]
    """
    Collections of the caller; none means all of them.
    """
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    filter: SearchFilter | None = None


class SearchHit(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    chunk_id: str
    document_id: str
    document_name: str
    collection_id: str
    page: int
    page_end: int
    start: int
    end: int
    text: str
    headings: list[str]
    score: float
    """
    What the hits are ordered by.
    """
    bm25_score: float | None = None
    dense_score: float | None = None
    """
    Cosine similarity.
    """
    metadata: dict[str, Any]


class SearchResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    hits: list[SearchHit]


class Source(BaseModel):
    """
    A numbered passage that an answer may cite.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    n: int
    """
    The number in the answer's `[n]`.
    """
    document_id: str
    document_name: str
    page: int
    page_end: int
    start: int
    """
    Offset in the text of `page`.
    """
    end: int
    """
    Offset in the text of `page_end`.
    """
    chunk_id: str
    score: float
    snippet: str
    """
    The passage.
    """


class Citation(BaseModel):
    """
    A mark `[n]` in an answer.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    n: int
    start: int
    """
    Offset in the answer of the sentence or phrase that the mark supports.
    """
    end: int
    """
    Offset after the mark.
    """


class CiteRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    hits: Annotated[list[SearchHit], Field(max_length=100)]
    known: Annotated[list[Source], Field(max_length=999, validate_default=True)] = []
    """
    Sources that have their numbers already; a hit that is among them keeps its own, the others come after them.
    """
    token_budget: Annotated[int, Field(ge=64, le=200000)] = 3000


class CiteResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    sources: list[Source]
    """
    The known ones and those of the hits, by number.
    """
    context: str
    """
    The hits as text for a prompt, each in `<source n="1" …>`.
    """
