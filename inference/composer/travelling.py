"""The functions that go back in time: a run's checkpoints, and forks that begin at one of them.

A checkpoint is where a run was after a recorded step; 0 is the beginning. Its id is `<run id>.<step>`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson

from db import NewRun, RunRecord, StepRow
from inference.composer.functions import composer_of
from inference.composer.history import beginning_of, state_of, states
from inference.composer.journal import body_of
from inference.composer.running import report_run
from inference.composer.scope import Recorded
from inference.errors import InvalidInput
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
from inference.models.toolchain import StateKey, Toolchain

# What a list shows of states and results in all; one checkpoint alone is shown whole.
_LARGEST_LIST = 4 << 20
# What of the nodes is told whose writes a state holds: somebody who follows the run knows those before.
_MOST_PLACES = 1000


@function(scope="runs:read", read_only=True)
async def fetch_run_checkpoints(ctx: Context, request: CheckpointsRequest) -> CheckpointList:
    """Where a run was after each of its recorded steps, with the state there."""
    run, record = await _record(ctx, request.run_id)
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
    run, record = await _record(ctx, request.run_id)
    toolchain = composer_of(ctx).programs.get(record.definition_hash, record.definition).toolchain
    steps = await ctx.storage.steps.list(record.id)
    state = await state_of(ctx.storage, toolchain, record, steps)
    wanted = state.keys() if request.keys is None else state.keys() & set(request.keys)
    return RunState(
        run_id=run,
        state={name: state[name] for name in state if name in wanted},
        nodes=[step.key for step in steps[-_MOST_PLACES:]],
    )


@function(scope="runs:write")
async def fork_run(ctx: Context, request: ForkRunRequest) -> RunToolchainResult:
    """A new run that begins where another was at a checkpoint, on a thread of its own. With `state` these keys are set
    first. What was recorded up to there is not done again."""
    run_id, _, _ = request.checkpoint_id.partition(".")
    if request.run_id is not None and request.run_id != run_id:
        raise InvalidInput("The checkpoint belongs to another run.", field="checkpoint_id")
    run, record = await _record(ctx, run_id)
    step = step_of(run, request.checkpoint_id, "checkpoint_id")
    composer = composer_of(ctx)
    toolchain = composer.programs.get(record.definition_hash, record.definition).toolchain
    edit = _edit(toolchain.state, request.state or {})
    scopes = ctx.user.scopes
    new = NewRun(
        uid=new_id(), user=ctx.user.key, scopes=None if scopes is None else sorted(scopes), api_key=ctx.user.api_key,
        thread=new_id(),
        toolchain_id=record.toolchain_id, toolchain_version=record.toolchain_version,
        definition_hash=record.definition_hash, input=record.input, concurrency=toolchain.concurrency,
        base_thread=record.base_thread, base_sequence=record.base_sequence, forked_from=request.checkpoint_id,
        pinned=record.pinned,
    )  # fmt: skip
    async with ctx.storage.transaction() as work:
        if step and len(await work.steps.list(record.id, step - 1, 1)) != 1:
            raise no_such("checkpoint", request.checkpoint_id, "checkpoint_id")
        created = await work.runs.create(new, ctx.settings.runs_per_user)
        if created is None:
            raise AssertionError("a run without an idempotency key is always created")
        await work.steps.copy(record.id, created.id, step)
        if edit.writes:
            await work.steps.add(created.id, f"edit.{step}", "edit", body_of(edit))
    composer.carry(new.uid)
    return await report_run(ctx, new.uid, wait=request.wait)


async def _record(ctx: Context, run_id: str) -> tuple[str, RunRecord]:
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


def _edit(keys: dict[str, StateKey], state: dict[str, Any]) -> Recorded:
    """What a fork sets, as a step. Raises InvalidInput for keys that are not declared."""
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
