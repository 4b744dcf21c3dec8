"""Models: what there is, what is loaded, what it takes."""

from __future__ import annotations

from inference.functions.context import Context
from inference.functions.providers import list_provider_models
from inference.functions.registry import function
from inference.models.common import Empty
from inference.models.models import Memory, Model, ModelList, ModelReference


@function(scope="models:read", read_only=True)
async def fetch_models(ctx: Context, request: Empty) -> ModelList:
    """Every model with its state and the memory that it takes now, and what is wrong in models.yaml."""
    models = [*await ctx.runner.models(), *await list_provider_models(ctx)]
    return ModelList(models=models, faults=await ctx.runner.faults())


@function(scope="models:read", read_only=True)
async def fetch_memory(ctx: Context, request: Empty) -> Memory:
    """Memory by device and by model, as measured."""
    return await ctx.runner.memory()


@function(scope="models:write", admin=True)
async def load_model(ctx: Context, request: ModelReference) -> Model:
    """Loads a model before anybody asks for it."""
    return await ctx.runner.load(request.model)


@function(scope="models:write", admin=True)
async def unload_model(ctx: Context, request: ModelReference) -> Model:
    """Ends a model's process and gives its memory back."""
    return await ctx.runner.unload(request.model)
