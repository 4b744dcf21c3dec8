"""The functions that go back in time: a run's checkpoints, and forks that begin at one of them.

A checkpoint is where a run was after a recorded step; 0 is the beginning. Its id is `<run id>.<step>`."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from db import NewRun, RunRecord, StepRow
from inference.composer.catalogue import DRAFT_VERSION, digest
from inference.composer.functions import composer_of
from inference.composer.history import beginning_of, states
from inference.composer.inputs import checked_input
from inference.composer.journal import body_of, recorded_of
from inference.composer.pins import all_nodes, checked_pins, ways_of
from inference.composer.running import report_run
from inference.composer.scope import Recorded
from inference.composer.unsaved import checked_draft
from inference.errors import Conflict, InvalidInput
from inference.functions import Context, function, new_id, no_such, parse_id
from inference.models.runs import (
    Checkpoint,
    CheckpointList,
    CheckpointsRequest,
    ForkRunRequest,
    RunState,
    RunStateRequest,
    RunToolchainResult,
)
from inference.models.toolchain import BranchNode, LoopNode, MapNode, StateKey, Toolchain

# What a list shows of states and results in all; one checkpoint alone is shown whole.
_LARGEST_LIST = 4 << 20
# What of the nodes is told whose writes a state holds: somebody who follows the run knows those before.
_MOST_PLACES = 1000
# Steps that are held at once where only what they come to is asked for.
_READ_AT_ONCE = 200
_ROUNDS = re.compile(r"\[\d+\]")


@function(scope="runs:read", read_only=True)
async def fetch_run_checkpoints(ctx: Context, request: CheckpointsRequest) -> CheckpointList:
    """Where a run was after each of its recorded steps, with the state there."""
    run, record = await record_of(ctx, request.run_id)
    toolchain = composer_of(ctx).programs.get(record.definition_hash, record.definition).toolchain
    steps = await ctx.storage.steps.list(record.id)
    values = await beginning_of(ctx.storage, toolchain, record)
    only = None if request.checkpoint_id is None else step_of(run, request.checkpoint_id, "checkpoint_id")
    after = -1 if request.after is None else step_of(run, request.after, "after")
    if only is not None:
        made = [c for c in _checkpoints(run, record, toolchain, values, steps[:only]) if c.step == only]
        if not made:
            raise no_such("checkpoint", request.checkpoint_id or "", "checkpoint_id")
        return CheckpointList(run_id=run, checkpoints=made)
    page: list[Checkpoint] = []
    shown, more = 0, False
    for checkpoint in _checkpoints(run, record, toolchain, values, steps):
        if checkpoint.step <= after:
            continue
        if len(page) == request.limit:
            more = True
            break
        shown += len(orjson.dumps([checkpoint.state, checkpoint.result], option=orjson.OPT_NON_STR_KEYS))
        if shown > _LARGEST_LIST:
            checkpoint.state = checkpoint.result = None
        page.append(checkpoint)
    return CheckpointList(run_id=run, checkpoints=page, next_after=page[-1].checkpoint_id if more else None)


@function(scope="runs:read", read_only=True)
async def fetch_run_state(ctx: Context, request: RunStateRequest) -> RunState:
    """What a run's state holds now, after its last recorded step: all of it, or the keys that are asked for."""
    run, record = await record_of(ctx, request.run_id)
    toolchain = composer_of(ctx).programs.get(record.definition_hash, record.definition).toolchain
    state, after = await beginning_of(ctx.storage, toolchain, record), 0
    places = deque[str](maxlen=_MOST_PLACES)
    while steps := await ctx.storage.steps.list(record.id, after, _READ_AT_ONCE):
        for step, _, here in states(toolchain.state, state, steps):
            places.append(step.key)
            state = here
        after = steps[-1].sequence
    wanted = state.keys() if request.keys is None else state.keys() & set(request.keys)
    return RunState(run_id=run, state={name: state[name] for name in state if name in wanted}, nodes=list(places))


@function(scope="runs:write")
async def fork_run(ctx: Context, request: ForkRunRequest) -> RunToolchainResult:
    """A new run that begins where another was at a checkpoint, on a thread of its own. With `state` these keys are set
    first; a `draft` goes on in the place of what was run. What was recorded up to there is not done again."""
    run_id, _, _ = request.checkpoint_id.partition(".")
    if request.run_id is not None and request.run_id != run_id:
        raise InvalidInput("The checkpoint belongs to another run.", field="checkpoint_id")
    run, record = await record_of(ctx, run_id)
    step = step_of(run, request.checkpoint_id, "checkpoint_id")
    composer = composer_of(ctx)
    going_on = _going_on(ctx, request, record)
    toolchain = composer.programs.get(going_on.digest, going_on.definition).toolchain
    pinned = record.pinned if request.pinned is None else request.pinned
    edit = edit_of(toolchain.state, request.state or {})
    scopes = ctx.user.scopes
    new = NewRun(
        uid=new_id(), user=ctx.user.key, scopes=None if scopes is None else sorted(scopes), api_key=ctx.user.api_key,
        thread=new_id(),
        toolchain_id=record.toolchain_id, toolchain_version=going_on.version, definition_hash=going_on.digest,
        input=going_on.input, concurrency=toolchain.concurrency, base_thread=record.base_thread,
        base_sequence=record.base_sequence, forked_from=request.checkpoint_id,
        pinned=pinned if record.only_node else checked_pins(toolchain, pinned or {}) or None,
        only_node=record.only_node, only_round=record.only_round,
    )  # fmt: skip
    async with ctx.storage.transaction() as work:
        if step and len(await work.steps.list(record.id, step - 1, 1)) != 1:
            raise no_such("checkpoint", request.checkpoint_id, "checkpoint_id")
        if request.draft is not None:
            _check_steps(toolchain, await work.steps.list(record.id, 0, step) if step else [])
            await work.toolchains.define(going_on.digest, going_on.definition)
        created = await work.runs.create(new, ctx.settings.runs_per_user)
        if created is None:
            raise AssertionError("a run without an idempotency key is always created")
        await work.steps.copy(record.id, created.id, step)
        if edit.writes:
            await work.steps.add(created.id, f"edit.{step}", "edit", body_of(edit))
    composer.carry(new.uid)
    return await report_run(ctx, new.uid, wait=request.wait)


@dataclass(frozen=True, slots=True)
class _GoingOn:
    """What a fork goes on with."""

    definition: dict[str, Any]
    digest: bytes
    version: int
    input: dict[str, Any]


def _going_on(ctx: Context, request: ForkRunRequest, record: RunRecord) -> _GoingOn:
    """The draft that is given, or what was run. Raises InvalidInput, Conflict and NotAllowed."""
    if request.draft is None:
        return _GoingOn(record.definition, record.definition_hash, record.toolchain_version, record.input)
    toolchain = checked_draft(ctx, request.draft, record.toolchain_id)
    if record.only_node and all(node.id != record.only_node for node in all_nodes(toolchain.nodes)):
        raise Conflict(f"The run did the node {record.only_node!r} alone; the draft has none.", field="draft")
    given = record.input if record.only_node else checked_input(toolchain.input, record.input)
    return _GoingOn(request.draft, digest(request.draft), DRAFT_VERSION, given)


def _check_steps(toolchain: Toolchain, steps: list[StepRow]) -> None:
    """Raises Conflict for a step that a node of another kind did, or a branch that had another way: what it gave means
    nothing to the node of this name now."""
    nodes = {node.id: node for node in all_nodes(toolchain.nodes)}
    for step in steps:
        *holders, name = _ROUNDS.sub("", step.key).split(".")
        node = nodes.get(name)
        # What is done within an agent or another toolchain has names of its own there.
        if node is None or not all(isinstance(nodes.get(holder), MapNode | LoopNode) for holder in holders):
            continue
        if node.kind != step.kind or (isinstance(node, BranchNode) and _way_of(step) not in ways_of(node)):
            raise Conflict(
                f"The node {node.id!r} is another one than that which the run did. Fork from before it.",
                field="checkpoint_id",
            )


def _way_of(branch: StepRow) -> str:
    return recorded_of(branch.body).result["to"]


async def record_of(ctx: Context, run_id: str) -> tuple[str, RunRecord]:
    """A run of the caller's, with its id as it is written. Raises NotFound."""
    uid: UUID = parse_id(run_id, "run", "run_id")
    record = await ctx.storage.runs.detail(ctx.user.key, uid)
    if record is None:
        raise no_such("run", run_id, "run_id")
    return str(uid), record


def step_of(run: str, checkpoint_id: str, field: str) -> int:
    """The step that a checkpoint of this run is behind. Raises NotFound."""
    name, _, step = checkpoint_id.partition(".")
    if name != run or not step.isdecimal() or len(step) > 9:
        raise no_such("checkpoint", checkpoint_id, field)
    return int(step)


def edit_of(keys: dict[str, StateKey], state: dict[str, Any]) -> Recorded:
    """What is set before a run goes on, as a step. Raises InvalidInput for keys that are not declared."""
    for name in state:
        if name not in keys:
            raise InvalidInput(
                f"The toolchain has no state key {name[:80]!r}; it has {', '.join(keys) or 'none'}.",
                field=f"state.{name[:80]}",
            )
    return Recorded(None, tuple((name, "set", value) for name, value in state.items()))


def _checkpoints(
    run: str, record: RunRecord, toolchain: Toolchain, values: dict[str, Any], steps: list[StepRow]
) -> Iterator[Checkpoint]:
    yield Checkpoint(
        checkpoint_id=f"{run}.0", step=0, node=None, kind="start", at=record.created_at, state=values, result=None
    )
    for step, recorded, here in states(toolchain.state, values, steps):
        yield Checkpoint(
            checkpoint_id=f"{run}.{step.sequence}",
            step=step.sequence,
            node=None if step.kind == "edit" else step.key,
            kind=step.kind,
            at=step.at,
            duration_ms=step.duration_ms,
            state=here,
            result=recorded.result,
        )
