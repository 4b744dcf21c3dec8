"""Drafts of toolchains: what is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.drafts import Draft, DraftSummary, SavedDraft


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """A draft as its writer has it; `revision` is the one that it follows, 0 for none."""

    uid: UUID
    toolchain_id: str | None
    base_version: int | None
    definition: dict[str, Any]
    revision: int


class Drafts(Table):
    """Storage of drafts. `user` is always the caller: nothing of others is found."""

    async def save(self, user: int, draft: WrittenDraft) -> SavedDraft | None:
        """Keeps it as the next revision; None when somebody else wrote another in the meantime."""
        row = await self._row(
            "toolchain_draft.save", user, draft.uid, draft.toolchain_id, draft.base_version, draft.definition,
            draft.revision,
        )  # fmt: skip
        return SavedDraft(**row) if row else None

    async def count_others(self, user: int, uid: UUID) -> int:
        """How many the user has beside this one."""
        return await self._value("toolchain_draft.count_others", user, uid)

    async def list(self, user: int, toolchain_id: str | None) -> list[DraftSummary]:
        """That which was written last first."""
        return [DraftSummary(**row) for row in await self._rows("toolchain_draft.list", user, toolchain_id)]

    async def get(self, user: int, uid: UUID) -> Draft | None:
        row = await self._row("toolchain_draft.get", user, uid)
        return Draft(**row) if row else None

    async def delete(self, user: int, uid: UUID) -> bool:
        return await self._row("toolchain_draft.delete", user, uid) is not None
