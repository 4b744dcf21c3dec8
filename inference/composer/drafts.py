"""The functions that are about drafts: what somebody is writing, kept before it is a version."""

from __future__ import annotations

from uuid import UUID

import orjson

from db import WrittenDraft
from inference.errors import Conflict, InvalidInput, LimitReached, TooLarge
from inference.functions import Context, function, no_such, parse_id
from inference.models.common import Empty
from inference.models.drafts import (
    Draft,
    DraftList,
    DraftReference,
    DraftsRequest,
    SavedDraft,
    SaveDraftRequest,
)

MOST_DRAFTS = 100
LARGEST_DRAFT = 4 << 20


class DraftConflict(Conflict):
    """Another window wrote the draft since the revision that the caller knows of."""

    def __init__(self) -> None:
        super().__init__(
            "This draft was written elsewhere in the meantime: nothing was kept. Look at it with fetch_draft, or keep "
            "yours under another draft_id.",
            field="revision",
        )


@function(scope="toolchains:write")
async def save_draft(ctx: Context, request: SaveDraftRequest) -> SavedDraft:
    """Keeps what is being written, with any faults. Only the next revision of what the caller knows of is kept: if
    somebody else wrote another one that is a 409, and both go on under ids of their own."""
    try:
        uid = UUID(request.draft_id)
    except ValueError:
        raise InvalidInput("A draft_id is a UUID.", field="draft_id") from None
    size = len(orjson.dumps(request.toolchain))
    if size > LARGEST_DRAFT:
        raise TooLarge(f"The draft has {size} bytes; at most {LARGEST_DRAFT} are kept.", field="toolchain")
    draft = WrittenDraft(uid, request.toolchain_id, request.base_version, request.toolchain, request.revision)
    if await ctx.storage.drafts.count_others(ctx.user.key, uid) >= MOST_DRAFTS:
        raise LimitReached(f"You have {MOST_DRAFTS} drafts, the most that are kept. Delete some with delete_draft.")
    saved = await ctx.storage.drafts.save(ctx.user.key, draft)
    if saved is None:
        raise DraftConflict
    return saved


@function(scope="toolchains:read", read_only=True)
async def fetch_drafts(ctx: Context, request: DraftsRequest) -> DraftList:
    """The caller's drafts without their text, that which was written last first."""
    return DraftList(drafts=await ctx.storage.drafts.list(ctx.user.key, request.toolchain_id))


@function(scope="toolchains:read", read_only=True)
async def fetch_draft(ctx: Context, request: DraftReference) -> Draft:
    """A draft as it was written last."""
    draft = await ctx.storage.drafts.get(ctx.user.key, parse_id(request.draft_id, "draft", "draft_id"))
    if draft is None:
        raise no_such("draft", request.draft_id, "draft_id")
    return draft


@function(scope="toolchains:write")
async def delete_draft(ctx: Context, request: DraftReference) -> Empty:
    """Deletes a draft: it was saved as a version, or is not wanted."""
    if not await ctx.storage.drafts.delete(ctx.user.key, parse_id(request.draft_id, "draft", "draft_id")):
        raise no_such("draft", request.draft_id, "draft_id")
    return Empty()
