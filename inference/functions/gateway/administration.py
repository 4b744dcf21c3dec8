"""What administrators set for the gateway, and what was used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from inference.errors import InvalidInput, NotAllowed
from inference.functions.context import Context
from inference.functions.identifiers import no_such
from inference.functions.registry import function
from inference.models.common import Empty
from inference.models.gateway import (
    FetchUsageRequest,
    ModelRoute,
    ModelRouteList,
    ModelRouteReference,
    UsageLimit,
    UsageLimitList,
    UsageReport,
)

# What a default cannot fill in: what a request is about, and what the gateway itself decides by.
_NO_DEFAULTS = frozenset(("model", "messages", "prompt", "input", "stream", "stream_options", "query", "documents"))
_LONGEST_REPORT = timedelta(days=400)


@function(scope="models:write", admin=True)
async def set_model_route(ctx: Context, request: ModelRoute) -> ModelRoute:
    """Sets what is asked behind a name: a model, those to fall back on, and values of fields that requests leave out.
    With a model's own name it gives that model fallbacks and defaults."""
    if request.name.startswith("toolchain/") and request.name != request.model:
        raise InvalidInput("Names that begin with toolchain/ are toolchains'. Choose another.", field="name")
    if unfit := sorted(_NO_DEFAULTS & request.defaults.keys()):
        raise InvalidInput(f"{unfit[0]!r} can have no default.", field=f"defaults.{unfit[0]}")
    await ctx.storage.model_routes.put(request)
    return request


@function(scope="models:read", read_only=True)
async def fetch_model_routes(ctx: Context, request: Empty) -> ModelRouteList:
    """Names of models, and what is asked behind them."""
    return ModelRouteList(routes=await ctx.storage.model_routes.list())


@function(scope="models:write", admin=True)
async def delete_model_route(ctx: Context, request: ModelRouteReference) -> Empty:
    """Removes a route: its name is then a model's again, or nothing's."""
    if not await ctx.storage.model_routes.delete(request.name):
        raise no_such("route", request.name, "name")
    return Empty()


@function(scope="limits:write", admin=True)
async def set_limits(ctx: Context, request: UsageLimit) -> UsageLimit:
    """Sets how much may be asked of models by a user, with an API key, of a model, or by each user. Limits that are all
    null are lifted."""
    subject = request.subject.strip()
    if (request.kind == "each_user") == bool(subject):
        raise InvalidInput("`subject` names the user, key or model, and is empty for each_user.", field="subject")
    if request.kind == "api_key":
        subject = _key_id(subject)
    limit = request.model_copy(update={"subject": subject.lower() if request.kind == "user" else subject})
    if set(limit.model_dump(exclude={"kind", "subject"}).values()) == {None}:
        await ctx.storage.limits.delete(limit.kind, limit.subject)
    else:
        await ctx.storage.limits.put(limit)
    return limit


@function(scope="limits:read", admin=True, read_only=True)
async def fetch_limits(ctx: Context, request: Empty) -> UsageLimitList:
    """All limits."""
    return UsageLimitList(limits=await ctx.storage.limits.list())


@function(scope="usage:read", read_only=True)
async def fetch_usage(ctx: Context, request: FetchUsageRequest) -> UsageReport:
    """What was used between two times, summed by model, key, hour, day or user: one's own, or, for administrators, of
    all. A request is in it a second or so after its end."""
    if request.all_users and not ctx.user.is_admin:
        raise NotAllowed("Only administrators may see what others use. Leave out `all_users`.")
    end = request.to or datetime.now(UTC) + timedelta(hours=1)
    begin = request.from_ or end - timedelta(days=1, hours=1)
    if begin >= end or end - begin > _LONGEST_REPORT:
        raise InvalidInput("`from` must lie before `to`, by 400 days at most.", field="from")
    user = None if request.all_users else ctx.user.key
    return UsageReport(usage=await ctx.storage.usage.fetch(user, begin, end, list(request.group_by)))


def _key_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise InvalidInput("`subject` must be the id of an API key.", field="subject") from None
