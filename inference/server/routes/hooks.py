"""POST /api/hooks/{webhook_id}: a run for whoever knows the webhook's secret."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from inference.composer import find_webhook, start_from_webhook
from inference.models.triggers import WebhookRun
from inference.server.bodies import read_json
from inference.server.routes.api import answer
from inference.server.state import state_of

router = APIRouter(prefix="/api", tags=["webhooks"])

_OPENAPI: dict[str, Any] = {
    "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200}}],
    "requestBody": {"content": {"application/json": {"schema": {}}}},
    "security": [{"bearer": []}],
}


@router.post("/hooks/{webhook_id}", status_code=202, response_model=None, openapi_extra=_OPENAPI)
async def call_webhook(request: Request, webhook_id: str) -> Response:
    """Starts a run of the webhook's toolchain. `Authorization: Bearer whsec_…` holds its secret; the JSON body is the
    run's input if it fits, else the input's `body`. Calls with the same `Idempotency-Key` start one run."""
    ctx = state_of(request).base
    # Before a byte of the body is read.
    webhook = await find_webhook(ctx, webhook_id, request.headers.get("authorization"))
    body = await read_json(request, ctx.settings.max_body_bytes)
    run = await start_from_webhook(ctx, webhook, body, request.headers.get("idempotency-key"))
    return answer(WebhookRun(run_id=str(run)).model_dump(), 202)
