"""Models: what there is, what is loaded, what it takes."""

from __future__ import annotations

from inference.functions.context import Context
from inference.functions.providers import list_provider_models
from inference.functions.registry import function
from inference.models.common import Empty
from inference.models.models import (
    Memory,
    Model,
    ModelChange,
    ModelEntry,
    ModelList,
    ModelLog,
    ModelLogRequest,
    ModelReference,
    ModelRemoved,
)


@function(scope="models:read", read_only=True)
async def fetch_models(ctx: Context, request: Empty) -> ModelList:
    """Every model with its state, the memory that it takes now, who holds it and who waits, and what is wrong in
    models.yaml."""
    models = [*await ctx.runner.models(), *await list_provider_models(ctx)]
    return ModelList(models=models, faults=await ctx.runner.faults())


@function(scope="models:read", read_only=True)
async def fetch_memory(ctx: Context, request: Empty) -> Memory:
    """Memory by device and by model, as measured: now, and over the last hour."""
    return await ctx.runner.memory()


@function(scope="models:read", admin=True, read_only=True)
async def fetch_model_logs(ctx: Context, request: ModelLogRequest) -> ModelLog:
    """The last lines that a model's engines wrote, also those that have ended."""
    return await ctx.runner.log(request.model, request.lines)


@function(scope="models:write", admin=True)
async def load_model(ctx: Context, request: ModelReference) -> Model:
    """Loads a model before anybody asks for it."""
    return await ctx.runner.load(request.model)


@function(scope="models:write", admin=True)
async def unload_model(ctx: Context, request: ModelReference) -> Model:
    """Ends a model's process and gives its memory back. Requests under way get ten seconds to end."""
    return await ctx.runner.unload(request.model)


@function(scope="models:write", admin=True)
async def add_model(ctx: Context, request: ModelEntry) -> Model:
    """Adds a model to those of models.yaml, for good and without a restart. A relative `source` begins at the home."""
    return await ctx.runner.add(request)


@function(scope="models:write", admin=True)
async def remove_model(ctx: Context, request: ModelReference) -> ModelRemoved:
    """Unloads and forgets a model that `add_model` made. Its files stay."""
    await ctx.runner.remove(request.model)
    return ModelRemoved(model=request.model)


@function(scope="models:write", admin=True)
async def modify_model(ctx: Context, request: ModelChange) -> Model:
    """Pins a model, or sets how long it stays unused and which goes first, for good; what is left out stays."""
    return await ctx.runner.modify(request)
