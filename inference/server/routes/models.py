"""What changes of models and their memory, live."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from inference.errors import Unavailable
from inference.functions import check_rights, find
from inference.server import sse
from inference.server.state import state_of

router = APIRouter(prefix="/api", tags=["models"])


@router.get("/models/events", response_class=StreamingResponse)
async def model_events(request: Request) -> StreamingResponse:
    """Server-sent events: `models` and `memory` with all there is, then `model`, `removed` and `memory` as they change.

    There is nothing to catch up on: who connects anew is told everything anew. The stream ends when the runner does.
    429 when the caller, or everybody together, has many open.
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

    state.viewers.enter(ctx.user.key)
    return _Viewing(body(), lambda: state.viewers.leave(ctx.user.key))


class _Viewing(StreamingResponse):
    """A stream that calls `ended` at its end, also when nothing of it could be sent."""

    def __init__(self, body: AsyncIterator[bytes], ended: Callable[[], None]) -> None:
        super().__init__(body, media_type="text/event-stream", headers=sse.HEADERS)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()
