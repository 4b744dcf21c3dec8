"""What a run leaves for checks to look at: its output, the results of its nodes, its state, its error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from db import RunRecord, StepRow
from inference.composer.functions import composer_of
from inference.composer.history import state_of
from inference.composer.journal import recorded_of
from inference.functions import Context
from inference.models.toolchain import LoopNode, MapNode, Node, Toolchain

# The place of a step within others, `each[3].inner[0].node`.
_STEP = re.compile(r"([a-z][a-z0-9_]*)(?:\[(\d+)\])?")


async def evidence_of(ctx: Context, uid: UUID, record: RunRecord) -> dict[str, Any]:
    """The roots that checks refer to. There is an `error` only when the run ended with one."""
    toolchain = composer_of(ctx).programs.get(record.definition_hash, record.definition).toolchain
    steps = await ctx.storage.steps.list(record.id)
    run = {
        "id": str(uid),
        "thread_id": str(record.thread_id),
        "user_id": ctx.user.user_id,
        "toolchain_id": record.toolchain_id,
    }
    found: dict[str, Any] = {
        "input": record.input,
        "output": record.output or {},
        "nodes": results_of(toolchain, steps),
        "state": await state_of(ctx.storage, toolchain, record, steps),
        "run": run,
    }
    return found if record.error is None else found | {"error": record.error}


def results_of(toolchain: Toolchain, steps: Sequence[StepRow]) -> dict[str, Any]:
    """The result of every node that gave one; of a node within others the list of them, in the order of elements and
    rounds. Pure."""
    around = dict(_around(toolchain.nodes, ()))
    results: dict[str, Any] = {}
    inner: dict[str, dict[tuple[int, ...], Any]] = {}
    for step in steps:
        path = _parsed(step.key)
        name = path[-1][0] if path else ""
        if around.get(name) != tuple(container for container, _ in path[:-1]):
            continue
        recorded = recorded_of(step.body)
        if recorded.skipped:
            continue
        if len(path) == 1:
            results[name] = recorded.result
        else:
            inner.setdefault(name, {})[tuple(index or 0 for _, index in path[:-1])] = recorded.result
    return results | {name: [found[place] for place in sorted(found)] for name, found in inner.items()}


def _around(nodes: list[Node], containers: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every node with those that it lies in."""
    for node in nodes:
        yield node.id, containers
        if isinstance(node, MapNode | LoopNode):
            yield from _around(node.body.nodes, (*containers, node.id))


def _parsed(key: str) -> list[tuple[str, int | None]]:
    """The nodes of a step's key with the rounds of those that hold others; empty for steps that are no node's."""
    parts = [_STEP.fullmatch(part) for part in key.split(".")]
    if not all(parts):
        return []
    path = [(part[1], None if part[2] is None else int(part[2])) for part in parts if part]
    *holding, last = path
    return path if last[1] is None and all(index is not None for _, index in holding) else []
