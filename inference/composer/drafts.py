"""Toolchains that come with a call and are not saved."""

from __future__ import annotations

from typing import Any

from db import SavedToolchain
from inference.composer.catalogue import DRAFT_VERSION
from inference.composer.validation import read_toolchain
from inference.errors import InvalidInput
from inference.functions import Context, check_scope


def read_draft(
    ctx: Context, definition: dict[str, Any] | None, toolchain_id: str, version: int | None
) -> SavedToolchain | None:
    """The draft, in the form of a version; None when there is none. Raises InvalidInput with all its faults, and
    NotAllowed: who may only run what is there does not say what is run."""
    if definition is None:
        return None
    check_scope(ctx.user, "toolchains:write", "run a draft")
    if version is not None:
        raise InvalidInput("A draft has no version: leave `version` out.", field="version")
    draft = read_toolchain(definition, ctx.user, field="draft")
    if draft.id != toolchain_id:
        raise InvalidInput(f"The draft's id is {draft.id!r}: it must be `toolchain_id`.", field="draft.id")
    return SavedToolchain(draft.id, DRAFT_VERSION, definition)
