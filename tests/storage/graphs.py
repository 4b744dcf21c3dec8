"""Small graphs to be kept, and what is to be read of them again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol, TypedDict, cast

from langchain_core.runnables import RunnableConfig
from langgraph.channels.delta import DeltaChannel
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Durability, StateSnapshot, interrupt


def extend(notes: Sequence[str], more: Sequence[Sequence[str]]) -> list[str]:
    return [*notes, *(note for part in more for note in part)]


class Notebook(TypedDict, total=False):
    """`notes` are kept as deltas with a snapshot at every fourth update; `page` and `count` as values."""

    notes: Annotated[list[str], DeltaChannel(extend, snapshot_frequency=4)]
    page: Any
    count: int


class Graph(Protocol):
    """What is used of a compiled graph, whose own types are partly unknown."""

    async def ainvoke(
        self, input: Any, config: RunnableConfig, *, durability: Durability | None = None
    ) -> dict[str, Any]: ...

    async def aupdate_state(self, config: RunnableConfig, values: Any, as_node: str) -> RunnableConfig: ...

    def aget_state_history(self, config: RunnableConfig) -> AsyncIterator[StateSnapshot]: ...


async def say(state: Notebook) -> Notebook:
    return {"notes": [f"said {len(state.get('notes', []))}"], "count": state.get("count", 0) + 1}


async def left(state: Notebook) -> Notebook:
    return {"notes": [f"left {len(state.get('notes', []))}"]}


async def right(state: Notebook) -> Notebook:
    return {"notes": [f"right {len(state.get('notes', []))}"]}


async def ask(_: Notebook) -> Notebook:
    return {"notes": [f"answered {interrupt('which?')}"]}


def compiled(saver: BaseCheckpointSaver[Any], *rows: Sequence[Callable[[Notebook], Awaitable[Notebook]]]) -> Graph:
    """Rows of nodes, one super-step each, in which every node follows all of the row before."""
    graph = cast("Any", StateGraph(Notebook))
    before: list[str] = [START]
    for row in rows:
        for node in row:
            graph.add_node(node.__name__, node)
            graph.add_edge(before if before != [START] else START, node.__name__)
        before = [node.__name__ for node in row]
    graph.add_edge(before, END)
    return graph.compile(checkpointer=saver)


def notebook(saver: BaseCheckpointSaver[Any]) -> Graph:
    """With its input, three updates of the deltas in a run."""
    return compiled(saver, [say], [left, right])


def approval(saver: BaseCheckpointSaver[Any]) -> Graph:
    """Waits for an answer."""
    return compiled(saver, [say], [ask])


def thread(name: str, **more: Any) -> RunnableConfig:
    return {"configurable": {"thread_id": name, "checkpoint_ns": "", **more}}


async def history(graph: Graph, config: RunnableConfig) -> list[tuple[int, Mapping[str, Any], tuple[str, ...]]]:
    """(step, values, next nodes) at every checkpoint of a thread, newest first."""
    states = [state async for state in graph.aget_state_history(config)]
    return [(cast("Any", state.metadata)["step"], cast("Any", state.values), state.next) for state in states]
