"""The functions that are about toolchains and runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from inference.composer.catalogue import SHIPPED_VERSION, digest, find_toolchain, is_chat, shipped_toolchains
from inference.composer.launching import Composer, RepeatedRun
from inference.composer.validation import check_toolchain, read_toolchain
from inference.errors import Conflict, InvalidInput, NotAvailableHere
from inference.functions import Context, function, no_such, parse_id, parse_optional_id
from inference.models.common import Empty
from inference.models.runs import (
    NodeRun,
    Run,
    RunDetail,
    RunEvent,
    RunList,
    RunReference,
    RunsRequest,
    RunToolchainRequest,
    RunToolchainResult,
)
from inference.models.toolchain import (
    SaveToolchainResult,
    StoredToolchain,
    ToolchainList,
    ToolchainReference,
    ToolchainRequest,
    ToolchainSummary,
    ValidateToolchainResult,
)


def composer_of(ctx: Context) -> Composer:
    """The composer that lent itself to this context."""
    if not isinstance(ctx.launch, Composer):
        raise NotAvailableHere("This process carries no runs.")
    return ctx.launch


@function(scope="toolchains:read")
async def get_available_toolchains(ctx: Context, request: Empty) -> ToolchainList:
    """The shipped toolchains and the caller's own; one's own takes the place of a shipped one with its id."""
    own = {saved.id: saved for saved in await ctx.storage.toolchains.list(ctx.user.key)}
    shipped = {name: d for name, d in shipped_toolchains().items() if name not in own}
    summaries = [_summary(d, SHIPPED_VERSION, shipped=True, updated_at=None) for d in shipped.values()]
    summaries += [_summary(s.definition, s.version, shipped=False, updated_at=s.updated_at) for s in own.values()]
    return ToolchainList(toolchains=summaries)


@function(scope="toolchains:read")
async def fetch_toolchain(ctx: Context, request: ToolchainReference) -> StoredToolchain:
    """A toolchain as it was saved: the latest version, or the one asked for."""
    found = await find_toolchain(ctx.storage, ctx.user, request.toolchain_id, request.version)
    shipped = found.definition is shipped_toolchains().get(found.id)
    return StoredToolchain(id=found.id, version=found.version, shipped=shipped, toolchain=found.definition)


@function(scope="toolchains:read")
async def validate_toolchain(ctx: Context, request: ToolchainRequest) -> ValidateToolchainResult:
    """Every fault of a toolchain at once; nothing is saved."""
    _, faults = check_toolchain(request.toolchain)
    return ValidateToolchainResult(valid=not faults, faults=faults)


@function(scope="toolchains:write")
async def save_toolchain(ctx: Context, request: ToolchainRequest) -> SaveToolchainResult:
    """Saves a toolchain without faults as the next version of its id; saving the same again makes no new one."""
    toolchain = read_toolchain(request.toolchain)
    async with ctx.storage.transaction() as work:
        version = await work.toolchains.save(ctx.user.key, toolchain.id, digest(request.toolchain), request.toolchain)
    return SaveToolchainResult(id=toolchain.id, version=version)


@function(scope="toolchains:write")
async def import_toolchain(ctx: Context, request: ToolchainRequest) -> SaveToolchainResult:
    """Takes in a toolchain that was exported elsewhere. An id that the caller uses already is refused."""
    toolchain = read_toolchain(request.toolchain)
    if await ctx.storage.toolchains.get(ctx.user.key, toolchain.id, None):
        raise Conflict(
            f"You have a toolchain {toolchain.id!r}. Give this one another id, or save it as a version.",
            field="toolchain.id",
        )
    return await save_toolchain(ctx, request)


@function(scope="toolchains:write")
async def delete_toolchain(ctx: Context, request: ToolchainReference) -> Empty:
    """Deletes one of the caller's toolchains with its versions; its runs stay."""
    if not await ctx.storage.toolchains.delete(ctx.user.key, request.toolchain_id):
        raise no_such("toolchain of yours", request.toolchain_id, "toolchain_id")
    return Empty()


@function(scope="runs:write")
async def run_toolchain(ctx: Context, request: RunToolchainRequest) -> RunToolchainResult:
    """Runs a toolchain. With `wait` it answers at the end; without, at once, and the run's events tell the rest."""
    try:
        thread = None if request.thread_id is None else UUID(request.thread_id)
    except ValueError:
        raise InvalidInput("A thread_id is a UUID; leave it out to begin a thread.", field="thread_id") from None
    composer = composer_of(ctx)
    try:
        uid = await composer.start(
            ctx,
            request.toolchain_id,
            request.input,
            version=request.version,
            thread=thread,
            idempotency_key=request.idempotency_key,
        )
    except RepeatedRun as repeated:
        uid = await _earlier(ctx, repeated, request)
    run = await composer.wait(ctx, uid) if request.wait else await _get(ctx, str(uid))
    record = await ctx.storage.runs.detail(ctx.user.key, uid)
    return RunToolchainResult(
        run_id=run.run_id,
        thread_id=run.thread_id,
        status=run.status,
        output=record.output if record else None,
        error=run.error,
    )


@function(scope="runs:read")
async def fetch_runs(ctx: Context, request: RunsRequest) -> RunList:
    """The caller's runs, newest first."""
    before = parse_optional_id(request.before, "run", "before")
    runs = await ctx.storage.runs.list(ctx.user.key, request.limit, before, request.toolchain_id, request.status)
    return RunList(runs=runs, next_before=runs[-1].run_id if len(runs) == request.limit else None)


@function(scope="runs:read")
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
        nodes=node_runs(await ctx.storage.runs.node_events(record.id)),
        toolchain=record.definition,
    )


@function(scope="runs:write")
async def cancel_run(ctx: Context, request: RunReference) -> Run:
    """Ends a run that is queued or running; one that has ended stays as it is."""
    uid = parse_id(request.run_id, "run", "run_id")
    async with ctx.storage.transaction() as work:
        cancelled = await work.runs.cancel(ctx.user.key, uid)
        if cancelled and cancelled[1] == "cancelled":
            # Nobody carries it, so nobody else would tell its watchers.
            key = cancelled[0]
            event = RunEvent(
                sequence=await work.runs.last_sequence(key) + 1,
                event="run_cancelled",
                data={},
                at=datetime.now().astimezone(),
            )
            await work.runs.append_events(key, uid, [event])
    return await _get(ctx, request.run_id)


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


def _summary(
    definition: dict[str, Any], version: int, *, shipped: bool, updated_at: datetime | None
) -> ToolchainSummary:
    return ToolchainSummary(
        id=definition["id"],
        title=definition["title"],
        description=definition.get("description", ""),
        version=version,
        shipped=shipped,
        chat=is_chat(definition),
        updated_at=updated_at,
    )


def node_runs(events: list[tuple[str, dict[str, Any], datetime]]) -> list[NodeRun]:
    """What each node did in the last attempt, in the order of their starts."""
    nodes: dict[str, NodeRun] = {}
    for event, data, at in events:
        if event == "run_started":
            nodes = {}
        elif event == "node_started":
            nodes[data["node"]] = NodeRun(
                node=data["node"], kind=data["kind"], status="running", started_at=at, input=data.get("input")
            )
        elif node := nodes.get(data["node"]):
            error = data.get("error")
            node.status = "failed" if error else "completed"
            node.duration_ms, node.output, node.error = data.get("duration_ms"), data.get("output"), error
    return list(nodes.values())
