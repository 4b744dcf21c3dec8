"""The events of a run, live and from the beginning."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from inference.functions import Context, check_rights, find, no_such, parse_id
from inference.server import sse
from inference.server.state import state_of

router = APIRouter(prefix="/api", tags=["runs"])


@router.get("/runs/{run_id}/events", response_class=StreamingResponse)
async def run_events(request: Request, run_id: str) -> StreamingResponse:
    """Server-sent events up to the end of the run; `Last-Event-ID` reads on after an event."""
    state = state_of(request)
    ctx = await state.context(request.headers.get("authorization"))
    after = sse.last_event_id(request)
    uid = await followed_run(ctx, run_id)

    async def body() -> AsyncIterator[bytes]:
        async for event in state.composer.follow(ctx, uid, after):
            yield sse.PING if event is None else sse.event(event.event, event.data, event.sequence)

    return StreamingResponse(body(), media_type="text/event-stream", headers=sse.HEADERS)


async def followed_run(ctx: Context, run_id: str) -> UUID:
    """The run, if the caller may follow it. Raises NotAuthenticated, NotAllowed and NotFound."""
    check_rights(find("fetch_run"), ctx)
    uid = parse_id(run_id, "run", "run_id")
    if await ctx.storage.runs.get(ctx.user.key, uid) is None:
        raise no_such("run", run_id, "run_id")
    return uid
