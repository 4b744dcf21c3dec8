"""Runnings of test cases, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.cases import CaseResult, CaseRun, CaseStatus


@dataclass(frozen=True, slots=True)
class NewCaseRun:
    """A running of the cases with these `names`, by their places among the toolchain's tests."""

    uid: UUID
    user: int
    toolchain_id: str
    version: int
    definition_hash: bytes
    run: UUID
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class StoredCaseRun:
    """A running of cases, with the definition whose cases they are."""

    id: int
    uid: UUID
    toolchain_id: str
    version: int
    definition_hash: bytes
    definition: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LatestResult:
    """The last result of a case of a definition."""

    definition_hash: bytes
    number: int
    name: str
    status: CaseStatus
    case_run_id: str
    run_id: str | None


class CaseRuns(Table):
    """Storage of runnings of cases. `user` is always the caller: nothing of others is found."""

    async def create(self, new: NewCaseRun, keep: int) -> None:
        """To be called in a transaction. Of the toolchain's runnings the last `keep` stay."""
        made = await self._value(
            "case_run.create", new.uid, new.user, new.toolchain_id, new.version, new.definition_hash, new.run
        )
        await self._run("case_result.create", made, list(new.names), list(new.names.values()))
        await self._run("case_run.trim", new.user, new.toolchain_id, keep)

    async def get(self, user: int, uid: UUID) -> StoredCaseRun | None:
        row = await self._row("case_run.get", user, uid)
        return StoredCaseRun(**row) if row else None

    async def show(self, user: int, uid: UUID) -> CaseRun | None:
        row = await self._row("case_run.show", user, uid)
        return CaseRun.model_validate(dict(row)) if row else None

    async def begun(self, user: int, run: UUID) -> list[UUID]:
        """The runs that are waited for by the run that does the cases."""
        return [row["run"] for row in await self._rows("case_run.begun", user, run)]

    async def put(self, case_run: int, result: CaseResult) -> bool:
        """Says what has come of a case so far; False when it is none of the running's, or that is forgotten."""
        run = None if result.run_id is None else UUID(result.run_id)
        found = await self._value(
            "case_result.put", case_run, result.number, result.status, run, result.duration_ms,
            None if result.error is None else result.error.model_dump(),
            [check.model_dump() for check in result.checks],
        )  # fmt: skip
        return found is not None

    async def latest(self, user: int, hashes: Sequence[bytes]) -> list[LatestResult]:
        """The last result of each case of these definitions that has ended."""
        return [LatestResult(**row) for row in await self._rows("case_result.latest", user, list(hashes))]
