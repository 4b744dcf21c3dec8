"""The functions that are about test cases: they are run as runs, and what came of them is kept with what was tested."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID

from db import DefinedVersion, NewCaseRun, RunRecord, SavedToolchain, StoredCaseRun
from inference.composer.cases.checks import look
from inference.composer.cases.evidence import evidence_of
from inference.composer.catalogue import SHIPPED_VERSION, digest, find_toolchain, shipped_toolchains
from inference.composer.functions import composer_of
from inference.composer.launching import RepeatedRun
from inference.composer.running import cancel_run
from inference.composer.unsaved import read_draft
from inference.composer.validation import read_toolchain
from inference.composer.values import parts_of, references
from inference.errors import Conflict, InvalidInput, NodeTimeout, PenstockError, RunWaits, Unavailable
from inference.functions import Context, function, new_id, no_such, parse_id
from inference.models.cases import (
    Case,
    CaseCell,
    CaseReference,
    CaseResult,
    CaseRun,
    CaseRunReference,
    CaseTable,
    CaseTableRequest,
    CaseTableRow,
    CheckResult,
    RunCasesRequest,
)
from inference.models.runs import Run, RunError, RunReference
from inference.models.toolchain import Toolchain

# The toolchain that does the cases, one run for each.
_DOER = "test_toolchain"
# Runnings of a toolchain's cases that are kept.
_KEPT = 200
# Bytes that are kept of what the checks of a case found.
_MOST_KEPT = 256_000
_LONGEST_MESSAGE = 2000
# How often a run that waits for a time is looked at.
_LOOK_SECONDS = 0.5


@function(scope="runs:write")
async def test_toolchain(ctx: Context, request: RunCasesRequest) -> CaseRun:
    """Runs the test cases of a toolchain: of the latest version, the one that is named, or a draft. Each is a run of
    its own with the caller's rights, a few at once; nodes that are not pinned do what they do in any run. With `wait`
    it answers when all have ended, without at once; `fetch_case_run` tells how far they are."""
    found = read_draft(ctx, request.draft, request.toolchain_id, request.version) or await _saved(ctx, request)
    names = _chosen(read_toolchain(found.definition), request.names)
    doer = SavedToolchain(_DOER, SHIPPED_VERSION, shipped_toolchains()[_DOER])
    # With all of a user's turns taken by such runs no case would get one.
    if ctx.settings.runs_per_user <= (most := doer.definition["concurrency"]):
        raise Conflict(f"A case is a run beside the one that does it: set PENSTOCK_RUNS_PER_USER to more than {most}.")
    composer, key, uid = composer_of(ctx), digest(found.definition), new_id()
    given = {"case_run_id": str(uid), "numbers": list(names)}
    async with ctx.storage.transaction() as work:
        run = await composer.start(ctx, _DOER, given, toolchain=doer, work=work)
        await work.toolchains.define(key, found.definition)
        new = NewCaseRun(uid, ctx.user.key, found.id, found.version, key, run, names)
        await work.case_runs.create(new, _KEPT)
        await work.queue.put(run)
    composer.carry(run)
    if request.wait:
        await composer.wait(ctx, run)
    return await _show(ctx, uid)


@function(scope="runs:read", read_only=True)
async def fetch_case_run(ctx: Context, request: CaseRunReference) -> CaseRun:
    """What has come of a running of test cases so far."""
    return await _show(ctx, parse_id(request.case_run_id, "running of cases", "case_run_id"))


@function(scope="runs:read", read_only=True)
async def fetch_case_table(ctx: Context, request: CaseTableRequest) -> CaseTable:
    """Which of the test cases passed in which version of a toolchain, the last time that the caller ran them."""
    versions = await ctx.storage.toolchains.defined(ctx.user.key, request.toolchain_id, request.limit)
    if not versions:
        shipped = await find_toolchain(ctx.storage, ctx.user, request.toolchain_id)
        names = [str(case["name"]) for case in shipped.definition.get("tests", [])]
        versions = [DefinedVersion(SHIPPED_VERSION, digest(shipped.definition), True, None, names)]
    results: dict[bytes, list[CaseCell]] = {version.hash: [] for version in versions}
    for found in await ctx.storage.case_runs.latest(ctx.user.key, list(results)):
        cell = CaseCell(name=found.name, status=found.status, case_run_id=found.case_run_id, run_id=found.run_id)
        results[found.definition_hash].append(cell)
    return CaseTable(
        rows=[
            CaseTableRow(
                version=version.version, published=version.published, created_at=version.created_at,
                cases=version.cases, results=results[version.hash],
            )
            for version in versions
        ]
    )  # fmt: skip


@function(scope="runs:write")
async def run_case(ctx: Context, request: CaseReference) -> CaseResult:
    """Does one case of a running, and keeps what came of it. The toolchain `test_toolchain` calls it; called once more
    it goes on with the same run."""
    uid = parse_id(request.case_run_id, "running of cases", "case_run_id")
    running = await ctx.storage.case_runs.get(ctx.user.key, uid)
    tests = read_toolchain(running.definition).tests if running else []
    if running is None or request.number >= len(tests):
        raise no_such("case", f"{request.case_run_id[:80]}/{request.number}", "case_run_id")
    case = tests[request.number]
    result = CaseResult(
        number=request.number, name=case.name, status="running", run_id=None, duration_ms=None, error=None, checks=[]
    )
    begun = time.perf_counter()
    try:
        run = await _begin(ctx, running, case, request.number)
        result.run_id = str(run)
        if not await ctx.storage.case_runs.put(running.id, result):
            raise no_such("case", f"{request.case_run_id[:80]}/{request.number}", "case_run_id")
        record = await _ended(ctx, run, case.timeout_seconds)
        result.duration_ms = round((time.perf_counter() - begun) * 1000, 3)
        await _judge(ctx, run, record, case, result)
    except Unavailable:
        # It passes by itself: the node is tried again.
        raise
    except PenstockError as error:
        result.status, result.error = "failed", RunError(type=error.name, message=error.message[:_LONGEST_MESSAGE])
    await ctx.storage.case_runs.put(running.id, result)
    return result


async def _saved(ctx: Context, request: RunCasesRequest) -> SavedToolchain:
    latest = request.version is None and await ctx.storage.toolchains.latest(ctx.user.key, request.toolchain_id)
    return latest or await find_toolchain(ctx.storage, ctx.user, request.toolchain_id, request.version)


def _chosen(toolchain: Toolchain, names: list[str] | None) -> dict[int, str]:
    """The names of the cases by their places. Raises InvalidInput for names that no case has, or when there is none."""
    all_of = {number: case.name for number, case in enumerate(toolchain.tests)}
    if not all_of:
        raise InvalidInput("The toolchain has no test cases: add them under `tests`.", field="toolchain_id")
    for name in names or ():
        if name not in all_of.values():
            there = ", ".join(repr(other) for other in all_of.values())
            raise InvalidInput(f"There is no case {name[:80]!r}; there is {there[:1000]}.", field="names")
    return all_of if names is None else {number: name for number, name in all_of.items() if name in names}


async def _show(ctx: Context, uid: UUID) -> CaseRun:
    found = await ctx.storage.case_runs.show(ctx.user.key, uid)
    if found is None:
        raise no_such("running of cases", str(uid), "case_run_id")
    return found


async def _begin(ctx: Context, running: StoredCaseRun, case: Case, number: int) -> UUID:
    """The run of a case: a new one, or that from before when the process had died."""
    tested = SavedToolchain(running.toolchain_id, running.version, running.definition)
    key = f"case:{running.uid}:{number}"
    try:
        return await composer_of(ctx).start(
            ctx, tested.id, case.input, toolchain=tested, pinned=case.pinned, idempotency_key=key
        )
    except RepeatedRun:
        found = await ctx.storage.runs.by_idempotency_key(ctx.user.key, key)
        if found is None:
            raise
        return found[0]


async def _ended(ctx: Context, run: UUID, seconds: float) -> RunRecord:
    """The run when it has ended. Raises NodeTimeout when that takes too long, RunWaits when it pauses for somebody; it
    is cancelled then."""
    try:
        async with asyncio.timeout(seconds):
            waiting = await _stopped(ctx, run)
    except TimeoutError:
        await cancel_run(ctx, RunReference(run_id=str(run)))
        raise NodeTimeout(f"The run took longer than the {seconds:g} seconds of the case.") from None
    if waiting.status == "waiting":
        await cancel_run(ctx, RunReference(run_id=str(run)))
        node = next(pause.node for pause in waiting.pauses if pause.kind != "time")
        raise RunWaits(f"The run waits for somebody in the node {node!r}: pin its result.")
    record = await ctx.storage.runs.detail(ctx.user.key, run)
    if record is None:
        raise no_such("run", str(run), "run_id")
    return record


async def _stopped(ctx: Context, run: UUID) -> Run:
    """The run when it has ended, or waits for something other than a time."""
    while True:
        found = await composer_of(ctx).wait(ctx, run)
        if found.status != "waiting" or any(pause.kind != "time" for pause in found.pauses):
            return found
        await asyncio.sleep(_LOOK_SECONDS)


async def _judge(ctx: Context, run: UUID, record: RunRecord, case: Case, result: CaseResult) -> None:
    """Looks at what the run left. A run that failed fails the case, unless a check looks at its error."""
    evidence: dict[str, Any] = await evidence_of(ctx, run, record)
    result.checks = _kept([await look(ctx, check, evidence) for check in case.checks])
    passed = all(check.passed for check in result.checks)
    if record.status != "completed" and not _expects_error(case):
        passed = False
        result.error = (
            RunError.model_validate(record.error)
            if record.error
            else RunError(type="Cancelled", message=f"The run is {record.status}.")
        )
    result.status = "passed" if passed else "failed"


def _kept(checks: list[CheckResult]) -> list[CheckResult]:
    """What is kept of checks: of all of them together only so much of what was there."""
    size = 0
    for check in checks:
        size += len(check.model_dump_json())
        if size > _MOST_KEPT:
            check.expected = check.actual = None
            check.differences = []
    return checks


def _expects_error(case: Case) -> bool:
    paths = (path for check in case.checks for path in references(check.of))
    return any(parts_of(path)[0] == "error" for path in paths)
