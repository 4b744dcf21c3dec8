"""Models brought from a hub to this machine."""

from __future__ import annotations

from inference.functions.context import Context
from inference.functions.registry import function
from inference.models.common import Empty
from inference.models.pulls import Pull, PullList, PullOrder, PullReference


@function(scope="models:write", admin=True)
async def pull_model(ctx: Context, request: PullOrder) -> Pull:
    """Downloads a model from the hub at `HF_ENDPOINT`; `fetch_pulls` tells how far it is. Its `folder` is then the
    `source` for `add_model`. What broke off goes on where it was when it is asked for again."""
    return await ctx.runner.pull(request)


@function(scope="models:read", admin=True, read_only=True)
async def fetch_pulls(ctx: Context, request: Empty) -> PullList:
    """Downloads since the runner started, newest first."""
    return await ctx.runner.pulls()


@function(scope="models:write", admin=True)
async def cancel_pull(ctx: Context, request: PullReference) -> Pull:
    """Ends a download and removes what it had. One that is done stays."""
    return await ctx.runner.cancel_pull(request.pull_id)
