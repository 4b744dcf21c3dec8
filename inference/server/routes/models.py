"""What changes of models and their memory, live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from inference.errors import Unavailable
from inference.functions import check_rights, find
from inference.server import sse
from inference.server.state import state_of

router = APIRouter(prefix="/api", tags=["models"])


@router.get("/models/events", response_class=StreamingResponse)
async def model_events(request: Request) -> StreamingResponse:
    """Server-sent events: `models` and `memory` with all there is, then `model`, `removed` and `memory` as they change.

    There is nothing to catch up on: who connects anew is told everything anew. The stream ends when the runner does.
    """
    state = state_of(request)
    ctx = await state.context(request.headers.get("authorization"))
    check_rights(find("fetch_models"), ctx)

    async def body() -> AsyncIterator[bytes]:
        number = 0
        try:
            async with aclosing(ctx.runner.events()) as events:
                async for event in events:
                    number += 1
                    yield sse.PING if event is None else sse.event(event.name, event.model_dump(mode="json"), number)
        except Unavailable as error:
            yield sse.event("error", {"message": error.message}, number + 1)

    return StreamingResponse(body(), media_type="text/event-stream", headers=sse.HEADERS)
