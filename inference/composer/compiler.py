"""From a plan to a LangGraph graph: a node for every line, and a super-step for every rank of lines.

The nodes of a line follow each other within one LangGraph node. A body that is one line needs no graph. Channels:
`begin`, `state.<key>`, `node.<id>`, `way.<n>` (whether it was taken), `line.<n>` (a line begins when all before it have
ended), `log` (all writes in order) and `edits` (how many of the changes that forks made are in the state).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from langgraph._internal._runnable import RunnableCallable
from langgraph.channels import BinaryOperatorAggregate, LastValue, NamedBarrierValue
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.errors import GraphInterrupt
from langgraph.pregel import Pregel

# What StateGraph itself is made of. The public NodeBuilder writes to fixed channels only, and reads the bytecode of
# every function in search of graphs within, which takes a millisecond a node.
from langgraph.pregel._read import PregelNode
from langgraph.pregel._write import ChannelWrite, ChannelWriteTupleEntry
from langgraph.runtime import Runtime
from langgraph.types import Interrupt

from inference.composer.plan import Line, Plan
from inference.composer.scope import Frame, Paused
from inference.composer.state import State, Write, applied
from inference.models.toolchain import StateKey

BEGIN, STATE, NODE, WAY, LINE = "begin", "state.", "node.", "way.", "line."
LOG, EDITS = "log", "edits"

# More super-steps than any plan has lines.
_SUPERSTEPS = 10_000

RunLine = Callable[[Line, Frame, list[bool]], Awaitable[list[bool]]]


@dataclass(slots=True)
class Carried:
    """What the lines of a graph work for: the frame that it began with, and what they wait for. `saved`: a line that
    has ended is stored as such, and not looked at again."""

    frame: Frame
    paused: list[Paused]
    saved: bool


class Graph(Protocol):
    """What is needed of a compiled LangGraph graph."""

    async def ainvoke(
        self, input: Any, config: dict[str, Any], *, context: Carried, durability: str | None = None
    ) -> Any: ...


def compile_plan(name: str, plan: Plan, keys: Mapping[str, StateKey], run_line: RunLine) -> LineGraph:
    """The graph of a plan; `run_line` does the nodes of a line, given which of its ways in were taken, and tells which
    of its ways out are."""
    channels: dict[str, Any] = {
        BEGIN: LastValue(Any),
        LOG: BinaryOperatorAggregate(list, lambda a, b: a + b),
        EDITS: BinaryOperatorAggregate(int, max),
    }
    channels |= {STATE + key: BinaryOperatorAggregate(list, _reducer(key, keys)) for key in keys}
    channels |= {NODE + node.id: LastValue(Any) for line in plan.lines for node in line.nodes}
    held = [channel for channel in channels if channel.startswith((STATE, NODE))]
    writers: Any = [ChannelWrite([ChannelWriteTupleEntry(mapper=_as_they_are)])]
    nodes: dict[str, Any] = {}
    entered: list[str] = []
    for line in plan.lines:
        sources = {str(way.source) if way.source is not None else BEGIN for way in line.ways_in}
        trigger = BEGIN if sources == {BEGIN} else f"{LINE}{line.index}"
        if trigger != BEGIN:
            channels[trigger] = NamedBarrierValue(str, sources)
            if BEGIN in sources:
                entered.append(trigger)
        for way in line.ways_in:
            channels[f"{WAY}{way.index}"] = LastValue(bool)
        nodes[f"{LINE}{line.index}"] = PregelNode(
            channels=[*held, EDITS, *(f"{WAY}{way.index}" for way in line.ways_in)],
            triggers=[trigger],
            bound=RunnableCallable(None, _task(line, keys, run_line), trace=False),
            writers=writers,
            subgraphs=[],
        )
    kept = [*held, LOG, EDITS]
    inputs = [BEGIN, *(c for c in channels if c.startswith((STATE, NODE, WAY))), *entered]
    build: Any = Pregel
    graph = build(nodes=nodes, channels=channels, input_channels=inputs, output_channels=kept, name=name)
    return LineGraph(cast(Graph, graph), entered)


class LineGraph:
    """A graph of lines."""

    def __init__(self, graph: Graph, entered: list[str]) -> None:
        self._graph, self._entered = graph, entered

    async def run(self, frame: Frame, *, saver: BaseCheckpointSaver[str] | None = None, thread: str = "") -> None:
        """Carries a frame from its beginning to its end, or with a saver from where it was. Raises what nodes raise."""
        config: dict[str, Any] = {"recursion_limit": _SUPERSTEPS}
        given: dict[str, Any] | None = self._beginning(frame)
        graph, durability = self._graph, None
        if saver:
            config["configurable"] = {"thread_id": thread}
            graph, durability = cast(Any, self._graph).copy({"checkpointer": saver}), "sync"
            if await saver.aget_tuple(cast(Any, config)):
                given = None
        carried = Carried(frame, [], saver is not None)
        final: dict[str, Any] = await graph.ainvoke(given, config, context=carried, durability=durability) or {}
        if carried.paused:
            raise Paused([pause for each in carried.paused for pause in each.pauses])
        for name, value in final.items():
            if name.startswith(NODE):
                frame.nodes[name[len(NODE) :]] = value
        frame.state.edits = max(frame.state.edits, final.get(EDITS, 0))
        frame.state.writes += [tuple(write) for write in final.get(LOG, [])]
        frame.state.values.update(
            {name[len(STATE) :]: value for name, value in final.items() if name.startswith(STATE)}
        )

    def _beginning(self, frame: Frame) -> dict[str, Any]:
        given: dict[str, Any] = {BEGIN: True} | {channel: BEGIN for channel in self._entered}
        given |= {STATE + key: [(key, "set", value)] for key, value in frame.state.values.items()}
        return given


def _as_they_are(writes: Any) -> Any:
    return writes


def _reducer(name: str, keys: Mapping[str, StateKey]) -> Callable[[Any, Any], Any]:
    def reduce(held: Any, writes: list[Write]) -> Any:
        return applied(keys, {name: held}, writes)[name]

    return reduce


def _task(line: Line, keys: Mapping[str, StateKey], run_line: RunLine) -> Callable[..., Awaitable[Any]]:
    async def work(channels: dict[str, Any], runtime: Runtime[Carried]) -> list[tuple[str, Any]]:
        base = runtime.context.frame
        state = State(keys, {name[len(STATE) :]: value for name, value in channels.items() if name.startswith(STATE)})
        state.edits = max(base.state.edits, channels.get(EDITS, 0))
        nodes = base.nodes | {name[len(NODE) :]: value for name, value in channels.items() if name.startswith(NODE)}
        frame = base.beside(state, nodes)
        # The ways from the beginning are always taken.
        came = [way.source is None or bool(channels.get(f"{WAY}{way.index}")) for way in line.ways_in]
        try:
            taken = await run_line(line, frame, came)
        except Paused as paused:
            runtime.context.paused.append(paused)
            raise GraphInterrupt([Interrupt(value=pause.node) for pause in paused.pauses]) from None
        if runtime.context.saved:
            # What LangGraph keeps of a line must not be there without the line's steps.
            await frame.run.settle()
        writes: list[tuple[str, Any]] = [
            (NODE + node.id, frame.nodes[node.id]) for node in line.nodes if node.id in frame.nodes
        ]
        for name in dict.fromkeys(write[0] for write in state.writes):
            writes.append((STATE + name, [write for write in state.writes if write[0] == name]))
        if state.writes:
            writes.append((LOG, list(state.writes)))
        if state.edits:
            writes.append((EDITS, state.edits))
        for way, on in zip(line.ways_out, taken, strict=True):
            writes.append((f"{WAY}{way.index}", on))
        for target in dict.fromkeys(way.to for way in line.ways_out):
            writes.append((f"{LINE}{target}", str(line.index)))
        return writes

    return work
