"""Runs by the clock: the functions that are about schedules, and the look for those that are due."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db import DueSchedule, NewSchedule, Storage
from inference.composer.catalogue import find_toolchain
from inference.composer.cron import check_cron, next_time
from inference.composer.functions import composer_of
from inference.composer.inputs import checked_input
from inference.composer.launching import RepeatedRun
from inference.errors import Conflict, PenstockError, Unavailable
from inference.functions import Caller, Context, function, new_id, no_such, parse_id
from inference.models.common import Empty
from inference.models.runs import RunError
from inference.models.triggers import (
    CreateScheduleRequest,
    ModifyScheduleRequest,
    Schedule,
    ScheduleList,
    ScheduleReference,
    TriggersRequest,
)

MOST_SCHEDULES = 100
_LOOK_SECONDS = 3.0

_log = logging.getLogger(__name__)


@function(scope="runs:write")
async def create_schedule(ctx: Context, request: CreateScheduleRequest) -> Schedule:
    """Runs a toolchain by the clock, at most once a minute. The runs may do what whoever makes the schedule may; times
    that were missed while nothing ran here are made up by one run."""
    toolchain = await find_toolchain(ctx.storage, ctx.user, request.toolchain_id)
    next_at = check_cron(request.cron, request.time_zone, datetime.now(UTC))
    checked_input(toolchain.definition.get("input", {}), request.input)
    uid = new_id()
    async with ctx.storage.transaction() as work:
        if await work.schedules.count_alone(ctx.user.key) >= MOST_SCHEDULES:
            raise Conflict(f"You have {MOST_SCHEDULES} schedules, the most there can be. Delete one first.")
        await work.schedules.create(
            NewSchedule(
                uid=uid,
                user=ctx.user.key,
                toolchain_id=request.toolchain_id,
                title=request.title,
                cron=request.cron,
                time_zone=request.time_zone,
                input=request.input,
                scopes=_scopes(ctx.user),
                next_at=next_at,
            )
        )
        return await _get(ctx, work, uid)


@function(scope="runs:read", read_only=True)
async def fetch_schedules(ctx: Context, request: TriggersRequest) -> ScheduleList:
    """The caller's schedules with what came of them last, newest first."""
    return ScheduleList(schedules=await ctx.storage.schedules.list(ctx.user.key, request.toolchain_id))


@function(scope="runs:write")
async def modify_schedule(ctx: Context, request: ModifyScheduleRequest) -> Schedule:
    """Changes the fields that are given. The runs may from then on do what whoever changed the schedule may. Times that
    passed while it was not enabled are not made up."""
    uid = parse_id(request.schedule_id, "schedule", "schedule_id")
    async with ctx.storage.transaction() as work:
        schedule = await _get(ctx, work, uid)
        named = request.model_fields_set - {"schedule_id"}
        given = {name: value for name in named if (value := getattr(request, name)) is not None}
        changed = schedule.model_copy(update=given)
        if request.input is not None:
            toolchain = await find_toolchain(work, ctx.user, changed.toolchain_id)
            checked_input(toolchain.definition.get("input", {}), request.input)
        other_clock = (schedule.cron, schedule.time_zone) != (changed.cron, changed.time_zone)
        if other_clock or (changed.enabled and not schedule.enabled):
            changed.next_at = check_cron(changed.cron, changed.time_zone, datetime.now(UTC))
        if not changed.enabled:
            changed.next_at = None
        await work.schedules.modify(ctx.user.key, uid, changed, _scopes(ctx.user))
    return changed


@function(scope="runs:write")
async def delete_schedule(ctx: Context, request: ScheduleReference) -> Empty:
    """Ends a schedule; the runs that it started stay."""
    uid = parse_id(request.schedule_id, "schedule", "schedule_id")
    if not await ctx.storage.schedules.delete(ctx.user.key, uid):
        raise no_such("schedule", request.schedule_id, "schedule_id")
    return Empty()


async def look_for_due(ctx: Context) -> None:
    """Starts the runs of schedules as they come due, until it is cancelled. Any number of processes may look."""
    while True:
        try:
            while await run_due(ctx):
                pass
        except Exception:
            _log.exception("looking for due schedules failed; the next look follows")
        await asyncio.sleep(_LOOK_SECONDS)


async def run_due(ctx: Context) -> bool:
    """Starts the run of the schedule that has been due longest; False when none is. The run and the next time are
    written down together: whatever dies, a due time is done once. What keeps a run from starting is noted on the
    schedule, which goes on. Raises Unavailable when the database does not answer; the schedule is then still due."""
    due: DueSchedule | None = None
    try:
        async with ctx.storage.transaction() as work:
            due = await work.schedules.take_due()
            if due is None:
                return False
            run, error = await _start(ctx, work, due)
            await work.schedules.report(due, next_time(due.cron, due.time_zone, due.now), run, error)
    except Unavailable:
        raise
    except Exception as error:
        if due is None:
            raise
        # The transaction is lost: without a report it would come to the same again and again, and hold up the others.
        _log.exception("schedule %s could not start its run", due.uid)
        told = {"type": "InternalError", "message": f"Something unforeseen ({type(error).__name__}) happened."}
        await ctx.storage.schedules.report(due, next_time(due.cron, due.time_zone, due.now), None, told)
    return True


async def _start(ctx: Context, work: Storage, due: DueSchedule) -> tuple[UUID | None, dict[str, Any] | None]:
    scopes = None if due.scopes is None else frozenset(due.scopes)
    owned = replace(ctx, caller=Caller(due.user_id, due.user_uid, due.username, due.is_admin, scopes))
    key = f"schedule:{due.uid}:{due.due_at.isoformat()}"
    try:
        run = await composer_of(ctx).start(owned, due.toolchain_id, due.input, idempotency_key=key, work=work)
    except Unavailable:
        raise
    except RepeatedRun:
        found = await work.runs.by_idempotency_key(due.user_id, key)
        return (found[0] if found else None), None
    except PenstockError as error:
        return None, RunError(type=error.name, message=error.message).model_dump()
    await work.queue.put(run)
    return run, None


async def _get(ctx: Context, work: Storage, uid: UUID) -> Schedule:
    schedule = await work.schedules.get(ctx.user.key, uid)
    if schedule is None:
        raise no_such("schedule", str(uid), "schedule_id")
    return schedule


def _scopes(caller: Caller) -> list[str] | None:
    return None if caller.scopes is None else sorted(caller.scopes)
