"""Whether the server lives, and whether it can work."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from inference.errors import Unavailable
from inference.server.state import state_of

router = APIRouter(tags=["health"])

_PATIENCE_SECONDS = 2.0


@router.get("/healthz")
async def healthz() -> dict[str, bool]:
    """The process answers."""
    return {"ok": True}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """200 when the database and the runner answer, 503 when one does not; what it says tells which."""
    state = state_of(request)
    database, runner = await asyncio.gather(_works(state.storage.ping()), _works(state.base.runner.memory()))
    body: dict[str, Any] = {"ok": database and runner, "database": database, "runner": runner}
    if database:
        body |= {
            "needs_first_account": await state.needs_first_account(),
            "open_registration": state.settings.open_registration,
        }
    return JSONResponse(body, 200 if body["ok"] else 503)


async def _works(check: Any) -> bool:
    try:
        await asyncio.wait_for(check, _PATIENCE_SECONDS)
    except Exception:
        return False
    return True


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus's exposition format: of this server, and of the runner's models where it answers."""
    state = state_of(request)
    text = state.metrics.text()
    with contextlib.suppress(Unavailable, TimeoutError):
        text += (await asyncio.wait_for(state.base.runner.metrics(), _PATIENCE_SECONDS)).encode()
    return Response(text, media_type="text/plain; version=0.0.4")
