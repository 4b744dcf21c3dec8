"""The nodes that hold other nodes: map, loop and subchain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from inference.composer.scope import Frame, NodeFailed, Paused
from inference.composer.state import State
from inference.composer.values import calculate, evaluate
from inference.errors import InvalidInput
from inference.json_values import is_array
from inference.models.toolchain import LoopNode, MapNode, SubchainNode

if TYPE_CHECKING:
    from inference.composer.program import Stretch
    from inference.composer.steps import NodeStep

# The longest list that a map takes.
_MOST_ITEMS = 10_000


async def perform_map(node: MapNode, step: NodeStep) -> list[Any]:
    """The elements' results in order. What elements write to the state is written when all are done, in their order."""
    items = evaluate(node.over, step.frame.scope)
    if not is_array(items):
        raise InvalidInput(f"`over` must be a list; it is {type(items).__name__}.", field="over")
    if len(items) > _MOST_ITEMS:
        raise InvalidInput(f"`over` has {len(items)} elements; a map takes {_MOST_ITEMS}.", field="over")
    step.tell({"over": items, "concurrency": node.concurrency})
    stretch = step.frame.program.body(node.body)
    results: list[Any] = [None] * len(items)
    states: list[State | None] = [None] * len(items)
    paused: list[Paused] = []
    waiting = iter(range(len(items)))

    async def work() -> None:
        for index in waiting:
            frame = step.frame.within(
                f"{step.key}[{index}].", step.frame.state.child(), shared=False, item=items[index], index=index
            )
            try:
                results[index] = await _round(stretch, node.result, frame)
                states[index] = frame.state
            except Paused as pause:
                paused.append(pause)
            except NodeFailed:
                if node.on_item_error == "fail":
                    raise
                # What has failed has no record but that of the map, whatever it did before.
                step.acts = True

    await _side_by_side(work, min(node.concurrency, len(items)))
    if paused:
        raise Paused([pause for each in paused for pause in each.pauses])
    for state in states:
        if state:
            step.frame.state.repeat(state.writes)
    return results


async def _side_by_side(work: Any, count: int) -> None:
    """Several of the same at once; the first that fails ends the others."""
    tasks = [asyncio.create_task(work()) for _ in range(count)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def perform_loop(node: LoopNode, step: NodeStep) -> dict[str, Any]:
    """`{iterations, last, done}`: how many rounds, the last one's result, and whether `while` or `until` ended it."""
    step.tell({"max_iterations": node.max_iterations})
    stretch = step.frame.program.body(node.body)
    last: Any = None
    nodes = step.frame.nodes
    for index in range(node.max_iterations):
        # A round sees what the one before it gave.
        frame = step.frame.within(
            f"{step.key}[{index}].", step.frame.state, shared=step.frame.shared, nodes=nodes, index=index, last=last
        )
        nodes = frame.nodes
        if node.while_ is not None and not calculate(node.while_, frame.scope):
            return {"iterations": index, "last": last, "done": True}
        last = await _round(stretch, node.result, frame)
        if node.until is not None and calculate(node.until, {**frame.scope, "last": last}):
            return {"iterations": index + 1, "last": last, "done": True}
    return {"iterations": node.max_iterations, "last": last, "done": node.while_ is None and node.until is None}


async def _round(stretch: Stretch, result: Any, frame: Frame) -> Any:
    await stretch.run(frame)
    return frame.nodes.get(stretch.plan.last) if result is None else evaluate(result, frame.scope)


async def perform_subchain(node: SubchainNode, step: NodeStep) -> dict[str, Any]:
    """The other toolchain's output."""
    given = {name: evaluate(value, step.frame.scope) for name, value in node.input.items()}
    step.tell({"toolchain": node.toolchain} | given)
    return await step.run_toolchain("", node.toolchain, node.version, given, node.stream)
