"""The functions that are about runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from db import RunRecord
from inference.composer.functions import composer_of
from inference.composer.inputs import checked
from inference.composer.journal import body_of
from inference.composer.launching import RepeatedRun
from inference.composer.scope import Recorded
from inference.composer.turns import end_uncarried, offer_turns
from inference.composer.unsaved import read_draft
from inference.errors import Conflict, InvalidInput
from inference.functions import Context, function, no_such, parse_id, parse_optional_id
from inference.models.runs import (
    NodeRun,
    Pause,
    ResumeRunRequest,
    Run,
    RunDetail,
    RunList,
    RunReference,
    RunsRequest,
    RunToolchainRequest,
    RunToolchainResult,
    TimeAccount,
)


@function(scope="runs:write")
async def run_toolchain(ctx: Context, request: RunToolchainRequest) -> RunToolchainResult:
    """Runs a toolchain. With `wait` it answers at the end, or when the run pauses; without, at once, and the run's
    events tell the rest."""
    composer = composer_of(ctx)
    draft = read_draft(ctx, request.draft, request.toolchain_id, request.version)
    try:
        uid = await composer.start(
            ctx,
            request.toolchain_id,
            request.input,
            version=request.version,
            toolchain=draft,
            pinned=request.pinned,
            thread=_thread(request.thread_id),
            idempotency_key=request.idempotency_key,
            priority=request.priority,
        )
    except RepeatedRun as repeated:
        uid = await _earlier(ctx, repeated, request)
    return await report_run(ctx, uid, wait=request.wait)


def _thread(given: str | None) -> UUID | None:
    try:
        return None if given is None else UUID(given)
    except ValueError:
        raise InvalidInput("A thread_id is a UUID; leave it out to begin a thread.", field="thread_id") from None


async def report_run(ctx: Context, uid: UUID, *, wait: bool) -> RunToolchainResult:
    """What is to be told of a run, with `wait` when it has ended or pauses."""
    composer = composer_of(ctx)
    return await (composer.result(ctx, uid) if wait else composer.status(ctx, await _get(ctx, str(uid))))


@function(scope="runs:read", read_only=True)
async def fetch_runs(ctx: Context, request: RunsRequest) -> RunList:
    """The caller's runs, newest first."""
    before = parse_optional_id(request.before, "run", "before")
    runs = await ctx.storage.runs.list(
        ctx.user.key, request.limit, before, request.toolchain_id, request.status, _thread(request.thread_id)
    )
    return RunList(runs=runs, next_before=runs[-1].run_id if len(runs) == request.limit else None)


@function(scope="runs:read", read_only=True)
async def fetch_run(ctx: Context, request: RunReference) -> RunDetail:
    """A run with its input, output, and what each node did."""
    run = await _get(ctx, request.run_id)
    record = await ctx.storage.runs.detail(ctx.user.key, UUID(run.run_id))
    if record is None:
        raise no_such("run", request.run_id, "run_id")
    return RunDetail(
        **run.model_dump(),
        input=record.input,
        output=record.output,
        nodes=node_runs(await ctx.storage.steps.node_events(record.id)),
        toolchain=record.definition,
        time=TimeAccount.model_validate(record.time) if record.time else None,
        forked_from=record.forked_from,
        pinned=record.pinned or {},
        only_node=record.only_node,
    )


@function(scope="runs:write")
async def cancel_run(ctx: Context, request: RunReference) -> Run:
    """Ends a run that is queued, running or waiting, and with a running of cases the runs that it began; one that has
    ended stays as it is."""
    uid = parse_id(request.run_id, "run", "run_id")
    ended: RunRecord | None = None
    async with ctx.storage.transaction() as work:
        if await work.runs.cancel(ctx.user.key, uid) == "cancelled":
            # Nobody carries it.
            ended = await end_uncarried(work, composer_of(ctx).programs, ctx.user.key, uid, keep=True)
    if ended:
        await offer_turns(ctx, ctx.user.key, ended.thread_id, ended.toolchain_id)
        await ctx.objects.delete_scratch(str(uid))
    for begun in await ctx.storage.case_runs.begun(ctx.user.key, uid):
        await cancel_run(ctx, RunReference(run_id=str(begun)))
    return await _get(ctx, request.run_id)


@function(scope="runs:write")
async def retry_run(ctx: Context, request: RunReference) -> Run:
    """Lets a run that failed or is dead go on: what its recorded steps gave is not done again."""
    uid = parse_id(request.run_id, "run", "run_id")
    run = await _get(ctx, request.run_id)
    if not await ctx.storage.runs.retry(ctx.user.key, uid):
        raise Conflict(f"The run is {run.status}; only one that failed or is dead can be retried.", field="run_id")
    composer_of(ctx).carry(uid)
    return await _get(ctx, request.run_id)


@function(scope="runs:write")
async def resume_run(ctx: Context, request: ResumeRunRequest) -> RunToolchainResult:
    """Gives a waiting run what it waits for, checked against the form of the pause."""
    uid = parse_id(request.run_id, "run", "run_id")
    async with ctx.storage.transaction() as work:
        waiting = await work.runs.waiting(ctx.user.key, uid)
        if waiting is not None:
            key, pauses = waiting
            pause = _chosen([Pause.model_validate(pause) for pause in pauses], request.node)
            value = request.value if pause.form is None else checked(pause.form, request.value, "value")
            await work.steps.add(key, f"{pause.node}.answer", "answer", body_of(Recorded(value)))
            await work.runs.wake(key)
    if waiting is None:
        run = await _get(ctx, request.run_id)
        raise Conflict(f"The run is {run.status}: it waits for nothing.", field="run_id")
    composer = composer_of(ctx)
    composer.carry(uid)
    return await report_run(ctx, uid, wait=request.wait)


def _chosen(pauses: list[Pause], node: str | None) -> Pause:
    """The pause that an answer is for. Raises InvalidInput naming the ones there are."""
    asked = [pause for pause in pauses if pause.kind != "time"]
    named = [pause for pause in asked if node in (None, pause.node)]
    if len(named) == 1:
        return named[0]
    there = ", ".join(repr(pause.node) for pause in asked) or "none that can be answered, only a time"
    which = "which of its pauses is meant" if node is None else f"no pause called {node[:80]!r}"
    raise InvalidInput(f"Name in `node` what the run waits for ({which}): {there}.", field="node")


async def _get(ctx: Context, run_id: str) -> Run:
    run = await ctx.storage.runs.get(ctx.user.key, parse_id(run_id, "run", "run_id"))
    if run is None:
        raise no_such("run", run_id, "run_id")
    return run


async def _earlier(ctx: Context, repeated: RepeatedRun, request: RunToolchainRequest) -> UUID:
    found = await ctx.storage.runs.by_idempotency_key(ctx.user.key, repeated.key)
    if found is None or found[1] != request.toolchain_id or not request.input.items() <= found[2].items():
        raise Conflict("This idempotency_key was used for another run. Take a new key.", field="idempotency_key")
    return found[0]


def node_runs(events: list[tuple[str, dict[str, Any], datetime]]) -> list[NodeRun]:
    """What each node did, in the order of their first starts. A later attempt at one takes the place of an earlier."""
    nodes: dict[str, NodeRun] = {}
    for event, data, at in events:
        match event:
            case "run_started":
                nodes = {name: node for name, node in nodes.items() if node.status in ("completed", "skipped")}
            case "waiting":
                for pause in data["pauses"]:
                    if node := nodes.get(pause["node"]):
                        node.status = "waiting"
            case "node_started":
                nodes[data["node"]] = NodeRun(
                    node=data["node"], kind=data["kind"], status="running", started_at=at, input=data.get("input")
                )
            case _:
                error = data.get("error")
                node = nodes.setdefault(
                    data["node"],
                    NodeRun(node=data["node"], kind=data.get("kind", ""), status="running", started_at=at),
                )
                node.status = "failed" if error else "skipped" if data.get("skipped") else "completed"
                node.duration_ms, node.output, node.error = data.get("duration_ms"), data.get("output"), error
    return list(nodes.values())
