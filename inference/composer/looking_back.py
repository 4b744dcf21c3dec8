"""The function that tells what a node of a run was done on: with that it can be done again, alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from db import RunRecord, StepRow
from inference.composer.functions import composer_of
from inference.composer.history import beginning_of
from inference.composer.journal import recorded_of
from inference.composer.pins import all_nodes, node_within
from inference.composer.state import applied
from inference.composer.travelling import record_of
from inference.composer.values import evaluate, parts_of, references
from inference.errors import InvalidInput, PenstockError
from inference.functions import Context, function
from inference.json_values import is_array
from inference.models.runs import Round, RunStep, RunStepRequest
from inference.models.toolchain import LoopNode, MapNode, Toolchain

_ROUNDS = re.compile(r"(\[\d+\])+$")


@function(scope="runs:read", read_only=True)
async def fetch_run_step(ctx: Context, request: RunStepRequest) -> RunStep:
    """What a node of a run was done on, and what it gave: the results and state keys that are asked for as it found
    them, and its round. Of a node that the run has not come to, what it would find now."""
    run, record = await record_of(ctx, request.run_id)
    toolchain = composer_of(ctx).programs.get(record.definition_hash, record.definition).toolchain
    beginning = await beginning_of(ctx.storage, toolchain, record)
    past = Past(toolchain, record, beginning, await ctx.storage.steps.list(record.id))
    place = past.place_of(request.node)
    count = past.begin_of(place or request.node)
    found = past.found(place or request.node, count)
    round = past.roots(place) if place else {}
    return RunStep(
        run_id=run,
        place=place,
        checkpoint_id=f"{run}.{past.sequence_before(count)}",
        input=record.input,
        results={name: found["nodes"][name] for name in request.results if name in found["nodes"]},
        state={name: found["state"][name] for name in request.state if name in found["state"]},
        round=Round.model_validate(round) if round else None,
        result=past.result_at(place) if place else None,
    )


class Past:
    """What the recorded steps of a run tell of each place in it."""

    def __init__(self, toolchain: Toolchain, run: RunRecord, beginning: dict[str, Any], steps: list[StepRow]) -> None:
        self._toolchain, self._run, self._beginning = toolchain, run, beginning
        self._nodes = {node.id: node for node in all_nodes(toolchain.nodes)}
        self._steps = steps

    def place_of(self, node: str) -> str | None:
        """The place of a node, the last where it was done more than once; None when the run has not come to it."""
        names = self._names_of(node)
        for step in reversed(self._steps):
            *holders, last = step.key.split(".")[: len(names)]
            place = ".".join([*holders, _ROUNDS.sub("", last)])
            if step.kind != "edit" and _names(place) == names and node in (place, names[-1]):
                return place
        return None

    def begin_of(self, place: str) -> int:
        """How many steps were recorded before the first one at a place or within it; all when there is none."""
        for index, step in enumerate(self._steps):
            if step.kind != "edit" and (step.key == place or step.key.startswith((f"{place}.", f"{place}["))):
                return index
        return len(self._steps)

    def sequence_before(self, count: int) -> int:
        """The number of the last of the first `count` steps; 0 is the beginning."""
        return self._steps[count - 1].sequence if count else 0

    def result_at(self, place: str) -> Any:
        """What a place gave; None where it gave nothing."""
        last = next((step for step in reversed(self._steps) if step.key == place), None)
        return recorded_of(last.body).result if last else None

    def found(self, place: str, count: int) -> dict[str, Any]:
        """The input, state and results that references find at a place behind the first `count` steps."""
        return next(self._found(place, [count]))

    def roots(self, place: str) -> dict[str, Any]:
        """`index`, `item` and `last` at a place; what cannot be told from the record is None. Empty where it lies in no
        map or loop."""
        if self._run.only_node == _names(place)[-1]:
            return self._run.only_round or {}
        holding = self._holder_of(place)
        if holding is None:
            return {}
        holder, outer, index = holding
        around = self.roots(outer)
        return around | {"index": index, **self._root(holder, outer, index, around)}

    def _root(self, holder: MapNode | LoopNode, outer: str, index: int, around: dict[str, Any]) -> dict[str, Any]:
        with contextlib.suppress(PenstockError):
            if isinstance(holder, LoopNode):
                return {"last": self._last(holder, outer, index, around)}
            items = evaluate(holder.over, self.found(outer, self.begin_of(outer)) | around)
            if is_array(items) and index < len(items):
                return {"item": items[index]}
        return {"item" if isinstance(holder, MapNode) else "last": None}

    def _last(self, holder: LoopNode, outer: str, index: int, around: dict[str, Any]) -> Any:
        """What the round before one gave."""
        if index == 0:
            return None
        before = f"{outer}[{index - 1}].{holder.body.nodes[-1].id}"
        if holder.result is None:
            return self.result_at(before)
        # One that is made of the one before it begins with the first.
        reads_last = any(parts_of(path)[0] == "last" for path in references(holder.result))
        rounds = range(0 if reads_last else index - 1, index)
        ends = self._begins(outer)[rounds.start + 1 : rounds.stop + 1]
        last = None
        for each, found in zip(rounds, self._found(before, ends), strict=True):
            last = evaluate(holder.result, found | around | {"index": each, "last": last})
        return last

    def _begins(self, outer: str) -> list[int]:
        """By the rounds of a loop: how many steps were recorded before the first one of the round."""
        begins: list[int] = []
        for count, step in enumerate(self._steps):
            if step.kind != "edit" and step.key.startswith(f"{outer}["):
                index = int(step.key[len(outer) + 1 :].partition("]")[0])
                begins += [count] * (index + 1 - len(begins))
        return begins

    def _found(self, place: str, counts: Iterable[int]) -> Iterator[dict[str, Any]]:
        """What references find at a place behind each of these numbers of steps, which grow."""
        seen = self._seen_from(place)
        # A node that was done alone found what was given to it; there is no step of that.
        nodes = dict(self._run.pinned or {}) if self._run.only_node else dict[str, Any]()
        state, done = self._beginning, 0
        for count in counts:
            for step in self._steps[done:count]:
                head, _, name = step.key.rpartition(".")
                outer, index = _round_of(head)
                near = step.kind != "edit" and (head == "" or (index is not None and index in seen.get(outer, ())))
                if not step.shared and not near:
                    continue
                recorded = recorded_of(step.body)
                state = applied(self._toolchain.state, state, recorded.writes)
                if near and not recorded.skipped:
                    nodes[name] = recorded.result
            done = count
            yield {"input": self._run.input, "state": state, "nodes": nodes}

    def _holder_of(self, place: str) -> tuple[MapNode | LoopNode, str, int] | None:
        """The node that a place lies within, its own place, and the round."""
        outer, index = _round_of(place.rpartition(".")[0])
        holder = self._nodes.get(_names(outer)[-1])
        return (holder, outer, index) if isinstance(holder, MapNode | LoopNode) and index is not None else None

    def _seen_from(self, place: str) -> dict[str, range]:
        """The rounds whose results are seen from a place, by the places of the nodes that it lies within: its own, and
        those of a loop before it. What lies within none is seen from everywhere."""
        holding = self._holder_of(place)
        if holding is None:
            return {}
        holder, outer, index = holding
        return self._seen_from(outer) | {outer: range(0 if isinstance(holder, LoopNode) else index, index + 1)}

    def _names_of(self, node: str) -> list[str]:
        """The ids on the way to a node, the outermost first, of a place or of an id."""
        if _names(node) != [node]:
            return _names(node)
        try:
            found, holders = node_within(self._toolchain, node)
        except InvalidInput:
            return [node]
        return [*(holder.id for holder in holders), found.id]


def _names(place: str) -> list[str]:
    return [_ROUNDS.sub("", part) for part in place.split(".")]


def _round_of(head: str) -> tuple[str, int | None]:
    """`each[3]` as its parts; None where it is no round."""
    outer, _, index = head.removesuffix("]").rpartition("[")
    return outer, int(index) if index.isdecimal() else None
