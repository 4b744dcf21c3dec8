"""The events of a run, live and from the beginning."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from inference.functions import check_rights, find, no_such, parse_id
from inference.server import sse
from inference.server.state import state_of

router = APIRouter(prefix="/api", tags=["runs"])


@router.get("/runs/{run_id}/events", response_class=StreamingResponse)
async def run_events(request: Request, run_id: str) -> StreamingResponse:
    """Server-sent events up to the end of the run; `Last-Event-ID` reads on after an event."""
    state = state_of(request)
    ctx = await state.context(request.headers.get("authorization"))
    check_rights(find("fetch_run"), ctx)
    after = sse.last_event_id(request)
    uid = parse_id(run_id, "run", "run_id")
    if await state.storage.runs.get(ctx.user.key, uid) is None:
        raise no_such("run", run_id, "run_id")

    async def body() -> AsyncIterator[bytes]:
        async for event in state.composer.follow(ctx, uid, after):
            yield sse.PING if event is None else sse.event(event.event, event.data, event.sequence)

    return StreamingResponse(body(), media_type="text/event-stream", headers=sse.HEADERS)
