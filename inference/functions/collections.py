"""Collections of documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from inference.errors import InvalidInput
from inference.functions.context import Context
from inference.functions.identifiers import model_from, new_id, no_such, parse_id
from inference.functions.ingestion.contents import clear_away, let_go
from inference.functions.ingestion.reindexing import check_language
from inference.functions.registry import function
from inference.models.collections import (
    Chunking,
    Collection,
    CollectionList,
    CollectionReference,
    CreateCollectionRequest,
    ModifyCollectionRequest,
)
from inference.models.common import Empty
from inference.runner import DEFAULT_EMBEDDER, embedder_of

_MOST_METADATA = 64 * 1024


def check_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput when it is too large to be kept beside a row."""
    if len(orjson.dumps(metadata)) > _MOST_METADATA:
        raise InvalidInput(
            f"Metadata may take {_MOST_METADATA // 1024} KiB as JSON; this takes more.", field="metadata"
        )
    return metadata


@function(scope="collections:write")
async def create_document_collection(ctx: Context, request: CreateCollectionRequest) -> Collection:
    """Makes an empty collection."""
    await check_language(ctx, request.language)
    if request.embedder:
        with model_from("embedder"):
            await embedder_of(ctx.runner, request.embedder)
    uid = new_id()
    await ctx.storage.collections.create(
        uid,
        ctx.user.key,
        request.name,
        request.description,
        check_metadata(request.metadata),
        request.language,
        request.embedder or DEFAULT_EMBEDDER,
        (request.chunking or Chunking()).model_dump(),
    )
    return await get_collection(ctx, uid, str(uid))


@function(scope="collections:read", read_only=True)
async def fetch_all_collections(ctx: Context, request: Empty) -> CollectionList:
    """The caller's collections by name."""
    return CollectionList(collections=await ctx.storage.collections.list(ctx.user.key))


@function(scope="collections:read", read_only=True)
async def fetch_collection(ctx: Context, request: CollectionReference) -> Collection:
    """One collection."""
    return await get_collection(
        ctx, parse_id(request.collection_id, "collection", "collection_id"), request.collection_id
    )


@function(scope="collections:write")
async def modify_document_collection(ctx: Context, request: ModifyCollectionRequest) -> Collection:
    """Changes the fields that are given."""
    uid = parse_id(request.collection_id, "collection", "collection_id")
    metadata = None if request.metadata is None else check_metadata(request.metadata)
    if not await ctx.storage.collections.modify(ctx.user.key, uid, request.name, request.description, metadata):
        raise no_such("collection", request.collection_id, "collection_id")
    return await get_collection(ctx, uid, request.collection_id)


@function(scope="collections:write")
async def delete_document_collection(ctx: Context, request: CollectionReference) -> Empty:
    """Deletes a collection with its documents and all that was made of them, and stops their ingestion."""
    uid = parse_id(request.collection_id, "collection", "collection_id")
    async with ctx.storage.transaction() as work:
        if not await work.collections.seize(ctx.user.key, uid):
            raise no_such("collection", request.collection_id, "collection_id")
        traces = await work.documents.contents_of_collection(ctx.user.key, uid)
        await work.collections.delete(ctx.user.key, uid)
        left = await let_go(ctx, work, traces)
    await clear_away(ctx, left)
    return Empty()


async def get_collection(ctx: Context, uid: UUID, given: str) -> Collection:
    collection = await ctx.storage.collections.get(ctx.user.key, uid)
    if collection is None:
        raise no_such("collection", given, "collection_id")
    return collection
