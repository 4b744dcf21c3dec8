"""The function that does one node of a toolchain alone, on results that it is given."""

from __future__ import annotations

from db import NewRun
from inference.composer.catalogue import DRAFT_VERSION, digest
from inference.composer.functions import composer_of
from inference.composer.journal import body_of
from inference.composer.pins import all_nodes, checked_pins, node_within
from inference.composer.running import report_run
from inference.composer.travelling import edit_of
from inference.composer.validation import read_toolchain
from inference.errors import InvalidInput
from inference.functions import Context, check_scope, function, new_id
from inference.models.runs import RunNodeRequest, RunToolchainResult
from inference.models.toolchain import BranchNode


@function(scope="runs:write")
async def run_node(ctx: Context, request: RunNodeRequest) -> RunToolchainResult:
    """Does one node of a toolchain that need not be saved, on the `results` of others, a `state` and an `input`; one
    within a map or a loop in the `round` that is given. It is a run like any other, under version 0; its output is what
    the node gave, under its id."""
    check_scope(ctx.user, "toolchains:write", "run a node of a draft")
    toolchain = read_toolchain(request.toolchain, ctx.user)
    _, holders = node_within(toolchain, request.node)
    if request.round is not None and not holders:
        raise InvalidInput(f"{request.node!r} lies in no map or loop: leave `round` out.", field="round")
    branches = {node.id for node in all_nodes(toolchain.nodes) if isinstance(node, BranchNode)}
    checked_pins(toolchain, {name: way for name, way in request.results.items() if name in branches}, "results")
    key, scopes = digest(request.toolchain), ctx.user.scopes
    edit = edit_of(toolchain.state, request.state or {})
    new = NewRun(
        uid=new_id(), user=ctx.user.key, scopes=None if scopes is None else sorted(scopes), api_key=ctx.user.api_key,
        thread=new_id(),
        toolchain_id=toolchain.id, toolchain_version=DRAFT_VERSION, definition_hash=key, input=request.input,
        concurrency=toolchain.concurrency, pinned=request.results, only_node=request.node,
        only_round=request.round.model_dump() if request.round else None,
    )  # fmt: skip
    async with ctx.storage.transaction() as work:
        await work.toolchains.define(key, request.toolchain)
        created = await work.runs.create(new, ctx.settings.runs_per_user)
        if created is None:
            raise AssertionError("a run without an idempotency key is always created")
        if edit.writes:
            await work.steps.add(created.id, "edit.0", "edit", body_of(edit))
    composer_of(ctx).carry(new.uid)
    return await report_run(ctx, new.uid, wait=request.wait)
