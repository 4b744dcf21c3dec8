# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class SaveDraftRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    draft_id: str
    """
    A UUID that whoever begins the draft makes up.
    """
    toolchain_id: Annotated[str | None, Field(max_length=80)]
    """
    The toolchain that it is to be a version of; null for a new one.
    """
    base_version: Annotated[int | None, Field(ge=1, le=2147483647)] = None
    """
    The version that it began as.
    """
    revision: Annotated[int, Field(ge=0, le=2147483647)] = 0
    """
    The revision that the caller knows of; 0 for none.
    """
    toolchain: dict[str, Any]
    """
    The draft. It may have any faults.
    """


class SavedDraft(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    draft_id: str
    revision: int
    updated_at: AwareDatetime


class DraftsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str | None, Field(max_length=80)] = None
    """
    Only those of this toolchain.
    """


class DraftSummary(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    draft_id: str
    toolchain_id: str | None
    title: str
    base_version: int | None
    revision: int
    updated_at: AwareDatetime


class DraftList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    drafts: list[DraftSummary]
    """
    That which was written last first.
    """


class DraftReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    draft_id: str


class Draft(DraftSummary):
    toolchain: dict[str, Any]
