# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType
from . import models


ProviderName = TypeAliasType(
    "ProviderName", Annotated[str, Field(max_length=40, min_length=1, pattern="^[a-z0-9][a-z0-9_-]*$")]
)


class ProviderReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: ProviderName
    shared: bool = False


Fallback = TypeAliasType("Fallback", Annotated[str, Field(max_length=200, min_length=1)])


class ModelRoute(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(max_length=200, min_length=1, pattern="^[^\\s\\x00-\\x1f]+$")]
    """
    What callers ask for: a name of one's own, or a model, to give it fallbacks and defaults.
    """
    model: Annotated[str, Field(max_length=200, min_length=1)]
    """
    The model that answers.
    """
    fallbacks: Annotated[list[Fallback], Field(max_length=8)] = []
    """
    Asked in this order when it fails before its first byte: 5xx, 429, no answer, left alone after failures.
    """
    defaults: Annotated[dict[str, Any], Field(max_length=32)] = {}
    """
    Fields of the request that are filled in where they were left out: `{"temperature": 0.2}`.
    """


class ModelRouteReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(max_length=200)]


class ModelRouteList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    routes: list[ModelRoute]


LimitKind = TypeAliasType("LimitKind", Literal["user", "api_key", "model", "each_user"])


class UsageLimit(BaseModel):
    """
    How much may be asked of models; what is null is not limited. All that concern a request hold at once.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: LimitKind
    """
    `each_user` holds for every user who has no limits of their own.
    """
    subject: Annotated[str, Field(max_length=200)] = ""
    """
    The user's name, the API key's id, or the model; empty for `each_user`.
    """
    requests_per_minute: Annotated[int | None, Field(ge=0, le=1000000000)] = None
    tokens_per_minute: Annotated[int | None, Field(ge=0, le=1000000000000)] = None
    tokens_per_day: Annotated[int | None, Field(ge=0, le=1000000000000)] = None
    """
    A day begins at midnight UTC.
    """
    concurrent_requests: Annotated[int | None, Field(ge=0, le=1000000)] = None


class UsageLimitList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    limits: list[UsageLimit]


class FetchUsageRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    from_: Annotated[AwareDatetime | None, Field(alias="from")] = None
    """
    The last 24 hours where it is left out.
    """
    to: AwareDatetime | None = None
    group_by: Annotated[list[Literal["hour", "day", "user", "api_key", "model"]], Field(max_length=5)] = ["model"]
    all_users: bool = False
    """
    Of all users; only administrators may.
    """


class UsageRow(BaseModel):
    """
    A sum; what was not grouped by is null.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    time: AwareDatetime | None = None
    username: str | None = None
    api_key_id: str | None = None
    """
    Null for log-ins.
    """
    api_key_title: str | None = None
    """
    Null for a key that has been deleted.
    """
    model: str | None = None
    requests: int
    failed: int
    """
    Of the requests
    """
    estimated: int
    """
    Of the requests
    """
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    """
    Of the tokens in, those that came from the provider's cache.
    """


class UsageReport(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    usage: list[UsageRow]


class SetProviderRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: ProviderName
    """
    Its models are called `<name>/<model>`.
    """
    base_url: Annotated[str, Field(max_length=2000, min_length=1)]
    """
    It ends before `/chat/completions`.
    """
    api_key: Annotated[str | None, Field(max_length=4000)] = None
    """
    Sent as the bearer. Left out, the key from before stays, if the address does too.
    """
    headers: dict[str, Any] | None = None
    """
    Further headers of every request, such as `api-key`. Left out, those from before stay.
    """
    prices: dict[str, models.Price] | None = None
    """
    What its models cost, by the provider's own names of them. Left out, those from before stay.
    """
    shared: bool = False
    """
    For everybody; only administrators may.
    """


class Provider(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: str
    base_url: str
    shared: bool
    preview: str
    """
    The key's first and last characters; the key itself is never told.
    """
    header_names: list[str]
    prices: dict[str, models.Price]
    updated_at: AwareDatetime


class ProviderList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    providers: list[Provider]
