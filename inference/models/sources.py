# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType
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


class FailedMember(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    source: str
    error: str


class CrawlSiteRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    url: Annotated[str, Field(max_length=2000, min_length=1)]
    """
    Where it begins.
    """
    collection_id: str
    depth: Annotated[int, Field(ge=0, le=50)] = 3
    """
    How many links away from the beginning.
    """
    scope: Literal["host", "path", "subdomains"] = "host"
    """
    `host`: the same host and port. `path`: of it only what lies below the beginning's folder. `subdomains`: those of the host too.
    """
    max_pages: Annotated[int, Field(ge=1, le=20000)] = 500
    rate: Annotated[float, Field(ge=0.01, le=50.0)] = 2
    """
    Pages a second.
    """
    robots: bool = True
    """
    Whether robots.txt, `noindex` and `nofollow` are obeyed.
    """
    metadata: dict[str, Any] = {}
    priority: Annotated[int, Field(ge=-10, le=10)] = 0
    """
    Of the pages' ingestion.
    """


class StartedRun(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str


class FailedPage(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    url: str
    why: str


class CrawlResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    pages: int
    """
    That were there.
    """
    new: int
    """
    Of these, new or changed.
    """
    unchanged: int
    failed_count: int
    """
    How many failed.
    """
    failed: list[FailedPage]
    """
    Of these, the first 100.
    """


OptionsAdditionalProperty = TypeAliasType("OptionsAdditionalProperty", Annotated[str, Field(max_length=10000)])


class IngestObjectsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    url: Annotated[str, Field(max_length=2000, min_length=1)]
    """
    `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`.
    """
    collection_id: str
    options: dict[str, OptionsAdditionalProperty] = {}
    """
    Credentials and where to use them; kept nowhere, but for a SAS (`sas_key`) until the run has ended. s3: `access_key_id`, `secret_access_key`, `session_token`, `region`, `endpoint`, `virtual_hosted_style_request`. gs: `service_account_key`. az: `account_name`, `account_key` or `sas_key`, `endpoint`.
    """
    max_objects: Annotated[int, Field(ge=1, le=20000)] = 10000
    metadata: dict[str, Any] = {}
    priority: Annotated[int, Field(ge=-10, le=10)] = 0


class IngestObjectsStep(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    url: str
    collection_id: str
    metadata: dict[str, Any] = {}
    priority: int = 0


class ObjectsResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    objects: int
    """
    That were listed.
    """
    new: int
    """
    Of these, new or changed.
    """
    unchanged: int
    failed_count: int
    """
    How many failed.
    """
    failed: list[FailedPage]
    """
    Of these, the first 100.
    """


class MemberTally(BaseModel):
    """
    How far the documents of an archive's members are, with those of archives in it.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    total: int
    at_work: int
    """
    On their way, as a whole or with a newer content.
    """
    failed: int
    failures: list[FailedMember]
    """
    The first 20.
    """


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
    members: MemberTally | None = None
    """
    Of an archive that was unpacked.
    """


class ContentMatches(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    matches: list[ContentMatch]
