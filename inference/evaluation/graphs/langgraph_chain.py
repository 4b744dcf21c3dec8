"""The same graphs in LangGraph's own words. Needs LangGraph and nothing of ours."""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages


class Counted(TypedDict):
    n: int


class Summed(TypedDict):
    n: Annotated[int, operator.add]


class Talk(TypedDict):
    messages: Annotated[list[Any], add_messages]


# What a node does, given its thread and its number.
Work = Callable[[str, int], Awaitable[None]]


def chain(nodes: int, work: Work | None = None) -> Any:
    """A StateGraph of nodes that follow each other and write their number, after awaiting `work` if there is any."""
    builder: Any = StateGraph(Counted)
    before = START
    for number in range(1, nodes + 1):
        builder.add_node(f"node{number}", _node(number, work))
        builder.add_edge(before, before := f"node{number}")
    builder.add_edge(before, END)
    return builder


def fans(groups: int, width: int = 3) -> Any:
    """Groups of a node from which `width` ways go side by side and meet again in the next group's first."""
    builder: Any = StateGraph(Summed)
    before: list[str] = []
    for group in range(groups):
        first, sides = f"fan{group}", [f"side{group}_{way}" for way in range(width)]
        for name in (first, *sides):
            builder.add_node(name, _node(group, None))
        builder.add_edge(before or START, first)
        for side in sides:
            builder.add_edge(first, side)
        before = sides
    builder.add_edge(before, END)
    return builder


def conversation(text: str) -> Any:
    """One turn of a thread: two messages with the text."""
    said = [{"role": role, "content": text} for role in ("user", "assistant")]

    async def turn(state: Talk) -> dict[str, Any]:
        return {"messages": said}

    builder: Any = StateGraph(Talk)
    builder.add_node("turn", turn)
    builder.add_edge(START, "turn")
    builder.add_edge("turn", END)
    return builder


def _node(number: int, work: Work | None) -> Callable[..., Awaitable[Any]]:
    async def node(state: Counted) -> dict[str, int]:
        return {"n": number}

    async def at_work(state: Counted, config: RunnableConfig) -> dict[str, int]:
        if work:
            await work(config.get("configurable", {})["thread_id"], number)
        return {"n": number}

    return at_work if work else node
