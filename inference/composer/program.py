"""A toolchain made ready to run: its lines, its bodies and their graphs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inference.composer.inputs import checked_input
from inference.composer.pins import all_nodes, node_within
from inference.composer.plan import Line, Plan, plan_of
from inference.composer.scope import Emit, Frame, RunContext
from inference.composer.state import State, beginning
from inference.composer.steps import NodeStep, run_node
from inference.composer.values import evaluate
from inference.errors import TooDeep
from inference.models.runs import Round
from inference.models.toolchain import Body, BranchNode, ChatBase, JoinNode, LoopNode, MapNode, Node, Toolchain

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from inference.composer.compiler import LineGraph

# Toolchains that run toolchains that run toolchains …
MOST_LEVELS = 8


class Stretch:
    """The nodes of a toolchain, or of a body in one of its nodes."""

    def __init__(self, name: str, part: Toolchain | Body, toolchain: Toolchain) -> None:
        self.plan: Plan = plan_of(part)
        self._name, self._keys = name, toolchain.state
        self._graph: LineGraph | None = None

    @property
    def straight(self) -> bool:
        """Whether it is one line: node after node."""
        return len(self.plan.lines) == 1

    @property
    def graph(self) -> LineGraph:
        """The LangGraph graph of its lines."""
        if self._graph is None:
            # A process that runs no graph does without LangGraph; one that does has it by now (Programs.ready).
            from inference.composer.compiler import compile_plan  # noqa: PLC0415

            self._graph = compile_plan(self._name, self.plan, self._keys, run_line)
        return self._graph

    async def run(self, frame: Frame, *, saver: BaseCheckpointSaver[str] | None = None, thread: str = "") -> None:
        """Does the nodes within a frame. Raises NodeFailed and Halt. A line alone is done as it stands: no
        way parts or meets in it, and its recorded steps say where it was."""
        if self.straight:
            await run_line(self.plan.lines[0], frame, [True])
        else:
            await self.graph.run(frame, saver=saver, thread=thread)


class Program:
    """A toolchain and all that is made of it once."""

    def __init__(self, toolchain: Toolchain) -> None:
        self.toolchain = toolchain
        self.main = Stretch(toolchain.id, toolchain, toolchain)
        self._bodies: dict[int, Stretch] = {}
        self._add_bodies(toolchain.nodes)
        # Whether any of it is more than one line, and so a LangGraph graph.
        self.has_graphs = not all(stretch.straight for stretch in (self.main, *self._bodies.values()))
        self._models = _models_from(toolchain.nodes)

    def _add_bodies(self, nodes: list[Node]) -> None:
        for node in nodes:
            if isinstance(node, MapNode | LoopNode):
                self._bodies[id(node.body)] = Stretch(node.id, node.body, self.toolchain)
                self._add_bodies(node.body.nodes)

    def body(self, body: Body) -> Stretch:
        """What was made of a body of this toolchain."""
        return self._bodies[id(body)]

    def models_from(self, node: Node) -> tuple[str | None, ...]:
        """The models that this node and those after it ask by name, each once and in order; None is the default one."""
        return self._models.get(id(node), ())

    async def run(
        self, run: RunContext, state: State, given: dict[str, Any], saver: BaseCheckpointSaver[str] | None
    ) -> dict[str, Any]:
        """The output of a run of its own. Raises NodeFailed, Halt, and what `output` raises."""
        frame = Frame(run, self, state, {}, given)
        if run.only is not None:
            return await self._run_alone(run.only, frame)
        await self.main.run(frame, saver=saver, thread=run.run["id"])
        frame.come_to(None)
        return self._output(frame)

    async def _run_alone(self, name: str, frame: Frame) -> dict[str, Any]:
        """What one node gives on what is pinned of the others, by its name."""
        node, holders = node_within(self.toolchain, name)
        frame.nodes.update(frame.run.pinned)
        place = within_round(frame, holders, frame.run.only_round)
        await run_node(node, place, last=True)
        return {name: place.nodes.get(name)}

    async def call(self, step: NodeStep, prefix: str, given: dict[str, Any], stream: str | None) -> dict[str, Any]:
        """The output of a run within another one's step, whose text goes to the state path `stream` there."""
        caller = step.run
        if caller.depth >= MOST_LEVELS:
            raise TooDeep(
                f"{step.key[-80:]!r} runs {self.toolchain.id!r} {MOST_LEVELS} levels deep: most likely a toolchain "
                "runs itself."
            )
        names = {**caller.run, "toolchain_id": self.toolchain.id}
        own = self.toolchain.stream
        emit = _redirected(caller.emit, step.key, own, stream) if stream and own else caller.emit
        run = replace(caller, emit=emit, run=names, depth=caller.depth + 1, pinned={}, only=None)
        state = State(self.toolchain.state, beginning(self.toolchain.state))
        whole = checked_input(self.toolchain.input, given)
        frame = Frame(run, self, state, {}, whole, prefix, shared=False)
        await self.main.run(frame)
        if stream and own:
            step.texts[stream] = [str(frame.state.values.get(own) or "")]
        return self._output(frame)

    def _output(self, frame: Frame) -> dict[str, Any]:
        return {name: evaluate(value, frame.scope) for name, value in self.toolchain.output.items()}


def within_round(frame: Frame, holders: list[MapNode | LoopNode], round: Round) -> Frame:
    """The frame of a body within nodes, the outermost first, in a round of the innermost. It writes to the run's own
    state: nothing else is done that could write beside it."""
    for holder in holders:
        index = round.index if holder is holders[-1] else 0
        roots = {"item": round.item} if isinstance(holder, MapNode) else {"last": round.last}
        key = f"{frame.prefix}{holder.id}[{index}]."
        frame = frame.within(key, frame.state, shared=frame.shared, index=index, **roots)
    return frame


def _models_from(nodes: list[Node]) -> dict[int, tuple[str | None, ...]]:
    """By each node, those in bodies too: the models from there to the end. Those that a run only finds out are left
    out."""
    later: tuple[str | None, ...] = ()
    found: dict[int, tuple[str | None, ...]] = {}
    for node in reversed(list(all_nodes(nodes))):
        if isinstance(node, ChatBase) and (node.model is None or isinstance(node.model, str)):
            later = (node.model, *(model for model in later if model != node.model))
        if later:
            found[id(node)] = later
    return found


def _redirected(emit: Emit, key: str, own: str, path: str) -> Emit:
    """Tells the text of `own` as that of the caller's path."""

    def redirected(event: str, data: dict[str, Any]) -> None:
        if event == "delta" and data["path"] == own:
            data = {"node": key, "path": path, "text": data["text"]}
        emit(event, data)

    return redirected


async def run_line(line: Line, frame: Frame, came: list[bool]) -> list[bool]:
    """Does the nodes of a line, unless nothing came to it; tells which of its ways out are taken."""
    first = line.nodes[0]
    needs_all = isinstance(first, JoinNode) and first.need == "all"
    if not (all(came) if needs_all else any(came)):
        return [False] * len(line.ways_out)
    well = True
    last = line.nodes[-1]
    ends_run = not frame.prefix and not line.ways_out
    for node in line.nodes:
        if models := frame.program.models_from(node):
            ctx = frame.run.ctx
            ctx.runner.announce([model or ctx.settings.default_model for model in models])
        well = await run_node(node, frame, last=ends_run and node is last)
    choice = frame.nodes[last.id]["to"] if isinstance(last, BranchNode) else None
    return [way.target == choice if way.when == "choice" else (way.when == "next") == well for way in line.ways_out]
