"""Toolchains that come with a call and are not saved."""

from __future__ import annotations

from typing import Any

from db import SavedToolchain
from inference.composer.catalogue import DRAFT_VERSION
from inference.composer.validation import read_toolchain
from inference.errors import InvalidInput
from inference.functions import Context, check_scope
from inference.models.toolchain import Toolchain


def checked_draft(ctx: Context, draft: dict[str, Any], toolchain_id: str) -> Toolchain:
    """A draft of a toolchain that is to be run. Raises InvalidInput with all its faults, and NotAllowed: who may only
    run what is there does not say what is run."""
    check_scope(ctx.user, "toolchains:write", "run a draft")
    toolchain = read_toolchain(draft, ctx.user, field="draft")
    if toolchain.id != toolchain_id:
        told = f"The draft's id is {toolchain.id!r}: it must be `toolchain_id`, {toolchain_id[:80]!r}."
        raise InvalidInput(told, field="draft.id")
    return toolchain


def read_draft(
    ctx: Context, draft: dict[str, Any] | None, toolchain_id: str, version: int | None
) -> SavedToolchain | None:
    """The draft, in the form of a version; None when there is none. Raises as `checked_draft`."""
    if draft is None:
        return None
    if version is not None:
        raise InvalidInput("A draft has no version: leave `version` out.", field="version")
    return SavedToolchain(checked_draft(ctx, draft, toolchain_id).id, DRAFT_VERSION, draft)
