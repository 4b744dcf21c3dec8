"""GET /v1/models: the runner's models, those of providers, the toolchains that can be talked to, and aliases."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from inference.composer import find_toolchain, is_chat
from inference.errors import NotFound
from inference.functions import Context, find, invoke
from inference.models.common import Empty
from inference.server.state import state_of
from inference.server.v1.toolchain_model import PREFIX, split_model

router = APIRouter(prefix="/v1", tags=["openai"])


@router.get("/models")
async def list_models(request: Request) -> JSONResponse:
    """All that `model` may be."""
    return JSONResponse({"object": "list", "data": await _all(request, await _context(request))})


@router.get("/models/{model:path}")
async def get_model(request: Request, model: str) -> JSONResponse:
    """One of them."""
    ctx = await _context(request)
    if model.startswith(PREFIX) and "@" in model:
        pinned = await find_toolchain(ctx.storage, ctx.user, *split_model(model))
        if is_chat(pinned.definition):
            return JSONResponse(_entry(model, "penstock"))
    for entry in await _all(request, ctx):
        if entry["id"] == model:
            return JSONResponse(entry)
    raise NotFound(f"There is no model {model[:200]!r}. GET /v1/models lists them.", field="model")


async def _context(request: Request) -> Context:
    return await state_of(request).context(request.headers.get("authorization"))


async def _all(request: Request, ctx: Context) -> list[dict[str, Any]]:
    served = (await invoke(find("fetch_models"), ctx, Empty())).models
    toolchains = (await invoke(find("get_available_toolchains"), ctx, Empty())).toolchains
    ids = [(model.id, "penstock" if model.device != "remote" else model.id.partition("/")[0]) for model in served]
    ids += [(PREFIX + toolchain.id, "penstock") for toolchain in toolchains if toolchain.chat]
    ids += [(name, "penstock") for name in state_of(request).access.known.aliases()]
    return [_entry(name, owner) for name, owner in dict(ids).items()]


def _entry(name: str, owner: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": owner}
