# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from typing_extensions import TypeAliasType
from pydantic import BaseModel, ConfigDict, Field


Operator = TypeAliasType(
    "Operator",
    Literal[
        "eq",
        "ne",
        "lt",
        "lte",
        "gt",
        "gte",
        "between",
        "in",
        "contains",
        "contained_by",
        "has_key",
        "has_keys",
        "has_any_key",
        "missing",
    ],
)
"""
`contains`: a text holds a text (without regard to case), a list holds a value, an object holds an object. `has_key`, `has_keys`, `has_any_key`: of an object. `contained_by`: it holds nothing that is not in the value. `between`: both ends belong to it. `missing`: the field is not there; it needs no value.
"""


class Fusion(BaseModel):
    """
    How the scores of two lanes become one.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    method: Literal["convex", "rrf"] = "convex"
    """
    `convex`: each lane's scores brought to 0…1, then a weighted sum. `rrf`: reciprocal ranks.
    """
    dense_weight: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5
    """
    The weight of meaning; words have the rest.
    """
    rrf_k: Annotated[int, Field(ge=1, le=1000)] = 60


class Rerank(BaseModel):
    """
    The best candidates are scored anew by a cross-encoder.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    model: Annotated[str, Field(max_length=200)]
    candidates: Annotated[int, Field(ge=1, le=200)] = 50


class Span(BaseModel):
    """
    Characters of a text, from `start` to before `end`.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    start: int
    end: int


class Snippet(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    text: str
    start: int
    """
    Where it begins in the hit's text.
    """
    highlights: list[Span]
    """
    Matched words, in the snippet's text.
    """


class HitExplanation(BaseModel):
    """
    What every lane and stage made of a hit; null where it did not find it.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    bm25_rank: int | None = None
    bm25_normalised: float | None = None
    dense_rank: int | None = None
    dense_normalised: float | None = None
    fused: float | None = None
    reranked: float | None = None
    terms: dict[str, float] = {}
    """
    What each term gave to the BM25 score.
    """


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
    rerank_score: float | None = None
    metadata: dict[str, Any]
    before: list[str] = []
    """
    Texts of the chunks before it, in order.
    """
    after: list[str] = []
    snippet: Snippet | None = None
    explanation: HitExplanation | None = None


class LaneExplanation(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    path: str
    """
    Which way answered: of words `memory` or `loaded`, with `, walked` where a filter was asked; of meaning `exact` or `graph`; `none`.
    """
    candidates: int
    ms: float
    details: dict[str, Any] = {}


class SearchExplanation(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    query: dict[str, Any]
    """
    The query as it was understood: meaning, optional, required, excluded.
    """
    lanes: dict[str, LaneExplanation]
    stages_ms: dict[str, float]
    """
    Milliseconds of scope, lanes, rerank, hits, snippets, explain.
    """


class SearchResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    hits: list[SearchHit]
    explanation: SearchExplanation | None = None


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


class Condition(BaseModel):
    """
    A condition as data. Either `all`, `any` or `not` over other conditions, or `field`, `op` and `value`. Fields: `document.id`, `document.name`, `document.content_type`, `document.size`, `document.page_count`, `document.created_at`, `document.source`, `chunk.page`, `chunk.token_count`, `chunk.headings`, `collection.id`, and `metadata` or `metadata.<path>` with dots into the document's metadata. What is not there fulfils only `ne`, `not` and `missing`.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    all: Annotated[list[Condition] | None, Field(max_length=50, min_length=1)] = None
    any: Annotated[list[Condition] | None, Field(max_length=50, min_length=1)] = None
    not_: Annotated[Condition | None, Field(alias="not")] = None
    field: Annotated[str | None, Field(max_length=300)] = None
    op: Operator | None = None
    value: Any = None
    """
    What the field is compared with. A list for `in`, `has_keys`, `has_any_key` and `between`; a string in ISO 8601 for dates.
    """


class SearchFilter(BaseModel):
    """
    Narrows a search; everything that is given must hold.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    document_ids: Annotated[list[str] | None, Field(max_length=1000)] = None
    uploaded_after: Annotated[str | None, Field(max_length=40)] = None
    """
    A date in ISO 8601; without a time zone it is UTC.
    """
    uploaded_before: Annotated[str | None, Field(max_length=40)] = None
    """
    A date in ISO 8601; without a time zone it is UTC.
    """
    where: Condition | None = None


class SearchRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    query: Annotated[str, Field(max_length=16384, min_length=1)]
    """
    Words, `"phrases"~slop^boost`, `word^2`, `field:value`, `md.key:value`, `-without`.
    """
    syntax: bool = True
    """
    False: the query is a text, in which signs and colons mean nothing.
    """
    collection_ids: Annotated[list[str], Field(max_length=200)]
    """
    Collections of the caller; none means all of them.
    """
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    filter: SearchFilter | None = None
    fusion: Fusion | None = None
    """
    Null: convex, half each.
    """
    candidates: Annotated[int, Field(ge=1, le=1000)] = 100
    """
    How many of each lane enter the fusion.
    """
    rerank: Rerank | None = None
    per_document: Annotated[int | None, Field(ge=1, le=100)] = None
    """
    At most so many hits of one document.
    """
    neighbours: Annotated[int, Field(ge=0, le=5)] = 0
    """
    So many chunks before and after each hit come with it.
    """
    snippet_characters: Annotated[int | None, Field(ge=40, le=2000)] = None
    """
    Each hit gets its best part of about this length.
    """
    explain: bool = False


Condition.model_rebuild()
